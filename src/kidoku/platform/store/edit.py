"""A user edits a text message in a group (LINE: since July 2026, group chats only)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
import sqlalchemy as sa

from kidoku.platform.store.change import Change, Env
from kidoku.platform.store.live import chat_event
from kidoku.platform.store.mentions import check_mentions
from kidoku.platform.store.outbox import emit, make_event
from kidoku.platform.store.phone_chat import OwnMessage, own_message
from kidoku.platform.store.schema import messages
from kidoku.storage.refused import Invalid, Refused
from kidoku.wire import events as wire

encode = msgspec.json.Encoder().encode
decode = msgspec.json.Decoder(dict[str, Any]).decode


def edit(
    conn: sa.Connection, user_id: str, group_id: str, message_id: int, body: Mapping[str, Any], env: Env
) -> Change[OwnMessage]:
    """Give a user's own message another text. `body` is the new text message, as for sending.

    `messageEdited` has the same message ID, a new quote token and reply token, and no read token (LINE reference).
    What the message quotes stays. Raises Missing, Refused.
    """
    found = own_message(conn, user_id, group_id, message_id)
    check_editable(found)
    fresh: Mapping[str, Any] = body
    if "mention" in body:
        fresh = check_mentions(conn, found.of, group_id, body)
    before = decode(found.body)
    if "quotedMessageId" in before:
        fresh = {**fresh, "quotedMessageId": before["quotedMessageId"]}
    conn.execute(
        sa.update(messages)
        .where(
            messages.c.channel_id == found.chat.channel_id,
            messages.c.chat_id == found.chat.chat_id,
            messages.c.message_id == message_id,
        )
        .values(body=encode(fresh), edited_at=env.now)
    )
    change: Change[OwnMessage] = Change(found)
    if found.place.reaches:
        change.deliveries += emit(conn, found.of, found.chat, [edited_event(found, fresh, env)], env)
    data = {
        "messageId": str(message_id),
        "author": {"kind": "user", "id": user_id, "displayName": found.place.user.display_name},
        "message": fresh,
        "sentAt": found.at,
        "editedAt": env.now,
    }
    chat = found.chat
    change.events.append(chat_event("edit", found.of.account_id, chat.peer_kind, chat.peer_id, env.now, data))
    return change


def check_editable(found: OwnMessage) -> None:
    if found.chat.peer_kind != "group":
        raise Refused("edit_only_in_groups", "Messages can be edited in groups only, as on LINE.")
    if found.type != "text":
        raise Invalid("edit_only_text", "Only text messages can be edited.")
    if found.unsent_at is not None:
        raise Refused("already_unsent", "The message has been unsent.")


def edited_event(found: OwnMessage, body: Mapping[str, Any], env: Env) -> wire.Json:
    edition = int.from_bytes(env.mint.entropy(2)) or 1
    quote_token = env.seal.quote_token(found.of.channel_id, found.chat.chat_id, found.message_id, edition)
    message = wire.message(body, found.message_id, quote_token, None)
    return make_event(
        "messageEdited", {"message": message}, found.chat, env, user_id=found.place.user.user_id
    )
