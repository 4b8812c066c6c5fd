"""The newest serial in use: where a start takes up counting."""

from __future__ import annotations

import sqlite3

NEWEST = """
SELECT max(
  coalesce((SELECT max(message_id) FROM messages), 0),
  coalesce((SELECT max(delivery_id) FROM deliveries), 0),
  coalesce((SELECT max(call_id) FROM api_calls), 0))
"""


def newest_serial(driver: sqlite3.Connection) -> int:
    """The greatest message ID, delivery ID or call ID."""
    newest: int = driver.execute(NEWEST).fetchone()[0]
    return newest
