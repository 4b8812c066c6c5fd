"""Taking a webhook in: the request as it came, on disk before LINE gets its 200.

Hot: hand-written for the driver's own cursor. What is in the request is looked at afterwards.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct
from sqlalchemy import Integer, bindparam, select, update

from kidoku.desk.store.schema import intakes
from kidoku.storage.engine import begin
from kidoku.storage.insert import ROWS, insert_rows
from kidoku.storage.prepared import Prepared

if TYPE_CHECKING:
    import sqlalchemy as sa

COLUMNS = ("channel_id", "received_at", "signature", "body")


class Webhook(Struct, frozen=True, gc=False):
    """A webhook request whose signature was right. `received_at` in ms."""

    channel_id: int
    received_at: int
    signature: str
    body: bytes


def store_webhooks(driver: sqlite3.Connection, webhooks: Sequence[Webhook]) -> list[None]:
    """Keep requests, in order."""
    if len(webhooks) > ROWS:
        begin(driver)
    rows = [(one.channel_id, one.received_at, one.signature, one.body) for one in webhooks]
    insert_rows(driver, "intakes", COLUMNS, rows)
    return [None] * len(webhooks)


class Intake(NamedTuple):
    """A kept webhook request."""

    intake_id: int
    channel_id: int
    received_at: int
    signature: str
    body: bytes


OPEN = Prepared(
    select(*(intakes.c[name] for name in Intake._fields))
    .where(intakes.c.processed_at.is_(None))
    .order_by(intakes.c.intake_id)
    .limit(bindparam("most", type_=Integer))
)
"""Prepared, as all that every event runs."""


def open_intakes(conn: sa.Connection, limit: int) -> list[Intake]:
    """The oldest requests that were not processed yet."""
    return [Intake._make(row) for row in OPEN(conn, most=limit)]


CLOSE = Prepared(
    update(intakes).where(intakes.c.intake_id == bindparam("closed")), ["processed_at", "problem"]
)


def close_intake(conn: sa.Connection, intake_id: int, now: int, problem: str | None = None) -> None:
    """Note that a request was processed; `problem` says why it could not be."""
    CLOSE(conn, closed=intake_id, processed_at=now, problem=problem)
