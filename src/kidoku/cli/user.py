"""`kidoku user`: the people who write to Official Accounts."""

from __future__ import annotations

import click

from kidoku.cli.arguments import filled, language_tag
from kidoku.cli.connect import complete_accounts, find_account, server_options
from kidoku.cli.connect import users as all_users
from kidoku.cli.output import one_line, pairs, print_json, table
from kidoku.cli.server import Server
from kidoku.cli.words import _


@click.group(help=_("Users, each with a phone: make them, list them."))
def user() -> None:
    """The group itself does nothing."""


@user.command(help=_("Make a user, and let them follow accounts."))
@click.argument("name", callback=filled)
@click.option(
    "--language",
    callback=language_tag,
    metavar="TAG",
    help=_("Language of their phone: en, ja, th, zh-TW or any other tag."),
)
@click.option(
    "--provider", type=int, metavar="ID", help=_("Provider they belong to; without it the first one.")
)
@click.option(
    "--friend",
    "friends",
    multiple=True,
    metavar="ACCOUNT",
    shell_complete=complete_accounts,
    help=_("Account to follow; can be repeated."),
)
@server_options
def add(
    server: Server,
    name: str,
    language: str | None,
    provider: int | None,
    friends: tuple[str, ...],
    as_json: bool,
) -> None:
    followed = [find_account(server, friend)["accountId"] for friend in friends]
    more = {"language": language, "providerId": provider}
    body = {"displayName": name, **{key: value for key, value in more.items() if value is not None}}
    made = server.post("users", body=body)
    for account_id in followed:
        server.post("users", made["userId"], "friends", body={"accountId": account_id})
    if as_json:
        print_json(made)
        return
    click.echo(pairs([(_("Name"), one_line(name)), (_("User ID"), made["userId"])]))
    click.echo(_("Phone: {url}").format(url=f"{server.url}/phone?user={made['userId']}"))


@user.command("list", help=_("List the users."))
@server_options
def list_users(server: Server, as_json: bool) -> None:
    found = all_users(server)
    if as_json:
        print_json(found)
    elif found:
        head = (_("User ID"), _("Language"), _("Name"))
        rows = [(one["userId"], one.get("language") or "-", one_line(one["displayName"])) for one in found]
        click.echo(table(head, rows))
    else:
        click.echo(_("There are none yet. Make one: kidoku user add NAME"))
