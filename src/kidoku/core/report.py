"""What the reports count: how long users wait to be read and answered, and what waits at a moment.

- A message's time to read runs from its own time to the confirmation of the mark that covers it, whenever its event
  came. One that its user took back before that was never read, and waits no longer.
- A time to answer runs from the first message that waits until LINE has taken the next one of the account's. More
  messages meanwhile don't begin anew; a message that was taken back before the answer did not wait for it.

All of this is our decision; LINE has no such reports. Times are in ms.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import tzinfo
from enum import StrEnum
from typing import NamedTuple

from kidoku.core.calendar import local_time

HOUR_MS = 3_600_000


class Step(StrEnum):
    """How long the buckets of a report are, by the clock on the wall."""

    HOUR = "hour"
    DAY = "day"


_LENGTH_MS: Mapping[Step, int] = {Step.HOUR: HOUR_MS, Step.DAY: 24 * HOUR_MS}


def start_of(at: int, step: Step, place: tzinfo) -> int:
    """When the hour or day of a moment began there. Where clocks change, a day has 23 or 25 hours."""
    local = local_time(at, place).replace(minute=0, second=0, microsecond=0)
    if step is Step.DAY:
        local = local.replace(hour=0, fold=0)
    return round(local.timestamp() * 1_000)


def next_start(start: int, step: Step, place: tzinfo) -> int:
    """When the hour or day after the one that began at `start` begins."""
    moment = start
    while start_of(moment, step, place) <= start:
        moment += _LENGTH_MS[step]
    return start_of(moment, step, place)


def starts(begin: int, end: int, step: Step, place: tzinfo) -> list[int]:
    """The beginnings of all hours or days that have a part in [begin, end)."""
    found = []
    moment = start_of(begin, step, place)
    while moment < end:
        found.append(moment)
        moment = next_start(moment, step, place)
    return found


class WeekHour(NamedTuple):
    """An hour of the week by the clock on the wall: `weekday` from 1, Monday, to 7, and `hour` from 0 to 23."""

    weekday: int
    hour: int


WEEK = tuple(WeekHour(weekday, hour) for weekday in range(1, 8) for hour in range(24))


def week_hour(at: int, place: tzinfo) -> WeekHour:
    """Where a moment falls. Where clocks are set back, two hours of a day count as one."""
    local = local_time(at, place)
    return WeekHour(local.isoweekday(), local.hour)


def percentile(ordered: Sequence[int], percent: int) -> int:
    """The nearest rank: the smallest value that so many percent of all don't exceed. `ordered` is not empty."""
    rank = -(-percent * len(ordered) // 100)
    return ordered[max(rank, 1) - 1]


class Summary(NamedTuple):
    """How long it took for so many."""

    number: int
    median: int
    p90: int
    p99: int
    longest: int


def summary(values: Iterable[int]) -> Summary | None:
    """None: there are none."""
    ordered = sorted(values)
    if not ordered:
        return None
    median, p90, p99 = (percentile(ordered, percent) for percent in (50, 90, 99))
    return Summary(len(ordered), median, p90, p99, ordered[-1])


class End(NamedTuple):
    """How a message ceased to be unread."""

    at: int
    read: bool


def end_of(at: int, read_at: int | None, gone_at: int | None) -> End | None:
    """What ended the wait of a message of `at`: being read or being taken back, whichever was first. None: it waits.

    LINE's clock and ours differ: nothing ends before it began.
    """
    if gone_at is not None and (read_at is None or gone_at < read_at):
        return End(max(at, gone_at), read=False)
    return None if read_at is None else End(max(at, read_at), read=True)


class Turn(NamedTuple):
    """A message at its place in a conversation: the account's or its user's. `gone_at`: when it was taken back.
    `sent_at`: when LINE took it, where that was later.
    """

    at: int
    ours: bool
    gone_at: int | None = None
    sent_at: int | None = None

    @property
    def taken_at(self) -> int:
        """When LINE took it."""
        return self.at if self.sent_at is None else self.sent_at


class Answer(NamedTuple):
    """Somebody waited since `since` and was answered at `at`."""

    since: int
    at: int


def answers(turns: Iterable[Turn]) -> list[Answer]:
    """The waits of a conversation that were answered, in whatever order its messages came. LINE's clock and ours
    differ: nothing is answered before it was asked.
    """
    waiting: list[Turn] = []
    found = []
    for turn in sorted(turns, key=lambda one: (one.at, one.ours, one.taken_at)):
        if not turn.ours:
            waiting.append(turn)
            continue
        since = next((one.at for one in waiting if one.gone_at is None or one.gone_at >= turn.at), None)
        if since is not None:
            found.append(Answer(since, max(since, turn.taken_at)))
        waiting = []
    return found


def backlog(opening: int, came: Iterable[int], ended: Iterable[int], ends: Sequence[int]) -> list[int]:
    """How many messages were unread at each of the moments `ends`, which rise. `opening` were at the beginning;
    `came` and `ended` are the moments since then at which one came and one ceased to be unread.
    """
    changes = [0] * (len(ends) + 1)
    for moment in came:
        changes[bisect_right(ends, moment)] += 1
    for moment in ended:
        changes[bisect_right(ends, moment)] -= 1
    levels = []
    for change in changes[:-1]:
        opening += change
        levels.append(opening)
    return levels


class MarkCount(NamedTuple):
    """So many marks were asked for on an occasion and are in a state; `advice` of those that are parked."""

    occasion: str
    state: str
    advice: str | None
    marks: int


def by_cause(counts: Iterable[MarkCount]) -> dict[str, dict[str, int]]:
    """Marks by what caused them, and by what became of them."""
    found: dict[str, Counter[str]] = {}
    for one in counts:
        found.setdefault(one.occasion, Counter())[one.state] += one.marks
    return {cause: dict(sorted(states.items())) for cause, states in sorted(found.items())}


def failures(counts: Iterable[MarkCount]) -> dict[str, int]:
    """Parked marks by what can be done about them, the most frequent first."""
    found: Counter[str] = Counter()
    for one in counts:
        if one.state == "parked":
            found[one.advice or "refused"] += one.marks
    return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))


WARNED_AT = 80
"""Percent of its target that a message has waited when its team is warned."""


class Target(NamedTuple):
    """When a message should be read at the latest, and when its team is warned."""

    warn_at: int
    due_at: int


def target_of(at: int, target_s: int) -> Target:
    return Target(at + target_s * 10 * WARNED_AT, at + target_s * 1_000)


BEYOND = (1 << 63) - 1
"""The edge of what takes longer than all others."""
EDGES_MS = (
    *(seconds * 1_000 for seconds in (1, 2, 5, 10, 30, 60, 120, 300, 600, 1_800)),
    *(hours * HOUR_MS for hours in (1, 2, 4, 8, 24, 72)),
    BEYOND,
)
"""Upper edges of the histograms of times to read and to answer."""


def edge_of(wait_ms: int) -> int:
    """The smallest edge that a time does not exceed."""
    return EDGES_MS[bisect_left(EDGES_MS, wait_ms)]


def histogram(waits: Iterable[int]) -> list[int]:
    """How many times end at each edge and beyond the one before."""
    found = Counter(edge_of(wait) for wait in waits)
    return [found[edge] for edge in EDGES_MS]
