"""Errors of commands: one line that says what is wrong and one that says what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from kidoku.cli.words import told

if TYPE_CHECKING:
    from kidoku.http.server_sockets import StartupError
    from kidoku.storage.engine import DatabaseUnusable

FAILED = 1
BAD_USE = 2


class CliError(click.ClickException):
    """Ends a command. `hint` is the next step for the person at the keyboard."""

    def __init__(self, message: str, hint: str = "", exit_code: int = FAILED) -> None:
        super().__init__(message)
        self.hint = hint
        self.exit_code = exit_code  # type: ignore[misc]

    def format_message(self) -> str:
        return f"{self.message}\n{self.hint}" if self.hint else self.message


def not_started(error: StartupError | DatabaseUnusable) -> CliError:
    """What kept a server from starting."""
    return CliError(told(error.message), told(error.hint))
