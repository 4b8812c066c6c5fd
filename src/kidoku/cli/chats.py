"""`kidoku chats`: an account's chats as its Manager lists them."""

from __future__ import annotations

from typing import Any

import click

from kidoku.cli.connect import complete_accounts, find_account, server_options
from kidoku.cli.output import clock, one_line, print_json, table
from kidoku.cli.server import Server
from kidoku.cli.words import _

PREVIEW = 40


@click.command(
    help=_("List the chats of an Official Account: watermark, unread messages, last message."),
    short_help=_("List an account's chats."),
)
@click.argument("account", shell_complete=complete_accounts)
@server_options
def chats(server: Server, account: str, as_json: bool) -> None:
    found = server.get("chats", accountId=find_account(server, account)["accountId"])
    if as_json:
        print_json(found)
    elif found["chats"]:
        head = (_("Chat with"), _("Read"), _("Unread"), _("Badge"), _("Last message"))
        click.echo(table(head, [row(chat) for chat in found["chats"]]))
    else:
        click.echo(_("There are no chats yet. Write one: kidoku send --user USER --to ACCOUNT TEXT"))


def row(chat: dict[str, Any]) -> tuple[str, str, str, str, str]:
    """One chat: who, `read/last`, unread for the user, unread for the operators, and how it ends."""
    last = chat.get("lastMessage") or {}
    text = one_line(str(last.get("text") or last.get("type") or ""))
    shown = text if len(text) <= PREVIEW else text[: PREVIEW - 1] + "…"
    at = f"{clock(last['timestamp'])} " if "timestamp" in last else ""
    marks = f"{chat['readSeq']}/{chat['lastSeq']}"
    return one_line(chat["displayName"]), marks, str(chat["unread"]), str(chat["badge"]), at + shown
