"""`kidoku send`: write a message as a user does on the phone."""

from __future__ import annotations

import sys

import click

from kidoku.cli.arguments import filled
from kidoku.cli.connect import complete_accounts, complete_users, find_account, find_user, server_options
from kidoku.cli.errors import CliError
from kidoku.cli.output import print_json
from kidoku.cli.server import Server
from kidoku.cli.words import _
from kidoku.core.ids import is_group_id


@click.command(
    help=_(
        "Send TEXT as a user to an Official Account or a group. With - as TEXT it is read from the input."
    ),
    short_help=_("Send a message as a user."),
)
@click.argument("text", callback=filled)
@click.option("--user", required=True, shell_complete=complete_users, help=_("Who writes: user ID or name."))
@click.option(
    "--to",
    required=True,
    metavar="ACCOUNT",
    shell_complete=complete_accounts,
    help=_("Whom to: account ID, basic ID, name, or the ID of a group."),
)
@server_options
def send(server: Server, text: str, user: str, to: str, as_json: bool) -> None:
    content = readable(text)
    if not content:
        raise CliError(
            _("There is nothing to send: the input is empty."), _("Pipe a text into the command, or name it.")
        )
    sender = find_user(server, user)["userId"]
    peer = to if is_group_id(to) else find_account(server, to)["accountId"]
    sent = server.post("users", sender, "chats", peer, "messages", body={"type": "text", "text": content})
    if as_json:
        print_json(sent)
    else:
        click.echo(
            _("Sent: message {id}, number {seq} in the chat.").format(id=sent["messageId"], seq=sent["seq"])
        )


def readable(text: str) -> str:
    """The text to send. Raises CliError where what was typed or piped in is not text."""
    try:
        content = sys.stdin.read().rstrip("\n") if text == "-" else text
        content.encode()  # bytes that are no text come as halves of characters
    except UnicodeError as error:
        raise CliError(
            _("The text is not in UTF-8."), _("Convert it first, with iconv for example.")
        ) from error
    return content
