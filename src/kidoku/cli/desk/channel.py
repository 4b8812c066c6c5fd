"""`kidoku desk channel`: the Messaging API channels that the desk serves."""

from __future__ import annotations

import sys
from typing import Any

import click

from kidoku.cli.connect import only
from kidoku.cli.desk.server import DeskServer, desk_options
from kidoku.cli.output import one_line, pairs, print_json, table
from kidoku.cli.words import _

POLICIES = ("on-receive", "on-open", "on-open-after", "on-reply", "on-assign", "manual")


@click.group(help=_("Channels: the Official Accounts that the desk serves."))
def channel() -> None:
    """The group itself does nothing."""


@channel.command(
    help=_(
        "Serve another channel. Its secret and its access token are asked for, or are the first two lines of standard "
        "input."
    )
)
@click.argument("name")
@click.option(
    "--policy", type=click.Choice(POLICIES), help=_("When messages are marked; on-reply without it.")
)
@click.option(
    "--bot-policy",
    type=click.Choice(POLICIES),
    help=_("The same for messages that the bot behind the relay has taken; --policy without it."),
)
@click.option(
    "--mark-by",
    type=click.Choice(("token", "user")),
    help=_("user for accounts with the corporate option; token without it."),
)
@click.option("--api-url", metavar="URL", help=_("Address of the Messaging API; LINE's without it."))
@click.option("--set-webhook", is_flag=True, help=_("Tell LINE where to send webhooks."))
@desk_options
def add(
    server: DeskServer,
    name: str,
    policy: str | None,
    bot_policy: str | None,
    mark_by: str | None,
    api_url: str | None,
    set_webhook: bool,
    as_json: bool,
) -> None:
    secret = asked(_("Channel secret"))
    token = asked(_("Channel access token"))
    policies = given(policy=policy, botHandled=bot_policy)
    more = given(readPolicy=policies or None, markBy=mark_by, apiBaseUrl=api_url)
    body = {"name": name, "channelSecret": secret, "channelAccessToken": token}
    made = server.post("channels", body=body | more)
    # Before the webhook is set, which LINE may refuse: the channel is there all the same.
    print_json(made) if as_json else show(made)
    if set_webhook:
        server.post("channels", made["channelKey"], "webhook", body={})


def given(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def asked(label: str) -> str:
    if sys.stdin.isatty():
        answer: str = click.prompt(label, hide_input=True)
        return answer
    return sys.stdin.readline().strip()


def show(made: dict[str, Any]) -> None:
    own = made["readPolicy"]["botHandled"]
    rows = [
        (_("Name"), one_line(made["name"])),
        (_("Channel key"), made["channelKey"]),
        ("Webhook", made.get("webhookUrl", made["webhookPath"])),
        (_("Read policy"), made["readPolicy"]["policy"]),
        *([] if own is None else [(_("What the bot takes"), own)]),
        (_("Marks by"), made["markBy"]),
    ]
    click.echo(pairs(rows))
    click.echo(_("See whether all is well: kidoku desk doctor {key}").format(key=made["channelKey"]))


@channel.command("list", help=_("List the channels."))
@desk_options
def list_channels(server: DeskServer, as_json: bool) -> None:
    found = channels(server)
    if as_json:
        print_json(found)
    elif found:
        rows = [
            (
                one["channelKey"],
                one["readPolicy"]["policy"],
                one["markBy"],
                one["basicId"] or "-",
                one_line(one["name"]),
            )
            for one in found
        ]
        click.echo(table((_("Channel key"), _("Read policy"), _("Marks by"), _("Basic ID"), _("Name")), rows))
    else:
        click.echo(_("There are none yet. Make one: kidoku desk channel add NAME"))


def channels(server: DeskServer) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = server.get("channels")["channels"]
    return found


def find_channel(server: DeskServer, text: str) -> dict[str, Any]:
    """The channel whose key, basic ID or name is `text`. Raises CliError if it is not exactly one."""
    names = ("channelKey", "basicId", "name")
    return only(channels(server), text, names, _("There is no channel {name}."), "kidoku desk channel list")
