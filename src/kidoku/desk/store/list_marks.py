"""The marker's work as people look at it: marks by state, with every attempt; and parked ones given back to it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Literal, NamedTuple

import sqlalchemy as sa
from sqlalchemy import select

from kidoku.desk.store.change import Change
from kidoku.desk.store.marks import COLUMNS, Mark, replay_mark
from kidoku.desk.store.schema import chats, mark_attempts, marks

State = Literal["waiting", "due", "sending", "confirmed", "parked", "superseded", "undone"]

REPLAYED = 1_000
"""Parked marks that go back to the marker in one transaction: others wait for theirs."""


class Attempted(NamedTuple):
    """One attempt to send a mark. Times in ms."""

    mark_id: int
    attempt: int
    started_at: int
    duration_ms: int | None
    status: int | None
    reason: str | None
    request_id: str | None


class Listed(NamedTuple):
    """A mark with its attempts, oldest first, and the name of whom the chat is with."""

    mark: Mark
    display_name: str | None
    attempts: list[Attempted]


ATTEMPTS = [mark_attempts.c[name] for name in Attempted._fields]


def list_marks(
    conn: sa.Connection,
    limit: int,
    *,
    states: Collection[State] = (),
    channel_ids: Sequence[int] | None = None,
    chat_id: int | None = None,
    before: int | None = None,
) -> list[Listed]:
    """Newest first. `before` is the last page's last mark."""
    wanted = select(*COLUMNS).order_by(marks.c.mark_id.desc()).limit(limit)
    if states:
        wanted = wanted.where(marks.c.state.in_(states))
    if channel_ids is not None:
        wanted = wanted.where(marks.c.channel_id.in_(channel_ids))
    if chat_id is not None:
        wanted = wanted.where(marks.c.chat_id == chat_id)
    if before is not None:
        wanted = wanted.where(marks.c.mark_id < before)
    return with_attempts(conn, [Mark._make(row) for row in conn.execute(wanted)])


def with_attempts(conn: sa.Connection, found: Sequence[Mark]) -> list[Listed]:
    ids = [mark.mark_id for mark in found]
    by_mark: dict[int, list[Attempted]] = {mark_id: [] for mark_id in ids}
    wanted = select(*ATTEMPTS).where(mark_attempts.c.mark_id.in_(ids))
    for row in conn.execute(wanted.order_by(mark_attempts.c.mark_id, mark_attempts.c.attempt)):
        by_mark[row.mark_id].append(Attempted._make(row))
    of_chats = chats.c.chat_id.in_({mark.chat_id for mark in found})
    named = conn.execute(select(chats.c.chat_id, chats.c.display_name).where(of_chats))
    names = {row.chat_id: row.display_name for row in named}
    return [Listed(mark, names.get(mark.chat_id), by_mark[mark.mark_id]) for mark in found]


def count_parked(conn: sa.Connection, advice: str, channel_id: int) -> int:
    """How many marks of a channel are parked with an advice."""
    wanted = (marks.c.state == "parked", marks.c.channel_id == channel_id, marks.c.advice == advice)
    return conn.execute(select(sa.func.count()).select_from(marks).where(*wanted)).scalar_one()


def replay_marks(
    conn: sa.Connection, by: str, now: int, *, advice: str | None = None, channel_id: int | None = None
) -> Change[int]:
    """Let the parked marks be tried again, oldest first: all, or those with one advice or of one channel. How many
    there were, `REPLAYED` at most.
    """
    wanted = select(marks.c.mark_id).where(marks.c.state == "parked")
    if advice is not None:
        wanted = wanted.where(marks.c.advice == advice)
    if channel_id is not None:
        wanted = wanted.where(marks.c.channel_id == channel_id)
    ids = conn.execute(wanted.order_by(marks.c.mark_id).limit(REPLAYED)).scalars().all()
    change: Change[int] = Change(len(ids))
    for mark_id in ids:
        change.events += replay_mark(conn, mark_id, by, now).events
    return change
