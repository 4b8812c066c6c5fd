"""Asking for a chat to be Read, whatever the policy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kidoku.core.read_policy import Occasion
from kidoku.desk.store.change import Change
from kidoku.desk.store.channels import Channel
from kidoku.desk.store.chats import find_chat
from kidoku.desk.store.conversation import find_line
from kidoku.desk.store.marks import Mark, ask_mark, find_mark
from kidoku.desk.store.place import Place

if TYPE_CHECKING:
    import sqlalchemy as sa


def read_chat(
    conn: sa.Connection, channel: Channel, chat_id: int, message_key: str | None, by: str, now: int
) -> Change[Mark | None]:
    """Ask for a chat to be Read up to a message, or to its newest; None when there is nothing to mark.

    The team's own unread count stays: who asks need not have looked. Raises Missing.
    """
    find_chat(conn, chat_id)
    up_to = None
    if message_key is not None:
        line = find_line(conn, chat_id, message_key)
        up_to = Place(line.at, line.place)
    asked = ask_mark(conn, channel, chat_id, Occasion.ASKED, by, now, up_to=up_to)
    return Change(None if asked.value is None else find_mark(conn, asked.value), asked.events)
