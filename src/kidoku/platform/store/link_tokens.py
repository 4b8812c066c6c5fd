"""Link tokens, with which a bot's own login is tied to a LINE user (LINE: docs, "User account linking")."""

from __future__ import annotations

import sqlalchemy as sa

from kidoku.platform.store.account import account
from kidoku.platform.store.change import Change, Env
from kidoku.platform.store.schema import link_tokens
from kidoku.platform.store.users import user_in

LIFETIME_MS = 600_000
"""Ten minutes, for one use."""


def issue_link_token(conn: sa.Connection, channel_id: int, user_id: str, env: Env) -> Change[str]:
    """A new link token for a user of the account's provider. Raises Missing. Expired ones are forgotten."""
    user_in(conn, account(conn, channel_id).provider_id, user_id)
    conn.execute(
        sa.delete(link_tokens).where(
            link_tokens.c.channel_id == channel_id, link_tokens.c.expires_at <= env.now
        )
    )
    token = env.mint.opaque_token(24)
    conn.execute(
        sa.insert(link_tokens).values(
            channel_id=channel_id, token=token, user_id=user_id, expires_at=env.now + LIFETIME_MS
        )
    )
    return Change(token)
