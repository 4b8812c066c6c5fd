"""`kidoku up`: platform, desk and demo in one process, the main job in one command."""

from __future__ import annotations

import asyncio
import os
import shlex
import shutil
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import click

from kidoku.cli.errors import CliError
from kidoku.cli.flags import DEMO_FLAGS, DESK_PORT_BESIDE, SERVER_FLAGS, WITH_DESK, checked, settings_flags
from kidoku.cli.keys import with_api_key, with_key
from kidoku.cli.output import pairs
from kidoku.cli.serve import announce, foreground
from kidoku.cli.settings import DESK, Effective
from kidoku.cli.words import _, language, told
from kidoku.desk.config import DeskConfig
from kidoku.http.hosts import url_host
from kidoku.platform.config import PlatformConfig

if TYPE_CHECKING:
    from kidoku.demo.team import Team
    from kidoku.http.process import Background

LOOPBACK = "127.0.0.1"
USUAL = PlatformConfig().base_url(PlatformConfig().port)
"""Where the commands look for a server that nobody names."""


@click.command(
    help=_(
        "Run the platform and the desk with a demo: an account that a bot answers, one that you answer in the inbox, "
        "and two users."
    ),
    short_help=_("Run the platform and the desk with a demo."),
)
@settings_flags(*SERVER_FLAGS, *DEMO_FLAGS, WITH_DESK, DESK_PORT_BESIDE)
def up(effective: Effective[PlatformConfig], desk: bool, desk_port: str | None) -> None:
    config, made = with_key(effective.config)
    beside_it = with_api_key(desk_settings(effective, desk_port)) if desk else None
    listener = bot_socket(config.bot_port) if config.demo else None
    foreground(config, made, Up(config, beside_it, listener).running())


def desk_settings(effective: Effective[PlatformConfig], desk_port: str | None) -> DeskConfig:
    """The desk's own settings; address and data folder are the platform's where it has none of its own."""
    found = checked(DESK, {"port": desk_port})
    shared = {
        name: getattr(effective.config, name)
        for name in ("host", "data_dir")
        if found.origins[name] == "default"
    }
    frames = (*found.config.frame_ancestors, *origins_of(effective.config))
    return replace(found.config, **shared, frame_ancestors=frames)


def origins_of(config: PlatformConfig) -> tuple[str, ...]:
    """Where browsers see the start page, as sources of a content security policy."""
    if config.public_url:
        return (config.public_url.rstrip("/"),)
    names = dict.fromkeys((url_host(config.host), LOOPBACK, "localhost")) if config.on_loopback else ("*",)
    return tuple(f"http://{name}:{config.port or '*'}" for name in names)


@dataclass
class Up:
    """What runs together. `listener` is the demo bot's socket; without it there is no demo."""

    config: PlatformConfig
    desk: DeskConfig | None
    listener: socket.socket | None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[str]:
        """The address of the start page. Raises StartupError and CliError."""
        from kidoku.http.process import beside
        from kidoku.platform.app import running

        async with AsyncExitStack() as stack:
            team, inbox = None, None
            if self.desk is not None:
                team, inbox = await stack.enter_async_context(
                    running_desk(self.desk, self.listener is not None)
                )
            config = self.platform_settings(inbox)
            _platform, serving = await stack.enter_async_context(running(config))
            base_url = config.base_url(serving.port)
            await stack.enter_async_context(beside(base_url, [self.background(team, inbox)]))
            yield base_url

    def platform_settings(self, inbox: str | None) -> PlatformConfig:
        """The settings with which the platform shows the inbox and reaches the demo's servers."""
        config = replace(self.config, inbox_url=self.config.inbox_url or inbox)
        if self.listener is None or config.private_targets:
            return config
        hosts = [LOOPBACK, *([] if self.desk is None else [url_host(self.desk.host)])]
        return replace(config, webhook_allow=(*config.webhook_allow, *dict.fromkeys(hosts)))

    def background(self, team: Team | None, inbox: str | None) -> Background:
        async def run_demo(base_url: str) -> None:
            if self.listener is None:
                await announce(base_url, inbox)
            else:
                await self.demo(self.listener, team, base_url, inbox)

        return run_demo

    async def demo(
        self, listener: socket.socket, team: Team | None, base_url: str, inbox: str | None
    ) -> None:
        from kidoku.demo.world import Demo

        config = self.config
        demo = Demo(config.data_dir / "demo.json", listener, config.control_key, language(), team)
        serving_at = local_url(config, base_url)
        async with AsyncExitStack() as stack:
            try:
                bot, *people = await stack.enter_async_context(demo.running(serving_at))
            finally:  # without its demo too, it is a server
                await announce(base_url, inbox)
            rows = [(_("Demo account"), f"{bot.display_name} ({bot.basic_id})")]
            rows += [(_("Answered by you"), f"{one.display_name} ({one.basic_id})") for one in people]
            click.echo(pairs(rows))
            # The commands find a server at the usual port by themselves.
            where = "" if serving_at == USUAL else f" --url {serving_at}"
            command = f"{program()} account show {bot.basic_id}{where}"
            click.echo(_("Its channel secret and access token: {command}").format(command=command))
            await asyncio.Event().wait()


@asynccontextmanager
async def running_desk(config: DeskConfig, demo: bool) -> AsyncIterator[tuple[Team, str]]:
    """The desk, and the address of its inbox: with the demo one that signs its agent in. Raises CliError."""
    from kidoku.demo.team import Team
    from kidoku.desk.app import running
    from kidoku.http import logs
    from kidoku.http.server import StartupError

    assert config.api_key is not None
    async with AsyncExitStack() as stack:
        try:
            desk, serving = await stack.enter_async_context(running(config))
        except StartupError as error:
            hint = told(error.hint) or _("Leave the desk out with --no-desk if you don't need it.")
            raise CliError(told(error.message).replace("--port", "--desk-port"), hint) from error
        inbox = config.base_url(serving.port)
        team = Team(replace(config, public_url=None).base_url(serving.port), config.api_key)
        if demo:
            key = desk.doors.make(await team.agent(_("Demo agent")))
            logs.hide(key)
            yield team, f"{inbox}/door/{key}"
        else:
            yield team, f"{inbox}/"


def bot_socket(port: int) -> socket.socket:
    """The demo bot's listening socket, taken before anything else starts."""
    try:
        return socket.create_server((LOOPBACK, port))
    except OSError as error:
        raise CliError(
            _("The demo bot cannot listen on port {port}: {reason}.").format(
                port=port, reason=os.strerror(error.errno or 0)
            ),
            _("Choose another one with --bot-port, or leave the bot out with --no-demo."),
        ) from error


def local_url(config: PlatformConfig, base_url: str) -> str:
    """Where this machine itself reaches the server, whatever address stands before it for others."""
    return replace(config, public_url=None).base_url(config.port) if config.public_url else base_url


def program() -> str:
    """What to type for `kidoku` here: its path where it was called by that, as `make up` does, since a shell may not
    find it by its name.
    """
    called = sys.argv[0]
    by_name = os.path.isabs(called) and shutil.which("kidoku") == called
    return "kidoku" if by_name or os.path.basename(called) != "kidoku" else shlex.quote(called)
