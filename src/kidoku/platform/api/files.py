"""Answers that are files: what users sent, read in pieces."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple


class FileAnswer(NamedTuple):
    """A file as an answer. It is there: its size in bytes has been read."""

    path: Path
    media_type: str
    size: int
    headers: tuple[tuple[bytes, bytes], ...]
