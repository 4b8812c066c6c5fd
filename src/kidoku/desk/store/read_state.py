"""What became of the wish to show a message as Read, and why: from the chat's confirmed place and its marks."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

from sqlalchemy import and_, or_, select

from kidoku.desk.store.marks import COLUMNS, Mark, not_after
from kidoku.desk.store.place import Place
from kidoku.desk.store.schema import marks

if TYPE_CHECKING:
    import sqlalchemy as sa

State = Literal["none", "waiting", "due", "sending", "confirmed", "parked"]

BY_URGENCY: tuple[State, ...] = ("sending", "due", "waiting", "parked")
"""Of several marks that cover a message, the one that is shown: whatever will happen next."""

BEYOND = 20
"""Confirmed marks after a page's newest message that are read: one of them made it Read."""
CAUSES = 1_000
"""Confirmed marks that are read for one page at most."""


class ReadState(NamedTuple):
    """`mark` is the cause; none for `none`, and where the cause is not known any more."""

    state: State
    mark: Mark | None


def read_state(message: Place, read: Place, known: Iterable[Mark]) -> ReadState:
    """The state of a message at its place in a chat that is confirmed Read up to `read`."""
    covering = [mark for mark in known if mark.up_to >= message]
    if message <= read:
        confirmed = [mark for mark in covering if mark.state == "confirmed"]
        return ReadState("confirmed", min(confirmed, key=confirmed_at, default=None))
    for state in BY_URGENCY:
        found = [mark for mark in covering if mark.state == state]
        if found:
            return ReadState(state, min(found, key=lambda mark: mark.due_at))
    return ReadState("none", None)


def confirmed_at(mark: Mark) -> int:
    return mark.confirmed_at or 0


def open_marks(conn: sa.Connection, chat_ids: Collection[int]) -> dict[int, list[Mark]]:
    """The marks of chats that are neither confirmed nor given up."""
    wanted = select(*COLUMNS).where(marks.c.chat_id.in_(chat_ids), marks.c.state.in_(BY_URGENCY))
    found: dict[int, list[Mark]] = {}
    for row in conn.execute(wanted):
        mark = Mark._make(row)
        found.setdefault(mark.chat_id, []).append(mark)
    return found


def causes(conn: sa.Connection, chat_id: int, oldest: Place, newest: Place) -> Sequence[Mark]:
    """The confirmed marks that may have made the messages between two places Read."""
    confirmed = select(*COLUMNS).where(marks.c.chat_id == chat_id, marks.c.state == "confirmed")
    since = or_(marks.c.at > oldest.at, and_(marks.c.at == oldest.at, marks.c.place >= oldest.place))
    until = not_after(marks, newest.at, newest.place)
    by_place = (marks.c.at, marks.c.place)
    within = confirmed.where(since, until).order_by(*by_place).limit(CAUSES)
    beyond = confirmed.where(~until, marks.c.at >= newest.at).order_by(*by_place).limit(BEYOND)
    return [Mark._make(row) for query in (within, beyond) for row in conn.execute(query)]
