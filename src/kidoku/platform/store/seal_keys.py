"""The keys that seal read tokens, quote tokens and stateless access tokens: kept with the data they belong to."""

from __future__ import annotations

import sqlalchemy as sa

from kidoku.platform.store.change import Change, Env
from kidoku.platform.store.schema import seal_keys

KEY_BYTES = 64
"""AES-SIV with two 256-bit keys."""


def ensure_seal_keys(conn: sa.Connection, entropy: bytes, now: int) -> Change[dict[int, bytes]]:
    """Every key by its ID; the first is made of `entropy` (64 random bytes) when there is none."""
    found = {row.key_id: row.secret for row in conn.execute(sa.select(seal_keys))}
    if not found:
        found = {1: entropy}
        conn.execute(sa.insert(seal_keys).values(key_id=1, secret=entropy, created_at=now))
    return Change(found)


def rotate_seal_key(conn: sa.Connection, env: Env) -> Change[int]:
    """Add a key that seals from now on; tokens sealed with older keys stay valid."""
    newest = conn.execute(sa.select(sa.func.max(seal_keys.c.key_id))).scalar() or 0
    secret = env.mint.entropy(KEY_BYTES)
    conn.execute(sa.insert(seal_keys).values(key_id=newest + 1, secret=secret, created_at=env.now))
    return Change(newest + 1)
