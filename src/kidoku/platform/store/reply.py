"""Replies: a reply token is spent, and the messages are in its chat, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from kidoku.core.reply_token import usable
from kidoku.platform.store.account import Account, account
from kidoku.platform.store.change import Change, Env
from kidoku.platform.store.chats import Chat, chat_by_id
from kidoku.platform.store.joined_groups import joined_group, member_count
from kidoku.platform.store.quota import count_sent
from kidoku.platform.store.reach import reachable
from kidoku.platform.store.schema import reply_tokens
from kidoku.platform.store.send import send_account_messages
from kidoku.platform.store.sent import sent_messages
from kidoku.storage.refused import Refused
from kidoku.wire.answers import SentMessage


def send_reply(
    conn: sa.Connection,
    channel_id: int,
    token: str,
    bodies: Sequence[Mapping[str, Any]],
    window_ms: int,
    env: Env,
) -> Change[list[SentMessage]]:
    """Spend the token and put `bodies` into its chat. Raises Refused for a token that can't be used.

    Policies: replies are free but counted; a user who has blocked the account meanwhile gets nothing, and a group
    that it has left neither, though the token is spent.
    """
    of = account(conn, channel_id)
    chat = spend(conn, channel_id, token, window_ms, env.now)
    number = recipients(conn, of, chat, env.now)
    change: Change[list[SentMessage]] = Change([])
    if number == 0:
        ids = [env.mint.serial(env.now) for _ in bodies]
    else:
        ids = change.carry(send_account_messages(conn, of, chat, bodies, "reply", env))
    count_sent(conn, channel_id, "reply", number, env.now)
    change.value = sent_messages(of, chat.chat_id, ids, bodies, env)
    return change


def spend(conn: sa.Connection, channel_id: int, token: str, window_ms: int, now: int) -> Chat:
    """Use a reply token up; its chat. Raises Refused, with the cause for the developer."""
    mine = (reply_tokens.c.channel_id == channel_id, reply_tokens.c.token == token)
    row = conn.execute(sa.select(reply_tokens).where(*mine)).first()
    chat = None if row is None else chat_by_id(conn, channel_id, row.chat_id)
    if row is None or chat is None:
        raise Refused("invalid_reply_token", "No webhook of this channel carried this reply token.")
    if row.used_at is not None:
        raise Refused("invalid_reply_token", f"The reply token was used {_ago(now - row.used_at)}.")
    if not usable(row.event_at, row.sent_at, row.used_at, now, row.redelivered, window_ms):
        raise Refused("invalid_reply_token", _too_late(now - row.sent_at, now - row.event_at, window_ms))
    spent = sa.update(reply_tokens).where(*mine, reply_tokens.c.used_at.is_(None)).values(used_at=now)
    if conn.execute(spent).rowcount != 1:
        raise Refused("invalid_reply_token", "The reply token was used just now.")
    return chat


def recipients(conn: sa.Connection, of: Account, chat: Chat, now: int) -> int:
    """How many people a message in this chat reaches."""
    if chat.peer_kind == "user":
        return len(reachable(conn, of.channel_id, [chat.peer_id], now))
    group = joined_group(conn, of.channel_id, chat.peer_id)
    return 0 if group is None else member_count(conn, group)


def _too_late(since_sent_ms: int, since_event_ms: int, window_ms: int) -> str:
    if since_sent_ms > window_ms:
        return f"The token was good for {window_ms // 1000} s; its webhook left {_ago(since_sent_ms)}."
    return f"The event is {since_event_ms // 60_000} minutes old; redelivered tokens end after 20."


def _ago(ms: int) -> str:
    return f"{ms / 1000:.1f} s ago"
