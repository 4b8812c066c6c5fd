"""What becomes of a webhook after an attempt to hand it to the bot behind the relay."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kidoku.core.mark_attempt import JITTER, Fault, Tried
from kidoku.core.relay_attempt import (
    GIVE_UP_S,
    HOLD_S,
    LONGEST_OUTAGE_WAIT_S,
    LONGEST_PAUSE_S,
    LONGEST_RETRY_AFTER_S,
    LONGEST_WAIT_S,
    GivenUp,
    Handled,
    Later,
    Verdict,
    is_outage,
    pause_s,
    verdict,
)

OUTAGES = [*(Tried(status) for status in (429, 502, 503, 504)), Tried(None, Fault.NOT_SENT)]
OUTAGES += [Tried(None, Fault.NO_ANSWER, "timed out")]
REFUSALS = [Tried(status) for status in (100, 301, 307, 400, 401, 404, 408, 410, 500, 501, 599)]


def judge(tried: Tried, *, attempts: int = 1, age_s: float = 0, trying_s: float = 0) -> Verdict:
    return verdict(tried, attempts=attempts, age_s=age_s, trying_s=trying_s, random_unit=0.5)


@pytest.mark.parametrize("status", [200, 201, 204, 299])
@pytest.mark.parametrize("age_s", [0, GIVE_UP_S])
def test_any_2xx_means_that_the_bot_has_it(status: int, age_s: float) -> None:
    assert judge(Tried(status), age_s=age_s) == Handled()


@pytest.mark.parametrize("tried", [*OUTAGES, *REFUSALS])
def test_everything_else_is_tried_again_for_a_day(tried: Tried) -> None:
    again = judge(tried, age_s=GIVE_UP_S - 1)
    assert isinstance(again, Later)
    assert again.wait_s == 1.0
    ended = judge(tried, age_s=GIVE_UP_S)
    assert isinstance(ended, GivenUp)
    assert ended.reason == again.reason != ""


def test_waits_double_up_to_a_limit_that_is_lower_while_the_bot_is_away() -> None:
    def waits(tried: Tried) -> list[float]:
        return [one.wait_s for n in (2, 3, 40) if isinstance(one := judge(tried, attempts=n), Later)]

    assert waits(Tried(500)) == [2.0, 4.0, LONGEST_WAIT_S]
    assert waits(Tried(503)) == [2.0, 4.0, LONGEST_OUTAGE_WAIT_S]


def test_the_bot_may_ask_for_a_longer_wait_within_reason() -> None:
    for asked, waits in ((0.5, 1.0), (30.0, 30.0), (1e9, LONGEST_RETRY_AFTER_S)):
        again = judge(Tried(503, retry_after_s=asked))
        assert isinstance(again, Later)
        assert again.wait_s == pause_s(1, asked, 0.5) == waits


def test_a_webhook_holds_its_chat_up_for_a_while_only() -> None:
    lets = [
        one.lets_pass for s in (HOLD_S - 1, HOLD_S) if isinstance(one := judge(Tried(500), trying_s=s), Later)
    ]
    assert lets == [False, True]


def test_what_says_something_about_the_bot_and_what_about_the_webhook() -> None:
    assert all(map(is_outage, OUTAGES))
    assert not any(map(is_outage, REFUSALS))


@given(failures=st.integers(1, 10_000), random_unit=st.floats(0, 1))
def test_a_pause_is_short_so_that_a_return_is_noticed(failures: int, random_unit: float) -> None:
    assert 0 < pause_s(failures, None, random_unit) <= LONGEST_PAUSE_S * (1 + JITTER)
