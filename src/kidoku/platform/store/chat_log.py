"""The messages of a chat, a page at a time, newest page first and oldest message first in a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec
import sqlalchemy as sa

from kidoku.core.seal import Seal
from kidoku.platform.store.chats import Chat
from kidoku.platform.store.quotes import FROM, SENDER, quoted_id, quoted_messages
from kidoku.platform.store.schema import accounts, messages

decode = msgspec.json.Decoder(dict[str, Any]).decode


@dataclass(frozen=True, slots=True)
class Logged:
    """A message as it is kept. `sender` is `kind` (user or account), `id` and `displayName`; times in ms."""

    message_id: int
    seq: int | None
    sender: dict[str, Any]
    via: str
    type: str
    body: dict[str, Any]
    at: int
    edited_at: int | None = None
    unsent_at: int | None = None
    quoted: dict[str, Any] | None = None


LOGGED = sa.select(
    messages.c.message_id,
    messages.c.seq,
    messages.c.sender_id,
    messages.c.via,
    messages.c.type,
    messages.c.body,
    messages.c.at,
    messages.c.edited_at,
    messages.c.unsent_at,
    accounts.c.account_id,
    SENDER,
).select_from(FROM)


def chat_log(
    conn: sa.Connection, chat: Chat, seal: Seal, limit: int, *, before: int | None = None, after: int = 0
) -> tuple[list[Logged], bool]:
    """The newest messages before the ID `before`, none up to the ID `after`; whether there are older ones."""
    scope = (messages.c.channel_id == chat.channel_id, messages.c.chat_id == chat.chat_id)
    found = LOGGED.where(*scope, messages.c.message_id > after)
    if before is not None:
        found = found.where(messages.c.message_id < before)
    rows: Any = conn.execute(found.order_by(messages.c.message_id.desc()).limit(limit + 1)).all()
    page = list(reversed(rows[:limit]))
    bodies = [decode(row.body) for row in page]
    quoted = [quoted_id(seal, chat.channel_id, chat.chat_id, body) for body in bodies]
    shown = quoted_messages(
        conn, chat.channel_id, chat.chat_id, sorted({one for one in quoted if one is not None})
    )
    logged = [
        to_logged(row, body, None if one is None else shown.get(one))
        for row, body, one in zip(page, bodies, quoted, strict=True)
    ]
    return logged, len(rows) > limit


def to_logged(row: Any, body: dict[str, Any], quoted: dict[str, Any] | None = None) -> Logged:
    kind, sender_id = ("account", row.account_id) if row.sender_id is None else ("user", row.sender_id)
    sender = {"kind": kind, "id": sender_id, "displayName": row.sender_name}
    return Logged(
        row.message_id, row.seq, sender, row.via, row.type, body, row.at, row.edited_at, row.unsent_at, quoted
    )


def last_messages(conn: sa.Connection, chats: list[Chat]) -> dict[tuple[int, int], Logged]:
    """The newest message of each chat, by channel and chat ID."""
    wanted = {one.last_message_id for one in chats if one.last_message_id is not None}
    found: dict[tuple[int, int], Logged] = {}
    ids = sorted(wanted)
    for start in range(0, len(ids), 500):
        rows: Any = conn.execute(
            LOGGED.add_columns(messages.c.channel_id, messages.c.chat_id).where(
                messages.c.message_id.in_(ids[start : start + 500])
            )
        )
        for row in rows:
            found[row.channel_id, row.chat_id] = to_logged(row, decode(row.body))
    return found
