"""Canned answers: texts that the team uses again and again, for one channel or for all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import delete, insert, or_, select, update

from kidoku.desk.store.change import Change, Event
from kidoku.desk.store.schema import canned_answers
from kidoku.storage.refused import Missing

if TYPE_CHECKING:
    import sqlalchemy as sa


class Canned(NamedTuple):
    """`channel_id` None: for all channels. `by`: who wrote it, or changed it last."""

    canned_id: int
    channel_id: int | None
    title: str
    text: str
    by: str
    created_at: int
    changed_at: int


COLUMNS = [canned_answers.c[name] for name in Canned._fields]


def list_canned(conn: sa.Connection, channel_id: int | None = None) -> list[Canned]:
    """By title; of all channels, or those that can be used in one."""
    wanted = select(*COLUMNS).order_by(canned_answers.c.title, canned_answers.c.canned_id)
    if channel_id is not None:
        here = canned_answers.c.channel_id
        wanted = wanted.where(or_(here == channel_id, here.is_(None)))
    return [Canned._make(row) for row in conn.execute(wanted)]


def find_canned(conn: sa.Connection, canned_id: int) -> Canned:
    """Raises Missing."""
    wanted = select(*COLUMNS).where(canned_answers.c.canned_id == canned_id)
    row = conn.execute(wanted).one_or_none()
    if row is None:
        raise Missing("no_such_canned_answer", "There is no such canned answer.")
    return Canned._make(row)


def add_canned(
    conn: sa.Connection, channel_id: int | None, title: str, text: str, by: str, now: int
) -> Change[Canned]:
    row = {"channel_id": channel_id, "title": title, "text": text, "by": by}
    made = conn.execute(insert(canned_answers).values(**row, created_at=now, changed_at=now))
    assert made.inserted_primary_key is not None
    return told(find_canned(conn, made.inserted_primary_key[0]))


def change_canned(
    conn: sa.Connection, canned_id: int, values: Mapping[str, Any], by: str, now: int
) -> Change[Canned]:
    """Change `channel_id`, `title` or `text`. Raises Missing."""
    find_canned(conn, canned_id)
    is_it = canned_answers.c.canned_id == canned_id
    conn.execute(update(canned_answers).where(is_it).values(**values, by=by, changed_at=now))
    return told(find_canned(conn, canned_id))


def remove_canned(conn: sa.Connection, canned_id: int) -> Change[None]:
    """Raises Missing."""
    find_canned(conn, canned_id)
    conn.execute(delete(canned_answers).where(canned_answers.c.canned_id == canned_id))
    return Change(None, [event(canned_id)])


def told(canned: Canned) -> Change[Canned]:
    return Change(canned, [event(canned.canned_id)])


def event(canned_id: int) -> Event:
    return {"type": "canned", "cannedId": str(canned_id)}
