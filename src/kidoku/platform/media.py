"""Where the bytes that users send are kept: one file per content, named by its digest."""

from __future__ import annotations

from pathlib import Path


def media_path(folder: Path, digest: str) -> Path:
    """The file of a content in the media folder. `digest`: SHA-256 in hex. Two levels keep folders small."""
    return folder / digest[:2] / digest
