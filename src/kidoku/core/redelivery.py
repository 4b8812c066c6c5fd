"""When to send a failed webhook again.

LINE keeps number and spacing of its redeliveries secret and changes them, so the schedule is a setting.
"""

from collections.abc import Sequence


def next_attempt(
    schedule_s: Sequence[float], attempts: int, jitter: float, random_unit: float
) -> float | None:
    """Seconds to wait before the next attempt; None when the schedule is used up.

    `attempts` counts what was sent already, the first delivery included, so it is at least 1. `jitter` is the
    largest deviation as a part of the delay (0.2 means ±20 %); `random_unit`, in [0, 1], chooses within it.
    """
    if not 1 <= attempts <= len(schedule_s):
        return None
    return schedule_s[attempts - 1] * (1 + jitter * (2 * random_unit - 1))
