"""The schedule of redeliveries."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kidoku.core.redelivery import next_attempt

SCHEDULE = [10.0, 60.0, 300.0]


@pytest.mark.parametrize(("attempts", "delay"), [(1, 10.0), (2, 60.0), (3, 300.0), (4, None), (0, None)])
def test_one_delay_after_each_attempt(attempts: int, delay: float | None) -> None:
    assert next_attempt(SCHEDULE, attempts, 0.2, 0.5) == delay


def test_no_schedule_no_redelivery() -> None:
    assert next_attempt([], 1, 0.2, 0.5) is None


@given(st.integers(1, 3), st.floats(0, 1), st.floats(0, 1))
def test_jitter_stays_in_its_bounds(attempts: int, jitter: float, random_unit: float) -> None:
    delay = next_attempt(SCHEDULE, attempts, jitter, random_unit)
    planned = SCHEDULE[attempts - 1]
    assert delay is not None
    assert planned * (1 - jitter) - 1e-9 <= delay <= planned * (1 + jitter) + 1e-9


def test_jitter_reaches_both_ends() -> None:
    assert next_attempt(SCHEDULE, 1, 0.2, 0.0) == pytest.approx(8)
    assert next_attempt(SCHEDULE, 1, 0.2, 1.0) == pytest.approx(12)
