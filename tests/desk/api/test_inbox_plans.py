"""How the lists are read: every filter by an index, however many chats there are."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from kidoku.desk.store import inbox
from tests.desk.kit import World

INDEXES = {
    "all": "ix_chats_channel",
    "unread": "ix_chats_unread",
    "mine": "ix_chats_assignee",
    "unassigned": "ix_chats_assignee",
    "waiting": "ix_chats_waiting",
    "resolved": "ix_chats_resolved",
}


def plan(conn: sa.Connection, wanted: inbox.Wanted) -> list[str]:
    """How SQLite reads a page, step by step."""
    query = inbox.page_of(wanted, 50)
    compiled = query.compile(dialect=conn.dialect, compile_kwargs={"render_postcompile": True})
    values = tuple(compiled.params[name] for name in compiled.positiontup or ())
    return [row[3] for row in conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}", values)]


@pytest.mark.parametrize("before", [None, (1_000, 1)])
@pytest.mark.parametrize("name", inbox.FILTERS)
async def test_a_page_is_read_from_its_index(
    world: World, name: inbox.Filter, before: tuple[int, int] | None
) -> None:
    steps = await world.desk.read(plan, inbox.Wanted([1, 2], name, 1, before=before))
    assert any(INDEXES[name] in step and "channel_id=?" in step for step in steps), steps
    assert not [step for step in steps if step.startswith("SCAN")], steps
