"""The marks that were asked for in a period, by cause and by what became of them."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from kidoku.core.report import MarkCount
from kidoku.desk.store.schema import marks

if TYPE_CHECKING:
    import sqlalchemy as sa


def mark_counts(conn: sa.Connection, channel_ids: Collection[int], begin: int, end: int) -> list[MarkCount]:
    """Counts of the marks that were asked for in [begin, end), as they stand now."""
    kinds = (marks.c.occasion, marks.c.state, marks.c.advice)
    wanted = (
        select(*kinds, func.count())
        .where(marks.c.channel_id.in_(channel_ids), marks.c.asked_at >= begin, marks.c.asked_at < end)
        .group_by(*kinds)
    )
    return [MarkCount._make(row) for row in conn.execute(wanted)]
