"""Channel access tokens that are kept: long-lived, short-lived and v2.1 (JWT). Stateless ones are sealed, not kept."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from kidoku.platform.store.schema import access_tokens


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A channel access token. `kind`: long_lived, short_lived or jwt; `expires_at` in ms, None: never."""

    channel_id: int
    token: str
    kind: str
    key_id: str | None
    issued_at: int
    expires_at: int | None


COLUMNS = (
    access_tokens.c.channel_id,
    access_tokens.c.token,
    access_tokens.c.kind,
    access_tokens.c.key_id,
    access_tokens.c.issued_at,
    access_tokens.c.expires_at,
)


def all_tokens(conn: sa.Connection, now: int) -> list[AccessToken]:
    """Every token that has not expired: what the directory is filled from at start."""
    alive = access_tokens.c.expires_at.is_(None) | (access_tokens.c.expires_at > now)
    return [AccessToken(*row) for row in conn.execute(sa.select(*COLUMNS).where(alive))]


def tokens_of(conn: sa.Connection, channel_id: int, now: int) -> list[AccessToken]:
    """The tokens of one channel that have not expired, oldest first."""
    alive = access_tokens.c.expires_at.is_(None) | (access_tokens.c.expires_at > now)
    found = sa.select(*COLUMNS).where(access_tokens.c.channel_id == channel_id, alive)
    return [AccessToken(*row) for row in conn.execute(found.order_by(access_tokens.c.issued_at))]
