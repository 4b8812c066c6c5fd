"""The watermark of a chat: one number says which of the user's messages are Read.

Messages carry a dense `seq` from 1; message m is Read when `m.seq <= read_seq`. A mark may only raise the
number, so marks are idempotent and commute: whatever their order, the watermark ends at the highest one.
"""

from collections.abc import Hashable, Iterable
from typing import NamedTuple, TypeVar

Key = TypeVar("Key", bound=Hashable)


class Advance(NamedTuple):
    """A mark that did move a watermark: messages `from_seq + 1` to `to_seq` became Read by it."""

    from_seq: int
    to_seq: int


def advance(read_seq: int, seq: int) -> Advance | None:
    """What a mark at `seq` does to a watermark at `read_seq`. None: it was there already."""
    return Advance(read_seq, seq) if seq > read_seq else None


def is_read(seq: int, read_seq: int) -> bool:
    """Whether the message shows "Read". Inclusive, as LINE's Japanese page and its OpenAPI file say."""
    return seq <= read_seq


def unread(last_seq: int, read_seq: int) -> int:
    """How many of the user's messages are not Read yet."""
    return last_seq - read_seq


def coalesce(marks: Iterable[tuple[Key, int]]) -> dict[Key, int]:
    """The one mark per chat that does the work of all of them: the highest."""
    highest: dict[Key, int] = {}
    for key, seq in marks:
        highest[key] = max(seq, highest.get(key, seq))
    return highest
