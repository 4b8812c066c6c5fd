"""Whether a user has blocked the account, or a group was left: by the time of LINE's events, whenever they come."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import case, func, select, update

from kidoku.desk.store.schema import chats, events

if TYPE_CHECKING:
    import sqlalchemy as sa

THERE = ("follow", "join", "message")
"""Types of events that show that somebody is there: who has blocked an account can't write to it."""


def unblocked(at: Any) -> Any:
    """What `blocked_at` becomes by a sign that somebody is there; `at` in ms, or a parameter for it."""
    return case((chats.c.blocked_at > at, chats.c.blocked_at))


def note_there(conn: sa.Connection, chat_id: int, at: int) -> None:
    conn.execute(update(chats).where(chats.c.chat_id == chat_id).values(blocked_at=unblocked(at)))


def note_gone(conn: sa.Connection, chat_id: int, at: int) -> None:
    """Blocked, or left, unless a later sign came first."""
    later = select(events.c.event_id).where(
        events.c.chat_id == chat_id, events.c.at > at, events.c.type.in_(THERE)
    )
    since = func.max(func.coalesce(chats.c.blocked_at, at), at)
    conn.execute(update(chats).where(chats.c.chat_id == chat_id, ~later.exists()).values(blocked_at=since))
