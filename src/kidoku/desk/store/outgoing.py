"""The messages of answers in the conversation, and whether a user still waits for one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import func, insert, select, update

from kidoku.desk.store.inbound import content
from kidoku.desk.store.place import LARGEST, Place
from kidoku.desk.store.schema import chats, messages

if TYPE_CHECKING:
    import sqlalchemy as sa

Json = Mapping[str, Any]

MOST = 5
"""Messages in one call (LINE: reference, "Send reply message")."""


def out_key(reply_id: int, number: int) -> str:
    """What we call an answer's message; LINE's ID comes only when it was sent."""
    return f"out:{reply_id}:{number}"


def add_outgoing(
    conn: sa.Connection, chat_id: int, reply_id: int, contents: Sequence[Json], by: str, now: int
) -> None:
    """Put an answer's messages at the end of the conversation; nobody waits any more."""
    place = after_newest(conn, chat_id, now)
    for number, message in enumerate(contents):
        columns = content(message)
        alt_text = message.get("altText")
        if columns["text"] is None and isinstance(alt_text, str):
            columns["text"] = alt_text
        row = {
            "chat_id": chat_id,
            "message_key": out_key(reply_id, number),
            "at": place.at,
            "place": place.place + number,
            "sender_id": by,
            "reply_id": reply_id,
            **columns,
        }
        conn.execute(insert(messages).values(direction="out", **row))
    newest = {"last_at": place.at, "last_message_key": out_key(reply_id, len(contents) - 1)}
    conn.execute(update(chats).where(chats.c.chat_id == chat_id).values(waiting_since=None, **newest))


def after_newest(conn: sa.Connection, chat_id: int, now: int) -> Place:
    """Now, but after everything that the chat holds: LINE's clock and ours are two."""
    newest = conn.execute(
        select(messages.c.at, messages.c.place)
        .where(messages.c.chat_id == chat_id)
        .order_by(messages.c.at.desc(), messages.c.place.desc())
        .limit(1)
    ).first()
    if newest is None or newest.at < now:
        return Place(now, 0)
    if newest.place < LARGEST - MOST:
        return Place(newest.at, newest.place + 1)
    return Place(newest.at + 1, 0)


class SentMessage(NamedTuple):
    """What LINE calls a message that it has sent, and the token to quote it."""

    message_id: str
    quote_token: str | None


def settle_outgoing(
    conn: sa.Connection, chat_id: int, reply_id: int, at: int, sent: Sequence[SentMessage]
) -> None:
    """Note what LINE calls the messages, and let them stand where they do on the user's phone: after what came while
    the answer waited. `at` is when they were sent, in ms.
    """
    mine = (messages.c.chat_id == chat_id, messages.c.reply_id == reply_id)
    for number, one in enumerate(sent):
        told = {"line_message_id": one.message_id, "quote_token": one.quote_token}
        is_it = messages.c.message_key == out_key(reply_id, number)
        conn.execute(update(messages).where(*mine, is_it).values(**told))
    last = select(func.max(messages.c.message_key)).where(*mine).scalar_subquery()
    earlier = (chats.c.chat_id == chat_id, chats.c.last_at < at)
    conn.execute(update(chats).where(*earlier).values(last_at=at, last_message_key=last))
    conn.execute(update(messages).where(*mine, messages.c.at < at).values(at=at))
