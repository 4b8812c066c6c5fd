"""`kidoku desk doctor`: why messages don't become Read."""

from __future__ import annotations

import sys

import click

from kidoku.cli.desk.channel import channels, find_channel
from kidoku.cli.desk.server import DeskServer, desk_options
from kidoku.cli.errors import FAILED
from kidoku.cli.output import one_line, print_json
from kidoku.cli.words import _

SIGNS = {"ok": "✓", "warning": "!", "error": "✗", "unknown": "?"}


@click.command(
    help=_(
        "Ask LINE about one channel or all: token, Chat, webhook, secret, clock. The status is 1 if something is wrong."
    ),
    short_help=_("Find out what is wrong with a channel."),
)
@click.argument("channel", required=False)
@desk_options
def doctor(server: DeskServer, channel: str | None, as_json: bool) -> None:
    chosen = channels(server) if channel is None else [find_channel(server, channel)]
    found = [server.post("channels", one["channelKey"], "doctor", body={}) for one in chosen]
    if as_json:
        print_json(found)
    elif not chosen:
        click.echo(_("There are none yet. Make one: kidoku desk channel add NAME"))
    else:
        for one, examined in zip(chosen, found, strict=True):
            click.echo(one_line(one["name"]))
            for check in examined["checks"]:
                click.echo(f"  {SIGNS[check['verdict']]} {one_line(check['text'])}")
                if check["advice"]:
                    click.echo(f"    {one_line(check['advice'])}")
    if any(examined["verdict"] == "error" for examined in found):
        sys.exit(FAILED)
