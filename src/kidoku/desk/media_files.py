"""Files with what users sent, in the media folder: complete or not there."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import BinaryIO

from kidoku.desk.store.media import Media

INCOMING = "incoming"
"""Folder for what is not complete yet."""


def media_path(media_dir: Path, one: Media) -> Path | None:
    """Where a stored file is; None when there is none."""
    return media_dir / one.path if one.state == "stored" and one.path is not None else None


class Incoming:
    """A file that is being written. Its calls block."""

    def __init__(self, media_dir: Path, path: str) -> None:
        self._final = media_dir / path
        self._temporary = media_dir / INCOMING / path.replace("/", "-")
        self._temporary.parent.mkdir(exist_ok=True)
        self._file: BinaryIO = self._temporary.open("wb")
        self.size = 0

    def write(self, data: bytes) -> None:
        self._file.write(data)
        self.size += len(data)

    def keep(self) -> None:
        """Put it into its place, on disk before this returns."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._final.parent.mkdir(parents=True, exist_ok=True)
        os.replace(self._temporary, self._final)
        sync_folder(self._final.parent)

    def drop(self) -> None:
        """Forget it, unless it was kept."""
        self._file.close()
        self._temporary.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Put the names in a folder on disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def delete(media_dir: Path, path: str) -> None:
    (media_dir / path).unlink(missing_ok=True)


def drop_incoming(media_dir: Path) -> None:
    """Forget what an earlier process has not completed."""
    shutil.rmtree(media_dir / INCOMING, ignore_errors=True)
