"""The minute in which a reply token can be used, opened anew when its webhook leaves late or again.

LINE: reference/messaging-api, "Reply token". A bot may reply before it answers the webhook, so the window is on disk
before the request leaves.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa

from kidoku.storage.sqlite import raw

OPEN = """
INSERT INTO reply_tokens (channel_id, token, chat_id, event_at, sent_at, redelivered) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (channel_id, token) DO UPDATE
SET sent_at = excluded.sent_at, redelivered = max(redelivered, excluded.redelivered)
"""


class Window(NamedTuple):
    """A reply token whose webhook leaves at `sent_at`, `redelivered` if it left before. Times in ms."""

    channel_id: int
    token: str
    chat_id: int
    event_at: int
    sent_at: int
    redelivered: bool


def open_windows(conn: sa.Connection, items: Sequence[Sequence[Window]]) -> list[None]:
    """Let the tokens of some webhooks be used from now on; a used one stays used. A token that was pruned while its
    webhook waited is there again: no bot has seen it yet."""
    raw(conn).executemany(OPEN, itertools.chain.from_iterable(items))
    return [None] * len(items)
