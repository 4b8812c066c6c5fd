"""`kidoku tail`: what happens on a running server, a line per event."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import click

from kidoku.cli.account import on_off
from kidoku.cli.connect import complete_accounts, complete_users, find_account, find_user, server_options
from kidoku.cli.errors import CliError
from kidoku.cli.output import clock, one_line
from kidoku.cli.server import Server
from kidoku.cli.words import _

RETRY_S = 1.0
SHORT = 9
HEAD = frozenset({"type", "timestamp", "accountId", "userId", "groupId"})

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
    lost = False
    while True:
        try:
            for item in server.events(since=cursor, **of):
                if cursor is None:
                    click.echo(_("Following {url}. Stop with Ctrl-C.").format(url=server.url), err=True)
                elif lost:
                    click.echo(_("Connected again."), err=True)
                cursor, lost = item[0], False
                if item[1] is not None:
                    yield item[1]
        except CliError:
            if cursor is None:
                raise
        if not lost:
            click.echo(_("Connection lost. Trying again…"), err=True)
            lost = True
        time.sleep(RETRY_S)


def line(event: Event) -> str:
    """One event for people: time, kind, account and peer, what happened."""
    kind = str(event.get("type", ""))
    at = clock(event.get("timestamp", time.time() * 1000))
    return f"{at}  {kind:<8}  {chat_of(event):<19}  {one_line(KINDS.get(kind, other)(event))}".rstrip()


def chat_of(event: Event) -> str:
    """Account and peer, short: the first nine characters of an ID tell them apart."""
    return " ".join(
        str(event[name])[:SHORT] for name in ("accountId", "userId", "groupId") if event.get(name)
    )


def message(event: Event) -> str:
    sender, content = event["author"], event["message"]
    return f"{sender.get('displayName') or sender['id'][:SHORT]}: {content.get('text') or content['type']}"


def read(event: Event) -> str:
    text = _("Read up to {seq} (from {before}), by {cause}")
    return text.format(seq=event["readSeq"], before=event["fromSeq"], cause=event["cause"])


def delivery(event: Event) -> str:
    took = f"{event['durationMs']:.0f} ms" if event["durationMs"] is not None else ""
    parts = (", ".join(event["eventTypes"]), event["state"], event["status"], event["reason"], took)
    return " ".join(str(part) for part in parts if part)


def call(event: Event) -> str:
    return f"{event['method']} {event['path']} {event['status']} {event['reason'] or ''}"


def settings(event: Event) -> str:
    now = event["settings"]
    text = _("Chat {chat}, Webhook {webhook}, redelivery {redelivery}, option API {option}")
    return text.format(
        chat=on_off(now["chat"]),
        webhook=on_off(now["useWebhook"]),
        redelivery=on_off(now["redelivery"]),
        option=now["option"],
    )


def reset(_event: Event) -> str:
    return _(
        "What happened in between is not known: the server was started anew, or too much happened at once."
    )


def other(event: Event) -> str:
    """What an event holds beside who it is about; what is nested stays with --json."""
    rest = {name: value for name, value in event.items() if name not in HEAD and value is not None}
    return ", ".join(f"{name} {value}" for name, value in rest.items() if not isinstance(value, dict | list))


KINDS: dict[str, Callable[[Event], str]] = {
    "message": message,
    "read": read,
    "delivery": delivery,
    "call": call,
    "settings": settings,
    "reset": reset,
}
