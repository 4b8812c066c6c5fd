"""Error statistics: failed webhooks per minute, reason and detail, while the account has them on.

LINE: docs/messaging-api/check-webhook-error-statistics. Errors of one minute with the same status are one row; those
without a status are one row per reason and detail [our reading]. Requests that verify an endpoint don't count.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

import msgspec
import sqlalchemy as sa

from kidoku.core.calendar import JST, local_time
from kidoku.platform.store.schema import webhook_errors

MINUTE_MS = 60_000

COUNT = """
INSERT INTO webhook_errors (channel_id, minute, reason, detail, first_at, last_at, count) VALUES (?, ?, ?, ?, ?, ?, 1)
ON CONFLICT (channel_id, minute, reason, detail) DO UPDATE
SET count = count + 1, first_at = min(first_at, excluded.first_at), last_at = max(last_at, excluded.last_at)
"""

TSV_HEAD = ("Date", "Start", "End", "Reason", "Detail", "Count")


class Failure(NamedTuple):
    """A failed attempt to be counted; `at` in ms."""

    channel_id: int
    at: int
    reason: str
    detail: str


class WebhookError(msgspec.Struct, frozen=True, rename="camel"):
    """A row of the statistics. Times in ms; `date` (yyyy/mm/dd), `start` and `end` (hh:mm:ss) in UTC+9."""

    first_at: int
    last_at: int
    date: str
    start: str
    end: str
    reason: str
    detail: str
    count: int


def count_errors(driver: sqlite3.Connection, failures: Iterable[Failure]) -> None:
    """Add failed attempts to the statistics."""
    driver.executemany(
        COUNT, [(f.channel_id, f.at // MINUTE_MS, f.reason, f.detail, f.at, f.at) for f in failures]
    )


def error_rows(
    conn: sa.Connection, channel_id: int, since: int = 0, until: int | None = None, limit: int = 1_000
) -> list[WebhookError]:
    """The statistics of one account from `since` to `until` (ms, `until` excluded), newest first."""
    t = webhook_errors.c
    wanted = [t.channel_id == channel_id, t.last_at >= since]
    if until is not None:
        wanted.append(t.first_at < until)
    query = (
        sa.select(t.first_at, t.last_at, t.reason, t.detail, t.count)
        .where(*wanted)
        .order_by(t.minute.desc(), t.reason, t.detail)
        .limit(limit)
    )
    return [_row(*row) for row in conn.execute(query)]


def error_tsv(rows: Iterable[WebhookError]) -> str:
    """The statistics as a TSV file with a head."""
    lines = [TSV_HEAD, *((r.date, r.start, r.end, r.reason, r.detail, str(r.count)) for r in rows)]
    return "".join("\t".join(map(_cell, line)) + "\r\n" for line in lines)


def _row(first_at: int, last_at: int, reason: str, detail: str, count: int) -> WebhookError:
    start, end = local_time(first_at, JST), local_time(last_at, JST)
    return WebhookError(
        first_at, last_at, f"{start:%Y/%m/%d}", f"{start:%H:%M:%S}", f"{end:%H:%M:%S}", reason, detail, count
    )


def _cell(value: str) -> str:
    return value.replace("\t", " ").replace("\r", " ").replace("\n", " ")
