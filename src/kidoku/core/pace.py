"""How fast a channel's calls to LINE follow each other: its rate limit, pauses that LINE asks for, and outages.

LINE's limits are per channel (reference, "Rate limits"), so that one 429 speaks for all calls of it. During an outage
one call at a time finds out whether it is over, instead of every mark by itself [our decision].
"""

from __future__ import annotations

from kidoku.core.bucket import TokenBucket
from kidoku.core.mark_attempt import FIRST_WAIT_S, Tried, is_transient, wait_s

BURST = 0.05
"""The part of a second's calls that may go at once. Others come evenly, so that no second has more than the rate."""
DOWN_AFTER = 10
"""Calls in a row that failed for passing reasons until we take LINE to be down."""
LONGEST_PROBE_S = 10.0
"""Seconds between two calls at most while LINE is down, jitter left out."""


class Pace:
    """One channel's. Times in ms."""

    def __init__(self, rate_per_s: float) -> None:
        self._bucket = TokenBucket(*evenly(rate_per_s))
        self._under_way = 0
        self._failures = 0
        self._not_before = 0

    @property
    def down(self) -> bool:
        return self._failures >= DOWN_AFTER

    def change_rate(self, rate_per_s: float) -> None:
        """Go on at another rate."""
        self._bucket.change(*evenly(rate_per_s))

    def room(self, now: int) -> int:
        """Calls that may begin now."""
        if now < self._not_before or (self.down and self._under_way):
            return 0
        level = self._bucket.level(now)
        return min(1, level) if self.down else level

    def room_at(self, now: int) -> int | None:
        """When a call may begin; None: once one that is under way has ended."""
        if self.down and self._under_way:
            return None
        return max(self._not_before, now + self._bucket.wait_ms(now))

    def begin(self, now: int, calls: int) -> None:
        """So many calls leave: as many as there is room for, or fewer."""
        for _ in range(calls):
            self._bucket.take(now)
        self._under_way += calls

    def end(self, tried: Tried, now: int, random_unit: float) -> bool:
        """A call has ended. Whether that shows that an outage is over, so that nothing has to wait any longer."""
        self._under_way -= 1
        if tried.status == 429:
            self._pause(now, max(FIRST_WAIT_S, tried.retry_after_s or 0.0))
            return False
        if not is_transient(tried):
            was_down, self._failures = self.down, 0
            return was_down
        self._failures += 1
        if self.down:
            probe_s = min(LONGEST_PROBE_S, wait_s(self._failures - DOWN_AFTER + 1, random_unit))
            self._pause(now, max(probe_s, tried.retry_after_s or 0.0))
        return False

    def drop(self) -> None:
        """A call that was to begin did not."""
        self._under_way -= 1

    def _pause(self, now: int, seconds: float) -> None:
        self._not_before = max(self._not_before, now + round(seconds * 1_000))


def evenly(rate_per_s: float) -> tuple[float, float]:
    """Rate and capacity of a bucket that never gives more than the rate within a second."""
    return rate_per_s * (1 - BURST), max(1.0, rate_per_s * BURST)
