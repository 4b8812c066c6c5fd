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
@click.option("--limit", type=click.IntRange(1, 1000), default=50, help=_("At most so many, newest first."))
@server_options
def chats(server: Server, account: str, limit: int, as_json: bool) -> None:
    found = server.get("chats", accountId=find_account(server, account)["accountId"], limit=str(limit))
    if as_json:
        print_json(found)
    elif found["chats"]:
        head = (_("Chat with"), _("Read"), _("Unread"), _("Badge"), _("Last message"))
        click.echo(table(head, [row(chat) for chat in found["chats"]]))
        if "next" in found:
            click.echo(_("There are more; see them with --limit."))
    else:
        click.echo(_("There are no chats yet. Write one: kidoku send --user USER --to ACCOUNT TEXT"))


def row(chat: dict[str, Any]) -> tuple[str, str, str, str, str]:
    """One chat: who, `read/last`, unread for the user, unread for the operators, and how it ends."""
    marks = f"{chat['readSeq']}/{chat['lastSeq']}"
    last = end_of(chat["lastMessage"]) if chat["lastMessage"] else ""
    return one_line(chat["displayName"]), marks, str(chat["unread"]), str(chat["badge"]), last


def end_of(last: dict[str, Any]) -> str:
    text = one_line(last["text"] or last["type"])
    return f"{clock(last['timestamp'])}  {text if len(text) <= PREVIEW else text[: PREVIEW - 1] + '…'}"
