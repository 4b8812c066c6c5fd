"""What every command that talks to a server shares: `--url`, `--json`, the control key, and names for IDs."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import wraps
from typing import Any

import click
from click.shell_completion import CompletionItem

from kidoku.cli.errors import CliError
from kidoku.cli.flags import checked, warn_of_variables
from kidoku.cli.keys import kept_key
from kidoku.cli.server import Server
from kidoku.cli.settings import PLATFORM
from kidoku.cli.words import _

COMPLETION_TIMEOUT_S = 1.0


def server_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command `--url` and `--json`, and call it with `server` and `as_json`."""

    @click.option(
        "--url",
        envvar="KIDOKU_URL",
        metavar="URL",
        help=_("Address of the server; without it the one set here."),
    )
    @click.option("--json", "as_json", is_flag=True, help=_("JSON for scripts."))
    @wraps(command)
    def wrapped(url: str | None, **arguments: Any) -> None:
        warn_of_variables()
        command(server=connect(url), **arguments)

    return wrapped


def connect(url: str | None, timeout_s: float | None = None) -> Server:
    """The server at `url`, or the one that the settings here would start, with the key that goes with it."""
    config = checked(PLATFORM, {}).config
    key = config.control_key or kept_key(config.data_dir)
    more = {} if timeout_s is None else {"timeout_s": timeout_s}
    return Server(url or config.base_url(config.port), key, **more)


def find_account(server: Server, text: str) -> dict[str, Any]:
    """The account whose ID, basic ID, channel ID or name is `text`. Raises CliError if it is not exactly
    one.
    """
    names = ("accountId", "basicId", "channelId", "displayName")
    return only(accounts(server), text, names, _("There is no account {name}."), "kidoku account list")


def find_user(server: Server, text: str) -> dict[str, Any]:
    """The user whose ID or name is `text`. Raises CliError if it is not exactly one."""
    return only(
        users(server), text, ("userId", "displayName"), _("There is no user {name}."), "kidoku user list"
    )


def accounts(server: Server) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = server.get("accounts")["accounts"]
    return found


def users(server: Server) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    after: str | None = None
    while True:
        page = server.get("users", after=after)
        found += page["users"]
        if (after := page.get("next")) is None:
            return found


def only(
    rows: list[dict[str, Any]], text: str, names: tuple[str, ...], missing: str, command: str
) -> dict[str, Any]:
    """The one row that `text` names: by an ID first, then by the name, in any case."""
    for name in names:
        found = [row for row in rows if str(row.get(name, "")).casefold() == text.casefold()]
        if len(found) == 1:
            return found[0]
        if found:
            message = _("There are {count} with the name {name}.").format(count=len(found), name=repr(text))
            raise CliError(message, _("Use the ID instead: `{command}` shows it.").format(command=command))
    raise CliError(
        missing.format(name=repr(text)),
        _("`{command}` shows those there are.").format(command=command),
    )


def complete_accounts(
    _context: click.Context, _parameter: click.Parameter, start: str
) -> list[CompletionItem]:
    """Basic IDs of the running server's accounts, for the shell; nothing when there is no server."""
    try:
        rows = accounts(connect(os.environ.get("KIDOKU_URL"), COMPLETION_TIMEOUT_S))
    except CliError:
        return []
    return [
        CompletionItem(row["basicId"], help=row["displayName"])
        for row in rows
        if row["basicId"].startswith(start)
    ]


def complete_users(_context: click.Context, _parameter: click.Parameter, start: str) -> list[CompletionItem]:
    """User IDs of the running server, for the shell; nothing when there is no server."""
    try:
        rows = users(connect(os.environ.get("KIDOKU_URL"), COMPLETION_TIMEOUT_S))
    except CliError:
        return []
    return [
        CompletionItem(row["userId"], help=row["displayName"])
        for row in rows
        if row["userId"].startswith(start)
    ]
