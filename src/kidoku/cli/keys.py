"""The servers' keys as commands need them: made at first start, found again by those run on the same machine."""

from __future__ import annotations

import contextlib
import os
import secrets
from dataclasses import replace
from pathlib import Path

import click

from kidoku.cli.errors import CliError
from kidoku.cli.words import _
from kidoku.desk.config import DeskConfig
from kidoku.platform.config import PlatformConfig

CONTROL_KEY = "control.key"
DESK_KEY = "desk.key"
KEY_BYTES = 24


def kept_key(data_dir: Path, name: str = CONTROL_KEY) -> str | None:
    """The key that an earlier start made in this data folder, if it did and this user may read it."""
    with contextlib.suppress(OSError, UnicodeDecodeError):
        return (data_dir / name).read_text("ascii").strip() or None
    return None


def with_key(config: PlatformConfig) -> tuple[PlatformConfig, str | None]:
    """`config` with a control key if it needs one, and that key if it was made now: to be given to `show_key`."""
    if config.on_loopback or config.control_key:
        return config, None
    kept = kept_key(config.data_dir)
    made = secrets.token_urlsafe(KEY_BYTES) if kept is None else None
    return replace(config, control_key=kept or made), made


def show_key(config: PlatformConfig, made: str | None) -> None:
    """Keep the key that was made, and print it, this once. The server listens by now: one that can't start has shown
    nothing, and the next start makes a key of its own. Raises CliError.
    """
    if made is not None:
        keep_key(made, config.data_dir, CONTROL_KEY, "KIDOKU_CONTROL_KEY")
        click.echo(_("Control key, shown only this once: {key}").format(key=made))


def with_api_key(config: DeskConfig) -> DeskConfig:
    """`config` with an API key: the one that is set, else one that only this user's commands find. Raises CliError."""
    if config.api_key:
        return config
    key = kept_key(config.data_dir, DESK_KEY)
    if key is None:
        key = secrets.token_urlsafe(KEY_BYTES)
        keep_key(key, config.data_dir, DESK_KEY, "KIDOKU_DESK_API_KEY")
    return replace(config, api_key=key)


def keep_key(key: str, data_dir: Path, name: str, variable: str) -> None:
    """Keep a key where only this user can read it, at no moment otherwise. Raises CliError."""
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(data_dir / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(key + "\n")
    except OSError as error:
        raise CliError(
            _("The key cannot be kept in {folder}: {reason}.").format(folder=data_dir, reason=error.strerror),
            _("Make the folder writable, take another one with --data, or set {variable}.").format(
                variable=variable
            ),
        ) from error
