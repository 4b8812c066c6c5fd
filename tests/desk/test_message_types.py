"""Every type of message and event that LINE sends, and some that it doesn't yet: taken in, and shown by the desk's API.

What there is to know is the official SDK's: its parser takes each of these, and has no type that is missing here.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from linebot.v3 import WebhookParser
from linebot.v3.webhooks.models.event import Event
from linebot.v3.webhooks.models.message_content import MessageContent
from linebot.v3.webhooks.models.source import Source

from kidoku.core.signature import sign
from tests.desk.api.kit import KEY, Client
from tests.desk.kit import SECRET, START, World, desk_world, message_event
from tests.desk.line import ScriptedLine

Json = dict[str, Any]


@pytest.fixture
async def world(tmp_path: Path, line: ScriptedLine) -> AsyncIterator[World]:
    async with desk_world(tmp_path / "data", line, api_key=KEY) as made:
        yield made


@pytest.fixture
def api(world: World) -> Client:
    return Client(world)


# -- what LINE sends

FROM_LINE = {"contentProvider": {"type": "line"}}
ELSEWHERE = {"originalContentUrl": "https://example.com/a", "previewImageUrl": "https://example.com/b"}
MENTIONS = {
    "mentionees": [
        {"index": 0, "length": 4, "type": "user", "userId": "U" + "b" * 32, "isSelf": True},
        {"index": 5, "length": 4, "type": "all"},
    ]
}

MESSAGES: dict[str, Json] = {
    "text": {"type": "text", "text": "既読 😀 ถึงแล้ว"},
    "text with emojis": {
        "type": "text",
        "text": "(love) it",
        "emojis": [{"index": 0, "length": 6, "productId": "8409", "emojiId": "004"}],
    },
    "text with mentions": {"type": "text", "text": "@Bot @All", "mention": MENTIONS},
    "text that quotes": {"type": "text", "text": "yes", "quotedMessageId": "468789532432007169"},
    "image": {"type": "image", **FROM_LINE},
    "image of a set": {"type": "image", **FROM_LINE, "imageSet": {"id": "E005", "index": 1, "total": 2}},
    "image from elsewhere": {"type": "image", "contentProvider": {"type": "external", **ELSEWHERE}},
    "video": {"type": "video", "duration": 60_000, **FROM_LINE},
    "video from elsewhere": {"type": "video", "contentProvider": {"type": "external", **ELSEWHERE}},
    "audio": {"type": "audio", "duration": 800, **FROM_LINE},
    "file": {"type": "file", "fileName": "見積書.pdf", "fileSize": 2_138},
    "location": {"type": "location", "latitude": 35.71, "longitude": 139.77},
    "location with a title": {
        "type": "location",
        "title": "上野",
        "address": "東京都",
        "latitude": 35.71,
        "longitude": 139.77,
    },
    "sticker": {
        "type": "sticker",
        "packageId": "446",
        "stickerId": "1988",
        "stickerResourceType": "ANIMATION_SOUND",
        "keywords": ["cony", "sally"],
    },
    "sticker with a text": {
        "type": "sticker",
        "packageId": "8401",
        "stickerId": "840101",
        "stickerResourceType": "MESSAGE",
        "text": "Let's go",
    },
}
TEXTS = {"file": "見積書.pdf", "location with a title": "上野"}
"""What stands in one line for messages that have no text."""

GROUP = {"type": "group", "groupId": "C" + "c" * 32}
ROOM = {"type": "room", "roomId": "R" + "d" * 32}
USER = {"type": "user"}
"""Whose ID is made for each event."""
SOMEBODY = {"members": [{"type": "user", "userId": "U" + "e" * 32}]}

EVENTS: dict[str, Json] = {
    "messageEdited": {
        "source": GROUP,
        "message": {"id": "7", "type": "text", "quoteToken": "q", "text": "b"},
    },
    "unsend": {"source": USER, "unsend": {"messageId": "325708"}},
    "follow": {"source": USER, "replyToken": "r", "follow": {"isUnblocked": False}},
    "unfollow": {"source": USER},
    "join": {"source": GROUP, "replyToken": "r"},
    "join of a room": {"source": ROOM, "replyToken": "r"},
    "leave": {"source": GROUP},
    "memberJoined": {"source": GROUP, "replyToken": "r", "joined": SOMEBODY},
    "memberLeft": {"source": GROUP, "left": SOMEBODY},
    "postback": {"source": USER, "replyToken": "r", "postback": {"data": "buy=1"}},
    "postback of a date": {
        "source": USER,
        "replyToken": "r",
        "postback": {"data": "when", "params": {"datetime": "2026-11-22T10:30"}},
    },
    "videoPlayComplete": {"source": USER, "replyToken": "r", "videoPlayComplete": {"trackingId": "t1"}},
    "beacon": {"source": USER, "replyToken": "r", "beacon": {"hwid": "d41d8cd98f", "type": "enter"}},
    "accountLink": {"source": USER, "replyToken": "r", "link": {"result": "ok", "nonce": "xkjn"}},
    "accountLink that failed": {"link": {"result": "failed", "nonce": "xkjn"}},
    "membership": {"source": USER, "replyToken": "r", "membership": {"type": "joined", "membershipId": 3189}},
    "module": {"module": {"type": "attached", "botId": "Uf0", "scopes": ["message:send"]}},
    "activated": {"source": USER, "chatControl": {"expireAt": START}},
    "deactivated": {"source": USER},
    "botSuspended": {},
    "botResumed": {},
    "delivery": {"source": USER, "delivery": {"data": "15034552939884E28681A7D668CEA94C"}},
}
SHOWN = {"follow", "unfollow", "join", "leave", "memberJoined", "memberLeft", "postback"}
"""Events that stand between the messages."""

FUTURE: dict[str, Json] = {
    "a message of a new type": {"message": {"type": "hologram", "id": "1", "depth": {"z": [1, None]}}},
    "a message without a type": {"message": {"id": "2"}},
    "a message without an ID": {"message": {"type": "text", "text": "whose?"}},
    "a message that is none": {"message": "hello"},
    "no message": {"message": None},
    "an ID that is a number": {"message": {"type": "text", "id": 3, "text": "three"}},
    "an ID that is no number": {"message": {"type": "text", "id": "ID-4", "text": "four"}},
    "a text that is none": {"message": {"type": "text", "id": "5", "text": {"rich": True}}},
    "a token that is none": {"message": {"type": "text", "id": "6", "text": "six", "markAsReadToken": 6}},
    "a quote of nothing": {"message": {"type": "text", "id": "7", "text": "7", "quotedMessageId": 7}},
    "a picture from nowhere": {"message": {"type": "image", "id": "8"}},
    "a provider that is none": {"message": {"type": "image", "id": "9", "contentProvider": "line"}},
    "an event of a new type": {"type": "quantumLeap", "leap": {"to": "tomorrow"}},
    "an event without a type": {"type": None},
    "a new kind of peer": {"source": {"type": "thread", "threadId": "T1", "userId": "U1"}},
    "a peer without an ID": {"source": {"type": "user"}},
    "a peer that is none": {"source": "somebody"},
    "no time": {"timestamp": None},
    "a time that is a text": {"timestamp": "2026-11-22T10:30:00Z"},
    "a time beyond all times": {"timestamp": 1 << 70},
    "a new mode": {"mode": "shared"},
    "no ID": {"webhookEventId": None},
    "no delivery context": {"deliveryContext": None},
    "a reply token that is none": {"replyToken": 5},
    "members that are none": {"type": "memberJoined", "joined": {"members": "all"}},
    "an edit of nothing": {"type": "messageEdited", "message": {}},
    "an unsend of nothing": {"type": "unsend", "unsend": {}},
    "a postback of nothing": {"type": "postback", "postback": None},
}


def user_id(number: int) -> str:
    return f"U{number:032x}"


def message_of(number: int, content: Json) -> Json:
    """A message event, with what LINE gives to all messages."""
    made = message_event(number, user=user_id(number))
    message = {name: made["message"][name] for name in ("id", "quoteToken", "markAsReadToken")}
    return {**made, "message": message | content}


def event_of(number: int, name: str, payload: Json) -> Json:
    """An event of a type, which is its name's first word."""
    made = message_event(number)
    kept = {key: made[key] for key in ("webhookEventId", "deliveryContext", "timestamp", "mode")}
    event = {"type": name.split()[0], **kept, **payload}
    if payload.get("source") == USER:
        event["source"] = {"type": "user", "userId": user_id(number)}
    return event


def parsed(event: Json) -> Any:
    """An event as the official SDK reads it."""
    body = json.dumps({"destination": "U" + "0" * 32, "events": [event]})
    (found,) = WebhookParser(SECRET).parse(body, sign(SECRET, body.encode()))
    return found


def known_to_the_sdk(model: Any) -> dict[str, str]:
    """Its classes, by type."""
    found: dict[str, str] = getattr(model, f"_{model.__name__}__discriminator_value_class_map")
    return found


async def chats(api: Client) -> dict[str, Json]:
    """All chats, by the ID of whom they are with."""
    page = await api.get("/chats?limit=200")
    assert "next" not in page
    return {one.get("userId") or one.get("groupId") or one.get("roomId"): one for one in page["chats"]}


async def problems(world: World) -> list[str]:
    """Why requests could not be processed."""
    query = "SELECT problem FROM intakes WHERE problem IS NOT NULL"
    return await world.desk.read(lambda conn: [row[0] for row in conn.exec_driver_sql(query)])


def test_no_type_is_missing() -> None:
    assert {one["type"] for one in MESSAGES.values()} == known_to_the_sdk(MessageContent).keys()
    assert {name.split()[0] for name in EVENTS} | {"message"} == known_to_the_sdk(Event).keys()
    peers = {one["source"]["type"] for one in EVENTS.values() if "source" in one}
    assert peers == known_to_the_sdk(Source).keys()


@pytest.mark.parametrize("name", MESSAGES)
def test_the_sdk_reads_the_message(name: str) -> None:
    message = parsed(message_of(1, MESSAGES[name])).message
    assert type(message).__name__ == known_to_the_sdk(MessageContent)[MESSAGES[name]["type"]]
    assert message.mark_as_read_token == "token-1"


@pytest.mark.parametrize("name", EVENTS)
def test_the_sdk_reads_the_event(name: str) -> None:
    assert type(parsed(event_of(1, name, EVENTS[name]))).__name__ == known_to_the_sdk(Event)[name.split()[0]]


async def test_every_message_is_shown(world: World, api: Client) -> None:
    for number, content in enumerate(MESSAGES.values()):
        await world.webhook(message_of(number, content))
    await world.received(len(MESSAGES) - 1)
    assert await problems(world) == []
    found = await chats(api)
    for number, (name, content) in enumerate(MESSAGES.items()):
        chat = found[user_id(number)]
        page = await api.get(f"/chats/{chat['chatId']}/messages")
        (shown,) = page["messages"]
        sent = message_of(number, content)["message"]
        del sent["markAsReadToken"]
        assert shown["message"] == sent, name
        assert (shown["type"], shown["read"]["state"]) == (content["type"], "none"), name
        assert shown["text"] == TEXTS.get(name, content.get("text")), name
        assert chat["lastMessage"] == {
            one: shown[one] for one in ("messageId", "type", "text", "at", "direction")
        } | {"unsent": False}
        assert ("media" in shown) == (content["type"] in {"image", "video", "audio", "file"}), name
        assert await api.get(f"/chats/{chat['chatId']}/messages/{shown['messageId']}") == shown


async def test_every_event_is_taken_in(world: World, api: Client) -> None:
    for number, (name, payload) in enumerate(EVENTS.items()):
        await world.webhook(event_of(number, name, payload))
    await world.webhook(message_event(len(EVENTS), user=user_id(len(EVENTS))))
    await world.received(len(EVENTS))
    assert await problems(world) == []
    found = await chats(api)
    for number, (name, payload) in enumerate(EVENTS.items()):
        source = event_of(number, name, payload).get("source")
        if source is None:
            continue
        chat = found[source[f"{source['type']}Id"]]
        page = await api.get(f"/chats/{chat['chatId']}/messages")
        kinds = [one["type"] for one in page["events"] if one["eventId"] == f"01K{number:023d}"]
        assert kinds == ([name.split()[0]] if name.split()[0] in SHOWN else []), name
        assert (await api.get(f"/chats/{chat['chatId']}"))["chatId"] == chat["chatId"]


async def test_what_is_new_or_wrong_takes_nothing_along(world: World, api: Client) -> None:
    """Each comes before a usual message, in the same webhook, from a user of its own."""
    for number, strange in enumerate(FUTURE.values()):
        before = message_event(2 * number, user=user_id(number)) | strange
        await world.webhook(before, message_event(2 * number + 1, user=user_id(number)))
    await world.received(2 * len(FUTURE) - 1)
    found = await chats(api)
    for number, name in enumerate(FUTURE):
        chat = found[user_id(number)]
        page = await api.get(f"/chats/{chat['chatId']}/messages")
        texts = [one["text"] for one in page["messages"]]
        assert f"message {2 * number + 1}" in texts, name
        for one in page["messages"]:
            assert await api.get(f"/chats/{chat['chatId']}/messages/{one['messageId']}") == one, name
        await api.post(f"/chats/{chat['chatId']}/open")
        await api.get(f"/chats/{chat['chatId']}")
    assert (await api.get("/chats?q=message"))["chats"]
