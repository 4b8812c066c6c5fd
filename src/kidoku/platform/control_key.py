"""The key of the pages and the control API, where more than this machine can reach them."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from kidoku.platform.config import PlatformConfig

FILE_NAME = "control.key"


def control_key(config: PlatformConfig) -> tuple[str | None, bool]:
    """The key in force and whether it was made just now, to be shown this once.

    None on a loopback address without a key of its own: there, Host and Origin are checked instead.
    """
    if config.control_key is not None or config.on_loopback:
        return config.control_key, False
    path = config.data_dir / FILE_NAME
    if path.exists():
        return path.read_text().strip(), False
    key = secrets.token_urlsafe(24)
    write_private(path, key)
    return key, True


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, at no moment otherwise."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text + "\n")
