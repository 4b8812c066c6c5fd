"""Writing webhook events to the outbox, in the transaction of what caused them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from kidoku.platform.store.accounts import Account
from kidoku.platform.store.change import Env, Queued
from kidoku.platform.store.chats import Chat
from kidoku.storage.sqlite import raw
from kidoku.wire import events as wire

encode = msgspec.json.Encoder().encode


QUEUE = """
INSERT INTO deliveries (channel_id, delivery_id, chat_id, body, reply_tokens, state, attempts, due_at, created_at)
VALUES (?, ?, ?, ?, ?, 'pending', 0, ?, ?)
"""

PROMISE = """
INSERT INTO reply_tokens (channel_id, token, chat_id, event_at, sent_at, redelivered) VALUES (?, ?, ?, ?, ?, 0)
"""


def listening(account: Account) -> bool:
    """Whether events are sent at all: Use webhook is on, a URL is set, sending isn't suspended."""
    settings = account.settings
    return settings.use_webhook and settings.webhook is not None and not settings.suspended


def make_event(
    kind: str,
    payload: Mapping[str, Any],
    chat: Chat,
    env: Env,
    *,
    user_id: str | None = None,
    at: int | None = None,
) -> wire.Json:
    """An event of one chat, with fresh event ID and, where its type allows, reply token."""
    return wire.event(
        kind,
        payload,
        event_id=env.mint.webhook_event_id(env.now),
        at=env.now if at is None else at,
        source=wire.source(chat.peer_kind, chat.peer_id, user_id),
        reply_token=env.mint.reply_token() if kind in wire.REPLYABLE else None,
    )


def emit(
    conn: sa.Connection, account: Account, chat: Chat | None, events: Sequence[wire.Json], env: Env
) -> list[Queued]:
    """Queue one delivery with these events, in order; none when the account isn't listening.

    Policies: an event that occurs while Use webhook is off is never sent later; order is kept per chat; a reply
    token exists from here on and can be used only in this chat.
    """
    if not listening(account) or not events:
        return []
    queued = Queued(
        channel_id=account.channel_id,
        delivery_id=env.mint.serial(env.now),
        chat_id=None if chat is None else chat.chat_id,
        body=encode({"destination": account.account_id, "events": list(events)}),
        attempts=0,
        due_at=env.now,
    )
    tokens = [one["replyToken"] for one in events if "replyToken" in one]
    driver = raw(conn)
    driver.execute(
        QUEUE,
        (
            queued.channel_id,
            queued.delivery_id,
            queued.chat_id,
            queued.body,
            encode(tokens).decode() if tokens else None,
            queued.due_at,
            env.now,
        ),
    )
    if chat is not None:
        for token in tokens:
            driver.execute(PROMISE, (account.channel_id, token, chat.chat_id, env.now, env.now))
    return [queued]
