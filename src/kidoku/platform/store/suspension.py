"""Stopping the webhooks of an account that keeps failing, and letting them go on.

LINE may stop sending to a bot that fails for long and publishes neither threshold nor way back. Ours: after a number
of failures in a row, off by default; setting or testing the endpoint successfully ends it [our decision].
"""

from __future__ import annotations

import msgspec
import sqlalchemy as sa

from kidoku.platform.store.account import Account, account
from kidoku.platform.store.change import Change
from kidoku.platform.store.schema import accounts
from kidoku.platform.store.settings import settings_event

encode = msgspec.json.Encoder().encode


def suspend(conn: sa.Connection, channel_id: int, now: int) -> Change[Account]:
    """Stop the account's webhooks; the count of failures begins anew."""
    return _set(conn, account(conn, channel_id), True, now)


def resume(conn: sa.Connection, channel_id: int, now: int) -> Change[Account]:
    """Let the account's webhooks go on: its endpoint has been tested with success. Raises Missing."""
    of = account(conn, channel_id)
    return _set(conn, of, False, now) if of.settings.suspended else Change(of)


def _set(conn: sa.Connection, of: Account, suspended: bool, now: int) -> Change[Account]:
    settings = msgspec.structs.replace(of.settings, suspended=suspended)
    conn.execute(
        sa.update(accounts)
        .where(accounts.c.channel_id == of.channel_id)
        .values(settings=encode(settings), failures=0)
    )
    changed = account(conn, of.channel_id)
    return Change(changed, accounts=[changed], events=[settings_event(changed, now)])
