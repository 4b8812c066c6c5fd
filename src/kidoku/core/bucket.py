"""Rate limiting by token bucket, as LINE says it does (news 2026-07-31); its capacity is not published."""


class TokenBucket:
    """A bucket that starts full, fills at `rate_per_s` up to `capacity`, and gives one token per request."""

    __slots__ = ("_capacity", "_filled_at", "_level", "_rate_per_ms")

    def __init__(self, rate_per_s: float, capacity: float) -> None:
        self._rate_per_ms = rate_per_s / 1000
        self._capacity = capacity
        self._level = capacity
        self._filled_at: int | None = None

    def take(self, now_ms: int) -> bool:
        """Take a token if there is one. A clock that goes back neither fills nor drains."""
        self._fill(now_ms)
        if self._level < 1:
            return False
        self._level -= 1
        return True

    def reserve(self, now_ms: int) -> float:
        """Take a token, if need be one that is still to come: the milliseconds to wait until it is there."""
        self._fill(now_ms)
        self._level -= 1
        return max(0.0, -self._level / self._rate_per_ms)

    def _fill(self, now_ms: int) -> None:
        if self._filled_at is None or now_ms < self._filled_at:
            self._filled_at = now_ms
        gained = (now_ms - self._filled_at) * self._rate_per_ms
        self._level = min(self._capacity, self._level + gained)
        self._filled_at = now_ms
