"""A user takes a message back: it disappears from every screen, its content is gone, the watermark stays."""

from __future__ import annotations

import msgspec
import sqlalchemy as sa

from kidoku.platform.store.account import Account
from kidoku.platform.store.change import Change, Env
from kidoku.platform.store.live import chat_event
from kidoku.platform.store.outbox import emit, make_event
from kidoku.platform.store.phone_chat import OwnMessage, own_message
from kidoku.platform.store.schema import contents, messages
from kidoku.storage.refused import Refused

encode = msgspec.json.Encoder().encode


def unsend(
    conn: sa.Connection, user_id: str, to: Account | str, message_id: int, env: Env
) -> Change[list[str]]:
    """Unsend a user's own message; the digests of the bytes that were its content. Raises Missing, Refused.

    - Only within the unsend window (LINE: a limited time; how long is a setting).
    - `seq` and watermark stay as they are; read tokens of the message go on working [our decision].
    - Once more changes nothing.
    """
    found = own_message(conn, user_id, to, message_id)
    change: Change[list[str]] = Change([])
    if found.unsent_at is not None:
        return change
    if env.now - found.at > env.unsend_window_ms:
        raise Refused(
            "too_late_to_unsend",
            f"A message can be unsent for {env.unsend_window_ms // 1000} seconds, and they are over.",
            "The window is the setting unsend_window_ms.",
        )
    hide(conn, found, env.now)
    change.value = forget_content(conn, found.of.channel_id, message_id)
    if found.place.reaches:
        payload = {"unsend": {"messageId": str(message_id)}}
        event = make_event("unsend", payload, found.chat, env, user_id=user_id)
        change.deliveries += emit(conn, found.of, found.chat, [event], env)
    data = {"messageId": str(message_id), "author": {"kind": "user", "id": user_id}}
    chat = found.chat
    change.events.append(
        chat_event("unsend", found.of.account_id, chat.peer_kind, chat.peer_id, env.now, data)
    )
    return change


def hide(conn: sa.Connection, found: OwnMessage, now: int) -> None:
    """Forget what the message said: only its type is kept."""
    conn.execute(
        sa.update(messages)
        .where(
            messages.c.channel_id == found.chat.channel_id,
            messages.c.chat_id == found.chat.chat_id,
            messages.c.message_id == found.message_id,
        )
        .values(unsent_at=now, body=encode({"type": found.type}))
    )


def forget_content(conn: sa.Connection, channel_id: int, message_id: int) -> list[str]:
    """Let the content answer 410 from now on; the digests that it had."""
    scope = (contents.c.channel_id == channel_id, contents.c.message_id == message_id)
    row = conn.execute(sa.select(contents.c.digest, contents.c.preview_digest).where(*scope)).first()
    if row is None:
        return []
    conn.execute(sa.update(contents).where(*scope).values(gone=True))
    return [digest for digest in row if digest is not None]


def is_referenced(conn: sa.Connection, digest: str) -> bool:
    """Whether any message still has these bytes as its content or preview."""
    used = sa.or_(contents.c.digest == digest, contents.c.preview_digest == digest)
    return (
        conn.execute(sa.select(contents.c.message_id).where(used, ~contents.c.gone).limit(1)).first()
        is not None
    )
