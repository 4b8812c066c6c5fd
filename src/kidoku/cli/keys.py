"""The control key as commands need it: made at first start, found again by those run on the same machine."""

from __future__ import annotations

import contextlib
import os
import secrets
from dataclasses import replace
from pathlib import Path

import click

from kidoku.cli.errors import CliError
from kidoku.cli.words import _
from kidoku.platform.config import PlatformConfig

FILE_NAME = "control.key"
KEY_BYTES = 24


def kept_key(data_dir: Path) -> str | None:
    """The key that an earlier start made in this data folder, if it did and this user may read it."""
    with contextlib.suppress(OSError, UnicodeDecodeError):
        return (data_dir / FILE_NAME).read_text("ascii").strip() or None
    return None


def with_key(config: PlatformConfig) -> PlatformConfig:
    """`config` with a control key if it needs one. One that is made now is printed, this once. Raises CliError."""
    if config.on_loopback or config.control_key:
        return config
    key = kept_key(config.data_dir)
    if key is None:
        key = make_key(config.data_dir)
        click.echo(_("Control key, shown only this once: {key}").format(key=key))
    return replace(config, control_key=key)


def make_key(data_dir: Path) -> str:
    """Make a key and keep it where only this user can read it, at no moment otherwise. Raises CliError."""
    key = secrets.token_urlsafe(KEY_BYTES)
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(
            os.open(data_dir / FILE_NAME, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w"
        ) as file:
            file.write(key + "\n")
    except OSError as error:
        raise CliError(
            _("The control key cannot be kept in {folder}: {reason}.").format(
                folder=data_dir, reason=error.strerror
            ),
            _("Make the folder writable, take another one with --data, or set KIDOKU_CONTROL_KEY."),
        ) from error
    return key
