"""What the shapes of the control API share."""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

Id = Annotated[str, Meta(max_length=64)]
NumberId = Annotated[int, Meta(ge=1, le=2**53)] | Annotated[str, Meta(pattern=r"^[0-9]{1,16}\Z")]
"""A provider's number, as a number or as text."""

DisplayName = Annotated[str, Meta(min_length=1, max_length=100, pattern=r"\S")]
Url = Annotated[str, Meta(max_length=2_000, pattern=r"^https?://[^\s/]+\S*\Z")]
PictureUrl = Annotated[str, Meta(max_length=2_000, pattern=r"^(https?://[^\s/]|/)\S*\Z")]
"""A picture: an address, or a path on this server."""

MessageId = Annotated[str, Meta(pattern=r"^[0-9]{1,18}\Z")]
Limit = Annotated[int, Meta(ge=1, le=1_000)]
SearchWords = Annotated[str, Meta(max_length=200)]


def number(value: int | str | UnsetType | None) -> int | None:
    """A number that may have come as text."""
    return None if value is None or value is UNSET else int(value)
