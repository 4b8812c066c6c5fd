"""LINE's rate limits (reference, "Rate limits"). A bucket holds as many requests as its rate names: our decision,
LINE publishes rates only."""

from __future__ import annotations

from typing import NamedTuple


class Rate(NamedTuple):
    """`number` requests in `period_s` seconds, per channel, endpoint and method."""

    number: int
    period_s: int

    def __str__(self) -> str:
        return f"{self.number:,}/{ {1: 's', 60: 'min', 3600: 'h'}[self.period_s] }"

    @property
    def per_s(self) -> float:
        return self.number / self.period_s


HOURLY_60 = Rate(60, 3600)
HOURLY_100 = Rate(100, 3600)
HOURLY_3 = Rate(3, 3600)
PER_MINUTE_60 = Rate(60, 60)
PER_MINUTE_1000 = Rate(1000, 60)
PER_SECOND_10 = Rate(10, 1)
PER_SECOND_100 = Rate(100, 1)
PER_SECOND_200 = Rate(200, 1)
PER_SECOND_370 = Rate(370, 1)
DEFAULT = Rate(2000, 1)
"""Everything that LINE lists no limit of its own for."""
