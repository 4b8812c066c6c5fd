"""`kidoku tail`: what happens on a running server, a line per event."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import click

from kidoku.cli.connect import complete_accounts, complete_users, find_account, find_user, server_options
from kidoku.cli.errors import CliError
from kidoku.cli.output import clock, one_line
from kidoku.cli.server import Server
from kidoku.cli.words import _

RETRY_S = 1.0

Event = dict[str, Any]


@click.command(
    help=_(
        "Follow what happens, a line per event: messages, Read with its cause, webhooks with their outcome."
    ),
    short_help=_("Follow what happens, live."),
)
@click.option("--account", shell_complete=complete_accounts, help=_("Only this account."))
@click.option("--user", shell_complete=complete_users, help=_("Only this user."))
@server_options
def tail(server: Server, account: str | None, user: str | None, as_json: bool) -> None:
    of = {
        "accountId": find_account(server, account)["accountId"] if account else None,
        "userId": find_user(server, user)["userId"] if user else None,
    }
    with contextlib.suppress(KeyboardInterrupt):
        for event in follow(server, of):
            click.echo(json.dumps(event, ensure_ascii=False) if as_json else line(event))


def follow(server: Server, of: dict[str, str | None]) -> Iterator[Event]:
    """Events without end: a stream that breaks off is taken up again where it ended."""
    cursor: str | None = None
    while True:
        try:
            for item in server.events(since=cursor, **of):
                cursor = item[0]
                yield item[1]
        except CliError:
            if cursor is None:
                raise
        time.sleep(RETRY_S)


def line(event: Event) -> str:
    """One event for people: time, kind, chat, what happened."""
    kind = event.get("type", "")
    text = KINDS.get(kind, other)(event)
    at = clock(event["timestamp"]) if "timestamp" in event else ""
    return f"{at:8}  {kind:<9} {chat_of(event)}  {one_line(text)}".rstrip()


def chat_of(event: Event) -> str:
    """Account and peer, short: the first eight characters of an ID tell them apart."""
    peer = event.get("groupId") or event.get("userId")
    account = event.get("accountId")
    return " ".join(str(part)[:9] for part in (account, peer) if part)


def message(event: Event) -> str:
    content = event.get("message", {})
    sender = event.get("from") or content.get("from") or ""
    return f"{str(sender)[:9]}: {content.get('text') or content.get('type') or ''}"


def read(event: Event) -> str:
    return _("Read up to {seq} (from {before}), by {cause}").format(
        seq=event.get("readSeq"), before=event.get("fromSeq"), cause=event.get("cause")
    )


def delivery(event: Event) -> str:
    outcome = event.get("state") or event.get("outcome") or ""
    detail = event.get("reason") or event.get("status") or ""
    return f"{outcome} {detail}".strip()


def other(event: Event) -> str:
    shown = {"type", "timestamp", "accountId", "userId", "groupId"}
    rest = {name: value for name, value in event.items() if name not in shown}
    return json.dumps(rest, ensure_ascii=False) if rest else ""


KINDS: dict[str, Callable[[Event], str]] = {"message": message, "read": read, "delivery": delivery}
