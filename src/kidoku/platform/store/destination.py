"""What messages are checked against before they are sent: the chat they go to, and who can be mentioned there."""

from __future__ import annotations

from typing import NamedTuple

import sqlalchemy as sa

from kidoku.core.ids import is_user_id
from kidoku.platform.store.chats import Chat, chat_by_id, find_chat
from kidoku.platform.store.groups import members
from kidoku.platform.store.joined_groups import joined_group
from kidoku.platform.store.schema import reply_tokens


class Destination(NamedTuple):
    """`chat_id` is None while there is no chat yet; `names` are a group's members by user ID."""

    chat_id: int | None
    group: bool
    names: dict[str, str]


def peer_destination(conn: sa.Connection, channel_id: int, peer_id: str) -> Destination:
    """The destination of a push. Says nothing about whether it may be sent."""
    chat = find_chat(conn, channel_id, peer_id)
    return _destination(conn, channel_id, None if chat is None else chat.chat_id, peer_id)


def reply_destination(conn: sa.Connection, channel_id: int, token: str) -> Destination | None:
    """The destination of a reply token of this channel, spent or not; None for any other text."""
    chat = reply_chat(conn, channel_id, token)
    return None if chat is None else _destination(conn, channel_id, chat.chat_id, chat.peer_id)


def reply_chat(conn: sa.Connection, channel_id: int, token: str) -> Chat | None:
    """The chat that a reply token belongs to."""
    found = sa.select(reply_tokens.c.chat_id).where(
        reply_tokens.c.channel_id == channel_id, reply_tokens.c.token == token
    )
    chat_id = conn.execute(found).scalar()
    return None if chat_id is None else chat_by_id(conn, channel_id, chat_id)


def _destination(conn: sa.Connection, channel_id: int, chat_id: int | None, peer_id: str) -> Destination:
    if is_user_id(peer_id):
        return Destination(chat_id, False, {})
    group = joined_group(conn, channel_id, peer_id)
    there = [] if group is None else members(conn, group)
    return Destination(chat_id, True, {one.user_id: one.display_name for one in there})
