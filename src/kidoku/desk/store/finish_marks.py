"""What became of marks that were sent: written down in one go for all that ended at about the same time.

Hot: hand-written for the driver's own cursor. What is not usual, failures above all, goes one by one.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from kidoku.core.mark_attempt import Confirmed, Parked, Tried, reason_of, was_perhaps_applied
from kidoku.core.mark_attempt import verdict as judge
from kidoku.desk.store.change import Change, Event
from kidoku.desk.store.marks import (
    RETURNED,
    Mark,
    event_of,
    find_mark,
    mark_event,
    marks_ahead,
    newest_message,
    set_mark,
)
from kidoku.desk.store.reports_facts import Confirmation, end_waits
from kidoku.storage.sqlite import raw

if TYPE_CHECKING:
    import sqlalchemy as sa

ATTEMPTS_KEPT = 50
"""Attempts of one mark that are kept one by one; a day of an outage makes a few hundred."""


class Attempt(NamedTuple):
    """An attempt to send a mark, for the journal. Times in ms."""

    started_at: int
    duration_ms: int | None
    tried: Tried
    request_id: str | None = None


class Finished(NamedTuple):
    """An attempt that has ended, with its mark as it was taken, and when that was seen."""

    mark: Mark
    attempt: Attempt
    now: int
    random_unit: float

    @property
    def confirmed(self) -> bool:
        status = self.attempt.tried.status
        return status is not None and 200 <= status < 300


def finish_marks(conn: sa.Connection, finished: Sequence[Finished]) -> list[Change[str | None]]:
    """Write down how attempts ended: confirmed, again or parked; None when the lease had gone to somebody else
    meanwhile. A confirmation counts whoever holds the lease: LINE has done it.
    """
    held = held_leases(raw(conn), finished)
    usual = [one for one in finished if one.confirmed and lease_of(one.mark) in held]
    made = confirm_marks(raw(conn), usual)
    return [
        Change("confirmed", made.events(one.mark))
        if one.confirmed and lease_of(one.mark) in held
        else finish_mark(conn, one)
        for one in finished
    ]


Lease = tuple[int, str | None, int]
"""What one process can have at a time: a mark, whose it is, and for which attempt."""


def lease_of(mark: Mark) -> Lease:
    return mark.mark_id, mark.lease_owner, mark.attempts


HELD = "SELECT mark_id, lease_owner, attempts FROM marks WHERE state = 'sending' AND mark_id IN ({})"


def held_leases(driver: sqlite3.Connection, finished: Sequence[Finished]) -> set[Lease]:
    """The leases of marks that are being sent."""
    ids = [one.mark.mark_id for one in finished]
    return set(driver.execute(HELD.format(", ".join("?" * len(ids))), ids))


def finish_mark(conn: sa.Connection, one: Finished) -> Change[str | None]:
    """Whatever is not usual: failures, and what comes after its lease was lost."""
    mark, tried = one.mark, one.attempt.tried
    found = find_mark(conn, mark.mark_id)
    verdict = judge(
        tried,
        attempts=mark.attempts,
        age_s=(one.now - mark.due_at) / 1_000,
        random_unit=one.random_unit,
        may_over_mark=may_over_mark(conn, mark),
    )
    if isinstance(verdict, Confirmed):
        if found.state == "confirmed":
            return Change(None)
        return Change("confirmed", confirm_marks(raw(conn), [one]).events(mark))
    if found.state != "sending" or lease_of(found) != lease_of(mark):
        return Change(None)
    note_attempts(raw(conn), [one])
    after: dict[str, Any] = {
        "lease_owner": None,
        "lease_until": None,
        "status": tried.status,
        "reason": reason_of(tried),
        "perhaps_made": mark.perhaps_made or was_perhaps_applied(tried),
    }
    if isinstance(verdict, Parked):
        set_mark(conn, mark.mark_id, state="parked", advice=verdict.advice, **after)
    else:
        put_back(conn, mark, after, one.now + round(verdict.wait_s * 1_000))
    return Change(type(verdict).__name__.lower(), [mark_event(conn, find_mark(conn, mark.mark_id))])


CONFIRM = """
UPDATE marks SET state = 'confirmed', confirmed_at = :now, status = :status, reason = NULL, advice = NULL,
    superseded_by = NULL, lease_owner = NULL, lease_until = NULL
WHERE mark_id = :mark
"""
READ_UP_TO = """
UPDATE chats SET read_at = :at, read_place = :place
WHERE chat_id = :chat AND (read_at, read_place) < (:at, :place)
"""
SUPERSEDE = f"""
UPDATE marks SET state = 'superseded', superseded_by = :mark
WHERE chat_id = :chat AND state IN ('waiting', 'due', 'parked') AND (at, place) <= (:at, :place)
{RETURNED}
"""  # noqa: S608 - names
READ = "SELECT chat_id, read_at FROM chats WHERE chat_id IN ({})"


class Made(NamedTuple):
    """What confirmations changed: until when each chat is read, and what each mark has superseded."""

    read_at: Mapping[int, int]
    superseded: Mapping[int, Sequence[Mark]]

    def events(self, mark: Mark) -> list[Event]:
        read_at = self.read_at[mark.chat_id]
        confirmed = mark._replace(state="confirmed", reason=None, advice=None)
        return [event_of(one, read_at) for one in (confirmed, *self.superseded[mark.mark_id])]


def confirm_marks(driver: sqlite3.Connection, made: Sequence[Finished]) -> Made:
    """Users see Read up to there, and with it all that any other mark of their chats covers up to there."""
    if not made:
        return Made({}, {})
    note_attempts(driver, made)
    rows = [
        {
            "mark": one.mark.mark_id,
            "chat": one.mark.chat_id,
            "at": one.mark.at,
            "place": one.mark.place,
            "now": one.now,
            "status": one.attempt.tried.status,
        }
        for one in made
    ]
    for statement in (CONFIRM, READ_UP_TO):
        driver.executemany(statement, rows)
    superseded = {
        one.mark.mark_id: [Mark._make(other) for other in driver.execute(SUPERSEDE, row)]
        for one, row in zip(made, rows, strict=True)
    }
    end_waits(driver, [Confirmation(one.mark.chat_id, one.mark.up_to, one.mark.by, one.now) for one in made])
    chats = [one.mark.chat_id for one in made]
    return Made(dict(driver.execute(READ.format(", ".join("?" * len(chats))), chats).fetchall()), superseded)


def put_back(conn: sa.Connection, mark: Mark, after: dict[str, Any], next_at: int) -> None:
    """Let a mark be tried again, unless a newer one has become due meanwhile and covers it."""
    newer = marks_ahead(conn, mark.chat_id).get("due")
    if newer is not None:
        set_mark(conn, mark.mark_id, state="superseded", superseded_by=newer.mark_id, **after)
        if after["status"] == 429:
            set_mark(conn, newer.mark_id, next_at=max(newer.next_at, next_at), status=429)
    else:
        set_mark(conn, mark.mark_id, state="due", next_at=next_at, **after)


NOTE = """
INSERT INTO mark_attempts (mark_id, attempt, started_at, duration_ms, status, reason, request_id)
SELECT :mark, last + 1, :started, :took, :status, :reason, :request
FROM (SELECT coalesce(max(attempt), 0) AS last FROM mark_attempts WHERE mark_id = :mark)
WHERE last < :kept
"""


def note_attempts(driver: sqlite3.Connection, finished: Sequence[Finished]) -> None:
    """Add to the journals. Their numbers go on when a mark is replayed, and its attempts are counted anew."""
    rows = [
        {
            "mark": one.mark.mark_id,
            "started": one.attempt.started_at,
            "took": one.attempt.duration_ms,
            "status": one.attempt.tried.status,
            "reason": journal_reason(one.attempt.tried),
            "request": one.attempt.request_id,
            "kept": ATTEMPTS_KEPT,
        }
        for one in finished
    ]
    driver.executemany(NOTE, rows)


def journal_reason(tried: Tried) -> str | None:
    """Why an attempt failed; its status stands beside it."""
    return reason_of(tried) if tried.status is None else tried.message or None


def may_over_mark(conn: sa.Connection, mark: Mark) -> bool:
    """Whether a mark by user, processed now, would mark a message that nobody asked to mark."""
    if mark.form != "user":
        return False
    newest = newest_message(conn, mark.chat_id, "user", None)
    if newest is None or newest.up_to <= mark.up_to:
        return False
    other = marks_ahead(conn, mark.chat_id).get("due")
    return other is None or other.up_to < newest.up_to
