"""Values that equal whatever fits, for comparing whole answers."""

from __future__ import annotations

import re
from collections.abc import Callable


class Fits:
    """Equals every value that passes the test. `shown` stands for it in failures."""

    def __init__(self, test: Callable[[object], bool], shown: str) -> None:
        self._test = test
        self._shown = shown

    def __eq__(self, other: object) -> bool:
        return self._test(other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return self._shown


def like(pattern: str) -> Fits:
    """Every string that fits the pattern as a whole."""
    return Fits(
        lambda value: isinstance(value, str) and bool(re.fullmatch(pattern, value)), f"like {pattern}"
    )


def whole(least: int = 0, most: int | None = None) -> Fits:
    """Every whole number in these bounds."""

    def test(value: object) -> bool:
        return type(value) is int and value >= least and (most is None or value <= most)

    return Fits(test, f"a number from {least} to {most}")


def in_any_order(*values: str) -> Fits:
    """A list of these, each once."""
    return Fits(
        lambda value: isinstance(value, list) and sorted(value) == sorted(values), f"in any order {values}"
    )


UUID = like(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
ULID = like(r"[0-9A-HJKMNP-TV-Z]{26}")
MESSAGE_ID = like(r"[1-9]\d{17}")
USER_ID = like(r"U[0-9a-f]{32}")
ROOM_ID = like(r"R[0-9a-f]{32}")
GROUP_ID = like(r"C[0-9a-f]{32}")
OPAQUE = like(r"[\w-]{22,}")
"""A token that nobody can guess: 128 bits at least."""
ACCESS_TOKEN = like(r"[\w+/=.-]{22,}")
REPLY_TOKEN = like(r"[0-9a-f]{32}")
ISO_TIME = like(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
TEXT = like(r".+")
JPEG = Fits(lambda value: isinstance(value, bytes) and value.startswith(b"\xff\xd8\xff"), "a JPEG")
TEXTS = Fits(lambda value: isinstance(value, list) and all(one == TEXT for one in value), "a list of texts")
