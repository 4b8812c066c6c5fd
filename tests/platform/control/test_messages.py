"""What users write, and what becomes of it on the phone and in the outbox."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from typing import Any

import pytest

from tests.platform.control.kit import NOW, World


async def test_a_message_reaches_the_screen_and_the_outbox(world: World) -> None:
    control = world.control
    sent = await control.say(world.user_id, world.account_id, "hello")
    assert sent == {"messageId": sent["messageId"], "seq": 1, "timestamp": NOW}
    [shown] = await control.screen(world.user_id, world.account_id)
    assert shown == {
        "id": sent["messageId"],
        "from": "user",
        "author": {"kind": "user", "id": world.user_id, "displayName": "Ann"},
        "own": True,
        "type": "text",
        "timestamp": NOW,
        "unsent": False,
        "read": False,
        "via": "phone",
        "seq": 1,
        "text": "hello",
    }
    event = (await control.webhooks(world.account_id))[-1]
    message = event["message"]
    assert list(message) == ["type", "id", "quoteToken", "markAsReadToken", "text"]
    assert (message["id"], message["text"]) == (sent["messageId"], "hello")
    assert event["source"] == {"type": "user", "userId": world.user_id}


async def test_seqs_are_dense_whoever_writes_when(world: World) -> None:
    control = world.control
    sent = await asyncio.gather(*(control.say(world.user_id, world.account_id, str(n)) for n in range(40)))
    assert sorted(one["seq"] for one in sent) == list(range(1, 41))
    shown = await control.screen(world.user_id, world.account_id)
    assert [one["seq"] for one in shown] == list(range(1, 41))
    assert len({one["messageId"] for one in sent}) == 40
    events = await control.webhooks(world.account_id)
    assert [one["message"]["id"] for one in events[1:]] == [one["id"] for one in shown]


async def test_one_bad_message_fails_alone(world: World) -> None:
    control = world.control
    blocker = await control.friend(world.account_id, "Blocker")
    await control.delete(f"/users/{blocker}/friends/{world.account_id}")

    async def write(n: int) -> int:
        user_id, status = (blocker, 409) if n % 3 == 0 else (world.user_id, 200)
        await control.say(user_id, world.account_id, str(n), status)
        return status

    results = await asyncio.gather(*(write(n) for n in range(30)))
    assert results.count(409) == 10
    shown = await control.screen(world.user_id, world.account_id)
    assert [one["seq"] for one in shown] == list(range(1, 21))


async def test_with_chat_off_a_message_is_read_on_arrival(world: World) -> None:
    control = world.control
    await control.patch(f"/accounts/{world.account_id}/settings", {"chat": False})
    others = [await control.friend(world.account_id, f"U{n}") for n in range(4)]
    await asyncio.gather(*(control.say(one, world.account_id, str(n)) for one in others for n in range(5)))
    for one in others:
        assert all(shown["read"] for shown in await control.screen(one, world.account_id))
        timeline = await control.get(f"/chats/{world.account_id}/{one}/timeline")
        steps = timeline["steps"]
        assert {step["cause"] for step in steps} == {"auto"}
        assert [steps[0]["fromSeq"], steps[-1]["toSeq"]] == [0, 5]
        assert all(a["toSeq"] == b["fromSeq"] for a, b in pairwise(steps))


BODIES: list[tuple[dict[str, Any], dict[str, Any]]] = [
    (
        {"type": "sticker", "packageId": 446, "stickerId": "1988", "keywords": ["hi"], "text": "Hi"},
        {
            "packageId": "446",
            "stickerId": "1988",
            "stickerResourceType": "STATIC",
            "keywords": ["hi"],
            "text": "Hi",
        },
    ),
    (
        {"type": "location", "title": "T", "address": "A", "latitude": 35.6, "longitude": 139},
        {"title": "T", "address": "A", "latitude": 35.6, "longitude": 139.0},
    ),
    ({"type": "location", "latitude": 0, "longitude": 0}, {"latitude": 0.0, "longitude": 0.0}),
    (
        {
            "type": "image",
            "originalContentUrl": "https://example.com/a.jpg",
            "imageSet": {"id": "S", "index": 1},
        },
        {
            "contentProvider": {"type": "external", "originalContentUrl": "https://example.com/a.jpg"},
            "imageSet": {"id": "S", "index": 1},
        },
    ),
    (
        {
            "type": "video",
            "originalContentUrl": "https://example.com/a.mp4",
            "previewImageUrl": "https://example.com/a.jpg",
            "duration": 5000,
        },
        {
            "duration": 5000,
            "contentProvider": {
                "type": "external",
                "originalContentUrl": "https://example.com/a.mp4",
                "previewImageUrl": "https://example.com/a.jpg",
            },
        },
    ),
    (
        {"type": "audio", "originalContentUrl": "http://example.com/a.m4a"},
        {"contentProvider": {"type": "external", "originalContentUrl": "http://example.com/a.m4a"}},
    ),
    (
        {
            "type": "text",
            "text": "(love) you",
            "emojis": [{"index": 0, "length": 6, "productId": "p", "emojiId": "e"}],
        },
        {"text": "(love) you", "emojis": [{"index": 0, "length": 6, "productId": "p", "emojiId": "e"}]},
    ),
]


@pytest.mark.parametrize(("body", "carried"), BODIES)
async def test_every_type_has_lines_properties_in_lines_order(
    world: World, body: dict[str, Any], carried: dict[str, Any]
) -> None:
    control = world.control
    await control.post(f"{world.chat}/messages", body)
    message = (await control.webhooks(world.account_id))[-1]["message"]
    quotable = body["type"] in {"text", "sticker", "image", "video"}
    head = ["type", "id", *(["quoteToken"] if quotable else []), "markAsReadToken"]
    assert list(message)[: len(head)] == head
    assert {name: value for name, value in message.items() if name not in head} == carried
    assert list(message)[len(head) :] == list(carried)
    [shown] = await control.screen(world.user_id, world.account_id)
    assert shown["type"] == body["type"]
    if "originalContentUrl" in body:
        assert shown["contentUrl"] == body["originalContentUrl"]
        assert shown.get("previewUrl") == body.get("previewImageUrl")
    if body["type"] == "sticker":
        assert shown["sticker"] == {
            "packageId": "446",
            "stickerId": "1988",
            "resourceType": "STATIC",
            "text": "Hi",
        }


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"type": "text"},
        {"type": "text", "text": ""},
        {"type": "text", "text": None},
        {"type": "text", "text": "x" * 10_001},
        {"type": "text", "text": "\U0001f600" * 5_001},
        {"type": "text", "text": "x", "quotedMessageId": "not a number"},
        {"type": "text", "text": "x", "surprise": 1},
        {
            "type": "text",
            "text": "ab",
            "emojis": [{"index": 1, "length": 2, "productId": "p", "emojiId": "e"}],
        },
        {
            "type": "text",
            "text": "abcdef",
            "emojis": [
                {"index": 0, "length": 3, "productId": "p", "emojiId": "e"},
                {"index": 2, "length": 2, "productId": "p", "emojiId": "e"},
            ],
        },
        {
            "type": "text",
            "text": "@Ann",
            "mention": {"mentionees": [{"index": 0, "length": 4, "type": "all"}]},
        },
        {"type": "sticker", "packageId": "1"},
        {"type": "location", "latitude": 91, "longitude": 0},
        {"type": "location", "latitude": "1", "longitude": 0},
        {"type": "image"},
        {"type": "image", "originalContentUrl": "file:///etc/passwd"},
        {"type": "image", "originalContentUrl": "javascript:alert(1)"},
        {"type": "file", "fileName": "x"},
        {"type": "template"},
        {"type": ["text"]},
        "text",
        5,
        [{"type": "text", "text": "x"}],
    ],
)
async def test_what_is_no_message_is_refused_and_changes_nothing(world: World, body: Any) -> None:
    control = world.control
    answer = await control.http.post(f"{control.server.url}/_kidoku/v1{world.chat}/messages", json=body)
    assert answer.status == 400, await answer.text()
    assert await control.screen(world.user_id, world.account_id) == []


async def test_lengths_are_counted_in_utf_16(world: World) -> None:
    control = world.control
    await control.say(world.user_id, world.account_id, "\U0001f600" * 5_000)
    emoji = {"index": 2, "length": 6, "productId": "p", "emojiId": "e"}
    await control.say(world.user_id, world.account_id, "\U0001f600(love)", emojis=[emoji])


async def test_a_quote_shows_what_it_answers(world: World) -> None:
    control = world.control
    first = await control.say(world.user_id, world.account_id, "question")
    await control.say(world.user_id, world.account_id, "again?", quotedMessageId=first["messageId"])
    shown = (await control.screen(world.user_id, world.account_id))[-1]
    assert shown["quoted"] == {
        "id": first["messageId"],
        "author": {"kind": "user", "id": world.user_id, "displayName": "Ann"},
        "type": "text",
        "text": "question",
    }
    message = (await control.webhooks(world.account_id))[-1]["message"]
    assert message["quotedMessageId"] == first["messageId"]
    body = {"type": "text", "text": "x", "quotedMessageId": "123"}
    assert await control.error("POST", f"{world.chat}/messages", body, 404) == "quoted_message_not_found"


async def test_an_operator_quotes_by_token(world: World) -> None:
    control = world.control
    first = await control.say(world.user_id, world.account_id, "question")
    token = (await control.webhooks(world.account_id))[-1]["message"]["quoteToken"]
    answer = {"type": "text", "text": "answer", "quoteToken": token}
    await control.post(f"{world.desk}/messages", {"messages": [answer]})
    shown = (await control.screen(world.user_id, world.account_id))[-1]
    assert shown["quoted"]["id"] == first["messageId"]
    assert "quoteToken" not in shown


async def test_pages_go_back_to_the_first_message(world: World) -> None:
    control = world.control
    for n in range(7):
        await control.say(world.user_id, world.account_id, str(n))
    newest = await control.get(f"{world.chat}?limit=3")
    assert [one["text"] for one in newest["messages"]] == ["4", "5", "6"]
    assert newest["hasMore"]
    middle = await control.get(f"{world.chat}?limit=3&before={newest['messages'][0]['id']}")
    oldest = await control.get(f"{world.chat}?limit=3&before={middle['messages'][0]['id']}")
    assert [one["text"] for one in oldest["messages"]] == ["0"]
    assert not oldest["hasMore"]
    assert await control.error("GET", f"{world.chat}?limit=0") == "invalid_query"
    assert await control.error("GET", f"{world.chat}?befor=1") == "invalid_query"


async def test_unsending(world: World) -> None:
    control = world.control
    kept = await control.say(world.user_id, world.account_id, "kept")
    sent = await control.say(world.user_id, world.account_id, "secret")
    reply = await control.say(world.user_id, world.account_id, "about it", quotedMessageId=sent["messageId"])
    path = f"{world.chat}/messages/{sent['messageId']}"
    assert await control.delete(path) == {}
    assert await control.delete(path) == {}
    shown = await control.screen(world.user_id, world.account_id)
    assert [one["unsent"] for one in shown] == [False, True, False]
    assert "text" not in shown[1]
    assert shown[1]["seq"] == 2
    assert shown[2]["quoted"] == {**shown[2]["quoted"], "text": "", "unsent": True}
    events = await control.webhooks(world.account_id)
    assert [one["type"] for one in events] == ["follow", "message", "message", "message", "unsend"]
    assert events[-1]["unsend"] == {"messageId": sent["messageId"]}
    assert "replyToken" not in events[-1]
    row = (await control.get(f"/chats?accountId={world.account_id}"))["chats"][0]
    assert (row["lastSeq"], row["readSeq"], row["unread"]) == (3, 0, 3)
    control.clock.advance(control.platform.config.unsend_window_ms)
    assert await control.delete(f"{world.chat}/messages/{kept['messageId']}") == {}
    control.clock.advance(1)
    late = f"{world.chat}/messages/{reply['messageId']}"
    assert await control.error("DELETE", late, None, 409) == "too_late_to_unsend"


async def test_only_ones_own_messages_can_be_unsent(world: World) -> None:
    control = world.control
    other = await control.friend(world.account_id, "Other")
    sent = await control.say(world.user_id, world.account_id)
    theirs = f"/users/{other}/chats/{world.account_id}/messages"
    assert await control.error("DELETE", f"{theirs}/{sent['messageId']}", None, 404) == "message_not_found"
    await control.post(f"{world.desk}/messages", {"text": "from the account"})
    answer = (await control.screen(world.user_id, world.account_id))[-1]
    path = f"{world.chat}/messages"
    assert await control.error("DELETE", f"{path}/{answer['id']}", None, 409) == "not_own_message"
    for nothing in ("0", "x", "9" * 30, "-1", "1.5"):
        assert await control.error("DELETE", f"{path}/{nothing}", None, 404) == "message_not_found"
    assert (
        await control.error("PATCH", f"{path}/{sent['messageId']}", {"text": "y"}, 409)
        == "edit_only_in_groups"
    )


async def test_a_postback_goes_out_after_the_message_it_shows(world: World) -> None:
    control = world.control
    path = f"{world.chat}/postback"
    for wrong in ({"foo": "bar"}, {"date": "x"}, {"date": "2026-01-02", "time": "10:00"}, {}):
        await world.control.call("POST", path, {"data": "x", "params": wrong}, status=400)
    silent = await control.post(path, {"data": "a=1", "displayText": "I chose 1"})
    assert silent["seq"] == 1
    spoken = await control.post(path, {"data": "a=2", "text": "two", "messageId": silent["messageId"]})
    assert spoken["seq"] == 2
    assert "messageId" not in await control.post(path, {"data": "d", "params": {"date": "2025-11-22"}})
    shown = await control.screen(world.user_id, world.account_id)
    assert [(one["text"], one["via"], one["own"]) for one in shown] == [
        ("I chose 1", "postback", True),
        ("two", "postback", True),
    ]
    events = await control.webhooks(world.account_id)
    assert [one["type"] for one in events] == ["follow", "postback", "message", "postback", "postback"]
    assert [one["postback"] for one in events if "postback" in one] == [
        {"data": "a=1"},
        {"data": "a=2"},
        {"data": "d", "params": {"date": "2025-11-22"}},
    ]
    assert "replyToken" in events[-1]
    assert await control.error("POST", path, {"data": "x", "messageId": "1"}, 404) == "message_not_found"
    assert await control.error("POST", path, {"data": ""}) == "invalid_body"
    await control.delete(f"/users/{world.user_id}/friends/{world.account_id}")
    assert await control.error("POST", path, {"data": "x"}, 409) == "blocked"


async def test_the_account_answers_by_itself(world: World) -> None:
    control = world.control
    rules = [{"keywords": ["Open", "hours"], "text": "9 to 5"}]
    auto = {"enabled": True, "rules": rules, "defaultText": "Thanks!"}
    await control.patch(f"/accounts/{world.account_id}/settings", {"autoResponse": auto})
    await control.say(world.user_id, world.account_id, " HOURS ")
    await control.post(f"{world.chat}/messages", {"type": "sticker", "packageId": "1", "stickerId": "1"})
    shown = await control.screen(world.user_id, world.account_id)
    assert [(one.get("text"), one["via"]) for one in shown] == [
        (" HOURS ", "phone"),
        ("9 to 5", "auto"),
        (None, "phone"),
        ("Thanks!", "auto"),
    ]
    assert [one["read"] for one in shown] == [False] * 4
    account = await control.get(f"/accounts/{world.account_id}")
    assert account["quota"] == {"limit": None, "used": 0}


async def test_response_hours_decide_who_answers(world: World) -> None:
    control = world.control
    # NOW is Saturday, 17:26 in Tokyo.
    window = {"day": 5, "start": "17:00", "end": "18:00"}
    hours = {"enabled": True, "windows": [window], "inHours": "chat", "outOfHours": "auto"}
    auto = {"enabled": True, "defaultText": "closed"}
    settings = {"autoResponse": auto, "responseHours": hours}
    await control.patch(f"/accounts/{world.account_id}/settings", settings)
    await control.say(world.user_id, world.account_id, "in hours")
    control.clock.advance(3_600_000)
    await control.say(world.user_id, world.account_id, "out of hours")
    shown = await control.screen(world.user_id, world.account_id)
    assert [one["text"] for one in shown] == ["in hours", "out of hours", "closed"]


async def test_reading_on_the_phone_clears_its_own_count(world: World) -> None:
    control = world.control
    await control.say(world.user_id, world.account_id)
    await control.post(f"{world.desk}/messages", {"text": "one"})
    await control.post(f"{world.desk}/messages", {"messages": [{"type": "text", "text": "two"}]})

    async def unread() -> int:
        [chat] = (await control.get(f"/users/{world.user_id}/home"))["chats"]
        count: int = chat["unread"]
        return count

    assert await unread() == 2
    assert await control.post(f"{world.chat}/read") == {"unread": 0}
    assert await unread() == 0
    assert (await control.get(f"/chats?accountId={world.account_id}"))["chats"][0]["unread"] == 1
