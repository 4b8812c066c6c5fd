"""The command `kidoku`. Each command lives in its own module and is loaded when it is used."""

from __future__ import annotations

import click

from kidoku import __version__
from kidoku.cli import click_words
from kidoku.cli.lazy import LazyGroup
from kidoku.cli.words import _

COMMANDS = {
    "up": "kidoku.cli.up:up",
    "platform": "kidoku.cli.serve:platform",
    "desk": "kidoku.cli.desk.group:desk",
    "config": "kidoku.cli.show_config:config",
    "account": "kidoku.cli.account:account",
    "user": "kidoku.cli.user:user",
    "send": "kidoku.cli.send:send",
    "chats": "kidoku.cli.chats:chats",
    "tail": "kidoku.cli.tail:tail",
    "backup": "kidoku.cli.backup:backup",
    "completion": "kidoku.cli.completion:completion",
}

# Before the first command is made: some of click's words are taken then.
click_words.speak()


@click.group(
    cls=LazyGroup,
    lazy=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help=_(
        "Kidoku: read receipts for LINE Official Accounts, a platform of your own and a desk for the team."
    ),
    epilog=_("Start with `kidoku up` and open the page it prints."),
)
@click.version_option(__version__, package_name="kidoku", message="%(prog)s %(version)s")
def cli() -> None:
    """The group itself does nothing."""


def main() -> None:
    """Entry point of the command line."""
    cli(prog_name="kidoku")
