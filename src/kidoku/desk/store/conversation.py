"""A chat's messages in LINE's order, each with its read state, and what else happened in the chat meanwhile."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa
from sqlalchemy import select

from kidoku.desk.store.chats import Chat, find_chat
from kidoku.desk.store.media import Media, media_of
from kidoku.desk.store.place import Place
from kidoku.desk.store.read_state import ReadState, causes, open_marks, read_state
from kidoku.desk.store.schema import events, members, messages, replies
from kidoku.storage.refused import Missing

Json = Mapping[str, Any]
decode = msgspec.json.Decoder(dict[str, Any]).decode

SHOWN_EVENTS = ("follow", "unfollow", "join", "leave", "memberJoined", "memberLeft", "postback")
EVENTS = 500
"""Events of one page at most: the newest."""
END_OF_TIME = (1 << 63) - 1


class Line(NamedTuple):
    """A message as it is kept. Times in ms."""

    message_key: str
    at: int
    place: int
    direction: str
    type: str
    body: str
    text: str | None
    sender_id: str | None
    standby: bool
    bot_handled: bool | None
    edited_at: int | None
    unsent_at: int | None
    reply_id: int | None
    line_message_id: str | None
    quote_token: str | None

    @property
    def content(self) -> dict[str, Any]:
        """LINE's message object, without what only we need."""
        found = decode(self.body)
        found.pop("markAsReadToken", None)
        return found


class Delivery(NamedTuple):
    """What became of the answer that an outgoing message is part of."""

    reply_id: int
    state: str
    way: str | None
    doubtful: bool
    sent_at: int | None
    problem: str | None
    advice: str | None


class Person(NamedTuple):
    """A user, as far as LINE has told who that is."""

    user_id: str
    display_name: str | None
    picture_url: str | None


class Shown(NamedTuple):
    """A message with all that is shown about it; `quoted` is the message that it quotes, `media` what it holds."""

    line: Line
    read: ReadState | None
    sender: Person | None
    delivery: Delivery | None
    quoted: Line | None
    media: Media | None


class Happening(NamedTuple):
    """An event that is no message."""

    event_id: str
    type: str
    at: int
    body: str
    people: list[Person]


class Page(NamedTuple):
    """Oldest first. `has_more`: there are older messages."""

    chat: Chat
    messages: list[Shown]
    events: list[Happening]
    has_more: bool


LINE = [messages.c[name] for name in Line._fields]
DELIVERY = [replies.c[name] for name in Delivery._fields]
NEWEST_FIRST = (messages.c.at.desc(), messages.c.place.desc(), messages.c.message_key.desc())


def conversation(conn: sa.Connection, chat_id: int, limit: int, before: str | None = None) -> Page:
    """The page of messages before `before`, or the newest. Raises Missing."""
    chat = find_chat(conn, chat_id)
    wanted = select(*LINE).where(messages.c.chat_id == chat_id)
    until = None
    if before is not None:
        until = find_line(conn, chat_id, before)
        here = sa.tuple_(messages.c.at, messages.c.place, messages.c.message_key)
        wanted = wanted.where(here < sa.tuple_(until.at, until.place, until.message_key))
    found = [Line._make(row) for row in conn.execute(wanted.order_by(*NEWEST_FIRST).limit(limit + 1))]
    page, has_more = found[:limit][::-1], len(found) > limit
    since = page[0].at if has_more else 0
    happened = happenings(conn, chat, since, END_OF_TIME if until is None else until.at)
    return Page(chat, shown(conn, chat, page), happened, has_more)


def find_line(conn: sa.Connection, chat_id: int, message_key: str) -> Line:
    """Raises Missing."""
    found = lines_by_key(conn, chat_id, [message_key])
    if not found:
        raise Missing("no_such_message", "There is no such message in this chat.")
    return found[message_key]


def lines_by_key(conn: sa.Connection, chat_id: int, keys: Sequence[str]) -> dict[str, Line]:
    wanted = select(*LINE).where(messages.c.chat_id == chat_id, messages.c.message_key.in_(keys))
    return {row.message_key: Line._make(row) for row in conn.execute(wanted)}


def shown_message(conn: sa.Connection, chat_id: int, message_key: str) -> tuple[Chat, Shown]:
    """One message. Raises Missing."""
    chat = find_chat(conn, chat_id)
    [found] = shown(conn, chat, [find_line(conn, chat_id, message_key)])
    return chat, found


def shown(conn: sa.Connection, chat: Chat, page: Sequence[Line]) -> list[Shown]:
    """Messages, oldest first, with all that is shown about them."""
    if not page:
        return []
    first, last = Place(page[0].at, page[0].place), Place(page[-1].at, page[-1].place)
    marks = [
        *open_marks(conn, [chat.chat_id]).get(chat.chat_id, []),
        *causes(conn, chat.chat_id, first, last),
    ]
    read = Place(chat.read_at, chat.read_place)
    people = named(conn, chat, {one.sender_id for one in page if one.direction == "in" and one.sender_id})
    ways = deliveries(conn, {one.reply_id for one in page if one.reply_id is not None})
    quotes = quoted(conn, chat.chat_id, page)
    files = media_of(conn, chat.chat_id, [one.message_key for one in page])
    return [
        Shown(
            line,
            read_state(Place(line.at, line.place), read, marks) if readable(line) else None,
            people.get(line.sender_id or "") if line.direction == "in" else None,
            ways.get(line.reply_id or 0),
            quotes.get(line.message_key),
            files.get(line.message_key),
        )
        for line in page
    ]


def readable(line: Line) -> bool:
    """Whether a message is one that this desk could mark: a user's, and not another module's to handle."""
    return line.direction == "in" and not line.standby


def quoted(conn: sa.Connection, chat_id: int, page: Sequence[Line]) -> dict[str, Line]:
    """The messages that those of a page quote, by the key of the one that quotes. Ours are quoted by LINE's ID."""
    wanted = {one.message_key: one.content.get("quotedMessageId") for one in page}
    ids = [one for one in wanted.values() if isinstance(one, str)]
    if not ids:
        return {}
    is_it = messages.c.message_key.in_(ids) | messages.c.line_message_id.in_(ids)
    found: dict[str, Line] = {}
    for row in conn.execute(select(*LINE).where(messages.c.chat_id == chat_id, is_it)):
        line = Line._make(row)
        found[line.line_message_id or line.message_key] = line
    return {key: found[one] for key, one in wanted.items() if isinstance(one, str) and one in found}


def deliveries(conn: sa.Connection, reply_ids: Iterable[int]) -> dict[int, Delivery]:
    wanted = select(*DELIVERY).where(replies.c.reply_id.in_(list(reply_ids)))
    return {row.reply_id: Delivery._make(row) for row in conn.execute(wanted)}


def named(conn: sa.Connection, chat: Chat, user_ids: Iterable[str]) -> dict[str, Person]:
    """Who users are: the chat's own user, or members of its group."""
    people = {user_id: Person(user_id, None, None) for user_id in user_ids}
    if chat.peer_kind == "user":
        return people | {chat.peer_id: Person(chat.peer_id, chat.display_name, chat.picture_url)}
    wanted = select(members.c.user_id, members.c.display_name, members.c.picture_url).where(
        members.c.channel_id == chat.channel_id,
        members.c.group_id == chat.peer_id,
        members.c.user_id.in_(list(people)),
    )
    return people | {row.user_id: Person._make(row) for row in conn.execute(wanted)}


def happenings(conn: sa.Connection, chat: Chat, since: int, until: int) -> list[Happening]:
    """The events of a chat between two times, oldest first."""
    wanted = (
        select(events.c.event_id, events.c.type, events.c.at, events.c.body)
        .where(events.c.chat_id == chat.chat_id, events.c.at >= since, events.c.at < until)
        .where(events.c.type.in_(SHOWN_EVENTS))
        .order_by(events.c.at.desc())
        .limit(EVENTS)
    )
    found = conn.execute(wanted).all()[::-1]
    concerned = {row.event_id: people_in(decode(row.body)) for row in found}
    people = named(conn, chat, {one for ids in concerned.values() for one in ids})
    return [Happening(*row, [people[one] for one in concerned[row.event_id]]) for row in found]


def people_in(body: Json) -> list[str]:
    """Whom an event is about: members who came or left, or whoever pressed."""
    for name in ("joined", "left"):
        found = body.get(name)
        if isinstance(found, dict) and isinstance(found.get("members"), list):
            ids = [one.get("userId") for one in found["members"] if isinstance(one, dict)]
            return [one for one in ids if isinstance(one, str)]
    source = body.get("source")
    user_id = source.get("userId") if isinstance(source, dict) else None
    return [user_id] if isinstance(user_id, str) else []
