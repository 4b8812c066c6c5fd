"""Notes of the team about a chat."""

from __future__ import annotations

from msgspec.json import Decoder

from kidoku.desk.api.call import Call
from kidoku.desk.api.chats import CHAT, chat_id
from kidoku.desk.api.shapes.chats import NoteAsked, NotesTold, NoteTold
from kidoku.desk.store.notes import Note, add_note, find_note, notes_of, remove_note
from kidoku.http.json_api.route import Route, delete, get, post
from kidoku.http.json_api.shapes import Nothing

NOTE = Decoder(NoteAsked)


def told(note: Note) -> NoteTold:
    return NoteTold(note_id=str(note.note_id), by=note.by, text=note.text, created_at=note.created_at)


async def get_notes(call: Call) -> NotesTold:
    return NotesTold(notes=[told(one) for one in await call.desk.read(notes_of, chat_id(call))])


async def post_note(call: Call) -> NoteTold:
    asked, desk = await call.json(NOTE), call.desk
    return told(await desk.apply(add_note, chat_id(call), asked.text, call.by, desk.now))


async def delete_note(call: Call) -> Nothing:
    """One's own, or any for admins."""
    desk, chat = call.desk, chat_id(call)
    note_id = call.id_of("noteId", "no_such_note", "There is no such note in this chat.")
    note = await desk.read(find_note, chat, note_id)
    if note.by != call.by:
        call.require_admin()
    await desk.apply(remove_note, chat, note_id)
    return Nothing()


def routes() -> tuple[Route[Call], ...]:
    notes = f"{CHAT}/notes"
    return (
        get(notes, get_notes, "List the notes about a chat", "notes", gives=NotesTold),
        post(notes, post_note, "Note something about a chat", "notes", asks=NoteAsked, gives=NoteTold),
        delete(f"{notes}/{{noteId}}", delete_note, "Delete a note", "notes", gives=Nothing),
    )
