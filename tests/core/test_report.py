"""What the reports count."""

from datetime import UTC, datetime, timedelta, tzinfo
from itertools import pairwise
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kidoku.core.calendar import JST
from kidoku.core.report import (
    BEYOND,
    EDGES_MS,
    HOUR_MS,
    WEEK,
    Answer,
    End,
    MarkCount,
    Step,
    Summary,
    Target,
    Turn,
    WeekHour,
    answers,
    backlog,
    by_cause,
    edge_of,
    end_of,
    failures,
    histogram,
    next_start,
    percentile,
    start_of,
    starts,
    summary,
    target_of,
    week_hour,
)

PLACES = [
    UTC,
    JST,
    ZoneInfo("Asia/Kathmandu"),  # +05:45
    ZoneInfo("Europe/Berlin"),
    ZoneInfo("America/Havana"),  # midnight comes twice
    ZoneInfo("America/Santiago"),  # midnight is left out
    ZoneInfo("Australia/Lord_Howe"),  # clocks change by half an hour
]
moments = st.integers(1_600_000_000_000, 1_900_000_000_000)
lengths = st.integers(0, 10**9)


def ms(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp() * 1_000)


@pytest.mark.parametrize(
    ("at", "step", "place", "start"),
    [
        ("2026-01-02T03:04:05+09:00", Step.HOUR, JST, "2026-01-02T03:00:00+09:00"),
        ("2026-01-02T03:04:05+09:00", Step.DAY, JST, "2026-01-02T00:00:00+09:00"),
        ("2026-01-02T03:04:05+09:00", Step.DAY, UTC, "2026-01-01T00:00:00+00:00"),
        ("2026-01-02T03:04:05+05:45", Step.HOUR, ZoneInfo("Asia/Kathmandu"), "2026-01-02T03:00:00+05:45"),
        ("2026-03-29T12:00:00+02:00", Step.DAY, ZoneInfo("Europe/Berlin"), "2026-03-29T00:00:00+01:00"),
        ("2026-10-25T02:30:00+01:00", Step.HOUR, ZoneInfo("Europe/Berlin"), "2026-10-25T02:00:00+01:00"),
        ("2026-11-01T00:30:00-05:00", Step.DAY, ZoneInfo("America/Havana"), "2026-11-01T00:00:00-04:00"),
        ("2026-09-06T12:00:00-03:00", Step.DAY, ZoneInfo("America/Santiago"), "2026-09-06T01:00:00-03:00"),
    ],
)
def test_buckets_begin_by_the_clock_on_the_wall(at: str, step: Step, place: tzinfo, start: str) -> None:
    assert start_of(ms(at), step, place) == ms(start)


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-01-01", 24)])
def test_a_day_on_which_clocks_change(day: str, hours: int) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    begin = start_of(ms(f"{day}T12:00:00+01:00"), Step.DAY, berlin)
    end = next_start(begin, Step.DAY, berlin)
    assert end - begin == hours * HOUR_MS
    assert len(starts(begin, end, Step.HOUR, berlin)) == hours


@given(moments, st.sampled_from(Step), st.sampled_from(PLACES))
def test_every_moment_has_one_bucket(at: int, step: Step, place: tzinfo) -> None:
    start = start_of(at, step, place)
    assert start <= at < next_start(start, step, place)
    assert start_of(start, step, place) == start


@given(moments, st.integers(0, 30 * 24 * HOUR_MS), st.sampled_from(Step), st.sampled_from(PLACES))
def test_buckets_follow_one_another(begin: int, length: int, step: Step, place: tzinfo) -> None:
    found = starts(begin, begin + length, step, place)
    assert all(next_start(one, step, place) == other for one, other in pairwise(found))
    if length:
        assert found[0] <= begin
        assert found[-1] < begin + length <= next_start(found[-1], step, place)
    else:
        assert len(found) <= 1


@pytest.mark.parametrize(
    ("values", "median", "p90", "p99"),
    [
        ([7], 7, 7, 7),
        ([2, 1], 1, 2, 2),
        ([3, 1, 2], 2, 3, 3),
        ([*range(1, 11)], 5, 9, 10),
        ([*range(1, 101)], 50, 90, 99),
        ([*range(1, 1_001)], 500, 900, 990),
    ],
)
def test_percentiles_are_values_that_were_measured(
    values: list[int], median: int, p90: int, p99: int
) -> None:
    assert summary(values) == Summary(len(values), median, p90, p99, max(values))


def test_nothing_has_no_percentiles() -> None:
    assert summary([]) is None


@given(st.lists(lengths, min_size=1), st.integers(0, 100))
def test_so_many_percent_do_not_exceed_it(values: list[int], percent: int) -> None:
    ordered = sorted(values)
    found = percentile(ordered, percent)
    assert found in values
    assert sum(one <= found for one in values) * 100 >= percent * len(values)
    assert sum(one < found for one in values) * 100 < max(percent * len(values), 1)


@pytest.mark.parametrize(
    ("read_at", "gone_at", "end"),
    [
        (None, None, None),
        (20, None, End(20, read=True)),
        (None, 20, End(20, read=False)),
        (20, 30, End(20, read=True)),
        (30, 20, End(20, read=False)),
        (20, 20, End(20, read=True)),
        (5, None, End(10, read=True)),
        (None, 5, End(10, read=False)),
    ],
)
def test_what_ends_first_counts(read_at: int | None, gone_at: int | None, end: End | None) -> None:
    assert end_of(10, read_at, gone_at) == end


def user(at: int, gone_at: int | None = None) -> Turn:
    return Turn(at, ours=False, gone_at=gone_at)


def ours(at: int) -> Turn:
    return Turn(at, ours=True)


@pytest.mark.parametrize(
    ("turns", "found"),
    [
        ([], []),
        ([user(1)], []),
        ([ours(1)], []),
        ([user(1), user(2), ours(5)], [Answer(1, 5)]),
        ([user(1), ours(5), ours(6)], [Answer(1, 5)]),
        ([ours(5), user(5)], [Answer(5, 5)]),
        ([user(1), ours(5), user(6), ours(9)], [Answer(1, 5), Answer(6, 9)]),
        ([user(1, gone_at=3), ours(5)], []),
        ([user(1, gone_at=3), user(2), ours(5)], [Answer(2, 5)]),
        ([user(1, gone_at=5), ours(5)], [Answer(1, 5)]),
        ([user(1), Turn(5, ours=True, sent_at=8), user(6), ours(9)], [Answer(1, 8), Answer(6, 9)]),
    ],
)
def test_times_to_answer(turns: list[Turn], found: list[Answer]) -> None:
    assert answers(turns) == found


moment = st.integers(0, 50)
turns = st.builds(Turn, moment, st.booleans(), st.none() | moment, st.none() | moment)


@given(st.lists(turns), st.randoms(use_true_random=False))
def test_the_order_of_arrival_says_nothing(given_turns: list[Turn], random: Random) -> None:
    shuffled = list(given_turns)
    random.shuffle(shuffled)
    assert answers(shuffled) == answers(given_turns)


@given(st.lists(turns))
def test_no_two_waits_overlap(given_turns: list[Turn]) -> None:
    found = answers(given_turns)
    assert all(one.since <= one.at for one in found)
    assert all(one.since < other.since for one, other in pairwise(found))


def test_the_backlog_at_moments() -> None:
    assert backlog(2, [5, 10, 25], [12, 30], [10, 20, 30]) == [3, 3, 4]
    assert backlog(2, [], [], []) == []


spans = st.lists(st.tuples(st.integers(0, 100), st.integers(0, 50)))


@given(spans, st.integers(0, 60), st.lists(st.integers(61, 200), unique=True))
def test_the_backlog_is_what_waits(waits: list[tuple[int, int]], begin: int, ends: list[int]) -> None:
    ends.sort()

    def unread(moment: int) -> int:
        return sum(at < moment <= at + length for at, length in waits)

    came = [at for at, _ in waits if at >= begin]
    ended = [at + length for at, length in waits if at + length >= begin]
    assert backlog(unread(begin), came, ended, ends) == [unread(end) for end in ends]


def test_marks_by_cause_and_failures_by_advice() -> None:
    counts = [
        MarkCount("replied", "confirmed", None, 4),
        MarkCount("opened", "parked", "chat-off", 1),
        MarkCount("replied", "parked", "chat-off", 1),
        MarkCount("replied", "parked", "access-token", 3),
        MarkCount("replied", "parked", None, 2),
    ]
    assert by_cause(counts) == {"opened": {"parked": 1}, "replied": {"confirmed": 4, "parked": 6}}
    assert list(failures(counts).items()) == [("access-token", 3), ("chat-off", 2), ("refused", 2)]


def test_the_warning_comes_at_four_fifths_of_the_target() -> None:
    assert target_of(1_000, 60) == Target(49_000, 61_000)


@given(st.integers(0, 10**12))
def test_a_time_is_within_its_edge(wait_ms: int) -> None:
    edge = edge_of(wait_ms)
    lower = EDGES_MS[EDGES_MS.index(edge) - 1] if edge != EDGES_MS[0] else -1
    assert lower < wait_ms <= edge


def test_what_takes_longest_is_beyond() -> None:
    assert edge_of(round(timedelta(days=30).total_seconds()) * 1_000) == BEYOND


def test_a_histogram_counts_each_time_once() -> None:
    found = dict(zip(EDGES_MS, histogram([0, 1_000, 1_001, 5_000, 10**12]), strict=True))
    assert {edge: number for edge, number in found.items() if number} == {
        1_000: 2,
        2_000: 1,
        5_000: 1,
        BEYOND: 1,
    }
    assert histogram([]) == [0] * len(EDGES_MS)


@pytest.mark.parametrize(
    ("at", "place", "expected"),
    [
        ("2026-01-04T23:59:59+09:00", JST, WeekHour(7, 23)),
        ("2026-01-05T00:00:00+09:00", JST, WeekHour(1, 0)),
        ("2026-01-05T00:00:00+09:00", UTC, WeekHour(7, 15)),
        ("2026-01-05T00:00:00+00:00", ZoneInfo("Asia/Kathmandu"), WeekHour(1, 5)),
        # The clocks of Berlin went back at three: two hours of that Sunday are the one at two.
        ("2026-10-25T02:30:00+02:00", ZoneInfo("Europe/Berlin"), WeekHour(7, 2)),
        ("2026-10-25T02:30:00+01:00", ZoneInfo("Europe/Berlin"), WeekHour(7, 2)),
    ],
)
def test_the_hour_of_the_week(at: str, place: tzinfo, expected: WeekHour) -> None:
    assert week_hour(ms(at), place) == expected


def test_a_week_has_its_hours_in_order() -> None:
    monday = ms("2026-01-05T00:00:00+00:00")
    assert [week_hour(monday + hour * HOUR_MS, UTC) for hour in range(7 * 24)] == list(WEEK)
