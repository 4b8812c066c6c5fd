"""What the shapes of all bodies and answers share."""

from __future__ import annotations

from typing import Any, TypeAlias, TypeVar

from msgspec import UNSET, Struct, UnsetType, structs

from kidoku.http.json_api.problems import bad

T = TypeVar("T")
Maybe: TypeAlias = T | UnsetType
"""A property that may be left out."""


class Asked(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel"):
    """A body or query string. What is not known is refused: a typing mistake should not pass in silence."""


class Told(Struct, frozen=True, kw_only=True, rename="camel"):
    """An answer. Properties that are UNSET are left out."""


class Nothing(Told, frozen=True, kw_only=True):
    """Done, and nothing to say about it."""


def given(asked: Struct) -> dict[str, Any]:
    """The fields of a body that were not left out, by their Python names."""
    return {name: value for name, value in structs.asdict(asked).items() if value is not UNSET}


def check_some(changes: dict[str, Any]) -> dict[str, Any]:
    """The changes, if there are any. Raises Problem."""
    if not changes:
        raise bad("nothing_to_change", "The body names nothing to change.")
    return changes
