"""Writing webhook events to the outbox, in the transaction of what caused them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa

from kidoku.platform.store.account import Account
from kidoku.platform.store.change import Env, Queued
from kidoku.platform.store.chats import Chat
from kidoku.storage.insert import insert_rows
from kidoku.storage.sqlite import raw
from kidoku.wire import events as wire

encode = msgspec.json.Encoder().encode

DELIVERY = (
    "channel_id",
    "delivery_id",
    "chat_id",
    "body",
    "state",
    "attempts",
    "due_at",
    "created_at",
)
REPLY_TOKEN = ("channel_id", "token", "chat_id", "event_at", "sent_at", "redelivered")


class Prepared(NamedTuple):
    """A delivery that is not written yet, with the reply tokens in it."""

    queued: Queued
    reply_tokens: list[str]


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
        reply_token=env.mint.reply_token(env.now) if kind in wire.REPLYABLE else None,
    )


def emit(
    conn: sa.Connection, account: Account, chat: Chat | None, events: Sequence[wire.Json], env: Env
) -> list[Queued]:
    """Queue one delivery with these events, in order; none when the account isn't listening."""
    if not listening(account) or not events:
        return []
    prepared = prepare(account, chat, events, env)
    write_prepared(raw(conn), [prepared], env.now)
    return [prepared.queued]


def prepare(account: Account, chat: Chat | None, events: Sequence[wire.Json], env: Env) -> Prepared:
    """One delivery with these events, in order, for `write_prepared`, of an account that is listening.

    Policies: an event that occurs while Use webhook is off is never sent later; order is kept per chat; a reply
    token exists from here on and can be used only in this chat.
    """
    queued = Queued(
        channel_id=account.channel_id,
        delivery_id=env.mint.serial(env.now),
        chat_id=None if chat is None else chat.chat_id,
        body=encode({"destination": account.account_id, "events": events}),
        attempts=0,
        due_at=env.now,
    )
    return Prepared(queued, [one["replyToken"] for one in events if "replyToken" in one])


def write_prepared(driver: sqlite3.Connection, prepared: Iterable[Prepared], now: int) -> None:
    """Write deliveries and their reply tokens, one statement for all of each."""
    deliveries: list[tuple[Any, ...]] = []
    tokens: list[tuple[Any, ...]] = []
    for queued, found in prepared:
        channel_id, delivery_id, chat_id, body = queued[:4]
        deliveries.append((channel_id, delivery_id, chat_id, body, "pending", 0, queued.due_at, now))
        if queued.chat_id is not None:
            tokens += [
                (queued.channel_id, token, queued.chat_id, queued.due_at, now, False) for token in found
            ]
    insert_rows(driver, "deliveries", DELIVERY, deliveries)
    insert_rows(driver, "reply_tokens", REPLY_TOKEN, tokens)
