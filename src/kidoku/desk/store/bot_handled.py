"""Messages that the bot behind the relay has taken, and those that it has not: what their read policy makes of that."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import msgspec
from sqlalchemy import bindparam, select, update

from kidoku.core.read_policy import Occasion, due_after, waits_for_bot
from kidoku.desk.store.change import Change
from kidoku.desk.store.channels import Channel
from kidoku.desk.store.chats import chat_with, peer_of
from kidoku.desk.store.events import time_of
from kidoku.desk.store.intake import Intake
from kidoku.desk.store.marks import ask_mark
from kidoku.desk.store.place import Place, place_of
from kidoku.desk.store.relays import INTAKE, Relay
from kidoku.desk.store.schema import intakes, messages
from kidoku.storage.prepared import Prepared

if TYPE_CHECKING:
    import sqlalchemy as sa


class Sent(NamedTuple):
    """A user's message in a request."""

    message_key: str
    place: Place


def messages_in(conn: sa.Connection, channel: Channel, intake: Intake) -> dict[int, list[Sent]]:
    """The messages in a request, by chat, without those in standby: they are another module's, never ours. A request
    that could not be processed may have left no chat.
    """
    found: dict[int, list[Sent]] = {}
    for body in msgspec.json.decode(intake.body)["events"]:
        source, message = body.get("source"), body.get("message")
        if body.get("type") != "message" or body.get("mode", "active") != "active":
            continue
        peer = peer_of(source) if isinstance(source, Mapping) else None
        chat_id = None if peer is None else chat_with(conn, channel.channel_id, peer)
        if chat_id is not None and isinstance(message, Mapping):
            key = str(message.get("id"))
            found.setdefault(chat_id, []).append(Sent(key, place_of(time_of(body, intake), key)))
    return found


TAKEN = Prepared(
    update(messages)
    .where(messages.c.chat_id == bindparam("chat"), messages.c.message_key == bindparam("message"))
    .values(bot_handled=True)
)


def bot_took(conn: sa.Connection, channel: Channel, intake: Intake, now: int) -> Change[list[int]]:
    """Note that the bot has taken a request's messages, and ask for them to be marked as read where the policy of what
    it takes says so: of each chat up to the newest of them, and nothing that came after it. The marks' IDs.
    """
    change: Change[list[int]] = Change([])
    for chat_id, sent in messages_in(conn, channel, intake).items():
        for one in sent:
            TAKEN(conn, chat=chat_id, message=one.message_key)
        keys = [one.message_key for one in sent]
        told = {"type": "bot-handled", "channelId": channel.channel_id, "chatId": str(chat_id)}
        change.events.append({**told, "messageIds": keys})
        if waits_for_bot(channel.settings.read_policy):
            add(change, mark_arrived(conn, channel, chat_id, sent, Occasion.BOT_HANDLED, now))
    return change


def bot_left(conn: sa.Connection, channel: Channel, left: Iterable[Relay], now: int) -> Change[list[int]]:
    """Ask for what the bot will not take to be marked, where the policy marks on arrival and has waited for the bot.
    The marks' IDs.
    """
    change: Change[list[int]] = Change([])
    policy = channel.settings.read_policy
    waited = waits_for_bot(policy) and due_after(policy, Occasion.RECEIVED) is not None
    if not waited or channel.removed_at is not None:
        return change
    for relay in left:
        row = conn.execute(select(*INTAKE).where(intakes.c.intake_id == relay.intake_id)).one()
        for chat_id, sent in messages_in(conn, channel, Intake._make(row)).items():
            add(change, mark_arrived(conn, channel, chat_id, sent, Occasion.RECEIVED, now))
    return change


def mark_arrived(
    conn: sa.Connection, channel: Channel, chat_id: int, sent: Sequence[Sent], occasion: Occasion, now: int
) -> Change[int | None]:
    """Ask for messages that had to wait for the bot to be marked, if their policy does so on arrival."""
    by_bot = occasion is Occasion.BOT_HANDLED
    delay = due_after(channel.settings.read_policy, occasion, bot_handled=by_bot)
    if delay is None:
        return Change(None)
    by, newest = "bot" if by_bot else "policy", max(one.place for one in sent)
    return ask_mark(conn, channel, chat_id, occasion, by, now, round(delay * 1_000), newest)


def add(change: Change[list[int]], asked: Change[int | None]) -> None:
    change.events += asked.events
    change.value += [] if asked.value is None else [asked.value]
