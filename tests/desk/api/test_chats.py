"""The inbox: every filter, pages while chats change, words in four scripts, and a chat's messages."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from kidoku.core.read_policy import Policy, ReadPolicy
from tests.desk.api.kit import Client
from tests.desk.api.people import signed_in
from tests.desk.kit import START, World, message_event
from tests.desk.line import ScriptedLine, Step, status


def user(number: int) -> str:
    return "U" + f"{number:032x}"


async def write(world: World, number: int, **more: Any) -> str:
    """A user's message; its chat's ID."""
    await world.webhook(message_event(number, **more))
    return str(await world.received(number))


def ids(answer: dict[str, Any]) -> list[str]:
    return [chat["chatId"] for chat in answer["chats"]]


async def test_a_line_of_the_list(world: World, api: Client) -> None:
    chat_id = await write(world, 1, text="Is anybody there?")
    [chat] = (await api.get("/chats"))["chats"]
    assert chat == {
        "chatId": chat_id,
        "channelKey": "shop",
        "kind": "user",
        "userId": "U" + "1" * 32,
        "displayName": chat["displayName"],
        "pictureUrl": chat["pictureUrl"],
        "lastMessage": {
            "messageId": "500000000000000001",
            "type": "text",
            "text": "Is anybody there?",
            "at": START + 1_000,
            "direction": "in",
            "unsent": False,
        },
        "lastAt": START + 1_000,
        "unread": 1,
        "state": "open",
        "assignee": None,
        "waitingSince": START + 1_000,
        "blocked": False,
        "read": {"state": "none"},
        "readUpTo": None,
    }
    detail = await api.get(f"/chats/{chat_id}")
    assert {name: detail[name] for name in chat} == chat
    assert detail["replyUntil"] is not None


async def test_who_has_written_nothing_has_no_read_state(world: World, api: Client) -> None:
    follow = {**message_event(1), "type": "follow", "follow": {"isUnblocked": False}}
    del follow["message"]
    await world.webhook(follow)
    await world.until(lambda event: event["type"] == "chat")
    (chat,) = (await api.get("/chats"))["chats"]
    assert (chat["lastMessage"], chat["read"]) == (None, None)


async def test_every_filter(world: World, api: Client, browser: Client) -> None:
    ann = await signed_in(api, browser)
    new, mine, resolved, seen = [await write(world, number, user=user(number)) for number in (1, 2, 3, 4)]
    await api.post(f"/chats/{mine}/assign", {"agentId": ann})
    await api.post(f"/chats/{resolved}/resolve")
    await api.post(f"/chats/{seen}/open")
    expected = {
        "all": [seen, resolved, mine, new],
        "unread": [resolved, mine, new],
        "mine": [mine],
        "unassigned": [seen, new],
        "waiting": [seen, mine, new],
        "resolved": [resolved],
    }
    for name, chats in expected.items():
        assert ids(await browser.get(f"/chats?filter={name}")) == chats, name
    counts = (await browser.get("/chats?limit=1"))["counts"]
    assert counts == {name: len(chats) for name, chats in expected.items()}
    assert ids(await browser.get("/chats?channel=shop")) == expected["all"]
    assert await api.refused(400, "GET", "/chats?filter=mine") == "no_agent"
    assert await api.refused(404, "GET", "/chats?channel=nobody") == "no_such_channel"
    assert await api.refused(400, "GET", "/chats?filter=some") == "invalid_query"


async def test_pages_while_chats_change(world: World, api: Client) -> None:
    chats = [await write(world, number, user=user(number)) for number in range(1, 8)]
    first = await api.get("/chats?limit=3")
    assert ids(first) == chats[:3:-1]
    # What moves to the top is not met again below, and nothing that stayed is missed.
    await write(world, 20, user=user(6))
    await write(world, 21, user=user(99))
    second = await api.get(f"/chats?limit=3&cursor={first['next']}")
    assert ids(second) == [chats[3], chats[2], chats[1]]
    assert "counts" not in second
    third = await api.get(f"/chats?limit=3&cursor={second['next']}")
    assert ids(third) == [chats[0]]
    assert "next" not in third


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Please BOOK a table for two", ["book", "table two", "for", "tw"]),
        ("明日の予約をお願いします", ["予約をお願い", "明日", "予約", "します"]),
        ("ขอจองโต๊ะพรุ่งนี้", ["จองโต๊ะ", "โต", "พรุ่งนี้"]),
        ("我想預約明天的座位", ["預約明天", "座位", "我"]),
        ('100% "sure" OR NOT', ['"sure"', "100%", "OR NOT", "%"]),
    ],
)
async def test_words(world: World, api: Client, text: str, words: list[str]) -> None:
    await write(world, 1, user=user(1), text="Something else")
    chat_id = await write(world, 2, user=user(2), text=text)
    for word in words:
        answer = await api.get(f"/chats?q={quote(word)}")
        assert ids(answer) == [chat_id], word
        assert answer["chats"][0]["found"]["text"] == text
    assert ids(await api.get(f"/chats?q={quote('nowhere')}")) == []
    assert ids(await api.get(f"/chats?q={user(2)}")) == [chat_id]
    assert ids(await api.get(f"/chats?filter=resolved&q={quote(words[0])}")) == []


async def test_words_follow_edits_and_unsending(world: World, api: Client) -> None:
    chat_id = await write(world, 1, text="the old words")
    edited = message_event(1, text="quite different")
    edited |= {"type": "messageEdited", "webhookEventId": "edit", "timestamp": START + 5_000}
    await world.webhook(edited)
    await world.until(lambda one: one["type"] == "message" and len(world.seen) > 1)
    assert ids(await api.get("/chats?q=different")) == [chat_id]
    assert ids(await api.get("/chats?q=words")) == []
    source = edited["source"]
    unsend = {"messageId": "500000000000000001"}
    await world.webhook(
        {
            "type": "unsend",
            "unsend": unsend,
            "webhookEventId": "u",
            "timestamp": START + 9_000,
            "source": source,
        }
    )
    await write(world, 2, text="later")
    assert ids(await api.get("/chats?q=different")) == []
    [first, _] = (await api.get(f"/chats/{chat_id}/messages"))["messages"]
    assert (first["text"], first["unsentAt"], first["message"]) == (None, START + 9_000, {})


async def test_messages_in_lines_order(world: World, api: Client) -> None:
    for number in (3, 1, 2, 5, 4):
        await write(world, number)
    chat_id = str(await world.received(1))
    page = await api.get(f"/chats/{chat_id}/messages?limit=2")
    assert [one["text"] for one in page["messages"]] == ["message 4", "message 5"]
    older = await api.get(f"/chats/{chat_id}/messages?limit=2&before={page['next']}")
    assert [one["text"] for one in older["messages"]] == ["message 2", "message 3"]
    oldest = await api.get(f"/chats/{chat_id}/messages?limit=2&before={older['next']}")
    assert [one["text"] for one in oldest["messages"]] == ["message 1"]
    assert "next" not in oldest
    assert "markAsReadToken" not in oldest["messages"][0]["message"]
    one = await api.get(f"/chats/{chat_id}/messages/{older['next']}")
    assert one == older["messages"][0]
    assert await api.refused(404, "GET", f"/chats/{chat_id}/messages?before=0") == "no_such_message"
    assert await api.refused(404, "GET", f"/chats/{chat_id}/messages/0") == "no_such_message"


async def test_the_read_state_of_every_message(world: World, api: Client, line: ScriptedLine) -> None:
    chat_id = await write(world, 1)
    asked = await api.post(f"/chats/{chat_id}/read")
    await world.mark_becomes(int(asked["markId"]), "confirmed")
    line.usual = Step(status(400, "Failed to mark messages as read. Please ensure that chat is enabled."))
    await write(world, 2)
    asked = await api.post(f"/chats/{chat_id}/read")
    await world.mark_becomes(int(asked["markId"]), "parked")
    await write(world, 3)
    await world.policy(ReadPolicy(Policy.ON_OPEN, undo_s=600))
    opened = await api.post(f"/chats/{chat_id}/open")
    assert opened["state"] == "waiting"
    await write(world, 4)
    messages = (await api.get(f"/chats/{chat_id}/messages"))["messages"]
    read = [one["read"] for one in messages]
    assert [one["state"] for one in read] == ["confirmed", "waiting", "waiting", "none"]
    assert (read[0]["occasion"], read[0]["by"], read[0]["attempts"]) == ("asked", "api", 1)
    assert read[0]["confirmedAt"] >= read[0]["askedAt"]
    assert (read[2]["markId"], read[2]["dueAt"]) == (opened["markId"], opened["dueAt"])
    await api.post(f"/chats/{chat_id}/undo", {"markId": opened["markId"]})
    messages = (await api.get(f"/chats/{chat_id}/messages"))["messages"]
    assert [one["read"]["state"] for one in messages] == ["confirmed", "parked", "none", "none"]
    assert messages[1]["read"]["advice"] == "chat-off"
    assert "ensure that chat is enabled" in messages[1]["read"]["reason"]


async def test_a_group_with_its_events_and_a_quote(world: World, api: Client) -> None:
    source = {"type": "group", "groupId": "C" + "2" * 32, "userId": user(7)}
    joined = {"type": "join", "webhookEventId": "j", "timestamp": START, "source": source}
    came = {
        "type": "memberJoined",
        "joined": {"members": [{"type": "user", "userId": user(8)}]},
        "webhookEventId": "m",
        "timestamp": START + 1_500,
        "source": {"type": "group", "groupId": "C" + "2" * 32},
    }
    pressed = {
        "type": "postback",
        "postback": {"data": "buy=1"},
        "webhookEventId": "p",
        "timestamp": START + 1_700,
        "source": source,
    }
    quoting = message_event(2, source=source)
    quoting["message"]["quotedMessageId"] = "500000000000000001"
    picture = message_event(3, source=source)
    picture["message"] = {
        "type": "image",
        "id": picture["message"]["id"],
        "contentProvider": {"type": "line"},
    }
    await world.webhook(joined, message_event(1, source=source), came, pressed, quoting, picture)
    chat_id = str(await world.received(3))
    chat = await api.get(f"/chats/{chat_id}")
    assert (chat["kind"], chat["groupId"], "userId" in chat) == ("group", "C" + "2" * 32, False)
    page = await api.get(f"/chats/{chat_id}/messages")
    assert [one["sender"]["userId"] for one in page["messages"]] == [user(7)] * 3
    assert page["messages"][1]["quoted"]["text"] == "message 1"
    here = f"/api/v1/chats/{chat_id}/messages/500000000000000003"
    media = page["messages"][2]["media"]
    assert (media["contentUrl"], media["previewUrl"]) == (f"{here}/content", f"{here}/preview")
    assert [one["type"] for one in page["events"]] == ["join", "memberJoined", "postback"]
    assert [one["userId"] for one in page["events"][1]["people"]] == [user(8)]
    assert page["events"][2]["postback"] == {"data": "buy=1"}


async def test_a_block_shows(world: World, api: Client) -> None:
    chat_id = await write(world, 1)
    source = {"type": "user", "userId": "U" + "1" * 32}
    await world.webhook(
        {"type": "unfollow", "webhookEventId": "b", "timestamp": START + 9_000, "source": source}
    )
    await world.until(lambda one: one["type"] == "chat")
    assert (await api.get(f"/chats/{chat_id}"))["blocked"] is True


@pytest.mark.parametrize("path", ["/chats/999", "/chats/x", "/chats/999/messages", "/chats/999/notes"])
async def test_chats_that_are_not_there(api: Client, path: str) -> None:
    assert await api.refused(404, "GET", path) == "no_such_chat"


@pytest.mark.parametrize(("bound", "word"), [("HITS", "message"), ("SCANNED", "me")])
async def test_a_search_that_finds_too_much_says_so(
    bound: str, word: str, world: World, api: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"kidoku.desk.store.search.{bound}", 2)
    chats = [await write(world, number, user=user(number)) for number in (1, 2)]
    assert "lookedAt" not in await api.get(f"/chats?q={word}")
    chats.append(await write(world, 3, user=user(3)))
    found = await api.get(f"/chats?q={word}")
    assert (ids(found), found["lookedAt"]) == ([chats[2], chats[1]], 2)
    more = await api.get(f"/chats?q={word}&limit=1")
    assert more["lookedAt"] == 2
    assert "lookedAt" not in await api.get(f"/chats?q={word}&cursor={more['next']}")
    assert "lookedAt" not in await api.get("/chats")
