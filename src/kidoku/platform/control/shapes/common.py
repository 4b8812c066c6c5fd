"""What the shapes share."""

from __future__ import annotations

from typing import Annotated, Any, TypeAlias, TypeVar

from msgspec import UNSET, Meta, Struct, UnsetType, structs

from kidoku.platform.control.problems import bad

T = TypeVar("T")
Maybe: TypeAlias = T | UnsetType
"""A property that may be left out."""

Id = Annotated[str, Meta(max_length=64)]
NumberId = Annotated[int, Meta(ge=1, le=2**53)] | Annotated[str, Meta(pattern=r"^[0-9]{1,16}\Z")]
"""A provider's number, as a number or as text."""

DisplayName = Annotated[str, Meta(min_length=1, max_length=100, pattern=r"\S")]
Url = Annotated[str, Meta(max_length=2_000, pattern=r"^https?://[^\s/]+\S*\Z")]
PictureUrl = Annotated[str, Meta(max_length=2_000, pattern=r"^(https?://[^\s/]|/)\S*\Z")]
"""A picture: an address, or a path on this server."""

MessageId = Annotated[str, Meta(pattern=r"^[0-9]{1,18}\Z")]
Limit = Annotated[int, Meta(ge=1, le=1_000)]


class Asked(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel"):
    """A body or query string. What is not known is refused: a typing mistake should not pass in silence."""


class Told(Struct, frozen=True, kw_only=True, rename="camel"):
    """An answer. Properties that are UNSET are left out."""


class Nothing(Told, frozen=True, kw_only=True):
    """Done, and nothing to say about it."""


def given(asked: Struct) -> dict[str, Any]:
    """The fields of a body that were not left out, by their Python names."""
    return {name: value for name, value in structs.asdict(asked).items() if value is not UNSET}


def number(value: int | str | UnsetType | None) -> int | None:
    """A number that may have come as text."""
    return None if value is None or value is UNSET else int(value)


def check_some(changes: dict[str, Any]) -> dict[str, Any]:
    """The changes, if there are any. Raises Problem."""
    if not changes:
        raise bad("nothing_to_change", "The body names nothing to change.")
    return changes
