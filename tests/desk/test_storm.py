"""Events many times over, late, shuffled and in webhooks of any size: the desk ends where a few lines say it has to."""

from __future__ import annotations

import asyncio
import json
import random
import sqlite3
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kidoku.core.mark_attempt import Tried
from kidoku.core.read_policy import Policy, ReadPolicy
from kidoku.desk.store.channels import ChannelSettings, add_channel
from kidoku.desk.store.finish_marks import Attempt, Finished, finish_marks
from kidoku.desk.store.intake import Webhook, store_webhooks
from kidoku.desk.store.migrations import HEAD, SCRIPTS
from kidoku.desk.store.process import process_intakes
from kidoku.desk.store.search import SEARCH
from kidoku.desk.store.take_marks import claim_marks
from kidoku.storage.migrate import migrate
from kidoku.storage.sqlite import Link
from tests.desk.kit import START, World, desk_world, message_event
from tests.desk.line import scripted_line

Json = dict[str, Any]

PEERS: list[Json] = [
    {"type": "user", "userId": "U" + "a" * 32},
    {"type": "user", "userId": "U" + "b" * 32},
    {"type": "group", "groupId": "C" + "c" * 32, "userId": "U" + "a" * 32},
    {"type": "room", "roomId": "R" + "d" * 32, "userId": "U" + "b" * 32},
]


def peer_id(source: Json) -> str:
    return str(source[f"{source['type']}Id"])


@dataclass
class Storm:
    """What happened, each thing once; and the webhooks that tell it."""

    events: list[Json]
    webhooks: list[list[Json]] = field(repr=False)


# -- the model: no order of arrival, no doubles


@dataclass
class Told:
    """A message as everybody sees it. Compares by what the desk shows of it."""

    key: str
    at: int
    text: str | None
    unsent: bool
    token: str | None


@dataclass
class ChatModel:
    messages: list[Told]
    unseen: int
    waiting_since: int | None
    last: str | None
    blocked_at: int | None
    marked: str | None
    """The token that has to be the last one sent."""


def model(events: list[Json]) -> dict[str, ChatModel]:
    """Each chat, from the set of its events."""
    by_peer: dict[str, list[Json]] = defaultdict(list)
    for event in events:
        if "source" in event:
            by_peer[peer_id(event["source"])].append(event)
    return {peer: chat_model(of_chat) for peer, of_chat in by_peer.items()}


def chat_model(events: list[Json]) -> ChatModel:
    def of(kind: str) -> list[Json]:
        return sorted((one for one in events if one["type"] == kind), key=lambda one: int(one["timestamp"]))

    edits = {one["message"]["id"]: one["message"]["text"] for one in of("messageEdited")}
    unsent = {one["unsend"]["messageId"] for one in of("unsend")}
    came = sorted(of("message"), key=lambda one: (one["timestamp"], int(one["message"]["id"])))
    told = [
        Told(
            one["message"]["id"],
            one["timestamp"],
            None
            if one["message"]["id"] in unsent
            else edits.get(one["message"]["id"], one["message"].get("text")),
            one["message"]["id"] in unsent,
            one["message"].get("markAsReadToken"),
        )
        for one in came
    ]
    active = [one for one, event in zip(told, came, strict=True) if event["mode"] == "active"]
    waiting = [one.at for one in active if not one.unsent]
    there = max((one["timestamp"] for one in events if one["type"] in {"follow", "message"}), default=0)
    gone = max((one["timestamp"] for one in of("unfollow")), default=None)
    tokens = [one.token for one in active if one.token is not None]
    return ChatModel(
        told,
        unseen=len(waiting),
        waiting_since=min(waiting, default=None),
        last=told[-1].key if told else None,
        blocked_at=None if gone is None or there >= gone else gone,
        marked=tokens[-1] if tokens else None,
    )


# -- storms


@st.composite
def storms(draw: st.DrawFn, most: int = 14) -> Storm:
    number = 0

    def event(kind: str, source: Json | None, **more: Any) -> Json:
        """Every event at a time of its own, but for messages, which may share theirs."""
        nonlocal number
        number += 1
        base = message_event(number)
        made = {name: base[name] for name in ("webhookEventId", "deliveryContext", "timestamp", "mode")}
        if draw(st.integers(0, 9)) == 9:
            del made["webhookEventId"]  # then a digest tells doubles
        return {"type": kind, **made, **({} if source is None else {"source": source}), **more}

    def message(source: Json) -> Json:
        made = event("message", source)
        told: Json = {**message_event(number)["message"]}
        if draw(st.booleans()):
            made["timestamp"] = START + draw(st.integers(0, 3))
        if draw(st.integers(0, 7)) == 7:
            del told["markAsReadToken"]
        if draw(st.integers(0, 4)) == 4:
            told |= {"type": "sticker", "packageId": "1", "stickerId": "2", "stickerResourceType": "STATIC"}
            del told["text"]
        if draw(st.integers(0, 7)) == 7:
            made["mode"] = "standby"
        return {**made, "message": told, "replyToken": f"{number:032x}"}

    sources = st.sampled_from(PEERS)
    events = [message(draw(sources)) for _ in range(draw(st.integers(1, most)))]
    texts = [one for one in events if one["message"]["type"] == "text"]
    for one in draw(st.lists(st.sampled_from(texts), max_size=4)) if texts else []:
        changed = {
            "id": one["message"]["id"],
            "type": "text",
            "text": f"edited {number + 1}",
            "quoteToken": "q",
        }
        events.append(event("messageEdited", one["source"], message=changed))
    for one in draw(
        st.lists(st.sampled_from(events), max_size=3, unique_by=lambda one: str(one["message"]["id"]))
    ):
        if one["type"] == "message":
            events.append(event("unsend", one["source"], unsend={"messageId": one["message"]["id"]}))
    kinds = ["follow", "unfollow", "postback", "fromTheFuture", "accountLink"]
    for kind in draw(st.lists(st.sampled_from(kinds), max_size=5)):
        events.append(event(kind, draw(st.sampled_from(PEERS[:2])), more={"a": [1, None]}))
    if draw(st.booleans()):
        events.append(event("moduleChannel", None))
    return Storm(events, list(webhooks(events, draw(st.randoms(use_true_random=False)))))


def webhooks(events: list[Json], dice: random.Random) -> Iterator[list[Json]]:
    """Each event 1 to 20 times, shuffled, 1 to 100 in a webhook."""
    sent = []
    for event in events:
        for time in range(dice.choice([1, 1, 1, 2, 2, 3, 20])):
            sent.append({**event, "deliveryContext": {"isRedelivery": bool(time)}})
    dice.shuffle(sent)
    while sent:
        size = dice.choice([1, 1, 2, 5, 20, 100])
        yield sent[:size]
        sent = sent[size:]


# -- what was found, against the model

CHATS = "SELECT peer_id, chat_id, unseen, waiting_since, last_message_key, blocked_at FROM chats WHERE channel_id = ?"
MESSAGES = (
    "SELECT message_key, at, text, unsent_at IS NOT NULL, token FROM messages"
    " WHERE chat_id = ? ORDER BY at, place"
)
EVENTS = "SELECT count(*) FROM events WHERE channel_id = ?"
PROBLEMS = "SELECT problem FROM intakes WHERE problem IS NOT NULL OR processed_at IS NULL"


def check(driver: sqlite3.Connection, channel_id: int, storm: Storm, sent: dict[str, list[str]]) -> None:
    """`sent`: the tokens that were sent for each chat's peer, in order."""
    assert driver.execute(PROBLEMS).fetchall() == []
    assert driver.execute(EVENTS, (channel_id,)).fetchall() == [(len(storm.events),)]
    expected = model(storm.events)
    found = {row[0]: row[1:] for row in driver.execute(CHATS, (channel_id,))}
    assert found.keys() == expected.keys()
    for peer, (chat_id, *state) in found.items():
        chat = expected[peer]
        told = [
            Told(key, at, text, bool(gone), token)
            for key, at, text, gone, token in driver.execute(MESSAGES, (chat_id,))
        ]
        assert told == chat.messages
        assert state == [chat.unseen, chat.waiting_since, chat.last, chat.blocked_at]
        order = [one.token for one in chat.messages if one.token is not None]
        places = [order.index(token) for token in sent[peer]]
        assert places == sorted(set(places)), "an older one after a newer one, or one twice"
        assert (sent[peer][-1] if sent[peer] else None) == chat.marked


# -- the store alone: many storms


@cache
def link() -> Link:
    path = Path(tempfile.mkdtemp()) / "desk.db"
    migrate(path, SCRIPTS, HEAD)
    made = Link(path, read_only=False)
    for statement in SEARCH:
        made.driver.execute(statement)
    return made


class Shop:
    """A channel of its own, and the desk's background work on it."""

    def __init__(self) -> None:
        self.conn, self.driver = link().conn, link().driver
        self.driver.execute("BEGIN IMMEDIATE")
        receive = ChannelSettings(read_policy=ReadPolicy(Policy.ON_RECEIVE))
        self.channel = add_channel(self.conn, "shop", "Shop", "secret", "token", receive, START).value
        self.sent: dict[str, list[str]] = defaultdict(list)

    def take_in(self, events: list[Json]) -> None:
        body = json.dumps({"destination": "U", "events": events}).encode()
        store_webhooks(self.driver, [Webhook(self.channel.channel_id, START, "", body)])

    def process(self) -> int:
        return process_intakes(self.conn, {self.channel.channel_id: self.channel}, START, 10).value

    def mark(self, most: int) -> int:
        """LINE takes what is due."""
        taken = claim_marks(self.conn, "desk", START, 30_000, most, {self.channel.channel_id: most}).value
        for mark in taken:
            assert mark.token is not None
            self.sent[mark.peer_id].append(mark.token)
        if taken:
            attempt = Attempt(START, 1, Tried(200))
            finish_marks(self.conn, [Finished(one, attempt, START, 0.5) for one in taken])
        return len(taken)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(storms(), st.randoms(use_true_random=False))
def test_the_store_ends_where_the_model_is(storm: Storm, dice: random.Random) -> None:
    shop = Shop()
    try:
        for events in storm.webhooks:
            shop.take_in(events)
            if dice.random() < 0.4:
                shop.process()
            if dice.random() < 0.3:
                shop.mark(dice.randint(1, 4))
        while shop.process() or shop.mark(4):
            pass
        check(shop.driver, shop.channel.channel_id, storm, shop.sent)
    finally:
        link().end("ROLLBACK")


# -- the desk over HTTP, with LINE as slow as it likes: a few


async def play(data: Path, storm: Storm) -> None:
    async with scripted_line() as line, desk_world(data, line) as world:
        await world.policy(ReadPolicy(Policy.ON_RECEIVE))
        for events in storm.webhooks:
            await world.webhook(*events)
        last = message_event(10_000, user="U" + "e" * 32)
        await world.webhook(last)  # requests are processed in order: once this one is, all are
        await world.received(10_000)
        storm.events.append(last)
        driver = sqlite3.connect(data / "desk.db", isolation_level=None)
        await all_marked(world, driver)
        peers = {
            event["message"].get("markAsReadToken"): peer_id(event["source"])
            for event in storm.events
            if event["type"] == "message"
        }
        sent: dict[str, list[str]] = defaultdict(list)
        for call in line.calls:
            if call.path == "/v2/bot/chat/markAsRead":
                sent[peers[call.body["markAsReadToken"]]].append(call.body["markAsReadToken"])
        check(driver, world.channel.channel_id, storm, sent)
        driver.close()


async def all_marked(world: World, driver: sqlite3.Connection) -> None:
    open_marks = "SELECT 1 FROM marks WHERE state IN ('waiting', 'due', 'sending')"
    async with asyncio.timeout(20):
        while driver.execute(open_marks).fetchall():
            await world.events.wait()
            world.events.queue.clear()


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(storms())
def test_the_desk_ends_where_the_model_is(storm: Storm) -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(play(Path(folder) / "data", storm))
