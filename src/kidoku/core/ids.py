"""Identifiers in the shapes that LINE uses. The caller brings the time and the random bytes."""

import re
from functools import lru_cache

MESSAGE_ID_EPOCH_MS = 1_200_000_000_000
"""Start of our message clock [our decision]: keeps the numbers at LINE's 18 digits until 2038."""

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_PAIRS = tuple(first + second for first in _CROCKFORD for second in _CROCKFORD)
_TIME = (1 << 48) - 1
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_HEX32 = re.compile("[0-9a-f]{32}")


def user_id(rand: bytes) -> str:
    """`U` and 32 hex digits, from 16 random bytes. Also the form of a bot's own user ID."""
    return "U" + _hex32(rand)


def group_id(rand: bytes) -> str:
    """`C` and 32 hex digits, from 16 random bytes."""
    return "C" + _hex32(rand)


def room_id(rand: bytes) -> str:
    """`R` and 32 hex digits, from 16 random bytes."""
    return "R" + _hex32(rand)


def reply_token(now: int, rand: bytes) -> str:
    """32 hex digits, the usual form of LINE's: 48 bits of time in milliseconds and 80 random bits (10 bytes).

    Tokens that are made together stand together in the table: at random places, each would write a page of its own.
    """
    return f"{now & _TIME:012x}{_take(rand, 10).hex()}"


def channel_secret(rand: bytes) -> str:
    """32 hex digits from 16 random bytes."""
    return _hex32(rand)


def channel_id(rand: bytes) -> int:
    """Ten digits beginning with 2, from 8 random bytes. The caller makes sure that it is free."""
    return 2_000_000_000 + int.from_bytes(_take(rand, 8)) % 1_000_000_000


def basic_id(rand: bytes) -> str:
    """`@`, three digits and five letters, from 8 random bytes. The caller makes sure that it is free."""
    number = int.from_bytes(_take(rand, 8))
    number, digits = divmod(number, 1000)
    letters = ""
    for _ in range(5):
        number, letter = divmod(number, 26)
        letters += _LETTERS[letter]
    return f"@{digits:03d}{letters}"


def webhook_event_id(now: int, rand: bytes) -> str:
    """A ULID: 48 bits of time in milliseconds and 80 random bits (10 bytes), 26 upper-case characters."""
    return _ulid_time(now) + _base32(int.from_bytes(_take(rand, 10)), 8)


@lru_cache(64)
def _ulid_time(now: int) -> str:
    return _base32(now & _TIME, 5)


def _base32(number: int, pairs: int) -> str:
    return "".join([_PAIRS[number >> shift & 1023] for shift in range(10 * pairs - 10, -1, -10)])


def next_message_id(last: int, now: int) -> int:
    """The message ID after `last` at the time `now`, a decimal string on the wire.

    Strictly ascending, also while the clock stands or goes back.
    """
    return max(last + 1, now - MESSAGE_ID_EPOCH_MS << 20)


def is_user_id(value: str) -> bool:
    """Whether the text has the form of a user ID. Says nothing about its existence."""
    return _is_id("U", value)


def is_group_id(value: str) -> bool:
    """Whether the text has the form of a group ID."""
    return _is_id("C", value)


def is_room_id(value: str) -> bool:
    """Whether the text has the form of a room ID."""
    return _is_id("R", value)


def _is_id(kind: str, value: str) -> bool:
    return value[:1] == kind and _HEX32.fullmatch(value, 1) is not None


def _hex32(rand: bytes) -> str:
    return _take(rand, 16).hex()


def _take(rand: bytes, size: int) -> bytes:
    if len(rand) < size:
        raise ValueError(f"needs {size} random bytes, got {len(rand)}")
    return rand[:size]
