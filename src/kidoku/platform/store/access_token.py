"""A channel access token as the store knows it, read by hand: it is part of every start."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A channel access token. `kind`: long_lived, short_lived or jwt; `expires_at` in ms, None: never."""

    channel_id: int
    token: str
    kind: str
    key_id: str | None
    issued_at: int
    expires_at: int | None


ALL = "SELECT channel_id, token, kind, key_id, issued_at, expires_at FROM access_tokens"


def all_tokens(driver: sqlite3.Connection) -> list[AccessToken]:
    """Every token, also those that expired lately: what the directory is filled from at start."""
    return [AccessToken(*row) for row in driver.execute(ALL)]
