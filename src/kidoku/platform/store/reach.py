"""Whom an account's messages reach.

LINE: reference, "Send push message": a friend, or a user who wrote to the account in the last 7 days, unless they
have blocked it. To anybody else a message is accepted but not delivered, and not counted.
"""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from kidoku.core.ids import MESSAGE_ID_EPOCH_MS
from kidoku.platform.store.chats import find_chat
from kidoku.platform.store.schema import friendships, messages, users

STRANGER_WINDOW_MS = 7 * 86_400_000


def known_users(conn: sa.Connection, provider_id: int, user_ids: Collection[str]) -> set[str]:
    """Those of the IDs that are users of this provider."""
    found = sa.select(users.c.user_id).where(
        users.c.provider_id == provider_id, users.c.user_id.in_(user_ids)
    )
    return set(conn.execute(found).scalars())


def reachable(conn: sa.Connection, channel_id: int, user_ids: Collection[str], now: int) -> list[str]:
    """Those of the users whom a message reaches now, in order of their IDs."""
    found = sa.select(friendships.c.user_id, friendships.c.state).where(
        friendships.c.channel_id == channel_id, friendships.c.user_id.in_(user_ids)
    )
    states = {row.user_id: row.state for row in conn.execute(found)}
    return sorted(
        user_id
        for user_id in set(user_ids)
        if (
            states[user_id] == "friend"
            if user_id in states
            else wrote_since(conn, channel_id, user_id, now - STRANGER_WINDOW_MS)
        )
    )


def wrote_since(conn: sa.Connection, channel_id: int, user_id: str, since: int) -> bool:
    """Whether the user has written to the account at `since` or later."""
    chat = find_chat(conn, channel_id, user_id)
    if chat is None or chat.last_seq == 0:
        return False
    # Message IDs rise with time, so that the primary key finds the recent ones.
    oldest = max(since - MESSAGE_ID_EPOCH_MS, 0) << 20
    found = sa.select(sa.literal(1)).where(
        messages.c.channel_id == channel_id,
        messages.c.chat_id == chat.chat_id,
        messages.c.message_id >= oldest,
        messages.c.seq.is_not(None),
    )
    return conn.execute(found.limit(1)).first() is not None
