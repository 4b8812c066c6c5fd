"""Chats: one Official Account and one user, group or room."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import sqlalchemy as sa
from msgspec import Struct

from kidoku.platform.store.schema import chats, watermarks
from kidoku.storage.insert import insert_rows
from kidoku.storage.sqlite import raw

PeerKind = Literal["user", "group", "room"]


class Chat(Struct, frozen=True, array_like=True, gc=False):
    """As an array it has the order of `COLUMNS`."""

    channel_id: int
    chat_id: int
    peer_kind: PeerKind
    peer_id: str
    last_seq: int
    read_seq: int
    seen_seq: int
    label: str
    user_seen_id: int
    last_message_id: int | None
    last_message_at: int | None
    advance_id: int | None


COLUMNS = (
    chats.c.channel_id,
    chats.c.chat_id,
    chats.c.peer_kind,
    chats.c.peer_id,
    watermarks.c.last_seq,
    watermarks.c.read_seq,
    chats.c.seen_seq,
    chats.c.label,
    chats.c.user_seen_id,
    chats.c.last_message_id,
    chats.c.last_message_at,
    watermarks.c.advance_id,
)
ITS_WATERMARK = (watermarks.c.channel_id == chats.c.channel_id) & (watermarks.c.chat_id == chats.c.chat_id)
WHOLE = chats.join(watermarks, ITS_WATERMARK)
"""What `COLUMNS` are selected from."""


BY_PEER = f"""
SELECT {", ".join(map(str, COLUMNS))} FROM {WHOLE} WHERE chats.channel_id = ? AND chats.peer_id = ?
"""  # noqa: S608 - our own column names
"""By hand: it is part of every message's transaction."""


def find_chat(conn: sa.Connection, channel_id: int, peer_id: str) -> Chat | None:
    row = raw(conn).execute(BY_PEER, (channel_id, peer_id)).fetchone()
    return None if row is None else Chat(*row)


def chat_by_id(conn: sa.Connection, channel_id: int, chat_id: int) -> Chat | None:
    row: Any = conn.execute(
        sa.select(*COLUMNS)
        .select_from(WHOLE)
        .where(chats.c.channel_id == channel_id, chats.c.chat_id == chat_id)
    ).first()
    return None if row is None else Chat(*row)


def ensure_chat(conn: sa.Connection, channel_id: int, peer_kind: PeerKind, peer_id: str, now: int) -> Chat:
    """The chat with this peer, made on first contact."""
    found = find_chat(conn, channel_id, peer_id)
    if found is not None:
        return found
    return new_chats(conn, channel_id, peer_kind, [peer_id], now)[0]


def ensure_user_chats(conn: sa.Connection, channel_id: int, user_ids: Sequence[str], now: int) -> list[Chat]:
    """The chats with several users, in no order; those that are missing are made at once."""
    rows: Any = conn.execute(
        sa.select(*COLUMNS)
        .select_from(WHOLE)
        .where(chats.c.channel_id == channel_id, chats.c.peer_id.in_(user_ids))
    )
    found = [Chat(*row) for row in rows]
    known = {one.peer_id for one in found}
    missing = [one for one in user_ids if one not in known]
    return found + new_chats(conn, channel_id, "user", missing, now)


def new_chats(
    conn: sa.Connection, channel_id: int, peer_kind: PeerKind, peer_ids: Sequence[str], now: int
) -> list[Chat]:
    if not peer_ids:
        return []
    made: Any = conn.execute(
        sa.insert(chats).returning(chats.c.chat_id, chats.c.peer_id),
        [
            {"channel_id": channel_id, "peer_kind": peer_kind, "peer_id": peer_id, "created_at": now}
            for peer_id in peer_ids
        ],
    ).all()
    insert_rows(
        raw(conn), "watermarks", ("chat_id", "channel_id"), [(chat_id, channel_id) for chat_id, _ in made]
    )
    return [
        Chat(channel_id, chat_id, peer_kind, peer_id, 0, 0, 0, "inbox", 0, None, None, None)
        for chat_id, peer_id in made
    ]
