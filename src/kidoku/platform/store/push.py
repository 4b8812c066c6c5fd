"""Pushes: messages to one user, group or room, at any time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from kidoku.core import ids
from kidoku.platform.store.account import Account, account
from kidoku.platform.store.change import Change, Env
from kidoku.platform.store.chats import PeerKind, ensure_chat
from kidoku.platform.store.joined_groups import joined_group, member_count
from kidoku.platform.store.quota import charge
from kidoku.platform.store.reach import known_users, reachable
from kidoku.platform.store.retry_keys import Retry, remember, require_new
from kidoku.platform.store.send import send_account_messages
from kidoku.platform.store.sent import sent_messages
from kidoku.storage.refused import Refused
from kidoku.wire.answers import SentMessage

encode = msgspec.json.Encoder().encode


def push(
    conn: sa.Connection,
    channel_id: int,
    to: str,
    bodies: Sequence[Mapping[str, Any]],
    retry: Retry | None,
    default_limit: int | None,
    env: Env,
) -> Change[list[SentMessage]]:
    """Put `bodies` into the chat with `to`, a user, group or room ID.

    Raises AlreadyAccepted for a retry key that has done its work, Refused for a user of no chat of this provider, a
    group that the account isn't in, and a month that is used up.

    Policies: whoever can't be reached gets nothing, costs nothing, and the answer doesn't tell; a group costs as many
    messages as it has members.
    """
    require_new(conn, channel_id, retry, env.now)
    of = account(conn, channel_id)
    kind, number = destination(conn, of, to, env.now)
    charge(conn, of, "push", number, default_limit, env.now)
    change: Change[list[SentMessage]] = Change([])
    if number == 0:
        change.value = sent_messages(of, 0, [env.mint.serial(env.now) for _ in bodies], bodies, env)
    else:
        chat = ensure_chat(conn, channel_id, kind, to, env.now)
        sent = change.carry(send_account_messages(conn, of, chat, bodies, "push", env))
        change.value = sent_messages(of, chat.chat_id, sent, bodies, env)
    remember(conn, channel_id, retry, encode(change.value), env.now)
    return change


def destination(conn: sa.Connection, of: Account, to: str, now: int) -> tuple[PeerKind, int]:
    """What `to` is, and how many people a message there reaches. Raises Refused when it's nothing known."""
    if ids.is_user_id(to):
        if not known_users(conn, of.provider_id, [to]):
            raise Refused("unknown_recipient", "No user of this channel's provider has this ID.")
        return "user", len(reachable(conn, of.channel_id, [to], now))
    group = joined_group(conn, of.channel_id, to)
    if group is None:
        raise Refused("unknown_recipient", "The Official Account is in no group or room with this ID.")
    return group.kind, member_count(conn, group)
