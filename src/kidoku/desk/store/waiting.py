"""Since when a user waits for an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import case, func, select, update

from kidoku.desk.store.place import BEFORE_ITS_TIME
from kidoku.desk.store.schema import chats, messages, replies

if TYPE_CHECKING:
    import sqlalchemy as sa


def somebody_waits(conn: sa.Connection, chat_id: int) -> None:
    """Work out since when the user waits: since the first message that no answer came after, those that failed
    aside. Nobody waits in a chat that is resolved.
    """
    answered = (
        select(func.coalesce(func.max(messages.c.at), -1))
        .join(replies, replies.c.reply_id == messages.c.reply_id)
        .where(messages.c.chat_id == chat_id, messages.c.direction == "out", replies.c.state != "failed")
    )
    since = select(func.min(messages.c.at)).where(
        messages.c.chat_id == chat_id,
        messages.c.direction == "in",
        messages.c.place != BEFORE_ITS_TIME,
        messages.c.standby.is_(False),
        messages.c.unsent_at.is_(None),
        messages.c.at > answered.scalar_subquery(),
    )
    waits = case((chats.c.state == "resolved", None), else_=since.scalar_subquery())
    conn.execute(update(chats).where(chats.c.chat_id == chat_id).values(waiting_since=waits))
