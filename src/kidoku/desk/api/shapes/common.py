"""What the shapes of the desk's API share."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

Name = Annotated[str, Meta(min_length=1, max_length=100, pattern=r"\S")]
Url = Annotated[str, Meta(max_length=1_000, pattern=r"^https?://[^\s/?#@]+[^\s?#@]*\Z")]
"""An address of a server, perhaps with a path."""
