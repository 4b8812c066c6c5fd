"""How long it took to read and to answer what came in a period. Reads the period's facts and nothing else."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import TYPE_CHECKING, TypeAlias

from sqlalchemy import select

from kidoku.core.report import WeekHour, week_hour
from kidoku.desk.store.reports_facts import READ
from kidoku.desk.store.reports_schema import answer_waits, read_waits

if TYPE_CHECKING:
    import sqlalchemy as sa

Key: TypeAlias = int | str | WeekHour | None
"""What a line is about: when its hour or day began, an hour of the week, a channel's ID, or who read or answered."""
KeyOf: TypeAlias = Callable[[int, int, str | None], Key]
"""The key of a message: its time, its channel, and who read or answered it."""


@dataclass(slots=True)
class Waits:
    """A line of the report. Times in ms; `unread` have not ended yet, and nobody knows how long they will take."""

    read: list[int] = field(default_factory=list)
    answered: list[int] = field(default_factory=list)
    unread: int = 0
    within_target: int = 0


def by_bucket(starts: Sequence[int]) -> KeyOf:
    """Lines by hours or days; `starts` rise, and the first is not after the period's begin."""
    return lambda at, channel_id, by: starts[bisect_right(starts, at) - 1]


def by_week_hour(place: tzinfo) -> KeyOf:
    """Lines by hours of the week, by the clock of `place`."""
    return lambda at, channel_id, by: week_hour(at, place)


def by_channel(at: int, channel_id: int, by: str | None) -> Key:
    return channel_id


def by_whom(at: int, channel_id: int, by: str | None) -> Key:
    return by


def times(
    conn: sa.Connection, targets: dict[int, int | None], begin: int, end: int, key_of: KeyOf
) -> dict[Key, Waits]:
    """The lines for messages that came in [begin, end) to the channels of `targets`, with each channel's target in
    seconds.
    """
    lines: dict[Key, Waits] = {}
    for channel_id, target_s in targets.items():
        add_reads(conn, channel_id, target_s, begin, end, key_of, lines)
        add_answers(conn, channel_id, begin, end, key_of, lines)
    return lines


def add_reads(
    conn: sa.Connection,
    channel_id: int,
    target_s: int | None,
    begin: int,
    end: int,
    key_of: KeyOf,
    lines: dict[Key, Waits],
) -> None:
    wanted = select(read_waits.c.at, read_waits.c.ended_at, read_waits.c.ended, read_waits.c.by).where(
        read_waits.c.channel_id == channel_id, read_waits.c.at >= begin, read_waits.c.at < end
    )
    for at, ended_at, ended, by in conn.execute(wanted):
        if ended is None:
            lines.setdefault(key_of(at, channel_id, None), Waits()).unread += 1
        elif ended == READ:
            line = lines.setdefault(key_of(at, channel_id, by), Waits())
            wait = ended_at - at
            line.read.append(wait)
            line.within_target += target_s is not None and wait <= target_s * 1_000


def add_answers(
    conn: sa.Connection, channel_id: int, begin: int, end: int, key_of: KeyOf, lines: dict[Key, Waits]
) -> None:
    wanted = select(answer_waits.c.since, answer_waits.c.answered_at, answer_waits.c.by).where(
        answer_waits.c.channel_id == channel_id, answer_waits.c.since >= begin, answer_waits.c.since < end
    )
    for since, answered_at, by in conn.execute(wanted):
        lines.setdefault(key_of(since, channel_id, by), Waits()).answered.append(answered_at - since)
