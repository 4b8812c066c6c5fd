"""How an account looks to users: name, picture, status message."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from kidoku.platform.store.account import Account, account
from kidoku.platform.store.accounts import account_event
from kidoku.platform.store.change import Change
from kidoku.platform.store.schema import accounts

CHANGEABLE = frozenset({"display_name", "picture_url", "status_message"})


def change_profile(conn: sa.Connection, channel_id: int, changes: Mapping[str, Any]) -> Change[Account]:
    """Change an account's profile. `changes` holds only columns in CHANGEABLE. Raises Missing."""
    before = account(conn, channel_id)
    if changes:
        values = {name: changes[name] for name in CHANGEABLE & changes.keys()}
        conn.execute(sa.update(accounts).where(accounts.c.channel_id == channel_id).values(values))
    after = account(conn, channel_id)
    events = [account_event(after, "account", displayName=after.display_name)] if after != before else []
    return Change(after, accounts=[after], events=[*events])
