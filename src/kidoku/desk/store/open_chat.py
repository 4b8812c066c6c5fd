"""Opening a chat: the team has seen it, and it becomes due to be Read where the policy says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, update

from kidoku.core.read_policy import Occasion, due_after
from kidoku.desk.store.change import Change, Event
from kidoku.desk.store.channels import Channel
from kidoku.desk.store.chat_event import chat_changed
from kidoku.desk.store.chats import find_chat
from kidoku.desk.store.marks import (
    COLUMNS,
    Mark,
    ask_mark,
    find_mark,
    mark_event,
    newest_message,
    set_mark,
    undo_mark,
)
from kidoku.desk.store.schema import chats, marks
from kidoku.storage.refused import Missing

if TYPE_CHECKING:
    import sqlalchemy as sa


def open_chat(conn: sa.Connection, channel: Channel, chat_id: int, by: str, now: int) -> Change[Mark | None]:
    """The mark that opening asked for, which can be undone while it waits; None where opening marks nothing.

    Opening again what waits already gives the mark that waits: a page that is loaded twice was opened once. What came
    since takes the place of what waits, so that undoing takes back both. Raises Missing.
    """
    find_chat(conn, chat_id)
    left = see_chat(conn, chat_id, by, now)
    delay = due_after(channel.settings.read_policy, Occasion.OPENED)
    if delay is None:
        return Change(None, left)
    newest = newest_message(conn, chat_id, channel.settings.mark_by, None)
    before = waiting_marks(conn, chat_id, by)
    if newest is not None and before and before[0].up_to == newest.up_to:
        return Change(before[0], left)
    asked = ask_mark(conn, channel, chat_id, Occasion.OPENED, by, now, round(delay * 1_000))
    if asked.value is None:
        return Change(None, left)
    for other in before:
        set_mark(conn, other.mark_id, state="superseded", superseded_by=asked.value)
        left.append(mark_event(conn, find_mark(conn, other.mark_id)))
    return Change(find_mark(conn, asked.value), [*left, *asked.events])


def see_chat(conn: sa.Connection, chat_id: int, by: str, now: int) -> list[Event]:
    """The team has seen what a chat holds. LINE is told nothing."""
    news = (chats.c.chat_id == chat_id, chats.c.unseen > 0)
    seen = conn.execute(update(chats).where(*news).values(unseen=0, seen_at=now)).rowcount
    return [chat_changed(conn, chat_id, by)] if seen else []


def waiting_marks(conn: sa.Connection, chat_id: int, by: str) -> list[Mark]:
    """What somebody's opening of a chat asked for and what waits still, newest first."""
    wanted = select(*COLUMNS).where(
        marks.c.chat_id == chat_id,
        marks.c.state == "waiting",
        marks.c.occasion == Occasion.OPENED.value,
        marks.c.by == by,
    )
    return [Mark._make(row) for row in conn.execute(wanted.order_by(marks.c.mark_id.desc()))]


def undo_open(conn: sa.Connection, chat_id: int, by: str, mark_id: int | None = None) -> Change[Mark]:
    """Take back a mark that still waits: the one named, or what somebody's opening asked for. Raises Missing,
    Invalid when it is too late.
    """
    find_chat(conn, chat_id)
    if mark_id is not None:
        if find_mark(conn, mark_id).chat_id != chat_id:
            raise Missing("no_such_mark", "There is no such mark in this chat.")
        return undo_mark(conn, mark_id)
    waiting = waiting_marks(conn, chat_id, by)
    if not waiting:
        raise Missing("nothing_to_undo", "You have opened this chat with nothing to undo, or it is too late.")
    return undo_mark(conn, waiting[0].mark_id)
