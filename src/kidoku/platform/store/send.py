"""A message enters a chat: what a user writes, and what the Official Account sends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa

from kidoku.core.settings import MarkMeans, reads_on_arrival
from kidoku.live.bus import LiveEvent
from kidoku.platform.store.accounts import Account, account
from kidoku.platform.store.advance import advance_chat
from kidoku.platform.store.change import Change, Env
from kidoku.platform.store.chats import Chat, PeerKind, ensure_chat
from kidoku.platform.store.live import chat_event, read_event
from kidoku.platform.store.outbox import emit, make_event
from kidoku.platform.store.schema import chats, contents
from kidoku.storage.sqlite import raw
from kidoku.wire import events as wire

encode = msgspec.json.Encoder().encode


class Sent(NamedTuple):
    """A user's message as it was stored; `timestamp` in ms."""

    message_id: int
    seq: int
    timestamp: int
    chat: Chat


@dataclass(frozen=True, slots=True)
class Content:
    """Bytes that a user sent, already in the media folder under their SHA-256 digest."""

    digest: str
    media_type: str
    size: int
    file_name: str | None = None
    preview_digest: str | None = None
    ready_at: int = 0


NEXT_SEQ = """
UPDATE chats SET last_seq = last_seq + 1, last_message_id = ?, last_message_at = ?,
  label = CASE label WHEN 'resolved' THEN 'inbox' ELSE label END
WHERE channel_id = ? AND chat_id = ? RETURNING last_seq
"""

INSERT = """
INSERT INTO messages (channel_id, chat_id, message_id, seq, sender_id, via, type, body, at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


def send_user_message(
    conn: sa.Connection,
    channel_id: int,
    peer_kind: PeerKind,
    peer_id: str,
    user_id: str,
    body: Mapping[str, Any],
    env: Env,
    *,
    content: Content | None = None,
) -> Change[Sent]:
    """Store what a user wrote, its webhook, and, in the mode that reads on arrival, that it is Read.

    `body` is the message object without ID and tokens: `type` first, then what the type holds, in LINE's order.
    `peer_id` is the user for a one-to-one chat, else the group or room.
    """
    of = account(conn, channel_id)
    chat = ensure_chat(conn, channel_id, peer_kind, peer_id, env.now)
    message_id = env.mint.serial(env.now)
    driver = raw(conn)
    seq = driver.execute(NEXT_SEQ, (message_id, env.now, channel_id, chat.chat_id)).fetchone()[0]
    driver.execute(
        INSERT,
        (channel_id, chat.chat_id, message_id, seq, user_id, "phone", body["type"], encode(body), env.now),
    )
    if content is not None:
        keep_content(conn, channel_id, message_id, content)
    change: Change[Sent] = Change(Sent(message_id, seq, env.now, chat))
    change.events.append(message_event(of, chat, message_id, seq, user_id, "phone", body, env.now))
    if reads_on_arrival(of.mode):
        moved = advance_chat(conn, channel_id, chat.chat_id, seq, MarkMeans.ARRIVAL, env.now)
        if moved is not None:
            change.events.append(read_event(of.account_id, moved, MarkMeans.ARRIVAL, env.now))
    change.deliveries += emit(
        conn, of, chat, [inbound_event(of, chat, message_id, seq, user_id, body, env)], env
    )
    return change


def inbound_event(
    of: Account, chat: Chat, message_id: int, seq: int, user_id: str, body: Mapping[str, Any], env: Env
) -> wire.Json:
    """The `message` webhook event of a user's message."""
    carries_token = env.token_when_chat_off or of.settings.chat
    message = wire.message(
        body,
        message_id,
        env.seal.quote_token(of.channel_id, chat.chat_id, message_id)
        if body["type"] in wire.QUOTABLE
        else None,
        env.seal.read_token(of.channel_id, chat.chat_id, seq) if carries_token else None,
    )
    return make_event("message", {"message": message}, chat, env, user_id=user_id)


def keep_content(conn: sa.Connection, channel_id: int, message_id: int, content: Content) -> None:
    conn.execute(
        sa.insert(contents).values(
            channel_id=channel_id,
            message_id=message_id,
            digest=content.digest,
            preview_digest=content.preview_digest,
            media_type=content.media_type,
            file_name=content.file_name,
            size=content.size,
            ready_at=content.ready_at,
            gone=False,
        )
    )


def send_account_messages(
    conn: sa.Connection, of: Account, chat: Chat, bodies: Sequence[Mapping[str, Any]], via: str, env: Env
) -> Change[list[int]]:
    """Put messages of the Official Account into a chat, in order; their IDs. Never marks anything (design §4.4)."""
    change: Change[list[int]] = Change([])
    driver = raw(conn)
    for body in bodies:
        message_id = env.mint.serial(env.now)
        driver.execute(
            INSERT,
            (of.channel_id, chat.chat_id, message_id, None, None, via, body["type"], encode(body), env.now),
        )
        change.value.append(message_id)
        change.events.append(message_event(of, chat, message_id, None, None, via, body, env.now))
    if change.value:
        conn.execute(
            sa.update(chats)
            .where(chats.c.channel_id == of.channel_id, chats.c.chat_id == chat.chat_id)
            .values(last_message_id=change.value[-1], last_message_at=env.now)
        )
    return change


def message_event(
    of: Account,
    chat: Chat,
    message_id: int,
    seq: int | None,
    sender_id: str | None,
    via: str,
    body: Mapping[str, Any],
    now: int,
) -> LiveEvent:
    """A live event of a new message. `body` is the stored object; views are made of it at the edge."""
    data = {
        "messageId": str(message_id),
        "seq": seq,
        "from": {"kind": "account", "id": of.account_id}
        if sender_id is None
        else {"kind": "user", "id": sender_id},
        "via": via,
        "message": body,
    }
    return chat_event("message", of.account_id, chat.peer_kind, chat.peer_id, now, data)
