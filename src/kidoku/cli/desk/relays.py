"""`kidoku desk relays`: webhooks for the bot behind a channel, and those that it has not taken."""

from __future__ import annotations

from typing import Any

import click

from kidoku.cli.desk.channel import find_channel
from kidoku.cli.desk.server import DeskServer, desk_options
from kidoku.cli.errors import BAD_USE, CliError
from kidoku.cli.output import clock, one_line, print_json, table
from kidoku.cli.words import _

STATES = ("queued", "waiting", "sending", "handled", "parked")
LIMIT = 200


@click.group(
    help=_("Webhooks for the bot behind a channel: how they went, and sending parked ones again."),
    short_help=_("List webhooks for the bot, and send parked ones again."),
)
def relays() -> None:
    """The group itself does nothing."""


@relays.command("list", help=_("List a channel's webhooks for its bot, newest first."))
@click.argument("channel")
@click.option("--state", type=click.Choice(STATES), help=_("Only those in this state."))
@click.option("--limit", type=click.IntRange(1, LIMIT), default=50, help=_("At most so many, newest first."))
@desk_options
def list_relays(server: DeskServer, channel: str, state: str | None, limit: int, as_json: bool) -> None:
    key = find_channel(server, channel)["channelKey"]
    found = server.get("channels", key, "relays", state=state, limit=str(limit))
    if as_json:
        print_json(found)
    elif found["relays"]:
        head = (_("ID"), _("State"), _("Came"), _("Attempts"), _("Reason"))
        click.echo(table(head, [row(one) for one in found["relays"]]))
        if "next" in found:
            click.echo(_("There are more; see them with --limit."))
    else:
        click.echo(_("There are none."))


def row(one: dict[str, Any]) -> tuple[str, str, str, str, str]:
    return (
        one["relayId"],
        one["state"],
        clock(one["queuedAt"]),
        str(one["attemptCount"]),
        one_line(one["reason"] or one["advice"] or ""),
    )


@relays.command(help=_("Send parked webhooks to the bot again: those named, or all."))
@click.argument("channel")
@click.argument("ids", metavar="[ID]...", nargs=-1)
@click.option("--all-parked", is_flag=True, help=_("All that are parked."))
@desk_options
def retry(server: DeskServer, channel: str, ids: tuple[str, ...], all_parked: bool, as_json: bool) -> None:
    if all_parked == bool(ids):
        raise CliError(_("Name webhooks, or all with --all-parked."), exit_code=BAD_USE)
    key = find_channel(server, channel)["channelKey"]
    for relay_id in ids:
        server.post("channels", key, "relays", relay_id, "retry", body={})
    retried = retry_all(server, key) if all_parked else len(ids)
    if as_json:
        print_json({"retried": retried})
    else:
        click.echo(_("Webhooks that are sent again: {count}").format(count=retried))


def retry_all(server: DeskServer, channel_key: str) -> int:
    """The desk takes so many at a time."""
    total = 0
    while retried := server.post("channels", channel_key, "relays", "retry", body={})["retried"]:
        total += retried
    return total
