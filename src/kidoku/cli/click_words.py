"""Click's own words in the language of the environment: its gettext knows no catalogue but ours."""

from __future__ import annotations

import click.core
import click.decorators
import click.exceptions
import click.formatting
import click.parser
import click.termui
import click.types

from kidoku.cli.words import _, language

MODULES = (
    click.core,
    click.decorators,
    click.exceptions,
    click.formatting,
    click.parser,
    click.termui,
    click.types,
)
"""Each calls gettext by the names that it has imported."""


def speak() -> None:
    """Lead click's messages through our catalogues. In English they stay as they are."""
    if language() == "en":
        return
    for module in MODULES:
        for name, ours in (("_", _), ("ngettext", either)):
            if hasattr(module, name):
                setattr(module, name, ours)


def either(one: str, other: str, n: int) -> str:
    """The message for the number `n`, translated: our other languages have no plurals."""
    return _(one if n == 1 else other)


def messages() -> list[str]:
    """What our commands can make click say; here to be found for the catalogues."""
    return [
        _("Usage:"),
        _("Options"),
        _("Commands"),
        _("required"),
        _("Show the version and exit."),
        _("Show this message and exit."),
        _("Try '{command} {option}' for help."),
        _("Error: {message}"),
        _("Error: The two entered values do not match."),
        _("Aborted!"),
        _("Repeat for confirmation"),
        _("Missing command."),
        _("Missing argument"),
        _("Missing option"),
        _("Choose from:\n\t{choices}"),
        _("Invalid value for {param_hint}: {message}"),
        _("No such command {name!r}."),
        _("No such option {name!r}."),
        _("Did you mean {possibility}?"),
        _("(Did you mean one of: {possibilities}?)"),
        _("Got unexpected extra argument ({args})"),
        _("Got unexpected extra arguments ({args})"),
        _("Option {name!r} requires an argument."),
        _("Option {name!r} does not take a value."),
        _("{value!r} is not one of {choices}."),
        _("{value!r} is not a valid {number_type}."),
        _("{value} is not in the range {range}."),
    ]
