"""`kidoku desk agent`: the people who answer."""

from __future__ import annotations

import re
import sys
from typing import Any

import click

from kidoku.cli.desk.server import DeskServer, config_here, desk_options
from kidoku.cli.errors import BAD_USE, CliError, not_started
from kidoku.cli.output import one_line, pairs, print_json, table
from kidoku.cli.problems import DESK, in_words
from kidoku.cli.server import Unreachable
from kidoku.cli.words import _
from kidoku.desk.config import DeskConfig
from kidoku.desk.passwords import LONGEST, SHORTEST

LOGIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}")


@click.group(help=_("Agents: the people who answer in the inbox."))
def agent() -> None:
    """The group itself does nothing."""


@agent.command(
    help=_(
        "Make an agent. The password is asked for, or is the first line of standard input. Where no desk runs yet, "
        "the agent is written into its data folder."
    )
)
@click.argument("login")
@click.option("--name", metavar="NAME", help=_("Name that others see; the login without it."))
@click.option("--admin", is_flag=True, help=_("May change channels, settings and agents."))
@desk_options
def add(server: DeskServer, login: str, name: str | None, admin: bool, as_json: bool) -> None:
    check_login(login)
    password = asked_password()
    body = {
        "login": login,
        "password": password,
        "role": "admin" if admin else "agent",
        **({"name": name} if name else {}),
    }
    try:
        made = server.post("agents", body=body)
    except Unreachable:
        if not server.is_here:
            raise
        made = add_here(config_here(), body)
    print_json(made) if as_json else show(made)


def check_login(login: str) -> None:
    """Raises CliError, before the password is asked for."""
    if not LOGIN.fullmatch(login.strip()):
        raise CliError(_("This is no login."), _("It has at most 64 letters, digits, and . _ @ + -"), BAD_USE)


def asked_password() -> str:
    if sys.stdin.isatty():
        password: str = click.prompt(_("Password"), hide_input=True, confirmation_prompt=True)
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    if not SHORTEST <= len(password) <= LONGEST:
        words = _("The password needs {shortest} to {longest} characters.")
        raise CliError(words.format(shortest=SHORTEST, longest=LONGEST), "", BAD_USE)
    return password


def add_here(config: DeskConfig, body: dict[str, Any]) -> dict[str, Any]:
    """Write an agent into the database of a desk that doesn't run. Raises CliError."""
    import asyncio

    import msgspec

    from kidoku.desk.offline import make_agent
    from kidoku.http.json_api.problems import Problem
    from kidoku.storage.engine import DatabaseUnusable
    from kidoku.storage.refused import Refused

    try:
        made = asyncio.run(make_agent(config, msgspec.json.encode(body)))
    except DatabaseUnusable as error:
        raise not_started(error) from error
    except (Problem, Refused) as error:
        raise CliError(*in_words(DESK, error.code, error.message, error.hint), BAD_USE) from error
    told: dict[str, Any] = msgspec.to_builtins(made)
    return told


def show(made: dict[str, Any]) -> None:
    click.echo(
        pairs(
            [
                (_("Login"), one_line(made["login"])),
                (_("Name"), one_line(made["name"])),
                (_("Role"), made["role"]),
            ]
        )
    )


@agent.command("list", help=_("List the agents."))
@desk_options
def list_agents(server: DeskServer, as_json: bool) -> None:
    found = server.get("agents")["agents"]
    if as_json:
        print_json(found)
    elif found:
        rows = [
            (
                one["agentId"],
                one["login"],
                one["role"],
                _("disabled") if one["disabled"] else "",
                one_line(one["name"]),
            )
            for one in found
        ]
        click.echo(table((_("ID"), _("Login"), _("Role"), "", _("Name")), rows))
    else:
        click.echo(_("There are none yet. Make one: kidoku desk agent add LOGIN --admin"))
