"""Opening a chat: the team has seen it, and it becomes due to be Read where the policy says so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from kidoku.core.read_policy import Occasion
from kidoku.desk.store.change import Change, Event
from kidoku.desk.store.channels import Channel
from kidoku.desk.store.chat_event import chat_changed
from kidoku.desk.store.chats import find_chat
from kidoku.desk.store.deferred import forget
from kidoku.desk.store.due_marks import OPENING, Due, further_and_further, whats_due
from kidoku.desk.store.marks import COLUMNS, Mark, ask_for, find_mark, undo_mark
from kidoku.desk.store.schema import chats, marks
from kidoku.storage.refused import Missing

if TYPE_CHECKING:
    import sqlalchemy as sa


def open_chat(conn: sa.Connection, channel: Channel, chat_id: int, by: str, now: int) -> Change[Mark | None]:
    """The mark that opening asked for, which can be undone while it waits; None where opening marks nothing. Of two,
    since messages that the bot took have a policy of their own, the one that is due first.

    Opening again what waits already gives the mark that waits: a page that is loaded twice was opened once. What came
    since waits for itself and holds nothing up; undoing takes back both. Raises Missing.
    """
    find_chat(conn, chat_id)
    left = see_chat(conn, chat_id, by, now)
    found = [due for one in OPENING for due in whats_due(conn, channel, chat_id, one, by, now)]
    before = waiting_marks(conn, chat_id, by)
    opened: list[Mark] = []
    for due in further_and_further(found):
        kept = next((mark for mark in before if is_as_good(mark, due)), None)
        if kept is None:
            asked = ask_for(conn, channel, chat_id, due.target, due.cause, now)
            left += asked.events
            kept = asked.value
        opened.append(kept)
    return Change(next(iter([*opened, *before]), None), left)


def is_as_good(mark: Mark, due: Due) -> bool:
    """Whether a mark that waits does what is wanted, no later and for as long."""
    same = (due.cause.occasion, due.target.up_to) == (mark.occasion, mark.up_to)
    return same and mark.due_at <= due.cause.due_at


def see_chat(conn: sa.Connection, chat_id: int, by: str, now: int) -> list[Event]:
    """The team has seen what a chat holds. LINE is told nothing."""
    news = (chats.c.chat_id == chat_id, chats.c.unseen > 0)
    seen = conn.execute(update(chats).where(*news).values(unseen=0, seen_at=now)).rowcount
    return [chat_changed(conn, chat_id, by)] if seen else []


def waiting_marks(
    conn: sa.Connection, chat_id: int, by: str, occasions: Sequence[Occasion] = OPENING
) -> list[Mark]:
    """What somebody's opening of a chat asked for and what waits still, newest first."""
    wanted = select(*COLUMNS).where(
        marks.c.chat_id == chat_id,
        marks.c.state == "waiting",
        marks.c.occasion.in_([occasion.value for occasion in occasions]),
        marks.c.by == by,
    )
    return [Mark._make(row) for row in conn.execute(wanted.order_by(marks.c.mark_id.desc()))]


def undo_open(
    conn: sa.Connection, chat_id: int, by: str, now: int, mark_id: int | None = None
) -> Change[Mark | None]:
    """Take back what still waits: the mark named and all else that its opener's opening asked for, or what somebody's
    opening asked for. None where that only waited for the bot's answer. Raises Missing, Invalid when it is too late.
    """
    find_chat(conn, chat_id)
    if mark_id is not None:
        mark = find_mark(conn, mark_id)
        if mark.chat_id != chat_id:
            raise Missing("no_such_mark", "There is no such mark in this chat.")
        named = undo_mark(conn, mark_id)
        if mark.occasion not in OPENING:
            return Change(mark, named.events)
        return Change(mark, [*named.events, *take_back(conn, chat_id, mark.by, OPENING, now).events])
    undone = take_back(conn, chat_id, by, OPENING, now)
    if not undone.value:
        raise Missing("nothing_to_undo", "You have opened this chat with nothing to undo, or it is too late.")
    return Change(undone.value[0], undone.events)


def leave_chat(conn: sa.Connection, chat_id: int, by: str, now: int) -> Change[None]:
    """Take back what was to be marked because somebody keeps a chat open, now that they have left it."""
    return Change(None, take_back(conn, chat_id, by, [Occasion.KEPT_OPEN], now).events)


def take_back(
    conn: sa.Connection, chat_id: int, by: str, occasions: Sequence[Occasion], now: int
) -> Change[list[Mark | None]]:
    """Take back what somebody's opening of a chat asked for and what still waits, newest first; None, last, where
    something only waited for the bot's answer.
    """
    change: Change[list[Mark | None]] = Change([])
    for mark in waiting_marks(conn, chat_id, by, occasions):
        change.value.append(mark)
        change.events += undo_mark(conn, mark.mark_id).events
    if forget(conn, chat_id, by, occasions, now):
        change.value.append(None)
    return change
