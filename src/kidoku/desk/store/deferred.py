"""Occasions that came before the bot's answer. What they make due depends on whether the bot takes the message, so they
are kept with both outcomes, by the policies of their time, until that is known.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import and_, bindparam, delete, insert, literal, select, tuple_

from kidoku.core.read_policy import Occasion, due_after
from kidoku.desk.store.channels import Channel
from kidoku.desk.store.deferred_schema import deferred
from kidoku.desk.store.place import Place
from kidoku.desk.store.schema import chats, messages
from kidoku.storage.prepared import Prepared

if TYPE_CHECKING:
    import sqlalchemy as sa


def defer(
    conn: sa.Connection,
    channel: Channel,
    chat_id: int,
    occasion: Occasion,
    by: str,
    now: int,
    message_key: str | None = None,
) -> None:
    """Note an occasion for all of a chat's unread messages that wait for the bot's answer, or for one of them."""
    policy = channel.settings.read_policy
    outcomes = [due_after(policy, occasion), due_after(policy, occasion, bot_handled=True)]
    due_at = [None if delay is None else now + round(delay * 1_000) for delay in outcomes]
    noted = [literal(value) for value in (occasion.value, by, now)]
    waiting = (
        select(messages.c.chat_id, messages.c.message_key, *noted, *(known(one) for one in due_at))
        .join(chats, chats.c.chat_id == messages.c.chat_id)
        .where(messages.c.chat_id == chat_id, messages.c.direction == "in", messages.c.bot_handled.is_(None))
        .where(
            tuple_(messages.c.at, messages.c.place) > tuple_(chats.c.read_at, chats.c.read_place)
            if message_key is None
            else messages.c.message_key == message_key
        )
    )
    conn.execute(
        insert(deferred).prefix_with("OR IGNORE", dialect="sqlite").from_select(list(deferred.c), waiting)
    )


def known(value: int | None) -> Any:
    return literal(value, type_=deferred.c.at.type)


def is_deferred(conn: sa.Connection, chat_id: int, occasion: Occasion) -> bool:
    """Whether an occasion may make something due in a chat yet."""
    wanted = (deferred.c.chat_id == chat_id, deferred.c.occasion == occasion.value)
    return conn.execute(select(deferred.c.at).where(*wanted).limit(1)).first() is not None


class Decided(NamedTuple):
    """An occasion for a message of which it is known now who handles it, and what it makes due. Times in ms."""

    occasion: Occasion
    by: str
    at: int
    due_at: int
    up_to: Place
    token: str | None


ANY = Prepared(select(deferred.c.at).where(deferred.c.chat_id == bindparam("chat")).limit(1))
"""Prepared, as all that every webhook for a bot runs."""


def decide(conn: sa.Connection, chat_id: int, keys: Sequence[str], *, bot_handled: bool) -> list[Decided]:
    """What was noted for messages and is due now that it is known who handles them; it is noted no more."""
    if ANY(conn, chat=chat_id).fetchone() is None:
        return []
    mine = and_(deferred.c.chat_id == chat_id, deferred.c.message_key.in_(keys))
    due_at = deferred.c.bot_due_at if bot_handled else deferred.c.people_due_at
    wanted = (
        select(
            *(deferred.c.occasion, deferred.c.by, deferred.c.at, due_at),
            *(messages.c.at, messages.c.place, messages.c.token),
        )
        .join(
            messages,
            and_(
                messages.c.chat_id == deferred.c.chat_id,
                messages.c.message_key == deferred.c.message_key,
            ),
        )
        .where(mine, due_at.is_not(None))
    )
    found = [
        Decided(Occasion(occasion), by, at, due, Place(message_at, place), token)
        for occasion, by, at, due, message_at, place, token in conn.execute(wanted)
    ]
    conn.execute(delete(deferred).where(mine))
    return found


def forget(conn: sa.Connection, chat_id: int, by: str, occasions: Sequence[Occasion]) -> bool:
    """Let occasions that somebody caused in a chat make nothing due any more; whether there was one."""
    names = [occasion.value for occasion in occasions]
    mine = (deferred.c.chat_id == chat_id, deferred.c.occasion.in_(names), deferred.c.by == by)
    return conn.execute(delete(deferred).where(*mine)).rowcount > 0
