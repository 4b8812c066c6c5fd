"""The marks that are asked for: one that is due per chat, the newest; older ones are superseded, never sent after it.

A mark waits until it is due, is sent by whoever holds its lease, and ends confirmed, parked or superseded. All of
that stands in rows, so that nothing depends on a process that lives.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import and_, insert, or_, select, update

from kidoku.core.mark_attempt import Confirmed, Fault, Parked, Tried, Verdict
from kidoku.core.mark_attempt import verdict as judge
from kidoku.core.read_policy import Occasion
from kidoku.desk.store.change import Change
from kidoku.desk.store.channels import Channel
from kidoku.desk.store.place import Place
from kidoku.desk.store.schema import chats, mark_attempts, marks, messages
from kidoku.storage.refused import Invalid, Missing

if TYPE_CHECKING:
    import sqlalchemy as sa

ATTEMPTS_KEPT = 50
"""Attempts of one mark that are kept one by one; a day of an outage makes a few hundred."""


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
    made = conn.execute(insert(marks).values(**values)).inserted_primary_key
    assert made is not None
    mark_id: int = made[0]
    if delay_ms <= 0:
        become_due(conn, find_mark(conn, mark_id), now)
    return Change(mark_id, [mark_event(conn, find_mark(conn, mark_id))])


class Target(NamedTuple):
    """A message that can be marked."""

    up_to: Place
    token: str | None


def newest_message(conn: sa.Connection, chat_id: int, form: str, up_to: Place | None) -> Target | None:
    """The newest message of a user's, at `up_to` at most; for marks by token the newest that has one."""
    wanted = select(messages.c.at, messages.c.place, messages.c.token).where(
        messages.c.chat_id == chat_id, messages.c.direction == "in", messages.c.standby.is_(False)
    )
    if form == "token":
        wanted = wanted.where(messages.c.token.is_not(None))
    if up_to is not None:
        wanted = wanted.where(not_after(messages, up_to))
    row = conn.execute(wanted.order_by(messages.c.at.desc(), messages.c.place.desc()).limit(1)).first()
    return None if row is None else Target(Place(row.at, row.place), row.token)


def not_after(table: Any, place: Place) -> Any:
    """The condition that a row stands at a place or before it."""
    return or_(table.c.at < place.at, and_(table.c.at == place.at, table.c.place <= place.place))


def read_place(conn: sa.Connection, chat_id: int) -> Place:
    """Up to where a chat is confirmed Read."""
    row = conn.execute(select(chats.c.read_at, chats.c.read_place).where(chats.c.chat_id == chat_id)).one()
    return Place(row.read_at, row.read_place)


def find_mark(conn: sa.Connection, mark_id: int) -> Mark:
    """Raises Missing."""
    row = conn.execute(select(*COLUMNS).where(marks.c.mark_id == mark_id)).one_or_none()
    if row is None:
        raise Missing("no_such_mark", "There is no such mark.")
    return Mark._make(row)


def become_due(conn: sa.Connection, mark: Mark, now: int) -> None:
    """Let a waiting mark be sent, unless what is due or under way covers it; what it covers is superseded."""
    if mark.up_to <= read_place(conn, mark.chat_id):
        set_mark(conn, mark.mark_id, state="confirmed", confirmed_at=now)
        return
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
            # LINE has asked for a pause; a newer mark respects it too.
            not_before = other.next_at if other.status == 429 else now
        set_mark(conn, mark.mark_id, state="due", next_at=max(now, not_before))


def of_chat(conn: sa.Connection, chat_id: int, state: str) -> Mark | None:
    row = conn.execute(select(*COLUMNS).where(marks.c.chat_id == chat_id, marks.c.state == state)).first()
    return None if row is None else Mark._make(row)


def set_mark(conn: sa.Connection, mark_id: int, **values: Any) -> None:
    conn.execute(update(marks).where(marks.c.mark_id == mark_id).values(**values))


def promote_marks(conn: sa.Connection, now: int, limit: int = 1_000) -> Change[int]:
    """Let waiting marks whose time has come be sent; how many there were."""
    wanted = select(*COLUMNS).where(marks.c.state == "waiting", marks.c.due_at <= now)
    found = [Mark._make(row) for row in conn.execute(wanted.order_by(marks.c.due_at).limit(limit))]
    for mark in found:
        become_due(conn, mark, now)
    return Change(len(found), [mark_event(conn, find_mark(conn, mark.mark_id)) for mark in found])


def undo_mark(conn: sa.Connection, mark_id: int) -> Change[Mark]:
    """Take back a mark that still waits. Raises Missing, Invalid when it is too late."""
    mark = find_mark(conn, mark_id)
    if mark.state != "waiting":
        raise Invalid("too_late_to_undo", "The message is being marked as read, or is Read already.")
    set_mark(conn, mark_id, state="undone")
    return Change(mark, [mark_event(conn, find_mark(conn, mark_id))])


def claim_marks(conn: sa.Connection, owner: str, now: int, lease_ms: int, limit: int) -> Change[list[Mark]]:
    """Take marks that are due, oldest first, none of a chat whose mark is under way. They are the owner's until the
    lease ends.
    """
    under_way = marks.alias()
    wanted = (
        select(*COLUMNS)
        .where(marks.c.state == "due", marks.c.next_at <= now)
        .where(
            ~select(under_way.c.mark_id)
            .where(under_way.c.chat_id == marks.c.chat_id, under_way.c.state == "sending")
            .exists()
        )
        .order_by(marks.c.next_at, marks.c.mark_id)
        .limit(limit)
    )
    found = [Mark._make(row) for row in conn.execute(wanted)]
    lease: dict[str, Any] = {"state": "sending", "lease_owner": owner, "lease_until": now + lease_ms}
    for mark in found:
        set_mark(conn, mark.mark_id, attempts=mark.attempts + 1, **lease)
    return Change([mark._replace(attempts=mark.attempts + 1, **lease) for mark in found])


class Attempt(NamedTuple):
    """An attempt to send a mark, for the journal. Times in ms."""

    started_at: int
    duration_ms: int | None
    tried: Tried
    request_id: str | None = None


def finish_mark(
    conn: sa.Connection, mark: Mark, attempt: Attempt, now: int, random_unit: float
) -> Change[str | None]:
    """Write down how the owner's attempt ended: confirmed, again or parked; None when the lease had gone to somebody
    else meanwhile. A confirmation counts whoever holds the lease: LINE has done it.
    """
    verdict = judge(
        attempt.tried,
        attempts=mark.attempts,
        age_s=(now - mark.due_at) / 1_000,
        random_unit=random_unit,
        may_over_mark=may_over_mark(conn, mark),
    )
    found = find_mark(conn, mark.mark_id)
    ours = found.state == "sending" and found.lease_owner == mark.lease_owner
    ours = ours and found.attempts == mark.attempts
    if not ours and not (isinstance(verdict, Confirmed) and found.state != "confirmed"):
        return Change(None)
    note_attempt(conn, mark, attempt)
    after: dict[str, Any] = {
        "lease_owner": None,
        "lease_until": None,
        "status": attempt.tried.status,
        "reason": None if isinstance(verdict, Confirmed) else verdict_reason(attempt.tried, verdict),
    }
    if isinstance(verdict, Confirmed):
        confirm(conn, mark, after, now)
    elif isinstance(verdict, Parked):
        set_mark(conn, mark.mark_id, state="parked", advice=verdict.advice, **after)
    else:
        put_back(conn, mark, after, now + round(verdict.wait_s * 1_000))
    ended = type(verdict).__name__.lower()
    return Change(ended, [mark_event(conn, find_mark(conn, mark.mark_id))])


def verdict_reason(tried: Tried, verdict: Verdict) -> str:
    if isinstance(verdict, Parked):
        return verdict.reason
    return f"{tried.status or tried.fault}: {tried.message}"


def confirm(conn: sa.Connection, mark: Mark, after: dict[str, Any], now: int) -> None:
    """The user sees Read up to here, and with it all that any other mark of the chat covers up to here."""
    set_mark(conn, mark.mark_id, state="confirmed", confirmed_at=now, advice=None, **after)
    if mark.up_to > read_place(conn, mark.chat_id):
        conn.execute(
            update(chats)
            .where(chats.c.chat_id == mark.chat_id)
            .values(read_at=mark.at, read_place=mark.place)
        )
    conn.execute(
        update(marks)
        .where(marks.c.chat_id == mark.chat_id, marks.c.mark_id != mark.mark_id)
        .where(marks.c.state.in_(("waiting", "due", "parked")), not_after(marks, mark.up_to))
        .values(state="superseded", superseded_by=mark.mark_id)
    )


def put_back(conn: sa.Connection, mark: Mark, after: dict[str, Any], next_at: int) -> None:
    """Let a mark be tried again, unless a newer one has become due meanwhile and covers it."""
    newer = of_chat(conn, mark.chat_id, "due")
    if newer is not None:
        set_mark(conn, mark.mark_id, state="superseded", superseded_by=newer.mark_id, **after)
        if after["status"] == 429:
            set_mark(conn, newer.mark_id, next_at=max(newer.next_at, next_at), status=429)
    else:
        set_mark(conn, mark.mark_id, state="due", next_at=next_at, **after)


def note_attempt(conn: sa.Connection, mark: Mark, attempt: Attempt) -> None:
    if mark.attempts > ATTEMPTS_KEPT:
        return
    tried = attempt.tried
    row = {
        "mark_id": mark.mark_id,
        "attempt": mark.attempts,
        "started_at": attempt.started_at,
        "duration_ms": attempt.duration_ms,
        "status": tried.status,
        "reason": tried.message or (None if tried.fault is None else tried.fault.value),
        "request_id": attempt.request_id,
    }
    conn.execute(insert(mark_attempts).prefix_with("OR REPLACE", dialect="sqlite").values(**row))


def return_lost_marks(
    conn: sa.Connection, now: int, random_unit: float, owner: str | None = None
) -> Change[int]:
    """Judge the marks whose lease has ended, as attempts without an answer: whoever sent them has died, and whether
    LINE got them is not known. `owner`: the only process that may be alive, so that all leases of others have ended.
    """
    ended = marks.c.lease_until <= now
    if owner is not None:
        ended = or_(ended, marks.c.lease_owner != owner)
    wanted = select(*COLUMNS).where(marks.c.state == "sending", ended).limit(1_000)
    change: Change[int] = Change(0)
    for mark in [Mark._make(row) for row in conn.execute(wanted)]:
        attempt = Attempt((mark.lease_until or now), None, INTERRUPTED)
        change.events += finish_mark(conn, mark, attempt, now, random_unit).events
        change.value += 1
    return change


INTERRUPTED = Tried(None, Fault.NO_ANSWER, "the desk was stopped while it sent this")


def may_over_mark(conn: sa.Connection, mark: Mark) -> bool:
    """Whether a mark by user, processed now, would mark a message that nobody asked to mark."""
    if mark.form != "user":
        return False
    newest = newest_message(conn, mark.chat_id, "user", None)
    if newest is None or newest.up_to <= mark.up_to:
        return False
    other = of_chat(conn, mark.chat_id, "due")
    return other is None or other.up_to < newest.up_to


def replay_mark(conn: sa.Connection, mark_id: int, by: str, now: int) -> Change[Mark]:
    """Let a parked mark be tried again from the start. Raises Missing, Invalid for one that is not parked."""
    mark = find_mark(conn, mark_id)
    if mark.state != "parked":
        raise Invalid("not_parked", f"The mark is {mark.state}, not parked.")
    fresh = {"attempts": 0, "due_at": now, "advice": None, "reason": None, "status": None, "by": by}
    set_mark(conn, mark_id, state="waiting", **fresh)
    become_due(conn, find_mark(conn, mark_id), now)
    after = find_mark(conn, mark_id)
    return Change(after, [mark_event(conn, after)])


def next_moment(conn: sa.Connection) -> int | None:
    """When there is something to do next: a mark to promote, to send, or a lease that ends."""
    moments = [
        conn.execute(select(marks.c[column]).where(marks.c.state == state).order_by(marks.c[column]).limit(1))
        for state, column in (("waiting", "due_at"), ("due", "next_at"), ("sending", "lease_until"))
    ]
    found = [row[0] for result in moments if (row := result.first()) is not None]
    return min(found) if found else None


def mark_event(conn: sa.Connection, mark: Mark) -> dict[str, Any]:
    """The live event of a mark's change."""
    found = conn.execute(
        select(chats.c.read_at, chats.c.read_place).where(chats.c.chat_id == mark.chat_id)
    ).one()
    return {
        "type": "mark",
        "channelId": mark.channel_id,
        "chatId": str(mark.chat_id),
        "markId": str(mark.mark_id),
        "state": mark.state,
        "upTo": mark.at,
        "readUpTo": found.read_at,
        "dueAt": mark.due_at,
        "occasion": mark.occasion,
        "by": mark.by,
        "reason": mark.reason,
        "advice": mark.advice,
    }
