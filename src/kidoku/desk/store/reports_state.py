"""How the desk stands just now, for its metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import func, select

from kidoku.desk.store.relays import in_state
from kidoku.desk.store.reports_schema import read_histogram, read_waits
from kidoku.desk.store.schema import intakes, marks, relays

if TYPE_CHECKING:
    import sqlalchemy as sa

UNDER_WAY = ("waiting", "due", "sending", "parked")
"""The states of marks that have not ended; those that have are as many as there ever were."""


class Unread(NamedTuple):
    messages: int
    oldest_at: int


class Histogram(NamedTuple):
    """Times to read of one channel: how many up to each edge and beyond the one before, and their sum."""

    messages: dict[int, int]
    wait_ms: int


class Relays(NamedTuple):
    """Webhooks of one channel that its bot has not taken: on their way, since when the oldest, and parked."""

    waiting: int = 0
    oldest_at: int | None = None
    parked: int = 0


class State(NamedTuple):
    """By channel, by state of the mark, by channel, by channel; requests that were stored and not processed yet."""

    unread: dict[int, Unread]
    marks: dict[str, int]
    read_times: dict[int, Histogram]
    relays: dict[int, Relays]
    waiting_intakes: int
    oldest_intake_at: int | None


def state_of(conn: sa.Connection) -> State:
    waiting = select(func.count(), func.min(intakes.c.received_at)).where(intakes.c.processed_at.is_(None))
    number, oldest = conn.execute(waiting).one()
    return State(unread_of(conn), marks_of(conn), read_times_of(conn), relays_of(conn), number, oldest)


def unread_of(conn: sa.Connection) -> dict[int, Unread]:
    channel = read_waits.c.channel_id
    wanted = select(channel, func.count(), func.min(read_waits.c.at))
    rows = conn.execute(wanted.where(read_waits.c.ended_at.is_(None)).group_by(channel))
    return {channel_id: Unread(messages, oldest_at) for channel_id, messages, oldest_at in rows}


def marks_of(conn: sa.Connection) -> dict[str, int]:
    wanted = select(marks.c.state, func.count()).where(marks.c.state.in_(UNDER_WAY)).group_by(marks.c.state)
    found: dict[str, int] = {row.state: row[1] for row in conn.execute(wanted)}
    return {state: found.get(state, 0) for state in UNDER_WAY}


def read_times_of(conn: sa.Connection) -> dict[int, Histogram]:
    columns = (
        read_histogram.c.channel_id,
        read_histogram.c.edge_ms,
        read_histogram.c.messages,
        read_histogram.c.wait_ms,
    )
    found: dict[int, Histogram] = {}
    for channel_id, edge, messages, wait_ms in conn.execute(select(*columns)):
        before = found.get(channel_id, Histogram({}, 0))
        found[channel_id] = Histogram({**before.messages, edge: messages}, before.wait_ms + wait_ms)
    return found


def relays_of(conn: sa.Connection) -> dict[int, Relays]:
    """Each number from an index that holds nothing else: the table is mostly what bots have taken."""
    channel, count = relays.c.channel_id, func.count()
    under_way = select(channel, count, func.min(relays.c.queued_at)).where(relays.c.ended_at.is_(None))
    found = {row[0]: Relays(row[1], row[2]) for row in conn.execute(under_way.group_by(channel))}
    for channel_id, parked in conn.execute(
        select(channel, count).where(in_state("parked")).group_by(channel)
    ):
        found[channel_id] = found.get(channel_id, Relays())._replace(parked=parked)
    return found
