"""A message enters a chat: what users write, and what the Official Account sends.

Both go through `Outgoing`, which collects the rows of any number of messages and writes them with one statement per
table, so that messages that wait for the writer together cost little more than one.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import sqlalchemy as sa
from msgspec import Struct

from kidoku.core.settings import MarkMeans, reads_on_arrival
from kidoku.platform.store.account import Account, account
from kidoku.platform.store.advance import advance
from kidoku.platform.store.automatic import auto_response
from kidoku.platform.store.change import Change, Env
from kidoku.platform.store.chats import Chat, PeerKind, ensure_chat
from kidoku.platform.store.live import MessageEvent, ReadEvent
from kidoku.platform.store.outbox import Prepared, listening, make_event, prepare, write_prepared
from kidoku.platform.store.quotes import quoted_by_token
from kidoku.platform.store.schema import contents
from kidoku.platform.store.users import user_name
from kidoku.storage.insert import insert_rows
from kidoku.storage.sqlite import raw
from kidoku.wire import events as wire

encode = msgspec.json.Encoder().encode

MESSAGE = ("channel_id", "chat_id", "message_id", "seq", "sender_id", "via", "type", "body", "at")


class Sent(Struct, frozen=True):
    """A user's message as it was stored; `timestamp` in ms. `chat` is as it was before."""

    message_id: int
    seq: int
    timestamp: int
    chat: Chat


@dataclass(frozen=True, slots=True)
class Content:
    """Bytes that a user sent, already in the media folder under their SHA-256 digest."""

    digest: str
    media_type: str
    size: int
    file_name: str | None = None
    preview_digest: str | None = None
    ready_at: int = 0


class Written(Struct, frozen=True):
    """What a user wrote, allowed and ready to be stored.

    `body` is the message object without ID and tokens: `type` first, then what the type holds, in LINE's order.
    `reaches` is false while the account is not in the group: then it neither gets nor reads it. `silent`: the
    platform shows it as the user's, but sends no message event (the display text of a postback).
    """

    of: Account
    chat: Chat
    user_id: str
    user_name: str | None
    body: Mapping[str, Any]
    env: Env
    content: Content | None = None
    quoted: Mapping[str, Any] | None = None
    reaches: bool = True
    silent: bool = False
    via: str = "phone"


class Newest:
    """Where a chat stands while its messages are being collected; `added` counts those that can be read."""

    __slots__ = ("added", "at", "last_seq", "message_id", "read_to")

    def __init__(self, last_seq: int) -> None:
        self.last_seq = last_seq
        self.added = 0
        self.message_id = 0
        self.at = 0
        self.read_to: tuple[int, Account, Change[Any]] | None = None


class Outgoing:
    """Messages that are not written yet. Fill it, then `write`."""

    def __init__(self, conn: sa.Connection) -> None:
        self._conn = conn
        self._messages: list[tuple[Any, ...]] = []
        self._newest: dict[tuple[int, int], Newest] = {}
        self._prepared: list[Prepared] = []
        self._now = 0

    def from_user(self, written: Written) -> Change[Sent]:
        """Take up a user's message with its webhook, its arrival and what the account answers by itself."""
        of, chat, env, body = written.of, written.chat, written.env, written.body
        newest = self._at(chat)
        newest.last_seq += 1
        newest.added += 1
        message_id = self._append(chat, newest, newest.last_seq, written.user_id, written.via, body, env)
        change = Change(Sent(message_id, newest.last_seq, env.now, chat))
        event = MessageEvent(
            of.account_id,
            chat.peer_kind,
            chat.peer_id,
            message_id,
            newest.last_seq,
            written.user_id,
            written.user_name,
            written.via,
            body,
            env.now,
            written.quoted,
        )
        change.events.append(event)
        if written.content is not None:
            keep_content(self._conn, of.channel_id, message_id, written.content)
        if written.reaches:
            self._arrive(written, message_id, newest, change)
        return change

    def from_account(
        self, of: Account, chat: Chat, body: Mapping[str, Any], via: str, env: Env, change: Change[Any]
    ) -> int:
        """Take up a message of the Official Account; its ID. Never marks anything (replies do not read)."""
        message_id = self._append(chat, self._at(chat), None, None, via, body, env)
        quoted = quoted_by_token(self._conn, of.channel_id, chat.chat_id, body, env)
        event = MessageEvent(
            of.account_id,
            chat.peer_kind,
            chat.peer_id,
            message_id,
            None,
            None,
            of.display_name,
            via,
            body,
            env.now,
            quoted,
        )
        change.events.append(event)
        return message_id

    def write(self) -> None:
        """Write all that was taken up. The changes it belongs to are complete afterwards."""
        driver = raw(self._conn)
        insert_rows(driver, "messages", MESSAGE, self._messages)
        update_chats(driver, self._newest)
        self._read(driver)
        write_prepared(driver, self._prepared, self._now)

    def _at(self, chat: Chat) -> Newest:
        key = chat.channel_id, chat.chat_id
        found = self._newest.get(key)
        if found is None:
            found = self._newest[key] = Newest(chat.last_seq)
        return found

    def _append(
        self,
        chat: Chat,
        newest: Newest,
        seq: int | None,
        sender_id: str | None,
        via: str,
        body: Mapping[str, Any],
        env: Env,
    ) -> int:
        message_id = env.mint.serial(env.now)
        newest.message_id, newest.at = message_id, env.now
        self._now = env.now
        row = (
            chat.channel_id,
            chat.chat_id,
            message_id,
            seq,
            sender_id,
            via,
            body["type"],
            encode(body),
            env.now,
        )
        self._messages.append(row)
        return message_id

    def _arrive(self, written: Written, message_id: int, newest: Newest, change: Change[Sent]) -> None:
        of, chat, body, env = written.of, written.chat, written.body, written.env
        if reads_on_arrival(of.mode):
            newest.read_to = newest.last_seq, of, change
        if written.silent:
            return
        if listening(of):
            event = inbound_event(of, chat, message_id, newest.last_seq, written.user_id, body, env)
            prepared = prepare(of, chat, [event], env)
            self._prepared.append(prepared)
            change.deliveries.append(prepared.queued)
        answer = auto_response(of, chat.peer_kind, body, env.now)
        if answer is not None:
            self.from_account(of, chat, answer, "auto", env, change)

    def _read(self, driver: sqlite3.Connection) -> None:
        """Move the watermarks of what arrived in automatic reading, all chats of a channel at once."""
        channels: dict[int, dict[int, int]] = {}
        for (channel_id, chat_id), newest in self._newest.items():
            if newest.read_to is not None:
                channels.setdefault(channel_id, {})[chat_id] = newest.read_to[0]
        for channel_id, marks in channels.items():
            for moved in advance(driver, channel_id, marks, MarkMeans.ARRIVAL, self._now):
                reading = self._newest[channel_id, moved.chat_id].read_to
                if reading is not None:
                    _, of, change = reading
                    change.events.append(ReadEvent(of.account_id, moved, MarkMeans.ARRIVAL, self._now))


UPDATE_CHATS = """
UPDATE chats SET last_message_id = v.value ->> 3, last_message_at = v.value ->> 4,
    label = CASE WHEN label = 'resolved' AND v.value ->> 2 > 0 THEN 'inbox' ELSE label END
FROM json_each(?) AS v
WHERE chats.channel_id = v.value ->> 0 AND chats.chat_id = v.value ->> 1
"""
ADDED = ("channel_id", "chat_id", "last_seq")
RAISE_LAST = """
ON CONFLICT (chat_id) DO UPDATE SET last_seq = watermarks.last_seq + excluded.last_seq
WHERE watermarks.channel_id = excluded.channel_id
"""
"""Every chat has its row already: to SQLite this costs half of an UPDATE that is joined with the rows."""


def update_chats(driver: sqlite3.Connection, newest: Mapping[tuple[int, int], Newest]) -> None:
    """Bring the chats' newest message and last `seq` up to date. A user who writes reopens what was resolved."""
    rows = [(*key, one.added, one.message_id, one.at) for key, one in newest.items()]
    if rows:
        driver.execute(UPDATE_CHATS, (encode(rows).decode(),))
    raised = [(*key, one.added) for key, one in newest.items() if one.added]
    insert_rows(driver, "watermarks", ADDED, raised, RAISE_LAST)


def send_user_message(
    conn: sa.Connection,
    channel_id: int,
    peer_kind: PeerKind,
    peer_id: str,
    user_id: str,
    body: Mapping[str, Any],
    env: Env,
    *,
    content: Content | None = None,
) -> Change[Sent]:
    """Store what a user wrote, its webhook, what the account answers by itself, and, in the mode that reads on
    arrival, that it is Read.

    `peer_id` is the user for a one-to-one chat, else the group or room. Checks nothing: `phone_send` does.
    """
    of = account(conn, channel_id)
    chat = ensure_chat(conn, channel_id, peer_kind, peer_id, env.now)
    name = user_name(conn, of.provider_id, user_id)
    outgoing = Outgoing(conn)
    change = outgoing.from_user(Written(of, chat, user_id, name, body, env, content))
    outgoing.write()
    return change


def send_account_messages(
    conn: sa.Connection, of: Account, chat: Chat, bodies: Sequence[Mapping[str, Any]], via: str, env: Env
) -> Change[list[int]]:
    """Put messages of the Official Account into a chat, in order; their IDs. Never marks anything."""
    return send_to_chats(conn, of, [chat], bodies, via, env)


def send_to_chats(
    conn: sa.Connection,
    of: Account,
    chats: Iterable[Chat],
    bodies: Sequence[Mapping[str, Any]],
    via: str,
    env: Env,
) -> Change[list[int]]:
    """Put the same messages into each of several chats, in order; their IDs, chat by chat."""
    outgoing = Outgoing(conn)
    change: Change[list[int]] = Change([])
    for chat in chats:
        change.value += [outgoing.from_account(of, chat, body, via, env, change) for body in bodies]
    outgoing.write()
    return change


def inbound_event(
    of: Account, chat: Chat, message_id: int, seq: int, user_id: str, body: Mapping[str, Any], env: Env
) -> wire.Json:
    """The `message` webhook event of a user's message."""
    settings = of.settings
    carries_token = settings.chat or (env.token_when_chat_off and settings.tokens_without_chat)
    message = wire.message(
        body,
        message_id,
        env.seal.quote_token(of.channel_id, chat.chat_id, message_id)
        if body["type"] in wire.QUOTABLE
        else None,
        env.seal.read_token(of.channel_id, chat.chat_id, seq) if carries_token else None,
    )
    return make_event("message", {"message": message}, chat, env, user_id=user_id)


def keep_content(conn: sa.Connection, channel_id: int, message_id: int, content: Content) -> None:
    conn.execute(
        sa.insert(contents).values(
            channel_id=channel_id,
            message_id=message_id,
            digest=content.digest,
            preview_digest=content.preview_digest,
            media_type=content.media_type,
            file_name=content.file_name,
            size=content.size,
            ready_at=content.ready_at,
            gone=False,
        )
    )
