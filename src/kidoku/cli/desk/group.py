"""`kidoku desk`: run the desk in the foreground. The commands below it call a running one."""

from __future__ import annotations

import asyncio
import contextlib
import sys

import click

from kidoku import __version__
from kidoku.cli.desk.server import DeskServer
from kidoku.cli.errors import BAD_USE, CliError, not_started
from kidoku.cli.flags import desk_flags
from kidoku.cli.keys import with_api_key
from kidoku.cli.lazy import LazyGroup
from kidoku.cli.output import pairs
from kidoku.cli.settings import Effective
from kidoku.cli.words import _
from kidoku.desk.config import DeskConfig

COMMANDS = {
    "agent": "kidoku.cli.desk.agent:agent",
    "channel": "kidoku.cli.desk.channel:channel",
    "doctor": "kidoku.cli.desk.doctor:doctor",
    "marks": "kidoku.cli.desk.marks:marks",
    "relays": "kidoku.cli.desk.relays:relays",
}


@click.group(
    cls=LazyGroup,
    lazy=COMMANDS,
    invoke_without_command=True,
    help=_("Run the desk: a team's inbox behind Official Accounts, which marks messages as read."),
    short_help=_("Run the desk, the team's inbox."),
    epilog=_("The commands call a running desk, with its flags before them where they are needed."),
)
@desk_flags
@click.pass_context
def desk(context: click.Context, effective: Effective[DeskConfig]) -> None:
    context.obj = effective.config
    if context.invoked_subcommand is None:
        serve(effective.config)


def serve(config: DeskConfig) -> None:
    """Run until a signal ends it. Trouble at the start is one line and status 1."""
    from kidoku.desk.app import accompanied
    from kidoku.http import logs, process
    from kidoku.http.server import StartupError

    if config.lease_ms <= config.line_timeout_ms:
        raise CliError(_("lease_ms must be more than line_timeout_ms."), exit_code=BAD_USE)
    config = with_api_key(config)
    logs.configure(config.log_level, config.log_format)
    logs.hide(config.api_key)

    async def announce(base_url: str) -> None:
        click.echo(_("Kidoku Desk {version} is ready. Stop it with Ctrl-C.").format(version=__version__))
        click.echo(pairs([(_("Inbox"), f"{base_url}/")]))
        if not config.public_url and not await asyncio.to_thread(has_agents, base_url):
            click.echo(_("Nobody can sign in yet. Make the first agent: kidoku desk agent add LOGIN --admin"))

    try:
        sys.exit(process.run(accompanied(config, [announce])))
    except StartupError as error:
        raise not_started(error) from error


def has_agents(base_url: str) -> bool:
    """Whether anybody can sign in; a desk that can't be asked is taken for one that has agents."""
    with contextlib.suppress(CliError):
        return bool(DeskServer(base_url).get("session")["hasAgents"])
    return True
