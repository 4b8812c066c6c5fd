"""Rate limiting per channel and operation, in memory."""

from __future__ import annotations

from kidoku.core.bucket import TokenBucket
from kidoku.platform.api.errors import RATE_EXCEEDED, ApiError
from kidoku.platform.api.rates import Rate

MAX_BUCKETS = 20_000
"""When there are more, all start anew: one bucket takes some hundred bytes, and nobody drives that many at once."""


class RateLimits:
    """Token buckets per (channel ID, operation). They start full, also after a restart."""

    def __init__(self, enabled: bool) -> None:
        self._enabled = enabled
        self._buckets: dict[tuple[int, str], TokenBucket] = {}

    def check(self, channel_id: int, operation: str, rate: Rate, now: int) -> None:
        """Count one request. Raises ApiError 429 when the operation's rate is exceeded."""
        if not self._enabled:
            return
        bucket = self._buckets.get((channel_id, operation))
        if bucket is None:
            bucket = self._new_bucket((channel_id, operation), rate)
        if not bucket.take(now):
            raise ApiError(
                429,
                RATE_EXCEEDED,
                cause="rate_limit",
                reason=f"More than {rate} calls of {operation} by this channel.",
                channel_id=channel_id,
            )

    def _new_bucket(self, key: tuple[int, str], rate: Rate) -> TokenBucket:
        if len(self._buckets) >= MAX_BUCKETS:
            self._buckets.clear()
        bucket = self._buckets[key] = TokenBucket(rate.per_s, rate.number)
        return bucket
