"""The live event of a chat's change: all that a line of the inbox shows but its newest message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kidoku.desk.store.change import Event
from kidoku.desk.store.chats import find_chat

if TYPE_CHECKING:
    import sqlalchemy as sa


def chat_changed(conn: sa.Connection, chat_id: int, by: str | None = None) -> Event:
    """A chat as it is now; `by`: who changed it, where somebody did."""
    chat = find_chat(conn, chat_id)
    return {
        "type": "chat",
        "channelId": chat.channel_id,
        "chatId": str(chat_id),
        "displayName": chat.display_name,
        "pictureUrl": chat.picture_url,
        "unread": chat.unseen,
        "state": chat.state,
        "assignee": None if chat.assignee_id is None else str(chat.assignee_id),
        "waitingSince": chat.waiting_since,
        "blocked": chat.blocked_at is not None,
        "lastAt": chat.last_at,
        "by": by,
    }
