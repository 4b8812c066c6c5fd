"""`kidoku account`: Official Accounts of a running server."""

from __future__ import annotations

from typing import Any

import click

from kidoku.cli.arguments import filled
from kidoku.cli.connect import accounts as all_accounts
from kidoku.cli.connect import complete_accounts, find_account, server_options
from kidoku.cli.output import one_line, pairs, print_json, table
from kidoku.cli.server import Server
from kidoku.cli.words import _


@click.group(help=_("Official Accounts: make them, list them, show what a bot needs."))
def account() -> None:
    """The group itself does nothing."""


@account.command(help=_("Make an Official Account with its channel, and show what its bot needs."))
@click.argument("name", callback=filled)
@click.option("--webhook", metavar="URL", help=_("Address of the bot; turns Webhook on."))
@click.option(
    "--chat/--no-chat", default=True, help=_("Response setting Chat: on, bots mark as read by token.")
)
@click.option("--redelivery", is_flag=True, help=_("Send webhooks again that failed."))
@click.option(
    "--provider", type=int, metavar="ID", help=_("Provider it belongs to; without it the first one.")
)
@server_options
def add(
    server: Server,
    name: str,
    webhook: str | None,
    chat: bool,
    redelivery: bool,
    provider: int | None,
    as_json: bool,
) -> None:
    body = {"displayName": name, "chat": chat, "redelivery": redelivery}
    more = {"webhook": webhook, "providerId": provider}
    made = server.post(
        "accounts", body=body | {key: value for key, value in more.items() if value is not None}
    )
    print_json(made) if as_json else show_account({"displayName": name, **made})


@account.command("list", help=_("List the Official Accounts."))
@server_options
def list_accounts(server: Server, as_json: bool) -> None:
    found = all_accounts(server)
    if as_json:
        print_json(found)
    elif found:
        head = (_("Basic ID"), _("Name"), _("Account ID"), _("Channel ID"))
        click.echo(table(head, [row(one) for one in found]))
    else:
        click.echo(_("There are none yet. Make one: kidoku account add NAME"))


def row(one: dict[str, Any]) -> tuple[str, str, str, str]:
    return one["basicId"], one_line(one["displayName"]), one["accountId"], str(one["channelId"])


@account.command(help=_("Show one account: IDs, channel secret, access token and Response settings."))
@click.argument("account", metavar="ACCOUNT", shell_complete=complete_accounts)
@server_options
def show(server: Server, account: str, as_json: bool) -> None:
    found = server.get("accounts", find_account(server, account)["accountId"])
    print_json(found) if as_json else show_account(found)


def show_account(found: dict[str, Any]) -> None:
    """What people paste into a bot's settings, and how the account behaves."""
    settings = found.get("settings", {})
    known = [
        (_("Name"), found.get("displayName")),
        (_("Basic ID"), found.get("basicId")),
        (_("Account ID"), found.get("accountId")),
        (_("Provider ID"), found.get("providerId")),
        (_("Channel ID"), found.get("channelId")),
        (_("Channel secret"), found.get("channelSecret")),
        (_("Channel access token"), found.get("channelAccessToken")),
        (_("API address for bots"), found.get("apiBaseUrl")),
        ("Chat", on_off(settings.get("chat"))),
        ("Webhook", settings.get("webhook")),
        (_("Webhook redelivery"), on_off(settings.get("redelivery"))),
        (_("Option API"), settings.get("option")),
    ]
    click.echo(pairs((label, one_line(str(value))) for label, value in known if value is not None))


def on_off(value: bool | None) -> str | None:
    return None if value is None else _("on") if value else _("off")
