"""Reply tokens: once, within a minute, and the rules for redelivered ones."""

import pytest

from kidoku.core.reply_token import ONE_MINUTE_MS, TWENTY_MINUTES_MS, usable

EVENT = 1_763_800_000_000


@pytest.mark.parametrize(
    ("sent_after", "used_after", "now_after", "redelivered", "expected"),
    [
        (0, None, 0, False, True),
        (0, None, ONE_MINUTE_MS, False, True),
        (0, None, ONE_MINUTE_MS + 1, False, False),
        (0, 5, 10, False, False),
        (30 * ONE_MINUTE_MS, None, 30 * ONE_MINUTE_MS, False, True),
        (5 * ONE_MINUTE_MS, None, 6 * ONE_MINUTE_MS, True, True),
        (5 * ONE_MINUTE_MS, None, 6 * ONE_MINUTE_MS + 1, True, False),
        (5 * ONE_MINUTE_MS, 10, 5 * ONE_MINUTE_MS, True, False),
        (TWENTY_MINUTES_MS, None, TWENTY_MINUTES_MS, True, True),
        (TWENTY_MINUTES_MS, None, TWENTY_MINUTES_MS + 1, True, False),
    ],
)
def test_usable(
    sent_after: int, used_after: int | None, now_after: int, redelivered: bool, expected: bool
) -> None:
    used_at = None if used_after is None else EVENT + used_after
    assert usable(EVENT, EVENT + sent_after, used_at, EVENT + now_after, redelivered) is expected
