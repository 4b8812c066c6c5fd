"""Writing down what became of webhook attempts: everything that follows from one, in the same transaction.

Hot: hand-written for the driver's own cursor. Every statement hands the interpreter lock over once, so all first
attempts of a batch are one INSERT and one UPDATE; redeliveries, which are few, go one by one.
"""

from __future__ import annotations

import functools
import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

import msgspec
import sqlalchemy as sa

from kidoku.platform.store.account import Account
from kidoku.platform.store.account_health import Ended, account_health
from kidoku.platform.store.change import Change
from kidoku.platform.store.webhook_errors import Failure, count_errors
from kidoku.storage.sqlite import raw

AT_ONCE = 128
"""Rows in one statement."""

Row = tuple[int | str | bytes | None, ...]


class Settlement(msgspec.Struct, frozen=True, gc=False):
    """An attempt that has ended and what its delivery becomes. Times in ms.

    `attempts` is how many there were before; `state` and `due_at` are what follows; a `manual` attempt changes them
    only by succeeding. `counted`: whether a failure goes into the statistics. `was_failing`: whether the account may
    have failures behind it, which a success ends. `suspend_at`: the failures in a row that suspend the account.
    """

    channel_id: int
    delivery_id: int
    attempts: int
    manual: bool
    redelivery: bool
    url: str
    request_headers: str
    started_at: int
    duration_us: int
    status: int | None
    reason: str | None
    detail: str | None
    response_headers: str | None
    response_body: bytes | None
    state: str
    due_at: int
    settled_at: int | None
    counted: bool
    was_failing: bool
    suspend_at: int | None


class Settled(NamedTuple):
    """A settled attempt: its number, its delivery's state, and the account if its health changed."""

    attempt: int
    state: str
    account: Change[Account] | None = None


ATTEMPT_COLUMNS = (
    "channel_id, delivery_id, attempt, url, redelivery, manual, request_headers, started_at, duration_us, status, "
    "reason, detail, response_headers, response_body"
)
ATTEMPT_WIDTH = 14

STATE_COLUMNS = "channel_id, delivery_id, attempts, state, due_at, settled_at, status, reason, detail"
STATE_WIDTH = 9

NUMBER = (
    "SELECT attempts + 1, state, due_at, settled_at FROM deliveries WHERE channel_id = ? AND delivery_id = ?"
)


def settle(conn: sa.Connection, items: Sequence[Settlement]) -> list[Settled]:
    """Write attempts, states, error statistics and the accounts' health, suspension included."""
    driver = raw(conn)
    first = [item for item in items if not item.attempts and not item.manual]
    write_attempts(driver, [attempt_row(item, 1) for item in first])
    write_states(driver, [state_row(item, 1) for item in first])
    if len(first) == len(items):
        results = [Settled(1, item.state) for item in items]
    else:
        results = [
            settle_again(driver, item) if item.attempts or item.manual else Settled(1, item.state)
            for item in items
        ]
    if any(item.reason is not None or item.was_failing for item in items):
        settle_health(conn, items, results)
    return results


def settle_health(conn: sa.Connection, items: Sequence[Settlement], results: list[Settled]) -> None:
    """What follows for accounts: a failure, or a success after failures. Rare, and left out of the usual batch."""
    count_errors(
        raw(conn),
        [
            Failure(item.channel_id, item.started_at, item.reason, item.detail or "")
            for item in items
            if item.reason is not None and item.counted
        ],
    )
    ended = [Ended(item.channel_id, item.reason is None, item.started_at, item.suspend_at) for item in items]
    for n, change in account_health(conn, ended).items():
        results[n] = results[n]._replace(account=change)


def settle_again(driver: sqlite3.Connection, item: Settlement) -> Settled:
    """One attempt that isn't its delivery's first: its number comes from the row.

    A delivery that arrived once has arrived, whatever a later attempt says. A manual attempt that fails leaves the
    delivery as it is, but for one that was never sent: that has failed now.
    """
    found = driver.execute(NUMBER, (item.channel_id, item.delivery_id)).fetchone()
    if found is None:
        return Settled(item.attempts + 1, item.state)
    number, state, due_at, settled_at = found
    if state == "delivered" or (item.manual and item.reason is not None and state != "skipped"):
        item = msgspec.structs.replace(item, state=state, due_at=due_at, settled_at=settled_at)
    write_attempts(driver, [attempt_row(item, number)])
    write_states(driver, [state_row(item, number)])
    return Settled(number, item.state)


def attempt_row(item: Settlement, number: int) -> Row:
    return (
        item.channel_id,
        item.delivery_id,
        number,
        item.url,
        item.redelivery,
        item.manual,
        item.request_headers,
        item.started_at,
        item.duration_us,
        item.status,
        item.reason,
        item.detail,
        item.response_headers,
        item.response_body,
    )


def state_row(item: Settlement, number: int) -> Row:
    return (
        item.channel_id,
        item.delivery_id,
        number,
        item.state,
        item.due_at,
        item.settled_at,
        item.status,
        item.reason,
        item.detail,
    )


def write_attempts(driver: sqlite3.Connection, rows: Sequence[Row]) -> None:
    for part, size in parts(rows):
        driver.execute(insert_attempts(size), filled(part, size, ATTEMPT_WIDTH))


def write_states(driver: sqlite3.Connection, rows: Sequence[Row]) -> None:
    for part, size in parts(rows):
        driver.execute(update_states(size), filled(part, size, STATE_WIDTH))


def parts(rows: Sequence[Row]) -> list[tuple[Sequence[Row], int]]:
    """The rows in parts, each with the power of two that it is filled up to: few statements for any number."""
    cut = [rows[start : start + AT_ONCE] for start in range(0, len(rows), AT_ONCE)]
    return [(part, 1 << (len(part) - 1).bit_length()) for part in cut]


def filled(rows: Sequence[Row], size: int, width: int) -> list[int | str | bytes | None]:
    """The parameters of a statement for `size` rows; those that are missing are NULL and write nothing."""
    flat = [value for row in rows for value in row]
    flat += [None] * ((size - len(rows)) * width)
    return flat


def values(size: int, width: int) -> str:
    row = "(" + ", ".join("?" * width) + ")"
    return ", ".join([row] * size)


@functools.cache
def insert_attempts(size: int) -> str:
    return f"""
    WITH s ({ATTEMPT_COLUMNS}) AS (VALUES {values(size, ATTEMPT_WIDTH)})
    INSERT INTO delivery_attempts ({ATTEMPT_COLUMNS}) SELECT * FROM s WHERE channel_id IS NOT NULL
    """  # noqa: S608 - made of our own constants


@functools.cache
def update_states(size: int) -> str:
    """The plus keeps SQLite from looking for a row by its channel's index when it has its number."""
    return f"""
    WITH s ({STATE_COLUMNS}) AS (VALUES {values(size, STATE_WIDTH)})
    UPDATE deliveries SET attempts = s.attempts, state = s.state, due_at = s.due_at, settled_at = s.settled_at,
      status = s.status, reason = s.reason, detail = s.detail
    FROM s WHERE +deliveries.channel_id = s.channel_id AND deliveries.delivery_id = s.delivery_id
    """  # noqa: S608 - made of our own constants


class Stop(NamedTuple):
    """A delivery that ends without another attempt: `failed` after some, `skipped` before the first."""

    channel_id: int
    delivery_id: int
    state: str
    reason: str
    at: int


STOP = """
UPDATE deliveries SET state = ?, reason = ?, settled_at = ?
WHERE channel_id = ? AND delivery_id = ? AND state IN ('pending', 'retrying')
"""


def stop(conn: sa.Connection, items: Sequence[Stop]) -> list[None]:
    """End deliveries for which a setting was switched off."""
    raw(conn).executemany(
        STOP, [(item.state, item.reason, item.at, item.channel_id, item.delivery_id) for item in items]
    )
    return [None] * len(items)
