"""What the bot behind the relay has taken and what it has not: messages learn it, and what waited for that is due."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import bindparam, select, update

from kidoku.core.read_policy import Occasion
from kidoku.desk.store.change import Change
from kidoku.desk.store.channels import Channel
from kidoku.desk.store.chats import chat_with, peer_of
from kidoku.desk.store.deferred import Decided, decide, has_deferred
from kidoku.desk.store.due_marks import Due, further_and_further
from kidoku.desk.store.events import event_id_of
from kidoku.desk.store.intake import Intake
from kidoku.desk.store.marks import Cause, Mark, ask_for, newest_message
from kidoku.desk.store.relays import INTAKE, Relay
from kidoku.desk.store.replies import answers_wait
from kidoku.desk.store.schema import events, intakes, messages
from kidoku.storage.prepared import Prepared

if TYPE_CHECKING:
    import sqlalchemy as sa

Json = Mapping[str, Any]


def messages_in(conn: sa.Connection, channel: Channel, bodies: Iterable[Json]) -> dict[int, list[str]]:
    """The keys of messages in events, by chat, without those in standby: they are another module's, never ours. A
    request that could not be processed may have left no chat.
    """
    found: dict[int, list[str]] = {}
    for body in bodies:
        source, message = body.get("source"), body.get("message")
        if body.get("type") != "message" or body.get("mode", "active") != "active":
            continue
        peer = peer_of(source) if isinstance(source, Mapping) else None
        chat_id = None if peer is None else chat_with(conn, channel.channel_id, peer)
        if chat_id is not None and isinstance(message, Mapping):
            found.setdefault(chat_id, []).append(str(message.get("id")))
    return found


TAKEN = Prepared(
    update(messages)
    .where(messages.c.chat_id == bindparam("chat"), messages.c.message_key == bindparam("message"))
    .values(bot_handled=True)
)
LEFT = Prepared(
    update(messages)
    .where(
        messages.c.chat_id == bindparam("chat"),
        messages.c.message_key == bindparam("message"),
        messages.c.bot_handled.is_(None),
    )
    .values(bot_handled=False)
)


def bot_took(conn: sa.Connection, channel: Channel, intake: Intake, now: int) -> Change[list[Mark]]:
    """Note that the bot has taken a request's messages, and ask for what is due by its policy to be marked as read."""
    change: Change[list[Mark]] = Change([])
    for chat_id, keys in messages_in(conn, channel, events_in(intake)).items():
        for key in keys:
            TAKEN(conn, chat=chat_id, message=key)
        add(change, known_at_last(conn, channel, chat_id, keys, now, bot_handled=True))
    return change


def bot_left(conn: sa.Connection, channel: Channel, left: Iterable[Relay], now: int) -> Change[list[Mark]]:
    """Note that messages are left to people, and ask for what is due by their policy to be marked as read. What an
    earlier request has brought too is not in question: that one decides.
    """
    change: Change[list[Mark]] = Change([])
    for relay in left:
        row = conn.execute(select(*INTAKE).where(intakes.c.intake_id == relay.intake_id)).one()
        bodies = [body for body in events_in(Intake._make(row)) if is_from(conn, relay, body)]
        for chat_id, keys in messages_in(conn, channel, bodies).items():
            open_ones = [key for key in keys if LEFT(conn, chat=chat_id, message=key).rowcount]
            add(change, known_at_last(conn, channel, chat_id, open_ones, now, bot_handled=False))
    return change


def events_in(intake: Intake) -> list[Json]:
    found: list[Json] = msgspec.json.decode(intake.body)["events"]
    return found


def is_from(conn: sa.Connection, relay: Relay, body: Json) -> bool:
    """Whether an event was new with the request that a relay forwards."""
    mine = (events.c.channel_id == relay.channel_id, events.c.event_id == event_id_of(body))
    return conn.execute(select(events.c.intake_id).where(*mine)).scalar_one_or_none() == relay.intake_id


def known_at_last(
    conn: sa.Connection, channel: Channel, chat_id: int, keys: Sequence[str], now: int, *, bot_handled: bool
) -> Change[list[Mark]]:
    """Ask for what has happened to messages meanwhile and is due, now that it is known who handles them."""
    change: Change[list[Mark]] = Change([])
    if channel.settings.read_policy.bot_handled is not None:
        told = {"type": "bot-handled", "channelId": channel.channel_id, "chatId": str(chat_id)}
        change.events.append({**told, "messageIds": list(keys), "handled": bot_handled})
    if not has_deferred(conn, chat_id):
        return change
    found = decide(conn, chat_id, keys, bot_handled=bot_handled)
    if channel.removed_at is not None:
        return change
    for due in further_and_further(dues(conn, channel, chat_id, found, now, bot_handled=bot_handled)):
        asked = ask_for(conn, channel, chat_id, due.target, due.cause, now)
        change.value.append(asked.value)
        change.events += asked.events
    answers_wait(conn, chat_id, change.value, now)
    return change


def dues(
    conn: sa.Connection,
    channel: Channel,
    chat_id: int,
    found: Sequence[Decided],
    now: int,
    *,
    bot_handled: bool,
) -> Iterator[Due]:
    """Up to where each occasion makes the chat due. A mark by user takes all; one by token needs the message's own."""
    form = channel.settings.mark_by
    newest = newest_message(conn, chat_id, form, None) if found else None
    for one in found:
        if newest is None or (form == "token" and one.token is None):
            continue
        target = newest if form == "user" else newest._replace(up_to=one.up_to, token=one.token)
        if target.up_to > target.read:
            arrived = bot_handled and one.occasion is Occasion.RECEIVED
            occasion, by = (Occasion.BOT_HANDLED, "bot") if arrived else (one.occasion, one.by)
            yield Due(target, Cause(occasion, by, one.at, max(one.due_at, now)))


def add(change: Change[list[Mark]], more: Change[list[Mark]]) -> None:
    change.value += more.value
    change.events += more.events
