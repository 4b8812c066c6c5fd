"""Taking marks to send them: what is due, oldest first. Whoever takes a mark has it until its lease ends.

Hot: hand-written for the driver's own cursor. Each index is named, because each statement has to stay as fast with a
hundred thousand marks that wait for LINE to come back.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from kidoku.core.mark_attempt import Fault, Tried
from kidoku.desk.store.change import Change, Event
from kidoku.desk.store.finish_marks import Attempt, Finished, finish_marks, may_over_mark
from kidoku.desk.store.marks import RETURNED, Mark, become_due, find_mark, mark_event, read_place, set_mark
from kidoku.storage.sqlite import raw

if TYPE_CHECKING:
    import sqlalchemy as sa

AT_ONCE = 100
"""Marks that are promoted, or returned, in one transaction: others wait for their turn in the writer."""


class Taken(NamedTuple):
    """Marks to send; and when there is something to do next: by channel for what is due, and for the rest. In ms."""

    marks: list[Mark]
    due: Mapping[int, int]
    other_at: int | None


def take_marks(
    conn: sa.Connection,
    owner: str,
    now: int,
    lease_ms: int,
    free: int,
    room: Mapping[int, int],
    random_unit: float,
) -> Change[Taken]:
    """Take at most `free` marks, of each channel at most its `room`."""
    promoted = promote_marks(conn, now)
    lost = return_lost_marks(conn, now, random_unit)
    claimed = claim_marks(conn, owner, now, lease_ms, free, room)
    taken = Taken(claimed.value, due_marks(raw(conn)), other_moment(raw(conn)))
    return Change(taken, [*promoted.events, *lost.events, *claimed.events])


WAITING = (
    "SELECT mark_id FROM marks INDEXED BY ix_marks_waiting WHERE state = 'waiting' AND due_at <= ?"
    " ORDER BY due_at LIMIT ?"
)


def promote_marks(conn: sa.Connection, now: int) -> Change[int]:
    """Let waiting marks whose time has come be sent; how many there were."""
    found = [mark_id for (mark_id,) in raw(conn).execute(WAITING, (now, AT_ONCE)).fetchall()]
    left: list[Event] = []
    for mark in (find_mark(conn, mark_id) for mark_id in found):
        left += become_due(conn, mark, read_place(conn, mark.chat_id), now).events
    return Change(len(found), [*left, *(mark_event(conn, find_mark(conn, mark_id)) for mark_id in found)])


LOST = "SELECT mark_id FROM marks INDEXED BY ix_marks_leases WHERE state = 'sending' AND lease_until <= ? LIMIT ?"
OF_OTHERS = (
    "SELECT mark_id FROM marks INDEXED BY ix_marks_leases WHERE state = 'sending' AND lease_owner <> ?"
)


def return_lost_marks(
    conn: sa.Connection, now: int, random_unit: float, owner: str | None = None
) -> Change[int]:
    """Judge the marks whose lease has ended, as attempts without an answer: whoever sent them has died, and whether
    LINE got them is not known. `owner`: the only process that may be alive, so that all leases of others have ended.
    """
    query = (LOST, (now, AT_ONCE)) if owner is None else (OF_OTHERS, (owner,))
    lost = [find_mark(conn, mark_id) for (mark_id,) in raw(conn).execute(*query).fetchall()]
    attempts = [Attempt(mark.lease_until or now, None, INTERRUPTED) for mark in lost]
    ended = [Finished(*one, now, random_unit) for one in zip(lost, attempts, strict=True)]
    done = finish_marks(conn, ended) if ended else []
    return Change(len(lost), [event for change in done for event in change.events])


INTERRUPTED = Tried(None, Fault.NO_ANSWER, "the desk was stopped while it sent this")


def claim_marks(
    conn: sa.Connection, owner: str, now: int, lease_ms: int, free: int, room: Mapping[int, int]
) -> Change[list[Mark]]:
    """Take marks that are due, none of a chat whose mark is under way. They are the owner's until the lease ends.

    - A channel gets its share of what is free, so that one with a backlog leaves the others their turn.
    - A mark by user that LINE has perhaps made is parked instead, once it would mark more than was asked for.
    """
    change: Change[list[Mark]] = Change([])
    driver = raw(conn)
    ready = sorted((at, one) for one, at in due_marks(driver).items() if at <= now and room.get(one, 0) > 0)
    for left, (_, channel_id) in zip(range(len(ready), 0, -1), ready, strict=True):
        share = -(-(free - len(change.value)) // left)
        limit = min(share, room[channel_id])
        for row in driver.execute(CLAIM, (owner, now + lease_ms, channel_id, now, limit)).fetchall():
            mark = Mark._make(row)
            if mark.perhaps_made and may_over_mark(conn, mark):
                change.events.append(park(conn, mark))
            else:
                change.value.append(mark)
    return change


NOT_BUSY = """NOT EXISTS (
    SELECT 1 FROM marks AS busy INDEXED BY uq_marks_sending
    WHERE busy.state = 'sending' AND busy.chat_id = due.chat_id
)"""

CLAIM = f"""
UPDATE marks SET state = 'sending', attempts = attempts + 1, lease_owner = ?, lease_until = ?
WHERE state = 'due' AND mark_id IN (
    SELECT mark_id FROM marks AS due INDEXED BY ix_marks_next
    WHERE due.state = 'due' AND due.channel_id = ? AND due.next_at <= ? AND {NOT_BUSY}
    ORDER BY due.next_at, due.mark_id LIMIT ?
)
{RETURNED}
"""  # noqa: S608 - names


def park(conn: sa.Connection, mark: Mark) -> Event:
    """Leave to people what was perhaps made and is not safe to repeat."""
    values: dict[str, Any] = {"state": "parked", "advice": "newer-message", "attempts": mark.attempts - 1}
    set_mark(conn, mark.mark_id, lease_owner=None, lease_until=None, **values)
    return mark_event(conn, mark._replace(**values))


DUE = f"""
WITH RECURSIVE channel(id) AS (
    SELECT min(channel_id) FROM marks INDEXED BY ix_marks_next WHERE state = 'due'
    UNION ALL
    SELECT (
        SELECT min(channel_id) FROM marks INDEXED BY ix_marks_next
        WHERE state = 'due' AND channel_id > channel.id
    )
    FROM channel WHERE channel.id IS NOT NULL
)
SELECT channel.id, (
    SELECT next_at FROM marks AS due INDEXED BY ix_marks_next
    WHERE due.state = 'due' AND due.channel_id = channel.id AND {NOT_BUSY}
    ORDER BY due.next_at, due.mark_id LIMIT 1
)
FROM channel WHERE channel.id IS NOT NULL
"""  # noqa: S608 - names
"""Goes from channel to channel in the index: as many steps as channels have something due, whatever waits in each."""


def due_marks(driver: sqlite3.Connection) -> dict[int, int]:
    """When the first mark of each channel may be sent; of those whose chat is not busy with another."""
    return {channel_id: at for channel_id, at in driver.execute(DUE) if at is not None}


OTHER = """
SELECT min(due_at) FROM marks INDEXED BY ix_marks_waiting WHERE state = 'waiting'
UNION ALL
SELECT min(lease_until) FROM marks INDEXED BY ix_marks_leases WHERE state = 'sending'
"""


def other_moment(driver: sqlite3.Connection) -> int | None:
    """When a waiting mark becomes due, or a lease ends."""
    return min((at for (at,) in driver.execute(OTHER) if at is not None), default=None)


HASTEN = """
UPDATE marks INDEXED BY ix_marks_next SET next_at = ?
WHERE state = 'due' AND channel_id = ? AND next_at > ? AND attempts > 0 AND status IS NOT 429
"""


def hasten_marks(conn: sa.Connection, channel_id: int, now: int) -> Change[int]:
    """Let the marks of a channel be tried now that wait for an outage to pass; how many there were."""
    return Change(raw(conn).execute(HASTEN, (now, channel_id, now)).rowcount)
