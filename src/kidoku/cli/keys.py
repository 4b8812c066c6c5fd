"""The control key as commands need it: made at first start, found again by those run on the same machine."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from pathlib import Path

import click

from kidoku.cli.errors import CliError
from kidoku.cli.words import _
from kidoku.platform.config import PlatformConfig
from kidoku.platform.control_key import FILE_NAME, control_key


def kept_key(data_dir: Path) -> str | None:
    """The key that an earlier start made in this data folder, if it did and this user may read it."""
    with contextlib.suppress(OSError, UnicodeDecodeError):
        return (data_dir / FILE_NAME).read_text("ascii").strip() or None
    return None


def with_key(config: PlatformConfig) -> PlatformConfig:
    """`config` with the control key in force. One that is made now is printed, this once. Raises CliError."""
    try:
        if not config.on_loopback:
            config.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        key, made = control_key(config)
    except OSError as error:
        raise CliError(
            _("The control key cannot be kept in {folder}: {reason}.").format(
                folder=config.data_dir, reason=error.strerror
            ),
            _("Make the folder writable, take another one with --data, or set KIDOKU_CONTROL_KEY."),
        ) from error
    if made:
        click.echo(_("Control key, shown only this once: {key}").format(key=key))
    return replace(config, control_key=key)
