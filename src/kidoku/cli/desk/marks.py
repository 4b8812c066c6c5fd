"""`kidoku desk marks`: the marker's work, and what waits for a person."""

from __future__ import annotations

from typing import Any

import click

from kidoku.cli.desk.server import DeskServer, connect, desk_options
from kidoku.cli.errors import BAD_USE, CliError
from kidoku.cli.output import clock, one_line, print_json, table
from kidoku.cli.words import _

STATES = ("waiting", "due", "sending", "confirmed", "parked", "superseded", "undone")
LIMIT = 200
AT_ONCE = 1_000


@click.group(
    invoke_without_command=True,
    help=_("List marks, newest first: what is to be marked as read, and how that went."),
    short_help=_("List marks, and try parked ones again."),
)
@click.option("--state", type=click.Choice(STATES), help=_("Only those in this state."))
@click.option("--limit", type=click.IntRange(1, LIMIT), default=50, help=_("At most so many, newest first."))
@click.option(
    "--url",
    envvar="KIDOKU_DESK_URL",
    metavar="URL",
    help=_("Address of the desk; without it the one set here."),
)
@click.option("--json", "as_json", is_flag=True, help=_("JSON for scripts."))
@click.pass_context
def marks(context: click.Context, state: str | None, limit: int, url: str | None, as_json: bool) -> None:
    if context.invoked_subcommand is None:
        show(connect(url).get("marks", state=state, limit=str(limit)), as_json)


def show(found: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print_json(found)
    elif found["marks"]:
        head = (_("ID"), _("State"), _("Chat with"), _("Asked for"), _("Attempts"), _("Reason"))
        click.echo(table(head, [row(one) for one in found["marks"]]))
        if "next" in found:
            click.echo(_("There are more; see them with --limit."))
    else:
        click.echo(_("There are none."))


def row(one: dict[str, Any]) -> tuple[str, str, str, str, str, str]:
    return (
        one["markId"],
        one["state"],
        one_line(one["displayName"] or one["chatId"]),
        clock(one["askedAt"]),
        str(one["attemptCount"]),
        one_line(one["reason"] or ""),
    )


@marks.command(help=_("Let parked marks be tried again: those named, or all."))
@click.argument("ids", metavar="[ID]...", nargs=-1)
@click.option("--all-parked", is_flag=True, help=_("All that are parked."))
@desk_options
def retry(server: DeskServer, ids: tuple[str, ...], all_parked: bool, as_json: bool) -> None:
    if all_parked == bool(ids):
        raise CliError(_("Name marks, or all with --all-parked."), exit_code=BAD_USE)
    for mark_id in ids:
        server.post("marks", mark_id, "retry", body={})
    retried = retry_all(server) if all_parked else len(ids)
    if as_json:
        print_json({"retried": retried})
    else:
        click.echo(_("Marks that are tried again: {count}").format(count=retried))


def retry_all(server: DeskServer) -> int:
    """The desk takes so many at a time."""
    total, retried = 0, AT_ONCE
    while retried >= AT_ONCE:
        retried = server.post("marks", "retry", body={"state": "parked"})["retried"]
        total += retried
    return total
