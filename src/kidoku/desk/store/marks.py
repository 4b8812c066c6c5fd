"""The marks that are asked for: one that is due per chat, the newest; older ones are superseded, never sent after it.

A mark waits until it is due, is sent by whoever holds its lease, and ends confirmed, parked, superseded or undone. All
of that stands in rows, so that nothing depends on a process that lives.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import and_, bindparam, insert, or_, select, text, tuple_, update

from kidoku.core.read_policy import Occasion
from kidoku.desk.store.change import Change, Event
from kidoku.desk.store.channels import Channel
from kidoku.desk.store.place import BEFORE_ITS_TIME, Place
from kidoku.desk.store.schema import chats, marks, messages
from kidoku.storage.prepared import Prepared
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


OWN = [marks.c[name] for name in Mark._fields if name != "peer_id"]
COLUMNS = [
    *OWN,
    select(chats.c.peer_id).where(chats.c.chat_id == marks.c.chat_id).scalar_subquery(),
]

RETURNED = f"""RETURNING {", ".join(name for name in Mark._fields if name != "peer_id")},
    (SELECT peer_id FROM chats WHERE chats.chat_id = marks.chat_id)"""  # noqa: S608 - names
"""The same for hand-written changes of marks."""


KEEP = Prepared(
    insert(marks).returning(*OWN),
    [
        *("channel_id", "chat_id", "form", "token", "at", "place", "occasion", "by"),
        *("asked_at", "due_at", "next_at", "state"),
    ],
)
"""Prepared, as all that every mark runs."""


class Cause(NamedTuple):
    """Why a chat is to be marked, who wants it since when, and from when on it may be. Times in ms."""

    occasion: Occasion
    by: str
    asked_at: int
    due_at: int


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
    if target is None or target.up_to <= target.read:
        return Change(None)
    asked = ask_for(conn, channel, chat_id, target, Cause(occasion, by, now, now + delay_ms), now)
    return Change(asked.value.mark_id, asked.events)


def ask_for(
    conn: sa.Connection, channel: Channel, chat_id: int, target: Target, cause: Cause, now: int
) -> Change[Mark]:
    """Ask for a chat to be marked as read up to a message that is not Read yet."""
    row = KEEP(
        conn,
        channel_id=channel.channel_id,
        chat_id=chat_id,
        form=channel.settings.mark_by,
        token=target.token if channel.settings.mark_by == "token" else None,
        at=target.up_to.at,
        place=target.up_to.place,
        occasion=cause.occasion.value,
        by=cause.by,
        asked_at=cause.asked_at,
        due_at=cause.due_at,
        next_at=cause.due_at,
        state="waiting",
    ).fetchone()
    asked = Change(Mark._make((*row, target.peer_id)))
    if cause.due_at <= now:
        asked = become_due(conn, asked.value, target.read, now)
    return Change(asked.value, [*asked.events, event_of(asked.value, target.read.at)])


class Target(NamedTuple):
    """A message that can be marked, up to where its chat is Read, and whose it is."""

    up_to: Place
    token: str | None
    read: Place
    peer_id: str


NEWEST = (
    select(
        *(messages.c.at, messages.c.place, messages.c.token),
        *(chats.c.read_at, chats.c.read_place, chats.c.peer_id),
    )
    .join(chats, chats.c.chat_id == messages.c.chat_id)
    .where(
        messages.c.chat_id == bindparam("chat"),
        messages.c.direction == "in",
        messages.c.standby.is_(False),
        messages.c.place != BEFORE_ITS_TIME,
    )
    .order_by(messages.c.at.desc(), messages.c.place.desc())
    .limit(1)
)


UNREAD = tuple_(messages.c.at, messages.c.place) > tuple_(chats.c.read_at, chats.c.read_place)
"""The condition that a message of a chat is not Read."""


def not_after(table: Any, at: Any, place: Any) -> Any:
    """The condition that a row stands at a place or before it; both are numbers or parameters."""
    return or_(table.c.at < at, and_(table.c.at == at, table.c.place <= place))


UNTIL = not_after(messages, bindparam("until_at"), bindparam("until_place"))
TOKEN = messages.c.token.is_not(None)
NEWEST_OF = {"token": Prepared(NEWEST.where(TOKEN)), "user": Prepared(NEWEST)}
NEWEST_UNTIL = {"token": Prepared(NEWEST.where(TOKEN, UNTIL)), "user": Prepared(NEWEST.where(UNTIL))}
"""By the form of the mark."""


def newest_message(conn: sa.Connection, chat_id: int, form: str, up_to: Place | None) -> Target | None:
    """The newest message of a user's, at `up_to` at most; for marks by token the newest that has one."""
    if up_to is None:
        return to_target(NEWEST_OF[form](conn, chat=chat_id).fetchone())
    until = {"until_at": up_to.at, "until_place": up_to.place}
    return to_target(NEWEST_UNTIL[form](conn, chat=chat_id, **until).fetchone())


def to_target(row: Sequence[Any] | None) -> Target | None:
    if row is None:
        return None
    at, place, token, read_at, read_place, peer_id = row
    return Target(Place(at, place), token, Place(read_at, read_place), peer_id)


READ_PLACE = Prepared(select(chats.c.read_at, chats.c.read_place).where(chats.c.chat_id == bindparam("chat")))


def read_place(conn: sa.Connection, chat_id: int) -> Place:
    """Up to where a chat is confirmed Read."""
    return Place._make(READ_PLACE(conn, chat=chat_id).fetchone())


WITH_ID = Prepared(select(*COLUMNS).where(marks.c.mark_id == bindparam("mark")))


def find_mark(conn: sa.Connection, mark_id: int) -> Mark:
    """Raises Missing."""
    row = WITH_ID(conn, mark=mark_id).fetchone()
    if row is None:
        raise Missing("no_such_mark", "There is no such mark.")
    return Mark._make(row)


def become_due(conn: sa.Connection, mark: Mark, read: Place, now: int) -> Change[Mark]:
    """Let a waiting mark be sent, unless what is due or under way covers it, or the chat is Read up to there. The
    mark as it is then; what it covers is superseded, and told.
    """
    if mark.up_to <= read:
        return Change(change_mark(conn, mark, state="confirmed", confirmed_at=now))
    ahead = marks_ahead(conn, mark.chat_id)
    due = ahead.get("due")
    for other in (ahead.get("sending"), due):
        if other is not None and other.up_to >= mark.up_to:
            return Change(change_mark(conn, mark, state="superseded", superseded_by=other.mark_id))
    left: list[Event] = []
    not_before = now
    if due is not None:
        covered = change_mark(conn, due, state="superseded", superseded_by=mark.mark_id)
        left.append(event_of(covered, read.at))
        # LINE has asked for a pause; a newer mark respects it too.
        not_before = due.next_at if due.status == 429 else now
    return Change(change_mark(conn, mark, state="due", next_at=max(now, not_before)), left)


AHEAD = Prepared(
    select(*COLUMNS).where(marks.c.chat_id == bindparam("chat"), text("state IN ('due', 'sending')"))
)
"""With constants: SQLite plans a statement anew when a parameter changes that a partial index is about."""


def marks_ahead(conn: sa.Connection, chat_id: int) -> dict[str, Mark]:
    """The chat's marks that are `due` and `sending`, one of each at most."""
    return {mark.state: mark for mark in map(Mark._make, AHEAD(conn, chat=chat_id))}


def change_mark(conn: sa.Connection, mark: Mark, **values: Any) -> Mark:
    """The mark as it is after the change."""
    set_mark(conn, mark.mark_id, **values)
    return mark._replace(**values)


def set_mark(conn: sa.Connection, mark_id: int, **values: Any) -> None:
    change_of(tuple(values))(conn, changed=mark_id, **values)


@cache
def change_of(columns: tuple[str, ...]) -> Prepared:
    """The statement that changes these columns of a mark; code names them, so that there are few."""
    return Prepared(update(marks).where(marks.c.mark_id == bindparam("changed")), columns)


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
    read = read_place(conn, mark.chat_id)
    replayed = become_due(conn, find_mark(conn, mark_id), read, now)
    return Change(replayed.value, [*replayed.events, event_of(replayed.value, read.at)])


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
