"""The keys that seal read tokens, quote tokens and stateless access tokens: kept with the data they belong to."""

from __future__ import annotations

import sqlite3

KEY_BYTES = 64
"""AES-SIV with two 256-bit keys."""


def ensure_seal_keys(driver: sqlite3.Connection, entropy: bytes, now: int) -> dict[int, bytes]:
    """Every key by its ID; the first is made of `entropy` (64 random bytes) when there is none."""
    found: dict[int, bytes] = dict(driver.execute("SELECT key_id, secret FROM seal_keys"))
    if not found:
        found = {1: entropy}
        driver.execute("INSERT INTO seal_keys (key_id, secret, created_at) VALUES (1, ?, ?)", (entropy, now))
    return found
