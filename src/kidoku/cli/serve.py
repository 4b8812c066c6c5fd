"""`kidoku platform`, and what commands that run a server in the foreground share."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import click

from kidoku import __version__
from kidoku.cli.errors import not_started
from kidoku.cli.flags import SERVER_FLAGS, settings_flags
from kidoku.cli.keys import show_key, with_key
from kidoku.cli.output import pairs
from kidoku.cli.settings import Effective
from kidoku.cli.words import _
from kidoku.platform.config import PlatformConfig


@click.command(
    help=_("Run the platform alone: no demo account, no bot, no desk."),
    short_help=_("Run the platform alone."),
)
@settings_flags(*SERVER_FLAGS)
def platform(effective: Effective[PlatformConfig]) -> None:
    from kidoku.platform.app import accompanied

    config, made = with_key(effective.config)
    foreground(config, made, accompanied(config, [announce]))


def foreground(
    config: PlatformConfig, made_key: str | None, server: AbstractAsyncContextManager[object]
) -> None:
    """Run until a signal ends it. Trouble at the start is one line and status 1."""
    from kidoku.http import logs, process
    from kidoku.http.server import StartupError

    logs.configure(config.log_level, config.log_format)
    logs.hide(config.control_key)
    try:
        sys.exit(process.run(showing_key(config, made_key, server)))
    except StartupError as error:
        raise not_started(error) from error


@asynccontextmanager
async def showing_key(
    config: PlatformConfig, made: str | None, server: AbstractAsyncContextManager[object]
) -> AsyncIterator[None]:
    """`server`, and the key that was made for it once it listens."""
    async with server:
        show_key(config, made)
        yield


async def announce(base_url: str, inbox: str | None = None) -> None:
    """Say that the server is ready, and where."""
    addresses = [
        (_("Start page"), f"{base_url}/"),
        (_("Phone"), f"{base_url}/phone"),
        (_("Manager"), f"{base_url}/manager"),
        *([] if inbox is None else [(_("Inbox"), inbox)]),
    ]
    click.echo(_("Kidoku {version} is ready. Stop it with Ctrl-C.").format(version=__version__))
    click.echo(pairs(addresses))
