"""How the watermark of a chat rose: its advances, by way of each one's link to the one before."""

from __future__ import annotations

from typing import Any, NamedTuple

import sqlalchemy as sa

from kidoku.platform.store.chats import Chat
from kidoku.storage.sqlite import raw

BACK = """
WITH RECURSIVE back (advance_id, from_seq, to_seq, at, cause, prev_id, n) AS (
  SELECT advance_id, from_seq, to_seq, at, cause, prev_id, 1 FROM advances
  WHERE channel_id = ?1 AND advance_id = ?2
  UNION ALL
  SELECT a.advance_id, a.from_seq, a.to_seq, a.at, a.cause, a.prev_id, back.n + 1
  FROM back JOIN advances AS a ON a.channel_id = ?1 AND a.advance_id = back.prev_id
  WHERE back.n < ?3 AND back.from_seq >= ?4
)
SELECT advance_id, from_seq, to_seq, at, cause FROM back
"""


class Step(NamedTuple):
    """The watermark rose from `from_seq` to `to_seq` at `at` (ms)."""

    advance_id: int
    from_seq: int
    to_seq: int
    at: int
    cause: str


def steps(conn: sa.Connection, chat: Chat, limit: int, down_to: int = 0) -> list[Step]:
    """The newest advances of a chat, oldest first, back to the one that passed the seq `down_to`."""
    if chat.advance_id is None:
        return []
    rows: Any = raw(conn).execute(BACK, (chat.channel_id, chat.advance_id, limit, down_to)).fetchall()
    return [Step(*row) for row in reversed(rows)]
