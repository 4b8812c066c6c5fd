"""The pace of a channel's calls: never above its rate, silent when asked, one call at a time in an outage."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kidoku.core.mark_attempt import Fault, Tried
from kidoku.core.pace import DOWN_AFTER, LONGEST_PROBE_S, Pace

NOW = 1_763_800_000_000
FINE = Tried(200)
REFUSED = Tried(400, message="no")
DOWN = Tried(500)


def call(pace: Pace, tried: Tried, now: int = NOW) -> bool:
    pace.begin(now, 1)
    return pace.end(tried, now, 0.5)


def in_outage() -> Pace:
    pace = Pace(2_000)
    for _ in range(DOWN_AFTER):
        call(pace, DOWN)
    assert pace.down
    return pace


@given(st.integers(1, 3_000), st.lists(st.integers(0, 400), min_size=1, max_size=60))
def test_no_second_has_more_calls_than_the_rate(rate: int, steps: list[int]) -> None:
    pace, now, calls = Pace(rate), NOW, list[int]()
    for step in steps:
        now += step
        room = pace.room(now)
        pace.begin(now, room)
        calls += [now] * room
    for first in set(calls):
        assert sum(first <= one < first + 1_000 for one in calls) <= rate


def test_it_says_when_there_is_room_again() -> None:
    pace = Pace(1)
    assert (pace.room(NOW), pace.room_at(NOW)) == (1, NOW)
    pace.begin(NOW, 1)
    again = pace.room_at(NOW)
    assert again is not None
    assert (pace.room(again - 1), pace.room(again)) == (0, 1)


@pytest.mark.parametrize(("asked", "pause_ms"), [(None, 1_000), (0.0, 1_000), (7.5, 7_500)])
def test_one_429_speaks_for_the_whole_channel(asked: float | None, pause_ms: int) -> None:
    pace = Pace(2_000)
    call(pace, Tried(429, retry_after_s=asked))
    assert (pace.room(NOW + pause_ms - 1), pace.room_at(NOW)) == (0, NOW + pause_ms)
    assert pace.room(NOW + pause_ms) > 0
    call(pace, Tried(429), NOW)
    assert pace.room_at(NOW) == NOW + pause_ms, "a shorter pause does not end a longer one"


def test_a_few_failures_change_nothing() -> None:
    pace = Pace(2_000)
    for _ in range(DOWN_AFTER - 1):
        call(pace, DOWN)
    assert pace.room(NOW) > 1
    assert not call(pace, FINE)
    call(pace, DOWN)
    assert not pace.down, "what counts are failures in a row"


@pytest.mark.parametrize(
    "failure", [DOWN, Tried(503), Tried(None, Fault.NOT_SENT), Tried(None, Fault.NO_ANSWER)]
)
def test_in_an_outage_one_call_at_a_time_finds_out_whether_it_is_over(failure: Tried) -> None:
    pace = in_outage()
    assert pace.room(NOW) == 0
    now = pace.room_at(NOW)
    assert now == NOW + 1_000
    assert pace.room(now) == 1
    pace.begin(now, 1)
    assert (pace.room(now), pace.room_at(now)) == (0, None)
    assert not pace.end(failure, now, 0.5)
    assert pace.room_at(now) == now + 2_000


def test_the_tries_of_an_outage_come_regularly() -> None:
    pace, now = in_outage(), NOW
    for _ in range(20):
        at = pace.room_at(now)
        assert at is not None
        assert at - now <= LONGEST_PROBE_S * 1_000
        call(pace, DOWN, now := at)
    call(pace, Tried(503, retry_after_s=60), now)
    assert pace.room_at(now) == now + 60_000


@pytest.mark.parametrize("answer", [FINE, REFUSED])
def test_any_answer_but_a_failure_ends_an_outage(answer: Tried) -> None:
    pace = in_outage()
    later = NOW + 60_000
    assert call(pace, answer, later)
    assert not pace.down
    assert pace.room(later) > 1
    assert not call(pace, answer, later), "it ends once"


def test_a_call_that_did_not_begin_holds_nothing_up() -> None:
    pace = in_outage()
    later = NOW + 60_000
    pace.begin(later, 1)
    pace.drop()
    assert pace.room(later) == 1


@given(st.integers(2, 3_000), st.integers(1, 10), st.lists(st.integers(0, 400), min_size=2, max_size=40))
def test_a_shared_rate_holds_for_all_who_share_it(rate: int, others: int, steps: list[int]) -> None:
    """Those who share begin one by one, each at its part of the rate."""
    paces, now, calls = [Pace(rate)], NOW, list[int]()
    for step in steps:
        now += step
        if len(paces) <= others:
            now += 1_000  # until they have seen each other
            paces.append(Pace(rate / (len(paces) + 1)))
            for pace in paces:
                pace.change_rate(rate / len(paces))
        for pace in paces:
            room = pace.room(now)
            pace.begin(now, room)
            calls += [now] * room
    least = len(paces)  # each may make a call, however small its part
    for first in set(calls):
        assert sum(first <= one < first + 1_000 for one in calls) <= max(rate, 1) + least
