"""The facts of reports, each written in the transaction that makes it true. Events come late and in any order: the
facts are the same whatever that order was, as `core.report` defines them.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import and_, delete, func, insert, or_, select, update

from kidoku.core.report import edge_of, end_of
from kidoku.desk.store.place import Place
from kidoku.desk.store.reports_schema import answer_waits, read_waits
from kidoku.desk.store.schema import chats, marks, messages, replies
from kidoku.storage.prepared import Prepared
from kidoku.storage.sqlite import raw

if TYPE_CHECKING:
    import sqlalchemy as sa

READ = "read"
UNSENT = "unsent"


class Joined(NamedTuple):
    """A chat that a user's message has just joined."""

    channel_id: int
    chat_id: int
    read_at: int
    read_place: int
    last_message_key: str | None


COLUMNS = ("channel_id", "at", "chat_id", "message_key", "place", "ended_at", "ended", "by")
WAIT = Prepared(insert(read_waits), COLUMNS)


def note_wait(
    conn: sa.Connection, chat: Joined, message_key: str, up_to: Place, unsent_at: int | None
) -> None:
    """A user's message has come, and the chat knows of it. One that comes late may be Read, taken back, or answered."""
    is_read = up_to <= Place(chat.read_at, chat.read_place)
    cause = first_cover(conn, chat.chat_id, up_to) if is_read else None
    end = end_of(up_to.at, None if cause is None else cause.at, unsent_at)
    by = cause.by if end is not None and end.read and cause is not None else None
    if end is not None and by is not None:
        count_reads(raw(conn), [(chat.channel_id, end.at - up_to.at)])
    WAIT(
        conn,
        channel_id=chat.channel_id,
        at=up_to.at,
        chat_id=chat.chat_id,
        message_key=message_key,
        place=up_to.place,
        ended_at=None if end is None else end.at,
        ended=None if end is None else READ if end.read else UNSENT,
        by=by,
    )
    if chat.last_message_key != message_key:
        settle_answer(conn, chat.channel_id, chat.chat_id, up_to.at)


class Cover(NamedTuple):
    """When a mark was confirmed, and who caused it."""

    at: int
    by: str


def first_cover(conn: sa.Connection, chat_id: int, up_to: Place) -> Cover | None:
    """The mark that made a place Read: the first that was confirmed of those that cover it."""
    wanted = select(marks.c.confirmed_at, marks.c.by).where(
        marks.c.chat_id == chat_id,
        marks.c.state == "confirmed",
        or_(marks.c.at > up_to.at, and_(marks.c.at == up_to.at, marks.c.place >= up_to.place)),
    )
    row = conn.execute(wanted.order_by(marks.c.confirmed_at, marks.c.mark_id).limit(1)).first()
    return None if row is None else Cover(row.confirmed_at, row.by)


class Confirmation(NamedTuple):
    """A mark was confirmed at `now`: its chat is Read up to a place, because of `by`."""

    chat_id: int
    up_to: Place
    by: str
    now: int


END = """
UPDATE read_waits SET ended_at = max(at, ?), ended = 'read', by = ?
WHERE chat_id = ? AND ended_at IS NULL AND (at, place) <= (?, ?)
RETURNING channel_id, ended_at - at
"""


def end_waits(driver: sqlite3.Connection, made: Iterable[Confirmation]) -> None:
    """Every message that a confirmation covers was read by it, each after its own time.

    Hot: it belongs to the marks that are settled in batches.
    """
    waits: list[tuple[int, int]] = []
    for one in made:
        waits += driver.execute(END, (one.now, one.by, one.chat_id, *one.up_to)).fetchall()
    count_reads(driver, waits)


COUNT = """
INSERT INTO read_histogram (channel_id, edge_ms, messages, wait_ms) VALUES (?, ?, ?, ?)
ON CONFLICT DO UPDATE SET messages = messages + excluded.messages, wait_ms = wait_ms + excluded.wait_ms
"""


def count_reads(driver: sqlite3.Connection, waits: Iterable[tuple[int, int]]) -> None:
    """Add times to read, with their channels, to the histogram that metrics show. Nothing is ever taken off it."""
    messages_of: Counter[tuple[int, int]] = Counter()
    ms_of: Counter[tuple[int, int]] = Counter()
    for channel_id, wait in waits:
        column = channel_id, edge_of(wait)
        messages_of[column] += 1
        ms_of[column] += wait
    driver.executemany(COUNT, [(*column, number, ms_of[column]) for column, number in messages_of.items()])


def take_back(conn: sa.Connection, chat_id: int, message_key: str, unsent_at: int) -> None:
    """A message that had come was taken back: unless it was read before, nobody reads it any more."""
    wanted = (
        select(chats.c.channel_id, messages.c.at)
        .join(chats, chats.c.chat_id == messages.c.chat_id)
        .where(messages.c.chat_id == chat_id, messages.c.message_key == message_key)
    )
    channel_id, at = conn.execute(wanted).one()
    end = end_of(at, None, unsent_at)
    assert end is not None
    conn.execute(
        update(read_waits)
        .where(
            read_waits.c.channel_id == channel_id,
            read_waits.c.at == at,
            read_waits.c.chat_id == chat_id,
            read_waits.c.message_key == message_key,
            or_(read_waits.c.ended_at.is_(None), read_waits.c.ended_at > end.at),
        )
        .values(ended_at=end.at, ended=UNSENT, by=None)
    )
    settle_answer(conn, channel_id, chat_id, at)


def note_answer(conn: sa.Connection, reply_id: int) -> None:
    """An answer was sent: it ends a wait, and the one after it begins no sooner."""
    wanted = (
        select(replies.c.channel_id, replies.c.chat_id, messages.c.at)
        .join(
            messages, and_(messages.c.chat_id == replies.c.chat_id, messages.c.reply_id == replies.c.reply_id)
        )
        .where(replies.c.reply_id == reply_id)
    )
    row = conn.execute(wanted.order_by(messages.c.at).limit(1)).one()
    settle_answer(conn, row.channel_id, row.chat_id, row.at)
    settle_answer(conn, row.channel_id, row.chat_id, row.at + 1)


def settle_answer(conn: sa.Connection, channel_id: int, chat_id: int, at: int) -> None:
    """Bring the first answer at a moment or after it in step with what stands before it."""
    answer = conn.execute(ANSWERS.where(messages.c.chat_id == chat_id, messages.c.at >= at).limit(1)).first()
    if answer is None:
        return
    conn.execute(
        delete(answer_waits).where(
            answer_waits.c.channel_id == channel_id,
            answer_waits.c.chat_id == chat_id,
            answer_waits.c.answer_key == answer.message_key,
        )
    )
    since = waiting_for(conn, chat_id, answer.at)
    if since is not None:
        row = {"channel_id": channel_id, "chat_id": chat_id, "answer_key": answer.message_key}
        # LINE's clock and ours are two.
        times = {"since": since, "answered_at": max(since, answer.answered_at)}
        conn.execute(insert(answer_waits).values(**row, **times, by=answer.sender_id))


SENT = or_(messages.c.reply_id.is_(None), replies.c.state == "sent")
ANSWERS = (
    select(
        messages.c.message_key,
        messages.c.at,
        func.coalesce(replies.c.sent_at, messages.c.at).label("answered_at"),
        messages.c.sender_id,
    )
    .outerjoin(replies, replies.c.reply_id == messages.c.reply_id)
    .where(messages.c.direction == "out", SENT)
    .order_by(messages.c.at, messages.c.place)
)


def waiting_for(conn: sa.Connection, chat_id: int, answer_at: int) -> int | None:
    """Since when the answer at `answer_at` was waited for; None: nobody waited."""
    before = (
        ANSWERS.with_only_columns(messages.c.at)
        .where(messages.c.chat_id == chat_id, messages.c.at < answer_at)
        .order_by(None)
        .order_by(messages.c.at.desc())
        .limit(1)
    )
    wanted = (
        select(messages.c.at)
        .where(
            messages.c.chat_id == chat_id,
            messages.c.at > func.coalesce(before.scalar_subquery(), -1),
            messages.c.at <= answer_at,
            messages.c.direction == "in",
            messages.c.place >= 0,
            messages.c.standby.is_(False),
            or_(messages.c.unsent_at.is_(None), messages.c.unsent_at >= answer_at),
        )
        .order_by(messages.c.at)
        .limit(1)
    )
    found: int | None = conn.execute(wanted).scalar_one_or_none()
    return found
