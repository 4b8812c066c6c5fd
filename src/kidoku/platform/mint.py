"""New IDs, from one source of randomness and the caller's time."""

from __future__ import annotations

import base64
from collections.abc import Callable

from kidoku.core import ids

SUPPLY_BYTES = 4_096
"""Random bytes that are fetched at once for the events of many messages."""


class Mint:
    """Makes IDs. `entropy(n)` gives n random bytes; `last_serial` is the newest serial in the database.

    Serials (message IDs, delivery IDs, call IDs) rise; only the writer thread may take them, and what an event needs.
    """

    def __init__(self, entropy: Callable[[int], bytes], last_serial: int = 0) -> None:
        self.entropy = entropy
        self._last_serial = last_serial
        self._supply = b""

    def serial(self, now: int) -> int:
        """The next message ID, delivery ID or call ID: greater than every one before, close to `now`."""
        self._last_serial = ids.next_message_id(self._last_serial, now)
        return self._last_serial

    def user_id(self) -> str:
        return ids.user_id(self.entropy(16))

    def group_id(self) -> str:
        return ids.group_id(self.entropy(16))

    def room_id(self) -> str:
        return ids.room_id(self.entropy(16))

    def basic_id(self) -> str:
        return ids.basic_id(self.entropy(8))

    def channel_secret(self) -> str:
        return ids.channel_secret(self.entropy(16))

    def channel_id(self) -> int:
        """Ten digits starting with 20, as LINE's newer channels have."""
        return 2_000_000_000 + int.from_bytes(self.entropy(6), "big") % 99_999_999

    def webhook_event_id(self, now: int) -> str:
        return ids.webhook_event_id(now, self._supplied(10))

    def reply_token(self, now: int) -> str:
        return ids.reply_token(now, self._supplied(10))

    def opaque_token(self, size: int = 96) -> str:
        """An unguessable URL-safe token of `size` random bytes, without padding."""
        return base64.urlsafe_b64encode(self.entropy(size)).rstrip(b"=").decode()

    def _supplied(self, size: int) -> bytes:
        """Random bytes of a supply: who asks the system for them lets go of the interpreter lock and waits for it."""
        if len(self._supply) < size:
            self._supply = self.entropy(SUPPLY_BYTES)
        taken, self._supply = self._supply[:size], self._supply[size:]
        return taken
