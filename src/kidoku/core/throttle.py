"""Slowing down whoever guesses: after some failures each further try has to wait, longer every time.

The bounds are our decision: a person who mistypes notices nothing, a program gets a few hundred tries a day.
"""

from __future__ import annotations

from collections import OrderedDict

FIRST_WAIT_MS = 1_000
FORGOTTEN_MS = 3_600_000
"""A key that was quiet for so long starts anew."""
KEPT = 10_000
"""Keys that are remembered; the longest quiet ones go first."""


class Throttle:
    """Tries by key, a login or an address. `free` tries come without a wait; waits double up to `longest_ms`."""

    def __init__(self, free: int, longest_ms: int) -> None:
        self._free = free
        self._longest_ms = longest_ms
        self._tries: OrderedDict[str, tuple[int, int]] = OrderedDict()
        """By key: how many in a row failed, and when the last began."""

    def wait_ms(self, key: str, now: int) -> int:
        """How long the key has to wait until it may try again."""
        failures, last = self._tries.get(key, (0, 0))
        if failures <= self._free or now - last >= FORGOTTEN_MS:
            return 0
        # A shift by more is longer than any wait; it has to stay a number that is quick to compute.
        wait = FIRST_WAIT_MS << min(failures - self._free - 1, 32)
        return max(0, last + min(wait, self._longest_ms) - now)

    def tried(self, key: str, now: int) -> None:
        """Count a try as failed, before it is known: many at once get no more than one after the other."""
        failures, last = self._tries.pop(key, (0, 0))
        self._tries[key] = (1 if now - last >= FORGOTTEN_MS else failures + 1), now
        if len(self._tries) > KEPT:
            self._tries.popitem(last=False)

    def succeeded(self, key: str) -> None:
        """Forget the failures of a key."""
        self._tries.pop(key, None)
