"""Channel access tokens that are kept: long-lived, short-lived and v2.1 (JWT). Stateless ones are sealed, not kept."""

from __future__ import annotations

from dataclasses import asdict
from typing import Literal

import sqlalchemy as sa

from kidoku.platform.store.access_token import AccessToken
from kidoku.platform.store.change import Change, Env
from kidoku.platform.store.schema import access_tokens
from kidoku.storage.refused import Refused

MAX_SHORT_LIVED = 30
"""Short-lived tokens of a channel; the oldest gives way (reference, "Issue short-lived channel access token")."""
MAX_JWT = 30
"""v2.1 tokens of a channel; there is no more beyond it (reference, "Issue channel access token v2.1")."""
MAX_EXPIRED = 30
"""Expired tokens of a channel that are still known, so that whoever uses one hears that it has expired."""


COLUMNS = (
    access_tokens.c.channel_id,
    access_tokens.c.token,
    access_tokens.c.kind,
    access_tokens.c.key_id,
    access_tokens.c.issued_at,
    access_tokens.c.expires_at,
)


def tokens_of(conn: sa.Connection, channel_id: int, now: int) -> list[AccessToken]:
    """The tokens of one channel that have not expired, oldest first."""
    return [one for one in kept_tokens(conn, channel_id) if one.expires_at is None or one.expires_at > now]


def kept_tokens(conn: sa.Connection, channel_id: int) -> list[AccessToken]:
    """The tokens of one channel, also those that expired lately, oldest first."""
    found = sa.select(*COLUMNS).where(access_tokens.c.channel_id == channel_id)
    return [
        AccessToken(*row)
        for row in conn.execute(found.order_by(access_tokens.c.issued_at, access_tokens.c.token))
    ]


def issue_token(
    conn: sa.Connection, channel_id: int, kind: Literal["short_lived", "jwt"], lifetime_s: int, env: Env
) -> Change[AccessToken]:
    """A new token of a channel. Raises Refused when it has as many v2.1 tokens as it may.

    Of short-lived ones the oldest ends when there are too many, and the longest expired is forgotten.
    """
    change = Change(
        AccessToken(
            channel_id=channel_id,
            token=env.mint.opaque_token(),
            kind=kind,
            key_id=env.mint.opaque_token(16) if kind == "jwt" else None,
            issued_at=env.now,
            expires_at=env.now + lifetime_s * 1000,
        )
    )
    alive = [one for one in tokens_of(conn, channel_id, env.now) if one.kind == kind]
    if kind == "jwt" and len(alive) >= MAX_JWT:
        raise Refused("too_many_tokens", f"The channel has {len(alive)} valid v2.1 tokens; revoke one first.")
    if kind == "short_lived":
        too_many = max(len(alive) + 1 - MAX_SHORT_LIVED, 0)
        change.dropped_tokens += [one.token for one in alive[:too_many]]
    change.dropped_tokens += long_expired(conn, channel_id, env.now)
    drop(conn, channel_id, change.dropped_tokens)
    conn.execute(sa.insert(access_tokens).values(asdict(change.value)))
    change.tokens.append(change.value)
    return change


def revoke_token(conn: sa.Connection, channel_id: int, token: str) -> Change[None]:
    """End a token at once. Nothing happens when it has ended already."""
    drop(conn, channel_id, [token])
    return Change(None, dropped_tokens=[token])


def long_expired(conn: sa.Connection, channel_id: int, now: int) -> list[str]:
    """The expired tokens of a channel, except the newest few."""
    expired = (access_tokens.c.channel_id == channel_id, access_tokens.c.expires_at <= now)
    newest_first = (
        sa.select(access_tokens.c.token).where(*expired).order_by(access_tokens.c.expires_at.desc())
    )
    return list(conn.execute(newest_first.limit(-1).offset(MAX_EXPIRED)).scalars())


def drop(conn: sa.Connection, channel_id: int, tokens: list[str]) -> None:
    if tokens:
        conn.execute(
            sa.delete(access_tokens).where(
                access_tokens.c.channel_id == channel_id, access_tokens.c.token.in_(tokens)
            )
        )
