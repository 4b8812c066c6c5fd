"""Where a message stands in its chat."""

from __future__ import annotations

from typing import Any, NamedTuple

import sqlalchemy as sa

from kidoku.platform.store.chats import ITS_WATERMARK
from kidoku.platform.store.schema import chats, messages, watermarks
from kidoku.storage.refused import Missing


class MessagePlace(NamedTuple):
    """`seq` is None for the account's own messages; `read_seq` is the chat's watermark."""

    peer_kind: str
    peer_id: str
    seq: int | None
    read_seq: int


def message_place(conn: sa.Connection, channel_id: int, message_id: int) -> MessagePlace:
    """The place of a message of this account's chats. Raises Missing."""
    here = (chats.c.channel_id == messages.c.channel_id) & (chats.c.chat_id == messages.c.chat_id)
    row: Any = conn.execute(
        sa.select(chats.c.peer_kind, chats.c.peer_id, messages.c.seq, watermarks.c.read_seq)
        .select_from(messages.join(chats, here).join(watermarks, ITS_WATERMARK))
        .where(messages.c.message_id == message_id, messages.c.channel_id == channel_id)
    ).first()
    if row is None:
        raise Missing("message_not_found", f"The account has no message {message_id}.")
    return MessagePlace(*row)
