"""Deleting rows that are no longer of use. Each function deletes at most `limit` rows and says how many it did."""

from __future__ import annotations

import sqlalchemy as sa

from kidoku.core.ids import next_message_id
from kidoku.platform.store.change import Change
from kidoku.platform.store.schema import (
    access_tokens,
    link_tokens,
    reply_tokens,
    retry_keys,
    webhook_errors,
)
from kidoku.platform.store.webhook_errors import MINUTE_MS
from kidoku.storage.sqlite import raw

HOUR_MS = 3_600_000
REPLY_TOKEN_MS = HOUR_MS
"""A reply token ends twenty minutes after its event at the latest, redelivered or not."""
RETRY_KEY_MS = 24 * HOUR_MS
"""LINE: docs/messaging-api/retrying-api-request: a retry key is remembered for 24 hours."""
LINK_TOKEN_MS = 24 * HOUR_MS
ACCESS_TOKEN_MS = 7 * 24 * HOUR_MS
"""Our decision: for a week after its end a channel access token is known to have expired, then it is unknown."""

FINISHED = "('delivered', 'failed', 'skipped')"

BY_COUNT = f"""
SELECT delivery_id FROM deliveries INDEXED BY ix_deliveries_state
WHERE channel_id = ? AND state IN {FINISHED} ORDER BY delivery_id DESC LIMIT 1 OFFSET ?
"""  # noqa: S608 - made of our own constants

OLDEST = f"""
SELECT delivery_id FROM deliveries INDEXED BY ix_deliveries_state
WHERE channel_id = ? AND state IN {FINISHED} AND delivery_id <= ? ORDER BY delivery_id LIMIT ?
"""  # noqa: S608


def finished_before(conn: sa.Connection, channel_id: int, before: int, keep: int) -> int:
    """The newest delivery ID to be deleted: made before `before` (ms), or older than the newest `keep`."""
    found = raw(conn).execute(BY_COUNT, (channel_id, keep)).fetchone()
    return max(next_message_id(0, before), 0 if found is None else found[0])


def prune_deliveries(conn: sa.Connection, channel_id: int, boundary: int, limit: int) -> Change[int]:
    """Delete finished deliveries up to the ID `boundary`, oldest first, with their attempts."""
    driver = raw(conn)
    found = [(channel_id, row[0]) for row in driver.execute(OLDEST, (channel_id, boundary, limit))]
    for table in ("delivery_attempts", "deliveries"):
        driver.executemany(f"DELETE FROM {table} WHERE channel_id = ? AND delivery_id = ?", found)  # noqa: S608
    return Change(len(found))


def prune_reply_tokens(conn: sa.Connection, now: int, limit: int) -> Change[int]:
    return old(
        conn, reply_tokens, reply_tokens.c.token, reply_tokens.c.event_at < now - REPLY_TOKEN_MS, limit
    )


def prune_retry_keys(conn: sa.Connection, now: int, limit: int) -> Change[int]:
    return old(conn, retry_keys, retry_keys.c.retry_key, retry_keys.c.accepted_at < now - RETRY_KEY_MS, limit)


def prune_link_tokens(conn: sa.Connection, now: int, limit: int) -> Change[int]:
    return old(conn, link_tokens, link_tokens.c.token, link_tokens.c.expires_at < now - LINK_TOKEN_MS, limit)


def prune_access_tokens(conn: sa.Connection, now: int, limit: int) -> Change[int]:
    """Delete those that expired long ago; without an end they never do."""
    t = access_tokens.c
    ended = t.expires_at < now - ACCESS_TOKEN_MS
    found = conn.execute(sa.select(t.channel_id, t.token).where(ended).limit(limit)).all()
    for channel_id, token in found:
        conn.execute(sa.delete(access_tokens).where(t.channel_id == channel_id, t.token == token))
    return Change(len(found), dropped_tokens=[token for _, token in found])


def prune_webhook_errors(conn: sa.Connection, before: int, limit: int) -> Change[int]:
    t = webhook_errors.c
    picked = (
        sa.select(t.channel_id, t.minute, t.reason, t.detail)
        .where(t.minute < before // MINUTE_MS)
        .limit(limit)
    )
    where = sa.tuple_(t.channel_id, t.minute, t.reason, t.detail).in_(picked)
    return Change(conn.execute(sa.delete(webhook_errors).where(where)).rowcount)


def old(
    conn: sa.Connection, table: sa.Table, name: sa.Column[str], condition: sa.ColumnElement[bool], limit: int
) -> Change[int]:
    picked = sa.select(table.c.channel_id, name).where(condition).limit(limit)
    where = sa.tuple_(table.c.channel_id, name).in_(picked)
    return Change(conn.execute(sa.delete(table).where(where)).rowcount)
