"""Whether an account's endpoint works: since when it has been failing, how often in a row, and what follows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import msgspec
import sqlalchemy as sa

from kidoku.platform.store.account import Account, account
from kidoku.platform.store.change import Change
from kidoku.platform.store.suspension import suspend
from kidoku.storage.sqlite import raw

encode = msgspec.json.Encoder().encode

HEALTHY = """
UPDATE accounts SET failing_since = NULL, failures = 0
WHERE channel_id IN (SELECT value FROM json_each(?)) AND failing_since IS NOT NULL RETURNING channel_id
"""

FAILING = """
UPDATE accounts SET failing_since = coalesce(failing_since, ?), failures = failures + ? WHERE channel_id = ?
RETURNING failures, failing_since
"""


class Ended(NamedTuple):
    """An attempt, begun at `at` (ms). `suspend_at`: failures in a row that suspend the account, None for never."""

    channel_id: int
    ok: bool
    at: int
    suspend_at: int | None


def account_health(conn: sa.Connection, items: Sequence[Ended]) -> dict[int, Change[Account]]:
    """Count what ended. The accounts that began or ceased to fail, or were suspended, by their last item's position."""
    last = {item.channel_id: n for n, item in enumerate(items)}
    well = [channel for channel, n in last.items() if items[n].ok]
    changed = {}
    if well:
        for (channel_id,) in raw(conn).execute(HEALTHY, (encode(well).decode(),)).fetchall():
            changed[last[channel_id]] = of(conn, channel_id)
    for channel_id, n in last.items():
        if not items[n].ok:
            change = fail(conn, channel_id, [item for item in items if item.channel_id == channel_id])
            if change is not None:
                changed[n] = change
    return changed


def fail(conn: sa.Connection, channel_id: int, items: Sequence[Ended]) -> Change[Account] | None:
    """Count the failures at the end of one account's attempts; the account if that changed it."""
    well = [n for n, item in enumerate(items) if item.ok]
    if well:
        raw(conn).execute(HEALTHY, (encode([channel_id]).decode(),)).fetchall()
        items = items[well[-1] + 1 :]
    since = items[0].at
    found = raw(conn).execute(FAILING, (since, len(items), channel_id)).fetchone()
    if found is None:
        return None
    failures, failing_since = found
    limit = items[-1].suspend_at
    if limit is not None and failures >= limit and not account(conn, channel_id).settings.suspended:
        return suspend(conn, channel_id, items[-1].at)
    return of(conn, channel_id) if failing_since == since else None


def of(conn: sa.Connection, channel_id: int) -> Change[Account]:
    found = account(conn, channel_id)
    return Change(found, accounts=[found])
