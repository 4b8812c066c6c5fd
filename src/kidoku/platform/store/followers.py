"""Who has added an account as a friend."""

from __future__ import annotations

import sqlalchemy as sa

from kidoku.platform.store.schema import friendships


def follower_ids(conn: sa.Connection, channel_id: int, after: str, limit: int) -> list[str]:
    """User IDs of friends who have not blocked the account, in their own order, from the one after `after`."""
    found = sa.select(friendships.c.user_id).where(
        friendships.c.channel_id == channel_id,
        friendships.c.state == "friend",
        friendships.c.user_id > after,
    )
    return list(conn.execute(found.order_by(friendships.c.user_id).limit(limit)).scalars())
