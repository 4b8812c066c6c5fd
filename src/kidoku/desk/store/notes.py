"""Notes that the team keeps about a chat; users never see them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import delete, insert, select

from kidoku.desk.store.change import Change, Event
from kidoku.desk.store.chats import find_chat
from kidoku.desk.store.schema import notes
from kidoku.storage.refused import Missing

if TYPE_CHECKING:
    import sqlalchemy as sa


class Note(NamedTuple):
    """`by`: who wrote it. `created_at` in ms."""

    note_id: int
    chat_id: int
    by: str
    text: str
    created_at: int


COLUMNS = [notes.c[name] for name in Note._fields]


def notes_of(conn: sa.Connection, chat_id: int) -> list[Note]:
    """Oldest first. Raises Missing."""
    find_chat(conn, chat_id)
    wanted = select(*COLUMNS).where(notes.c.chat_id == chat_id).order_by(notes.c.note_id)
    return [Note._make(row) for row in conn.execute(wanted)]


def find_note(conn: sa.Connection, chat_id: int, note_id: int) -> Note:
    """Raises Missing."""
    wanted = select(*COLUMNS).where(notes.c.note_id == note_id, notes.c.chat_id == chat_id)
    row = conn.execute(wanted).one_or_none()
    if row is None:
        raise Missing("no_such_note", "There is no such note in this chat.")
    return Note._make(row)


def add_note(conn: sa.Connection, chat_id: int, text: str, by: str, now: int) -> Change[Note]:
    """Raises Missing."""
    chat = find_chat(conn, chat_id)
    values = {"chat_id": chat_id, "by": by, "text": text, "created_at": now}
    made = conn.execute(insert(notes).values(**values)).inserted_primary_key
    assert made is not None
    note = find_note(conn, chat_id, made[0])
    return Change(note, [note_event(chat.channel_id, note, removed=False)])


def remove_note(conn: sa.Connection, chat_id: int, note_id: int) -> Change[None]:
    """Raises Missing."""
    chat, note = find_chat(conn, chat_id), find_note(conn, chat_id, note_id)
    conn.execute(delete(notes).where(notes.c.note_id == note_id))
    return Change(None, [note_event(chat.channel_id, note, removed=True)])


def note_event(channel_id: int, note: Note, *, removed: bool) -> Event:
    """The live event of a note's change."""
    return {
        "type": "note",
        "channelId": channel_id,
        "chatId": str(note.chat_id),
        "noteId": str(note.note_id),
        "by": note.by,
        "text": None if removed else note.text,
        "createdAt": note.created_at,
        "removed": removed,
    }
