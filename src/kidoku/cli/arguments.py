"""What arguments must be before a server is asked: its own words about them are for programs."""

from __future__ import annotations

import re
from typing import Final

import click

from kidoku.cli.words import _

_TAG: Final = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")


def filled(_ctx: click.Context, _parameter: click.Parameter, value: str) -> str:
    """A name or a text: something has to be in it."""
    if not value.strip():
        raise click.BadParameter(_("it must not be empty."))
    return value


def language_tag(_ctx: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    """A language as phones name it, if one is named."""
    if value is not None and not _TAG.fullmatch(value):
        raise click.BadParameter(
            _("'{tag}' is no language tag such as en, ja, th or zh-TW.").format(tag=value)
        )
    return value
