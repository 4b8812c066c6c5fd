"""Rate limiting by token bucket, as LINE says it does (news 2026-07-31); its capacity is not published."""

from math import ceil


class TokenBucket:
    """A bucket that starts full, fills at `rate_per_s` up to `capacity`, and gives one token per request."""

    __slots__ = ("_capacity", "_filled_at", "_level", "_rate_per_ms")

    def __init__(self, rate_per_s: float, capacity: float) -> None:
        self._rate_per_ms = rate_per_s / 1000
        self._capacity = capacity
        self._level = capacity
        self._filled_at: int | None = None

    def change(self, rate_per_s: float, capacity: float) -> None:
        """Fill at another rate from now on, up to another capacity. What is in it beyond that is lost."""
        self._rate_per_ms = rate_per_s / 1000
        self._capacity = capacity
        self._level = min(self._level, capacity)

    def take(self, now_ms: int) -> bool:
        """Take a token if there is one. A clock that goes back neither fills nor drains."""
        self._fill(now_ms)
        if self._level < 1:
            return False
        self._level -= 1
        return True

    def level(self, now_ms: int) -> int:
        """How many tokens there are."""
        self._fill(now_ms)
        return int(self._level)

    def wait_ms(self, now_ms: int) -> int:
        """Milliseconds until there is a token."""
        self._fill(now_ms)
        return max(0, ceil((1 - self._level) / self._rate_per_ms))

    def _fill(self, now_ms: int) -> None:
        if self._filled_at is None or now_ms < self._filled_at:
            self._filled_at = now_ms
        gained = (now_ms - self._filled_at) * self._rate_per_ms
        self._level = min(self._capacity, self._level + gained)
        self._filled_at = now_ms
