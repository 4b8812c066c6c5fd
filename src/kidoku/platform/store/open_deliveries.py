"""What the dispatcher still has to send, read in pages of one account at a time.

Hot at start and under a backlog: hand-written for the driver's own cursor.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import NamedTuple

import msgspec
import sqlalchemy as sa

from kidoku.platform.store.change import Queued
from kidoku.storage.sqlite import raw

decode_rows = msgspec.json.Decoder(list[tuple[int, int, int | None, str, int, int]]).decode

OPEN = """
SELECT channel_id,
  (SELECT max(d.delivery_id) FROM deliveries AS d WHERE d.channel_id = a.channel_id AND d.state = 'pending'),
  (SELECT min(d.due_at) FROM deliveries AS d WHERE d.channel_id = a.channel_id AND d.state = 'retrying')
FROM accounts AS a
"""

PAGE = """
SELECT json_group_array(json_array(channel_id, delivery_id, chat_id, CAST(body AS TEXT), attempts, due_at))
FROM ({rows})
"""

PENDING = PAGE.format(
    rows="""
    SELECT channel_id, delivery_id, chat_id, body, attempts, due_at FROM deliveries INDEXED BY ix_deliveries_state
    WHERE channel_id = ? AND state = 'pending' AND delivery_id > ? ORDER BY delivery_id LIMIT ?
    """
)

DUE = PAGE.format(
    rows="""
    SELECT channel_id, delivery_id, chat_id, body, attempts, due_at FROM deliveries
    WHERE channel_id = ? AND state = 'retrying' AND due_at <= ? ORDER BY due_at LIMIT ?
    """
)

NEXT_DUE = """
SELECT min(due_at) FROM deliveries WHERE channel_id = ? AND state = 'retrying' AND due_at > ?
"""


class OpenChannel(NamedTuple):
    """An account with open deliveries: its newest that was never sent, the time of its first redelivery in ms."""

    channel_id: int
    newest_pending: int | None
    next_due: int | None


class Due(NamedTuple):
    """Redeliveries whose time has come, and when the next one's will."""

    rows: list[Queued]
    next_due: int | None


def open_channels(conn: sa.Connection) -> list[OpenChannel]:
    """The accounts of all providers that have something to send."""
    found = (OpenChannel(*row) for row in raw(conn).execute(OPEN))
    return [one for one in found if one.newest_pending is not None or one.next_due is not None]


def pending_page(conn: sa.Connection, channel_id: int, after: int, limit: int) -> list[Queued]:
    """First attempts that wait, oldest first, behind the delivery `after`."""
    return sorted(page(raw(conn), PENDING, channel_id, after, limit), key=lambda row: row.delivery_id)


def due_page(conn: sa.Connection, channel_id: int, until: int, limit: int) -> Due:
    """Redeliveries that are due at `until` (ms), the longest overdue first."""
    driver = raw(conn)
    rows = sorted(page(driver, DUE, channel_id, until, limit), key=lambda row: row.due_at)
    return Due(rows, driver.execute(NEXT_DUE, (channel_id, until)).fetchone()[0])


def page(
    driver: sqlite3.Connection, statement: str, channel_id: int, bound: int, limit: int
) -> Iterator[Queued]:
    """Rows in one piece: fetched one by one, each would wait for the event loop to let go of the interpreter."""
    for of, delivery_id, chat_id, body, attempts, due_at in decode_rows(
        driver.execute(statement, (channel_id, bound, limit)).fetchone()[0]
    ):
        yield Queued(of, delivery_id, chat_id, body.encode(), attempts, due_at)
