"""Looking at what came in: events become chats and messages, and marks where a read policy says so.

Runs after LINE has its 200 and resumes after a crash: a request is closed in the transaction that holds all that
followed from it. Events may come twice, late and in any order (LINE, docs/messaging-api/receiving-messages), so
everything here can be done again and gives the same state.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Mapping
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import bindparam, insert, update
from sqlalchemy.exc import OperationalError

from kidoku.core.read_policy import Occasion, due_after
from kidoku.desk.store.blocking import note_gone, note_there
from kidoku.desk.store.change import Change, Event
from kidoku.desk.store.channels import Channel
from kidoku.desk.store.chat_event import chat_changed
from kidoku.desk.store.chats import Peer, chat_with, make_chat, peer_of, set_chat
from kidoku.desk.store.deferred import defer
from kidoku.desk.store.events import event_id_of, time_of
from kidoku.desk.store.inbound import Inbound, add_message, edit_message, unsend_message, words
from kidoku.desk.store.intake import Intake, close_intake, open_intakes
from kidoku.desk.store.marks import ask_mark
from kidoku.desk.store.media import forget_media, want_media
from kidoku.desk.store.place import place_of
from kidoku.desk.store.profiles import want_members
from kidoku.desk.store.relay_queue import queue_relay
from kidoku.desk.store.reply_tokens import keep_token
from kidoku.desk.store.schema import events
from kidoku.storage.prepared import Prepared
from kidoku.storage.sqlite import raw

if TYPE_CHECKING:
    import sqlalchemy as sa

log = logging.getLogger(__name__)

Json = Mapping[str, Any]
encode = msgspec.json.Encoder().encode


class Happened(msgspec.Struct, frozen=True):
    """An event that was not known yet."""

    channel: Channel
    intake: Intake
    body: Json
    chat_id: int | None
    peer: Peer | None
    is_queued: bool
    """Whether the request is on its way to the bot too."""

    @property
    def at(self) -> int:
        return time_of(self.body, self.intake)

    @property
    def active(self) -> bool:
        """Whether the desk is the one to act; in standby another module has the chat (LINE, partner docs)."""
        return bool(self.body.get("mode", "active") == "active")

    @property
    def for_bot(self) -> bool:
        """Whether the bot may take it, which is not known yet."""
        return self.is_queued and self.active


SLICE_S = 0.02
"""Seconds for which requests are processed in one transaction, about. What LINE sends meanwhile waits for its end, and
LINE waits for two seconds.
"""


def process_intakes(
    conn: sa.Connection,
    channels: Mapping[int, Channel],
    now: int,
    limit: int = 20,
    slice_s: float = SLICE_S,
) -> Change[int]:
    """Process the oldest open requests, one at least; how many there were. One that can't be is closed with its
    problem.
    """
    change: Change[int] = Change(0)
    end = monotonic() + slice_s
    for intake in open_intakes(conn, limit):
        change.value += 1
        left, problem = process_intake(conn, channels[intake.channel_id], intake, now)
        change.events += left
        close_intake(conn, intake.intake_id, now, problem)
        if monotonic() >= end:
            break
    return change


def process_intake(
    conn: sa.Connection, channel: Channel, intake: Intake, now: int
) -> tuple[list[Event], str | None]:
    """What follows from a request, and what was wrong with it. An event that is wrong takes no other along."""
    found: list[Json] = msgspec.json.decode(intake.body)["events"]
    bodies = sorted(found, key=lambda one: time_of(one, intake))  # LINE's order

    is_queued = False

    def act(*some: Json) -> list[Event]:
        return [event for body in some for event in process_body(conn, channel, intake, body, now, is_queued)]

    def forward() -> list[Event]:
        nonlocal is_queued
        is_queued = queue_relay(conn, channel, intake, now)
        return []

    done = [] if channel.settings.relay_url is None else [guarded(conn, forward)]
    acted = [guarded(conn, partial(act, *bodies))]
    if acted[0][1] is not None:
        log.error("webhook request %d is processed event by event", intake.intake_id)
        acted = [guarded(conn, partial(act, body)) for body in bodies]
    done += acted
    problems = [problem for _, problem in done if problem is not None]
    return [event for left, _ in done for event in left], "; ".join(problems) or None


def guarded(conn: sa.Connection, act: Callable[[], list[Event]]) -> tuple[list[Event], str | None]:
    """Do all of it or nothing: what is left, and why it could not be done. Trouble of the database's own is raised:
    no request is to blame for it, and all of them are tried again.
    """
    driver = raw(conn)
    driver.execute("SAVEPOINT part")
    try:
        left = act()
    except (sqlite3.OperationalError, OperationalError):
        raise
    except Exception as error:
        log.exception("a part of a webhook request could not be processed")
        driver.execute("ROLLBACK TO part")
        driver.execute("RELEASE part")
        return [], f"{type(error).__name__}: {error}"
    driver.execute("RELEASE part")
    return left, None


def process_body(
    conn: sa.Connection, channel: Channel, intake: Intake, body: Json, now: int, is_queued: bool
) -> list[Event]:
    """What follows from an event; nothing when it is known already."""
    event = note_event(conn, channel, intake, body, is_queued)
    return [] if event is None else process_event(conn, event, now)


KEEP_EVENT = Prepared(
    insert(events).prefix_with("OR IGNORE", dialect="sqlite"),
    ["channel_id", "event_id", "intake_id", "type", "at", "mode", "chat_id", "body"],
)
"""Prepared, as all that every event runs."""
OF_CHAT = Prepared(
    update(events).where(
        events.c.channel_id == bindparam("of_channel"), events.c.event_id == bindparam("of_event")
    ),
    ["chat_id"],
)


def note_event(
    conn: sa.Connection, channel: Channel, intake: Intake, body: Json, is_queued: bool
) -> Happened | None:
    """Keep an event as it is, with its chat, which is made if it is new; None when the event is known already."""
    event_id, at = event_id_of(body), time_of(body, intake)
    peer = peer_of(body.get("source"))
    chat_id = None if peer is None else chat_with(conn, channel.channel_id, peer)
    is_new = KEEP_EVENT(
        conn,
        channel_id=channel.channel_id,
        event_id=event_id,
        intake_id=intake.intake_id,
        type=str(body.get("type", "")),
        at=at,
        mode=str(body.get("mode", "active")),
        chat_id=chat_id,
        body=encode(body).decode(),
    ).rowcount
    if not is_new:
        return None
    if peer is not None and chat_id is None:
        chat_id = make_chat(conn, channel.channel_id, peer, at)
        OF_CHAT(conn, of_channel=channel.channel_id, of_event=event_id, chat_id=chat_id)
    return Happened(channel, intake, body, chat_id, peer, is_queued)


def process_event(conn: sa.Connection, event: Happened, now: int) -> list[Event]:
    """What follows from an event that is seen for the first time; for types that are not known, nothing more."""
    if event.chat_id is None:
        return []
    keep_reply_token(conn, event)
    if event.peer is not None:
        want_members(conn, event.channel.channel_id, event.peer, event.body, now)
    act = ACTS.get(str(event.body.get("type")))
    return [] if act is None else act(conn, event, now)


def keep_reply_token(conn: sa.Connection, event: Happened) -> None:
    token = event.body.get("replyToken")
    if event.chat_id is not None and event.active and isinstance(token, str):
        keep_token(conn, event.chat_id, token, event.at, event.intake.received_at)


def on_message(conn: sa.Connection, event: Happened, now: int) -> list[Event]:
    assert event.chat_id is not None
    inbound = Inbound(
        chat_id=event.chat_id,
        at=event.at,
        message=event.body["message"],
        sender_id=event.body["source"].get("userId"),
        standby=not event.active,
        bot_handled=None if event.for_bot else False,
    )
    if not add_message(conn, inbound):
        return []
    left: list[Event] = [message_event(event, inbound.message)]
    left += want_media(conn, event.channel.channel_id, event.chat_id, inbound.message, now)
    if event.active:
        left += mark_received(conn, event, event.chat_id, now)
    return left


def mark_received(conn: sa.Connection, event: Happened, chat_id: int, now: int) -> list[Event]:
    """Ask for what has come in to be marked, where the policy says so, or once the bot has answered."""
    channel, received = event.channel, Occasion.RECEIVED
    policy = channel.settings.read_policy
    delay = due_after(policy, received)
    if event.for_bot and delay != due_after(policy, received, bot_handled=True):
        defer(conn, channel, chat_id, received, "policy", now, str(event.body["message"]["id"]))
        return []
    if delay is None:
        return []
    message, by_token = event.body["message"], channel.settings.mark_by == "token"
    if by_token and message.get("markAsReadToken") is None:
        return []
    up_to = place_of(event.at, str(message["id"])) if by_token else None
    return ask_mark(conn, channel, chat_id, received, "policy", now, round(delay * 1_000), up_to).events


def on_edited(conn: sa.Connection, event: Happened, now: int) -> list[Event]:
    assert event.chat_id is not None
    message = event.body["message"]
    edit_message(conn, event.chat_id, message, event.at, event.body["source"].get("userId"))
    return [message_event(event, message)]


def on_unsend(conn: sa.Connection, event: Happened, now: int) -> list[Event]:
    """The user took a message back; so do we (LINE: bots should delete their copies)."""
    assert event.chat_id is not None
    message_id = str(event.body["unsend"]["messageId"])
    unsend_message(conn, event.chat_id, message_id, event.at)
    gone = forget_media(conn, event.chat_id, message_id)
    return [message_event(event, {"id": message_id}), *gone]


def on_follow(conn: sa.Connection, event: Happened, now: int) -> list[Event]:
    assert event.chat_id is not None
    note_there(conn, event.chat_id, event.at)
    set_chat(conn, event.chat_id, profile_due_at=now)
    return [chat_event(conn, event)]


def on_unfollow(conn: sa.Connection, event: Happened, now: int) -> list[Event]:
    assert event.chat_id is not None
    note_gone(conn, event.chat_id, event.at)
    return [chat_event(conn, event)]


def on_other(conn: sa.Connection, event: Happened, now: int) -> list[Event]:
    """Shown in the conversation from the event itself."""
    return [chat_event(conn, event)]


ACTS: Mapping[str, Callable[[sa.Connection, Happened, int], list[Event]]] = {
    "message": on_message,
    "messageEdited": on_edited,
    "unsend": on_unsend,
    "follow": on_follow,
    "join": on_follow,
    "unfollow": on_unfollow,
    "leave": on_unfollow,
    "memberJoined": on_other,
    "memberLeft": on_other,
    "postback": on_other,
}


def message_event(event: Happened, message: Json) -> Event:
    """What a line of the inbox shows of a message; `change` is LINE's type of event: message, messageEdited, unsend."""
    change = str(event.body["type"])
    return {
        "type": "message",
        "channelId": event.channel.channel_id,
        "chatId": str(event.chat_id),
        "messageId": str(message["id"]),
        "change": change,
        "at": event.at,
        "direction": "in",
        "message": None if change == "unsend" else words(message),
    }


def chat_event(conn: sa.Connection, event: Happened) -> Event:
    """The chat as it is after LINE's event of a type."""
    assert event.chat_id is not None
    return {**chat_changed(conn, event.chat_id), "event": str(event.body["type"])}
