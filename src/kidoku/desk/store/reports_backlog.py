"""How many messages were unread at moments of the past. What is read is bounded by what has happened since."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from sqlalchemy import select

from kidoku.core.report import backlog
from kidoku.desk.store.reports_schema import read_waits
from kidoku.storage.sqlite import raw

if TYPE_CHECKING:
    import sqlalchemy as sa


def unread_at(
    conn: sa.Connection, channel_ids: Collection[int], begin: int, ends: Sequence[int]
) -> list[int]:
    """Unread messages of channels at each of the moments `ends`, which rise and are after `begin`."""
    if not ends:
        return []
    mine = read_waits.c.channel_id.in_(channel_ids)
    came = select(read_waits.c.at).where(mine, read_waits.c.at >= begin, read_waits.c.at < ends[-1])
    ended = select(read_waits.c.ended_at).where(
        mine, read_waits.c.ended_at >= begin, read_waits.c.ended_at < ends[-1]
    )
    return backlog(
        unread_before(conn, channel_ids, begin),
        (at for (at,) in conn.execute(came)),
        (at for (at,) in conn.execute(ended)),
        ends,
    )


STILL = """
SELECT count(*) FROM read_waits INDEXED BY ix_read_waits_open
WHERE channel_id = :channel AND ended_at IS NULL AND at < :moment
"""
SINCE = """
SELECT count(*) FROM read_waits INDEXED BY ix_read_waits_ended
WHERE channel_id = :channel AND ended_at >= :moment AND at < :moment
"""


def unread_before(conn: sa.Connection, channel_ids: Collection[int], moment: int) -> int:
    """Messages that came before a moment and were unread then: those that still are, and those that ended since."""
    return sum(
        int(raw(conn).execute(query, {"channel": channel_id, "moment": moment}).fetchone()[0])
        for channel_id in channel_ids
        for query in (STILL, SINCE)
    )
