"""The flags of commands that read settings. The usual ones have their own, every other goes by `--set`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

import click

from kidoku.cli.errors import BAD_USE, CliError
from kidoku.cli.settings import DESK, PLATFORM, C, Effective, Settings, SettingsError, strange_variables
from kidoku.cli.words import _

CONFIG = click.option("--config", metavar="FILE", help=_("Settings file; kidoku.toml here if it is there."))
DATA = click.option("--data", "data_dir", metavar="DIR", help=_("Data folder; ./kidoku-data without it."))
DATABASE = click.option(
    "--database-url", metavar="URL", help=_("Database; SQLite in the data folder without it.")
)
SET = click.option("--set", metavar="NAME=VALUE", multiple=True, help=_("Any setting; can be repeated."))
HOST = click.option("--host", metavar="HOST", help=_("Address to listen on; 127.0.0.1 without it."))
PORT = click.option("--port", metavar="PORT", help=_("Port to listen on; 8400 without it, 0 for a free one."))
DESK_PORT = click.option(
    "--port", metavar="PORT", help=_("Port to listen on; 8500 without it, 0 for a free one.")
)
PUBLIC_URL = click.option("--public-url", metavar="URL", help=_("Address that clients use, behind a proxy."))
LOG_LEVEL = click.option("--log-level", metavar="LEVEL", help=_("debug, info, warning or error."))
LOG_FORMAT = click.option("--log-format", metavar="FORMAT", help=_("text or json."))
ACCESS_LOG = click.option(
    "--access-log/--no-access-log", default=None, help=_("A log line for every request, or none.")
)
DEMO = click.option(
    "--demo/--no-demo", default=None, help=_("Make a demo account and run its bot; on without it.")
)
WITH_DESK = click.option(
    "--desk/--no-desk", default=True, help=_("Start the desk beside the platform; on without it.")
)
DESK_PORT_BESIDE = click.option(
    "--desk-port", metavar="PORT", help=_("Port of the desk; 8500 without it, 0 for a free one.")
)
SHARED = click.option(
    "--shared/--no-shared",
    default=None,
    help=_("Share data folder and port with other desks on this machine."),
)
BOT_PORT = click.option("--bot-port", metavar="PORT", help=_("Port of the demo bot; a free one without it."))

SERVER_FLAGS = (HOST, PORT, DATA, DATABASE, PUBLIC_URL, LOG_LEVEL, LOG_FORMAT, ACCESS_LOG, CONFIG, SET)
DEMO_FLAGS = (DEMO, BOT_PORT)
DESK_FLAGS = (
    HOST,
    DESK_PORT,
    DATA,
    DATABASE,
    SHARED,
    PUBLIC_URL,
    LOG_LEVEL,
    LOG_FORMAT,
    ACCESS_LOG,
    CONFIG,
    SET,
)

Command = Callable[..., None]


def settings_flags(*options: Callable[[Command], Command]) -> Callable[[Command], Command]:
    """Give a command of the platform these flags, and call it with the settings in force as `effective`."""
    return flags_of(PLATFORM, options)


def desk_flags(command: Command) -> Command:
    """Give a command the flags of the desk, and call it with its settings in force as `effective`."""
    return flags_of(DESK, DESK_FLAGS)(command)


def flags_of(
    of: Settings[C], options: Sequence[Callable[[Command], Command]]
) -> Callable[[Command], Command]:
    names = {"config", "set", *of.names}

    def decorate(command: Command) -> Command:
        @wraps(command)
        def wrapped(**given: Any) -> None:
            own = {name: given.pop(name) for name in list(given) if name not in names}
            command(effective=load(of, given), **own)

        decorated: Command = wrapped
        for option in reversed(options):
            decorated = option(decorated)
        return decorated

    return decorate


def load(of: Settings[C], flags: dict[str, Any]) -> Effective[C]:
    """The settings in force, or the end of the command with status 2."""
    warn_of_variables()
    return checked(of, flags)


def checked(of: Settings[C], flags: dict[str, Any]) -> Effective[C]:
    try:
        return of.load(flags)
    except SettingsError as error:
        raise CliError(str(error), exit_code=BAD_USE) from error


def warn_of_variables() -> None:
    """Say on standard error which variables look like settings and are none."""
    for line in strange_variables():
        click.echo(_("Warning: {line}").format(line=line), err=True)
