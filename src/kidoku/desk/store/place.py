"""Where a message stands in LINE's order of its chat: its time, and among equals the number in its message ID."""

from __future__ import annotations

from typing import NamedTuple

LARGEST = (1 << 63) - 1
BEFORE_ITS_TIME = -1
"""The place of a message of which only an edit or its end has come so far."""


class Place(NamedTuple):
    """Compares as LINE orders. `at` in ms."""

    at: int
    place: int


def place_of(at: int, message_id: str) -> Place:
    """IDs are decimal and rise in practice; one that is no number stands last of its millisecond."""
    fits = message_id.isascii() and message_id.isdecimal() and len(message_id) < 19
    return Place(at, int(message_id) if fits else LARGEST)
