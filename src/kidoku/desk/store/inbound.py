"""What users wrote: added once, edited, taken back, in whatever order LINE's events come."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import BigInteger, bindparam, case, func, select, update
from sqlalchemy.dialects.sqlite import insert

from kidoku.desk.store.blocking import unblocked
from kidoku.desk.store.place import BEFORE_ITS_TIME, place_of
from kidoku.desk.store.profiles import due_again
from kidoku.desk.store.reports_facts import Joined, note_wait, take_back
from kidoku.desk.store.schema import chats, messages
from kidoku.desk.store.waiting import somebody_waits
from kidoku.storage.prepared import Prepared

if TYPE_CHECKING:
    import sqlalchemy as sa

Json = Mapping[str, Any]
encode = msgspec.json.Encoder().encode

UNSENT = "unsent"
"""The type of a message that was taken back before it was seen."""


class Inbound(msgspec.Struct, frozen=True):
    """A user's message as its event brought it. `at` in ms."""

    chat_id: int
    at: int
    message: Json
    sender_id: str | None
    standby: bool
    bot_handled: bool | None = False
    """None: the bot has not answered yet."""

    @property
    def message_id(self) -> str:
        return str(self.message["id"])


PLACED = ("at", "place", "sender_id", "token", "standby", "bot_handled")
"""Columns that a message's own event brings, whatever came before it."""

KEY = ("chat_id", "message_key")
ADD = Prepared(
    insert(messages).values(direction="in").on_conflict_do_nothing(index_elements=KEY),
    ["direction", "type", "body", "text", *KEY, *PLACED],
)
"""Prepared, as all that every message runs."""
MINE = (messages.c.chat_id == bindparam("chat"), messages.c.message_key == bindparam("message"))
KNOWN = Prepared(select(messages.c.unsent_at, messages.c.place).where(*MINE))
PLACE = Prepared(update(messages).where(*MINE), PLACED)


def add_message(conn: sa.Connection, new: Inbound) -> bool:
    """Keep a message; False when it was known already.

    One that was edited or taken back before it came keeps what came later, and only learns its place and token.
    """
    place = place_of(new.at, new.message_id)
    placed = {
        "at": place.at,
        "place": place.place,
        "sender_id": new.sender_id,
        "token": new.message.get("markAsReadToken"),
        "standby": new.standby,
        "bot_handled": new.bot_handled,
    }
    unsent_at = None
    row = {"chat_id": new.chat_id, "message_key": new.message_id, **content(new.message), **placed}
    if not ADD(conn, **row).rowcount:
        unsent_at, known_place = KNOWN(conn, chat=new.chat_id, message=new.message_id).fetchone()
        if known_place != BEFORE_ITS_TIME:
            return False
        PLACE(conn, chat=new.chat_id, message=new.message_id, **placed)
    joined = note_arrival(conn, new, counts=not new.standby and unsent_at is None)
    if joined.last_message_key != new.message_id:
        somebody_waits(conn, new.chat_id)
    if not new.standby:
        note_wait(conn, joined, new.message_id, place, unsent_at)
    return True


def content(message: Json) -> dict[str, Any]:
    """The columns that an edit changes."""
    return {**words(message), "body": encode(message).decode()}


def words(message: Json) -> dict[str, str | None]:
    """What a message is, and says, in a line."""
    text = message.get("text") or message.get("title") or message.get("fileName")
    return {"type": str(message.get("type", "")), "text": text if isinstance(text, str) else None}


def of_message(chat_id: int, message_id: str) -> Any:
    return update(messages).where(messages.c.chat_id == chat_id, messages.c.message_key == message_id)


def arrival(*, counts: bool) -> Prepared:
    """The statement for `note_arrival`."""
    at = bindparam("arrived_at", type_=BigInteger)
    newest = select(messages.c.message_key).where(
        messages.c.chat_id == bindparam("chat"), messages.c.place != BEFORE_ITS_TIME
    )
    values: dict[str, Any] = {
        "last_message_key": newest.order_by(messages.c.at.desc(), messages.c.place.desc())
        .limit(1)
        .scalar_subquery(),
        "last_at": func.max(chats.c.last_at, at),
        "profile_due_at": due_again(chats, at),
        "blocked_at": unblocked(at),
    }
    if counts:
        values["unseen"] = chats.c.unseen + 1
        values["waiting_since"] = func.coalesce(chats.c.waiting_since, at)
        values["state"] = case((chats.c.state == "resolved", "open"), else_=chats.c.state)
    changed = update(chats).where(chats.c.chat_id == bindparam("chat")).values(**values)
    return Prepared(changed.returning(*(chats.c[name] for name in Joined._fields)))


ARRIVAL = {counts: arrival(counts=counts) for counts in (True, False)}


def note_arrival(conn: sa.Connection, new: Inbound, *, counts: bool) -> Joined:
    """Bring the chat in step: its newest message, the team's unread count, since when somebody waits."""
    return Joined._make(ARRIVAL[counts](conn, chat=new.chat_id, arrived_at=new.at).fetchone())


def edit_message(conn: sa.Connection, chat_id: int, message: Json, at: int, sender_id: str | None) -> None:
    """Change a message's text, unless a newer edit came first or it was taken back."""
    message_id = str(message["id"])
    known = conn.execute(
        select(messages.c.edited_at, messages.c.unsent_at).where(
            messages.c.chat_id == chat_id, messages.c.message_key == message_id
        )
    ).one_or_none()
    if known is None:
        row = {**content(message), "chat_id": chat_id, "message_key": message_id, "sender_id": sender_id}
        conn.execute(
            insert(messages).values(direction="in", at=at, place=BEFORE_ITS_TIME, edited_at=at, **row)
        )
    elif known.unsent_at is None and (known.edited_at or 0) <= at:
        conn.execute(of_message(chat_id, message_id).values(edited_at=at, **content(message)))


def unsend_message(conn: sa.Connection, chat_id: int, message_id: str, at: int) -> None:
    """Forget what a message said; that there was one stays, and so does its token."""
    gone = {"body": "{}", "text": None, "unsent_at": at}
    known = conn.execute(
        select(messages.c.at, messages.c.place, messages.c.standby, messages.c.unsent_at).where(
            messages.c.chat_id == chat_id, messages.c.message_key == message_id
        )
    ).one_or_none()
    if known is None:
        row = {"chat_id": chat_id, "message_key": message_id, "type": UNSENT, **gone}
        conn.execute(insert(messages).values(direction="in", at=at, place=BEFORE_ITS_TIME, **row))
    elif known.unsent_at is None:
        conn.execute(of_message(chat_id, message_id).values(**gone))
        if known.place != BEFORE_ITS_TIME and not known.standby:
            take_back(conn, chat_id, message_id, at)
            note_taken_back(conn, chat_id, known.at)


def note_taken_back(conn: sa.Connection, chat_id: int, at: int) -> None:
    """Bring the chat in step after the message of a time was taken back: nobody has to see it, or to answer it."""
    unseen = (chats.c.chat_id == chat_id, chats.c.unseen > 0, chats.c.seen_at < at)
    conn.execute(update(chats).where(*unseen).values(unseen=chats.c.unseen - 1))
    somebody_waits(conn, chat_id)
