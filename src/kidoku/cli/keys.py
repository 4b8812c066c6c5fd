"""The control key that is made at first start when the platform is reachable from elsewhere and none was
set.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

from kidoku.cli.errors import CliError
from kidoku.cli.words import _

KEY_FILE = "control-key"
KEY_BYTES = 24


def kept_key(data_dir: Path) -> str | None:
    """The key that an earlier start made in this data folder, if it did and this user may read it."""
    with contextlib.suppress(OSError, UnicodeDecodeError):
        return (data_dir / KEY_FILE).read_text("ascii").strip() or None
    return None


def make_key(data_dir: Path) -> str:
    """Make a key and keep it where only this user can read it. Raises CliError when the folder cannot be
    written.
    """
    key = secrets.token_urlsafe(KEY_BYTES)
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(
            os.open(data_dir / KEY_FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w"
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
