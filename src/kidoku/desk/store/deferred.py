"""Occasions that came before the bot's answer. What they make due depends on whether the bot takes the message, so they
are kept with both outcomes, by the policies of their time, until that is known.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import and_, bindparam, case, delete, func, literal, or_, select, update
from sqlalchemy.dialects.sqlite import insert

from kidoku.core.read_policy import Occasion, due_after
from kidoku.desk.store.channels import Channel
from kidoku.desk.store.deferred_schema import deferred
from kidoku.desk.store.marks import UNREAD
from kidoku.desk.store.place import Place
from kidoku.desk.store.schema import chats, messages
from kidoku.storage.prepared import Prepared

if TYPE_CHECKING:
    import sqlalchemy as sa


OF_MESSAGE = and_(messages.c.chat_id == deferred.c.chat_id, messages.c.message_key == deferred.c.message_key)


def defer(
    conn: sa.Connection,
    channel: Channel,
    chat_id: int,
    occasion: Occasion,
    by: str,
    now: int,
    message_key: str | None = None,
) -> None:
    """Note an occasion for all of a chat's unread messages that wait for the bot's answer, or for one of them. Of the
    same by the same person, by other policies, what is due first counts.
    """
    policy = channel.settings.read_policy
    outcomes = [due_after(policy, occasion), due_after(policy, occasion, bot_handled=True)]
    due_at = [None if delay is None else now + round(delay * 1_000) for delay in outcomes]
    noted = [literal(value) for value in (occasion.value, by, now)]
    waiting = (
        select(messages.c.chat_id, messages.c.message_key, *noted, *(known(one) for one in due_at))
        .join(chats, chats.c.chat_id == messages.c.chat_id)
        .where(messages.c.chat_id == chat_id, messages.c.direction == "in", messages.c.bot_handled.is_(None))
        .where(UNREAD if message_key is None else messages.c.message_key == message_key)
    )
    noting = insert(deferred).from_select(list(deferred.c), waiting)
    sooner = {name: earlier(deferred.c[name], noting.excluded[name]) for name in OUTCOMES}
    conn.execute(noting.on_conflict_do_update(index_elements=list(deferred.primary_key), set_=sooner))


OUTCOMES = ("people_due_at", "bot_due_at")


def earlier(one: Any, other: Any) -> Any:
    """The earlier of two times, either of which may be missing."""
    return func.coalesce(func.min(one, other), one, other)


def known(value: int | None) -> Any:
    return literal(value, type_=deferred.c.at.type)


def is_deferred(conn: sa.Connection, chat_id: int, occasion: Occasion) -> bool:
    """Whether an occasion may make something due in a chat yet."""
    wanted = (
        select(deferred.c.at)
        .join(messages, OF_MESSAGE)
        .join(chats, chats.c.chat_id == deferred.c.chat_id)
        .where(deferred.c.chat_id == chat_id, deferred.c.occasion == occasion.value, UNREAD)
    )
    return conn.execute(wanted.limit(1)).first() is not None


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


def has_deferred(conn: sa.Connection, chat_id: int) -> bool:
    """Whether anything in a chat waits for the bot's answer."""
    return ANY(conn, chat=chat_id).fetchone() is not None


def decide(conn: sa.Connection, chat_id: int, keys: Sequence[str], *, bot_handled: bool) -> list[Decided]:
    """What was noted for messages and is due now that it is known who handles them; it is noted no more."""
    mine = and_(deferred.c.chat_id == chat_id, deferred.c.message_key.in_(keys))
    due_at = deferred.c.bot_due_at if bot_handled else deferred.c.people_due_at
    wanted = (
        select(
            *(deferred.c.occasion, deferred.c.by, deferred.c.at, due_at),
            *(messages.c.at, messages.c.place, messages.c.token),
        )
        .join(messages, OF_MESSAGE)
        .where(mine, due_at.is_not(None))
    )
    found = [
        Decided(Occasion(occasion), by, at, due, Place(message_at, place), token)
        for occasion, by, at, due, message_at, place, token in conn.execute(wanted)
    ]
    conn.execute(delete(deferred).where(mine))
    return found


def forget(conn: sa.Connection, chat_id: int, by: str, occasions: Sequence[Occasion], now: int) -> bool:
    """Let occasions that somebody caused in a chat make nothing due later than now; whether one would have."""
    names = [occasion.value for occasion in occasions]
    mine = (deferred.c.chat_id == chat_id, deferred.c.occasion.in_(names), deferred.c.by == by)
    later = or_(*(deferred.c[name] > now for name in OUTCOMES))
    over = {name: case((deferred.c[name] <= now, deferred.c[name])) for name in OUTCOMES}
    return conn.execute(update(deferred).where(*mine, later).values(over)).rowcount > 0
