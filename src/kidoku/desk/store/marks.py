"""The marks that are asked for: one that is due per chat, the newest; older ones are superseded, never sent after it.

A mark waits until it is due, is sent by whoever holds its lease, and ends confirmed, parked, superseded or undone. All
of that stands in rows, so that nothing depends on a process that lives.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import and_, bindparam, insert, or_, select, update

from kidoku.core.read_policy import Occasion
from kidoku.desk.store.change import Change, Event
from kidoku.desk.store.channels import Channel
from kidoku.desk.store.place import BEFORE_ITS_TIME, Place
from kidoku.desk.store.schema import chats, marks, messages
from kidoku.storage.refused import Invalid, Missing

if TYPE_CHECKING:
    import sqlalchemy as sa


class Mark(NamedTuple):
    """A request to mark one chat as read up to a place. Times in ms."""

    mark_id: int
    channel_id: int
    chat_id: int
    form: str
    token: str | None
    at: int
    place: int
    occasion: str
    by: str
    asked_at: int
    due_at: int
    state: str
    next_at: int
    attempts: int
    perhaps_made: bool
    lease_owner: str | None
    lease_until: int | None
    confirmed_at: int | None
    superseded_by: int | None
    status: int | None
    reason: str | None
    advice: str | None
    peer_id: str
    """Whose messages: the user's ID, for marks by user."""

    @property
    def up_to(self) -> Place:
        return Place(self.at, self.place)


COLUMNS = [
    *(marks.c[name] for name in Mark._fields if name != "peer_id"),
    select(chats.c.peer_id).where(chats.c.chat_id == marks.c.chat_id).scalar_subquery(),
]

RETURNED = f"""RETURNING {", ".join(name for name in Mark._fields if name != "peer_id")},
    (SELECT peer_id FROM chats WHERE chats.chat_id = marks.chat_id)"""  # noqa: S608 - names
"""The same for hand-written changes of marks."""


KEEP = insert(marks)
"""Statements that every mark runs are put together once: that costs more than to run them."""


def ask_mark(
    conn: sa.Connection,
    channel: Channel,
    chat_id: int,
    occasion: Occasion,
    by: str,
    now: int,
    delay_ms: int = 0,
    up_to: Place | None = None,
) -> Change[int | None]:
    """Ask for a chat to be marked as read in `delay_ms`, up to a place or to its newest message.

    The mark's ID; None when there is nothing to mark: no message of a user's, none with a token, or all are Read.
    """
    target = newest_message(conn, chat_id, channel.settings.mark_by, up_to)
    if target is None or target.up_to <= read_place(conn, chat_id):
        return Change(None)
    values = {
        "channel_id": channel.channel_id,
        "chat_id": chat_id,
        "form": channel.settings.mark_by,
        "token": target.token if channel.settings.mark_by == "token" else None,
        "at": target.up_to.at,
        "place": target.up_to.place,
        "occasion": occasion.value,
        "by": by,
        "asked_at": now,
        "due_at": now + delay_ms,
        "next_at": now + delay_ms,
        "state": "waiting",
    }
    made = conn.execute(KEEP, values).inserted_primary_key
    assert made is not None
    mark_id: int = made[0]
    left = become_due(conn, find_mark(conn, mark_id), now) if delay_ms <= 0 else []
    return Change(mark_id, [*left, mark_event(conn, find_mark(conn, mark_id))])


class Target(NamedTuple):
    """A message that can be marked."""

    up_to: Place
    token: str | None


NEWEST = (
    select(messages.c.at, messages.c.place, messages.c.token)
    .where(
        messages.c.chat_id == bindparam("chat"),
        messages.c.direction == "in",
        messages.c.standby.is_(False),
        messages.c.place != BEFORE_ITS_TIME,
    )
    .order_by(messages.c.at.desc(), messages.c.place.desc())
    .limit(1)
)
NEWEST_OF = {"token": NEWEST.where(messages.c.token.is_not(None)), "user": NEWEST}
"""By the form of the mark."""


def newest_message(conn: sa.Connection, chat_id: int, form: str, up_to: Place | None) -> Target | None:
    """The newest message of a user's, at `up_to` at most; for marks by token the newest that has one."""
    wanted = NEWEST_OF[form] if up_to is None else NEWEST_OF[form].where(not_after(messages, up_to))
    row = conn.execute(wanted, {"chat": chat_id}).first()
    return None if row is None else Target(Place(row.at, row.place), row.token)


def not_after(table: Any, place: Place) -> Any:
    """The condition that a row stands at a place or before it."""
    return or_(table.c.at < place.at, and_(table.c.at == place.at, table.c.place <= place.place))


READ_PLACE = select(chats.c.read_at, chats.c.read_place).where(chats.c.chat_id == bindparam("chat"))


def read_place(conn: sa.Connection, chat_id: int) -> Place:
    """Up to where a chat is confirmed Read."""
    row = conn.execute(READ_PLACE, {"chat": chat_id}).one()
    return Place(row.read_at, row.read_place)


WITH_ID = select(*COLUMNS).where(marks.c.mark_id == bindparam("mark"))


def find_mark(conn: sa.Connection, mark_id: int) -> Mark:
    """Raises Missing."""
    row = conn.execute(WITH_ID, {"mark": mark_id}).one_or_none()
    if row is None:
        raise Missing("no_such_mark", "There is no such mark.")
    return Mark._make(row)


def become_due(conn: sa.Connection, mark: Mark, now: int) -> list[Event]:
    """Let a waiting mark be sent, unless what is due or under way covers it. What it covers is superseded, and told."""
    left: list[Event] = []
    if mark.up_to <= read_place(conn, mark.chat_id):
        set_mark(conn, mark.mark_id, state="confirmed", confirmed_at=now)
        return left
    other = of_chat(conn, mark.chat_id, "due")
    sending = of_chat(conn, mark.chat_id, "sending")
    if sending is not None and sending.up_to >= mark.up_to:
        set_mark(conn, mark.mark_id, state="superseded", superseded_by=sending.mark_id)
    elif other is not None and other.up_to >= mark.up_to:
        set_mark(conn, mark.mark_id, state="superseded", superseded_by=other.mark_id)
    else:
        not_before = now
        if other is not None:
            set_mark(conn, other.mark_id, state="superseded", superseded_by=mark.mark_id)
            left.append(mark_event(conn, find_mark(conn, other.mark_id)))
            # LINE has asked for a pause; a newer mark respects it too.
            not_before = other.next_at if other.status == 429 else now
        set_mark(conn, mark.mark_id, state="due", next_at=max(now, not_before))
    return left


IN_STATE = select(*COLUMNS).where(marks.c.chat_id == bindparam("chat"), marks.c.state == bindparam("state"))


def of_chat(conn: sa.Connection, chat_id: int, state: str) -> Mark | None:
    row = conn.execute(IN_STATE, {"chat": chat_id, "state": state}).first()
    return None if row is None else Mark._make(row)


CHANGE = update(marks).where(marks.c.mark_id == bindparam("changed"))


def set_mark(conn: sa.Connection, mark_id: int, **values: Any) -> None:
    conn.execute(CHANGE, {"changed": mark_id, **values})


def undo_mark(conn: sa.Connection, mark_id: int) -> Change[Mark]:
    """Take back a mark that still waits. Raises Missing, Invalid when it is too late."""
    mark = find_mark(conn, mark_id)
    if mark.state != "waiting":
        raise Invalid("too_late_to_undo", "The message is being marked as read, or is Read already.")
    set_mark(conn, mark_id, state="undone")
    return Change(mark, [mark_event(conn, find_mark(conn, mark_id))])


def replay_mark(conn: sa.Connection, mark_id: int, by: str, now: int) -> Change[Mark]:
    """Let a parked mark be tried again from the start. Raises Missing, Invalid for one that is not parked."""
    mark = find_mark(conn, mark_id)
    if mark.state != "parked":
        raise Invalid("not_parked", f"The mark is {mark.state}, not parked.")
    fresh = {"attempts": 0, "perhaps_made": False, "advice": None, "reason": None, "status": None}
    set_mark(conn, mark_id, state="waiting", due_at=now, by=by, **fresh)
    left = become_due(conn, find_mark(conn, mark_id), now)
    after = find_mark(conn, mark_id)
    return Change(after, [*left, mark_event(conn, after)])


def mark_event(conn: sa.Connection, mark: Mark) -> dict[str, Any]:
    """The live event of a mark's change."""
    return event_of(mark, read_place(conn, mark.chat_id).at)


def event_of(mark: Mark, read_at: int) -> dict[str, Any]:
    return {
        "type": "mark",
        "channelId": mark.channel_id,
        "chatId": str(mark.chat_id),
        "markId": str(mark.mark_id),
        "state": mark.state,
        "upTo": mark.at,
        "readUpTo": read_at,
        "dueAt": mark.due_at,
        "occasion": mark.occasion,
        "by": mark.by,
        "reason": mark.reason,
        "advice": mark.advice,
        "supersededBy": None if mark.superseded_by is None else str(mark.superseded_by),
    }
