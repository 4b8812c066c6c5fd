"""`kidoku up` and `kidoku platform`: run the server in the foreground."""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from kidoku import __version__
from kidoku.cli.errors import CliError
from kidoku.cli.flags import DEMO_FLAGS, SERVER_FLAGS, settings_flags
from kidoku.cli.keys import with_key
from kidoku.cli.output import pairs
from kidoku.cli.settings import Effective
from kidoku.cli.words import _, language
from kidoku.platform.config import PlatformConfig

if TYPE_CHECKING:
    from kidoku.http.process import Background

LOOPBACK = "127.0.0.1"


@click.command(
    help=_("Run the platform with a demo account, two users and a bot that answers and marks as read."),
    short_help=_("Run the platform with a demo."),
)
@settings_flags(*SERVER_FLAGS, *DEMO_FLAGS)
def up(effective: Effective[PlatformConfig]) -> None:
    config = with_key(effective.config)
    serve(*with_demo(config) if config.demo else (config, [announce]))


@click.command(
    help=_("Run the platform alone: no demo account, no bot."), short_help=_("Run the platform alone.")
)
@settings_flags(*SERVER_FLAGS)
def platform(effective: Effective[PlatformConfig]) -> None:
    serve(with_key(effective.config), [announce])


def serve(config: PlatformConfig, background: Sequence[Background]) -> None:
    """Run until a signal ends it. Trouble at the start is one line and status 1."""
    from kidoku.http import logs
    from kidoku.http.server import StartupError
    from kidoku.platform.app import run

    logs.configure(config.log_level, config.log_format)
    logs.hide(config.control_key)
    try:
        sys.exit(run(config, background=background))
    except StartupError as error:
        raise CliError(error.message, error.hint) from error


def with_demo(config: PlatformConfig) -> tuple[PlatformConfig, list[Background]]:
    """The settings with which the platform reaches the demo bot, and what runs beside it."""
    from kidoku.platform.demo.world import Demo

    listener = bot_socket(config.bot_port)
    if not config.private_targets:
        config = replace(config, webhook_allow=(*config.webhook_allow, LOOPBACK))
    demo = Demo(config.data_dir / "demo.json", listener, config.control_key, language())

    async def run_demo(base_url: str) -> None:
        await announce(base_url)
        async with demo.running(local_url(config, base_url)) as world:
            click.echo(pairs([(_("Demo account"), f"{world.display_name} ({world.basic_id})")]))
            click.echo(
                _("Its channel secret and access token: kidoku account show {id}").format(id=world.basic_id)
            )
            await asyncio.Event().wait()

    return config, [run_demo]


def bot_socket(port: int) -> socket.socket:
    """The demo bot's listening socket, taken before anything else starts."""
    try:
        return socket.create_server((LOOPBACK, port))
    except OSError as error:
        raise CliError(
            _("The demo bot cannot listen on port {port}: {reason}.").format(
                port=port, reason=error.strerror
            ),
            _("Choose another one with --bot-port, or leave the bot out with --no-demo."),
        ) from error


def local_url(config: PlatformConfig, base_url: str) -> str:
    """Where this machine itself reaches the server, whatever address stands before it for others."""
    return replace(config, public_url=None).base_url(config.port) if config.public_url else base_url


async def announce(base_url: str) -> None:
    """Say that the server is ready, and where."""
    addresses = [
        (_("Start page"), f"{base_url}/"),
        (_("Phone"), f"{base_url}/phone"),
        (_("Manager"), f"{base_url}/manager"),
    ]
    click.echo(_("Kidoku {version} is ready. Stop it with Ctrl-C.").format(version=__version__))
    click.echo(pairs(addresses))
