"""`kidoku completion`: the script that teaches a shell the commands, options, accounts and users."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from kidoku.cli.words import _

SHELLS = ("bash", "zsh", "fish")


@click.command(
    help=_("Print the completion script of a shell. For bash, for example, put this into ~/.bashrc:")
    + '\n\n  eval "$(kidoku completion bash)"',
    short_help=_("Print a completion script for your shell."),
)
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    kind = get_completion_class(shell)
    assert kind is not None
    script = kind(context.find_root().command, {}, "kidoku", "_KIDOKU_COMPLETE")
    click.echo(script.source_template % script.source_vars())
