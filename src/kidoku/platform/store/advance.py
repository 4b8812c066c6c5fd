"""Moving a watermark: the one place where a user's message becomes Read.

The guard `read_seq < seq` stands in the statement that writes the journal, and the watermarks follow the journal, so
that marks may come in any order and any number of times: the final watermark is the greatest, and only an advance
leaves a line and an event. Hot: hand-written for the driver's own cursor, all marks of a batch in two statements, since
every step of a statement hands the interpreter lock over, and waits for it again. The second is an upsert that never
inserts: what a trigger or `UPDATE ... FROM` reads is put by in a table first, which costs a quarter more.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from kidoku.core.settings import MarkMeans
from kidoku.storage.engine import DriverFunction, begin
from kidoku.storage.sqlite import raw

if TYPE_CHECKING:
    import sqlalchemy as sa

JOURNAL = """
INSERT INTO advances (channel_id, chat_id, from_seq, to_seq, at, cause, prev_id)
SELECT ?1, w.chat_id, w.read_seq, iif(m.value < w.last_seq, m.value, w.last_seq), ?2, ?3, w.advance_id
FROM json_each(?4) AS m CROSS JOIN watermarks AS w
WHERE w.channel_id = ?1 AND w.chat_id = m.key AND w.read_seq < m.value AND w.read_seq < w.last_seq
"""
FOLLOW = """
INSERT INTO watermarks (chat_id, channel_id, read_seq, advance_id)
SELECT chat_id, channel_id, to_seq, advance_id FROM advances WHERE advance_id > ?
ON CONFLICT (chat_id) DO UPDATE SET read_seq = excluded.read_seq, advance_id = excluded.advance_id
"""
ADVANCED = """
SELECT json_group_array(json_array(a.chat_id, a.from_seq, a.to_seq, c.peer_kind, c.peer_id))
FROM advances AS a CROSS JOIN chats AS c ON c.channel_id = a.channel_id AND c.chat_id = a.chat_id
WHERE a.channel_id = ?1 AND a.advance_id > ?2 - ?3 AND a.advance_id <= ?2
"""
"""SQLite numbers the lines that one statement writes in a row: nobody else writes meanwhile."""


Mark = tuple[int, int, int, MarkMeans, int]
"""A request to move a chat's watermark: channel ID, chat ID, seq, cause, and when it was asked for, in ms."""


class Advanced(Struct, frozen=True, array_like=True, gc=False):
    """A mark that did move the watermark."""

    chat_id: int
    from_seq: int
    to_seq: int
    peer_kind: str
    peer_id: str


class Untold(Struct, frozen=True, gc=False):
    """Moves of one batch that nobody listened for: so many of a channel, up to this line of its journal."""

    channel_id: int
    newest_id: int
    number: int


decode_rows = msgspec.json.Decoder(list[Advanced]).decode
encode = msgspec.json.Encoder().encode


def advance(
    driver: sqlite3.Connection, channel_id: int, marks: Mapping[int, int], cause: MarkMeans, at: int
) -> list[Advanced]:
    """Move watermarks of one channel: chat ID → seq, never beyond what exists. What moved, in no order."""
    written = move(driver, channel_id, marks, cause, at)
    return moves(driver, written) if written.number else []


def move(
    driver: sqlite3.Connection, channel_id: int, marks: Mapping[int, int], cause: MarkMeans, at: int
) -> Untold:
    """As `advance`, for those who need to know only how many moved."""
    begin(driver)
    wrote = driver.execute(JOURNAL, (channel_id, at, cause, encode(marks).decode()))
    newest_id, number = wrote.lastrowid or 0, wrote.rowcount
    if number:
        driver.execute(FOLLOW, (newest_id - number,))
    return Untold(channel_id, newest_id, number)


def moves(driver: sqlite3.Connection, untold: Untold) -> list[Advanced]:
    """What moved, in no order."""
    wanted = (untold.channel_id, untold.newest_id, untold.number)
    return decode_rows(driver.execute(ADVANCED, wanted).fetchone()[0])


def untold_moves(conn: sa.Connection, untold: Untold) -> list[Advanced]:
    """What moved, for somebody who listens after all."""
    return moves(raw(conn), untold)


def advance_if_told(told: Callable[[], bool]) -> DriverFunction[Mark, Advanced | Untold | None]:
    """`advance_marks`, for whoever it is that is to be told at the time."""
    return lambda driver, marks: advance_marks(driver, marks, told=told())


def advance_marks(
    driver: sqlite3.Connection, marks: Sequence[Mark], *, told: bool = True
) -> list[Advanced | Untold | None]:
    """A batch of marks, each answered with its advance, or None when the watermark was there already.

    Marks of one chat in a batch are one move to the greatest; the one that names it gets the advance. Where nobody
    is to be `told`, advances are not looked up: of a channel's marks, as many as moved get the same `Untold`.
    """
    channel_id, _, _, cause, at = marks[-1]
    wanted: dict[int, int] = {}
    for of, chat_id, seq, means, _ in marks:
        if of != channel_id or means is not cause:
            return advance_apart(driver, marks, told=told)
        if wanted.get(chat_id, 0) < seq:
            wanted[chat_id] = seq
    if told:
        moved = {one.chat_id: one for one in advance(driver, channel_id, wanted, cause, at)}
        return [
            moved.pop(chat_id, None) if wanted[chat_id] == seq else None for _, chat_id, seq, _, _ in marks
        ]
    untold = move(driver, channel_id, wanted, cause, at)
    unmoved = len(marks) - untold.number
    return [untold] * untold.number + [None] * unmoved


def advance_apart(
    driver: sqlite3.Connection, marks: Sequence[Mark], *, told: bool
) -> list[Advanced | Untold | None]:
    """Marks of several channels or causes, one channel and cause after the other."""
    results: list[Advanced | Untold | None] = [None] * len(marks)
    for kind in {(channel_id, cause) for channel_id, _, _, cause, _ in marks}:
        numbers = [number for number, one in enumerate(marks) if (one[0], one[3]) == kind]
        group = [marks[number] for number in numbers]
        for number, result in zip(numbers, advance_marks(driver, group, told=told), strict=True):
            results[number] = result
    return results


def advance_chat(
    conn: sa.Connection, channel_id: int, chat_id: int, seq: int, cause: MarkMeans, at: int
) -> Advanced | None:
    """Move one chat's watermark to `seq`; None when it was there already."""
    moved = advance(raw(conn), channel_id, {chat_id: seq}, cause, at)
    return moved[0] if moved else None


UNREAD_CHATS = """
SELECT json_group_object(CAST(w.chat_id AS TEXT), w.last_seq)
FROM chats AS c CROSS JOIN watermarks AS w ON w.channel_id = c.channel_id AND w.chat_id = c.chat_id
WHERE c.channel_id = ? AND w.read_seq < w.last_seq
"""


def advance_all(conn: sa.Connection, channel_id: int, cause: MarkMeans, at: int) -> list[Advanced]:
    """Mark the whole backlog of an account Read: what turning Chat off does (our decision, line-facts §11.22)."""
    driver = raw(conn)
    backlog = driver.execute(UNREAD_CHATS, (channel_id,)).fetchone()[0]
    return advance(
        driver, channel_id, msgspec.json.decode(backlog, type=dict[int, int], strict=False), cause, at
    )


class UserMark(Struct, frozen=True, gc=False):
    """A request to mark everything that one user sent and that exists when it is processed."""

    channel_id: int
    user_id: str
    at: int


UNKNOWN_USER = Advanced(0, 0, 0, "user", "")
"""The answer to a mark for a user whom the account doesn't know: never a friend, never wrote."""

FRONTIER = """
SELECT w.chat_id, w.last_seq
FROM chats AS c CROSS JOIN watermarks AS w ON w.channel_id = c.channel_id AND w.chat_id = c.chat_id
WHERE c.channel_id = ? AND c.peer_id = ? AND c.peer_kind = 'user'
"""

FRIEND = "SELECT 1 FROM friendships WHERE channel_id = ? AND user_id = ?"


def advance_user_marks(driver: sqlite3.Connection, marks: Sequence[UserMark]) -> list[Advanced | None]:
    """A batch of option marks. Each covers what exists now, what arrived since it was asked for included."""
    begin(driver)
    return [advance_user(driver, mark) for mark in marks]


def advance_user(driver: sqlite3.Connection, mark: UserMark) -> Advanced | None:
    found = driver.execute(FRONTIER, (mark.channel_id, mark.user_id)).fetchone()
    if found is None:
        friend = driver.execute(FRIEND, (mark.channel_id, mark.user_id)).fetchone()
        return UNKNOWN_USER if friend is None else None
    moved = advance(driver, mark.channel_id, {found[0]: found[1]}, MarkMeans.USER, mark.at)
    return moved[0] if moved else None
