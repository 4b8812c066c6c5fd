"""What users send in the tests."""

from __future__ import annotations

from io import BytesIO

from PIL import Image


def picture(width: int = 32, height: int = 24) -> bytes:
    """A PNG of one colour."""
    kept = BytesIO()
    Image.new("RGB", (width, height), "teal").save(kept, "PNG")
    return kept.getvalue()


FILM = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom"
"""As much of an MP4 as says that it is one."""

SOUND = b"\0\0\0\x18ftypM4A \0\0\0\0M4A mp42"
"""As much of an M4A as says that it is one."""

PAPER = b"%PDF-1.7\n"
