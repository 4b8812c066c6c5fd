"""API calls that bots made: what the Manager lists, with the reason of each refusal."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

import sqlalchemy as sa

from kidoku.platform.store.change import Change, Env
from kidoku.platform.store.schema import api_calls
from kidoku.storage.sqlite import raw

NOBODY = 0
"""Channel ID of the calls that belong to no channel: those that could not say whose they are."""


class NewCall(NamedTuple):
    """A call as it was answered. `at` in ms, `cause` and `reason` only of refusals; the body may be cut off."""

    channel_id: int
    request_id: str
    at: int
    method: str
    path: str
    operation: str | None
    status: int
    cause: str | None
    reason: str | None
    request_body: bytes | None
    duration_us: int
    user_agent: str | None


class ApiCall(NamedTuple):
    """A call as it is kept."""

    call_id: int
    channel_id: int
    request_id: str
    at: int
    method: str
    path: str
    operation: str | None
    status: int
    cause: str | None
    reason: str | None
    request_body: bytes | None
    duration_us: int
    user_agent: str | None


COLUMNS = tuple(api_calls.c[name] for name in ApiCall._fields)

INSERT = """
INSERT INTO api_calls (call_id, channel_id, request_id, at, method, path, operation, status, cause, reason,
  request_body, duration_us, user_agent)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


def record_calls(
    conn: sa.Connection, calls: Sequence[NewCall], prune: Collection[int], keep: int, env: Env
) -> Change[list[int]]:
    """Write calls of any channels, in order; their IDs. Then keep no more than `keep` of the channels in `prune`."""
    ids = [env.mint.serial(env.now) for _ in calls]
    raw(conn).executemany(INSERT, [(call_id, *call) for call_id, call in zip(ids, calls, strict=True)])
    for channel_id in prune:
        prune_calls(conn, channel_id, keep)
    return Change(ids)


def prune_calls(conn: sa.Connection, channel_id: int, keep: int) -> None:
    """Drop the oldest calls of a channel.

    Our decision: refusals are what people look for, so that up to half of what is kept is theirs, however many
    successes came after them.
    """
    refusal = api_calls.c.status >= 400
    _drop_oldest(conn, channel_id, refusal, _count(conn, channel_id, refusal) - keep // 2)
    _drop_oldest(conn, channel_id, ~refusal, _count(conn, channel_id, sa.true()) - keep)


def _count(conn: sa.Connection, channel_id: int, which: sa.ColumnElement[bool]) -> int:
    return conn.execute(
        sa.select(sa.func.count()).where(api_calls.c.channel_id == channel_id, which)
    ).scalar_one()


def _drop_oldest(conn: sa.Connection, channel_id: int, which: sa.ColumnElement[bool], number: int) -> None:
    if number <= 0:
        return
    of_channel = api_calls.c.channel_id == channel_id
    oldest = (
        sa.select(api_calls.c.call_id).where(of_channel, which).order_by(api_calls.c.call_id).limit(number)
    )
    conn.execute(sa.delete(api_calls).where(of_channel, api_calls.c.call_id.in_(oldest)))


def recent_calls(
    conn: sa.Connection, channel_id: int, limit: int, before: int | None = None, *, refused: bool = False
) -> list[ApiCall]:
    """The newest calls of a channel, newest first; those older than the call `before`, only refusals if asked."""
    found = sa.select(*COLUMNS).where(api_calls.c.channel_id == channel_id)
    if refused:
        found = found.where(api_calls.c.status >= 400)
    if before is not None:
        found = found.where(api_calls.c.call_id < before)
    rows = conn.execute(found.order_by(api_calls.c.call_id.desc()).limit(limit))
    return [ApiCall(*row) for row in rows]


def one_call(conn: sa.Connection, call_id: int) -> ApiCall | None:
    """The call with this ID, whichever channel made it."""
    row = conn.execute(sa.select(*COLUMNS).where(api_calls.c.call_id == call_id)).first()
    return None if row is None else ApiCall(*row)
