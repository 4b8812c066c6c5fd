"""What an Official Account may know of a user."""

from __future__ import annotations

import sqlalchemy as sa

from kidoku.platform.store.chats import find_chat
from kidoku.platform.store.schema import friendships, users
from kidoku.platform.store.users import COLUMNS, User


def visible_profile(
    conn: sa.Connection, channel_id: int, provider_id: int, user_id: str
) -> tuple[User | None, str]:
    """The user if the account may see them; if not, None and why.

    LINE: reference, "Get profile": friends, and others who have written to the account; not those who block it.
    """
    row = conn.execute(
        sa.select(*COLUMNS).where(users.c.provider_id == provider_id, users.c.user_id == user_id)
    ).first()
    if row is None:
        return None, "No user of this channel's provider has this ID."
    state = conn.execute(
        sa.select(friendships.c.state).where(
            friendships.c.channel_id == channel_id, friendships.c.user_id == user_id
        )
    ).scalar()
    if state == "blocked":
        return None, "The user has blocked the account."
    chat = find_chat(conn, channel_id, user_id)
    if state is None and (chat is None or chat.last_seq == 0):
        return None, "The user is no friend and has never written to the account."
    return User(*row), ""
