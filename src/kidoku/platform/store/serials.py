"""The newest serial in use: where a start takes up counting."""

from __future__ import annotations

import sqlalchemy as sa

from kidoku.platform.store.schema import api_calls, deliveries, messages


def newest_serial(conn: sa.Connection) -> int:
    """The greatest message ID, delivery ID or call ID."""
    columns = (messages.c.message_id, deliveries.c.delivery_id, api_calls.c.call_id)
    return max(conn.execute(sa.select(sa.func.max(column))).scalar() or 0 for column in columns)
