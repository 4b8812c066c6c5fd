"""Answers to users: asked for once, after their mark, in order. How they are sent is in `reply_sending`.

An answer waits for its mark, is sent by whoever holds its lease, and ends sent or failed. All of that stands in rows,
so that nothing depends on a process that lives.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
from sqlalchemy import insert, select, update

from kidoku.core.read_policy import Occasion
from kidoku.desk.store.change import Change, Event
from kidoku.desk.store.channels import Channel
from kidoku.desk.store.chat_event import chat_changed
from kidoku.desk.store.deferred import is_deferred
from kidoku.desk.store.due_marks import ask_due
from kidoku.desk.store.marks import Mark
from kidoku.desk.store.outgoing import MOST, Json, add_outgoing, out_key
from kidoku.desk.store.schema import chats, replies
from kidoku.storage.refused import Invalid, Missing

if TYPE_CHECKING:
    import sqlalchemy as sa

encode = msgspec.json.Encoder().encode
decode = msgspec.json.Decoder(list[dict[str, Any]]).decode


class Reply(NamedTuple):
    """An answer: one call's messages to one chat. Times in ms."""

    reply_id: int
    chat_id: int
    channel_id: int
    by: str
    body: str
    created_at: int
    state: str
    way: str | None
    reply_token: str | None
    token_until: int | None
    retry_key: str
    pushed_at: int | None
    doubtful: bool
    mark_id: int | None
    wait_until: int
    attempts: int
    next_at: int
    lease_owner: str | None
    lease_until: int | None
    sent_at: int | None
    status: int | None
    request_id: str | None
    problem: str | None
    advice: str | None
    peer_id: str
    """Whom a push goes to."""

    @property
    def contents(self) -> list[dict[str, Any]]:
        return decode(self.body)

    @property
    def message_keys(self) -> list[str]:
        return [out_key(self.reply_id, number) for number in range(len(self.contents))]


COLUMNS = [
    *(replies.c[name] for name in Reply._fields if name != "peer_id"),
    select(chats.c.peer_id).where(chats.c.chat_id == replies.c.chat_id).scalar_subquery(),
]


def ask_reply(
    conn: sa.Connection,
    channel: Channel,
    chat_id: int,
    contents: Sequence[Json],
    by: str,
    retry_key: str,
    now: int,
    wait_ms: int,
) -> Change[Reply]:
    """Queue an answer of one to five LINE message objects, and ask for the mark that has to come before it.

    `retry_key`: a UUID; asked again with the same one, this gives the answer that it made. `wait_ms`: how long the
    answer waits for its mark at most. Raises Missing, Invalid.
    """
    require_sendable(contents)
    require_chat(conn, channel, chat_id)
    mine = (replies.c.chat_id == chat_id, replies.c.retry_key == retry_key)
    known = conn.execute(select(*COLUMNS).where(*mine)).one_or_none()
    if known is not None:
        return Change(Reply._make(known))
    left: list[Event] = []
    row: dict[str, Any] = {
        "chat_id": chat_id,
        "channel_id": channel.channel_id,
        "by": by,
        "body": encode(contents).decode(),
        "created_at": now,
        "retry_key": retry_key,
        **mark_before(conn, channel, chat_id, by, now, wait_ms, left),
    }
    made = conn.execute(insert(replies).values(state="queued", **row)).inserted_primary_key
    assert made is not None
    add_outgoing(conn, chat_id, made[0], contents, by, now)
    return told(conn, made[0], left)


def require_sendable(contents: Sequence[Json]) -> None:
    """What has to hold whatever the type of a message; LINE checks the rest. Raises Invalid."""
    if not 1 <= len(contents) <= MOST:
        raise Invalid("wrong_number_of_messages", f"An answer has one to {MOST} messages.")
    if not all(isinstance(one, Mapping) and isinstance(one.get("type"), str) for one in contents):
        raise Invalid("no_message_object", "A message is an object with a `type`, as in LINE's reference.")


def require_chat(conn: sa.Connection, channel: Channel, chat_id: int) -> None:
    mine = (chats.c.chat_id == chat_id, chats.c.channel_id == channel.channel_id)
    if conn.execute(select(chats.c.chat_id).where(*mine)).one_or_none() is None:
        raise Missing("no_such_chat", "There is no such chat.")


def mark_before(
    conn: sa.Connection, channel: Channel, chat_id: int, by: str, now: int, wait_ms: int, left: list[Event]
) -> dict[str, Any]:
    """Ask for what the user wrote to be marked, where the policy says so, and wait for that: no answer stands under
    an unread message (LINE, docs/partner-docs/mark-as-read).
    """
    asked = ask_due(conn, channel, chat_id, Occasion.REPLIED, by, now)
    left += asked.events
    mark_id = asked.value[-1].mark_id if asked.value else None
    waits = mark_id is not None or is_deferred(conn, chat_id, Occasion.REPLIED)
    wait_until = now + wait_ms if waits else now
    return {"mark_id": mark_id, "wait_until": wait_until, "next_at": wait_until}


def answers_wait(conn: sa.Connection, chat_id: int, asked: Sequence[Mark], now: int) -> None:
    """Let answers that waited for the bot to say whose message it is wait for the mark that this has led to, or go."""
    if is_deferred(conn, chat_id, Occasion.REPLIED):
        return
    due = [mark.mark_id for mark in asked if mark.due_at <= now]
    after = {"mark_id": due[-1]} if due else {"next_at": now}
    untried = (replies.c.state == "queued", replies.c.attempts == 0, replies.c.next_at > now)
    mine = (replies.c.chat_id == chat_id, replies.c.mark_id.is_(None), *untried)
    conn.execute(update(replies).where(*mine).values(**after))


def find_reply(conn: sa.Connection, reply_id: int) -> Reply:
    """Raises Missing."""
    row = conn.execute(select(*COLUMNS).where(replies.c.reply_id == reply_id)).one_or_none()
    if row is None:
        raise Missing("no_such_reply", "There is no such answer.")
    return Reply._make(row)


def replies_of(conn: sa.Connection, chat_id: int, limit: int = 50) -> list[Reply]:
    """The newest answers of a chat, newest first."""
    wanted = select(*COLUMNS).where(replies.c.chat_id == chat_id)
    return [Reply._make(row) for row in conn.execute(wanted.order_by(replies.c.reply_id.desc()).limit(limit))]


def set_reply(conn: sa.Connection, reply_id: int, **values: Any) -> None:
    conn.execute(update(replies).where(replies.c.reply_id == reply_id).values(**values))


UNTRIED: Mapping[str, Any] = {
    "state": "queued",
    "attempts": 0,
    "sent_at": None,
    "status": None,
    "request_id": None,
    "problem": None,
    "advice": None,
}
UNDECIDED: Mapping[str, Any] = {
    "way": None,
    "reply_token": None,
    "token_until": None,
    "pushed_at": None,
    "doubtful": False,
}


def retry_reply(
    conn: sa.Connection, channel: Channel, reply_id: int, by: str, now: int, wait_ms: int
) -> Change[Reply]:
    """Let an answer that has failed be sent again from the start, or one of which it is not certain that LINE has it.

    What was pushed keeps its retry key, so that for a day LINE itself does not send it twice; for what was sent with
    a reply token, whoever asks has looked. Raises Missing, Invalid.
    """
    reply = find_reply(conn, reply_id)
    require_chat(conn, channel, reply.chat_id)
    if reply.state != "failed" and not (reply.state == "sent" and reply.doubtful):
        raise Invalid("not_failed", f"The answer is {reply.state}, not failed.")
    left: list[Event] = []
    fresh = {**UNTRIED, **mark_before(conn, channel, reply.chat_id, by, now, wait_ms, left)}
    if not (reply.way == "push" and reply.doubtful):
        fresh |= UNDECIDED
    set_reply(conn, reply_id, **fresh)
    conn.execute(update(chats).where(chats.c.chat_id == reply.chat_id).values(waiting_since=None))
    return told(conn, reply_id, left)


def told(conn: sa.Connection, reply_id: int, left: list[Event]) -> Change[Reply]:
    """An answer as it is now, and that nobody waits in its chat any more."""
    reply = find_reply(conn, reply_id)
    return Change(reply, [*left, reply_event(reply), chat_changed(conn, reply.chat_id)])


def reply_event(reply: Reply) -> dict[str, Any]:
    """The live event of an answer's change."""
    return {
        "type": "reply",
        "channelId": reply.channel_id,
        "chatId": str(reply.chat_id),
        "replyId": str(reply.reply_id),
        "messageIds": reply.message_keys,
        "state": reply.state,
        "way": reply.way,
        "certain": not reply.doubtful,
        "by": reply.by,
        "problem": reply.problem,
        "advice": reply.advice,
    }
