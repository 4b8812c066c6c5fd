"""Answers that are files: what users sent, read in pieces."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple


class FileAnswer(NamedTuple):
    """A file as an answer of 200. `size` in bytes; the file was there a moment ago."""

    path: Path
    media_type: str
    size: int
    headers: tuple[tuple[bytes, bytes], ...]

    @property
    def status(self) -> int:
        return 200
