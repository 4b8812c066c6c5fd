"""Waiting for what happens, instead of sleeping."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from kidoku.platform.control.matching import matches
from tests.platform.control.kit import Control, Json, World


async def listened(control: Control) -> None:
    """Until somebody waits for events."""
    async with asyncio.timeout(10):
        while not control.platform.bus.subscribers:
            await asyncio.sleep(0)


async def test_waiting_for_an_event(world: World) -> None:
    control = world.control
    match = {"type": "message", "accountId": world.account_id, "message": {"text": "hello"}}
    waiting = asyncio.ensure_future(control.post("/wait", {"match": match}))
    await listened(control)
    await control.say(world.user_id, world.account_id, "something else")
    await control.say(world.user_id, world.account_id, "hello")
    answer = await waiting
    assert answer["matched"]
    assert answer["event"]["message"]["text"] == "hello"


async def test_since_takes_in_what_has_happened(world: World) -> None:
    control = world.control
    await control.say(world.user_id, world.account_id, "one")
    cursor = control.cursor
    await control.say(world.user_id, world.account_id, "two")
    match = {"type": "message"}
    first = await control.post("/wait", {"match": match, "since": cursor})
    second = await control.post("/wait", {"match": match, "since": first["cursor"]})
    third = await control.post("/wait", {"match": match, "since": second["cursor"], "timeoutMs": 0})
    assert [one["event"]["message"]["text"] for one in (first, second)] == ["one", "two"]
    assert not third["matched"]
    assert third["cursor"] == second["cursor"]


async def test_a_message_read_already_needs_no_waiting(world: World) -> None:
    control = world.control
    sent = await control.say(world.user_id, world.account_id)
    wanted = {"accountId": world.account_id, "userId": world.user_id, "messageId": sent["messageId"]}
    body: Json = {"match": {"read": wanted}, "timeoutMs": 0}
    assert not (await control.post("/wait", body))["matched"]
    waiting = asyncio.ensure_future(control.post("/wait", {**body, "timeoutMs": 10_000}))
    await listened(control)
    await control.post(f"{world.desk}/open")
    answer = await waiting
    assert answer["matched"]
    again = await control.post("/wait", body)
    assert again["matched"]
    assert "event" not in again


async def test_waiting_for_read_in_a_group(world: World) -> None:
    control = world.control
    body = {"name": "Lunch", "members": [world.user_id], "accountId": world.account_id}
    group_id = (await control.post("/groups", body))["groupId"]
    sent = await control.say(world.user_id, group_id)
    wanted = {"accountId": world.account_id, "groupId": group_id, "messageId": sent["messageId"]}
    asked: Json = {"match": {"read": wanted}, "timeoutMs": 10_000}
    waiting = asyncio.ensure_future(control.post("/wait", asked))
    await listened(control)
    # A member's reading is not the account's.
    await control.post(f"/users/{world.user_id}/chats/{group_id}/read")
    assert not (await control.post("/wait", {**asked, "timeoutMs": 0}))["matched"]
    await control.post(f"/chats/{world.account_id}/{group_id}/open")
    answer = await waiting
    assert answer["matched"]
    # Without an event if it was Read by the time that the state was looked at.
    assert "reader" not in answer.get("event", {})


async def test_what_cannot_be_waited_for(world: World) -> None:
    control = world.control
    await control.post(f"{world.desk}/messages", {"text": "from the account"})
    [shown] = await control.screen(world.user_id, world.account_id)
    own = {"accountId": world.account_id, "messageId": shown["id"]}

    async def refused(body: Any, status: int = 400) -> str:
        return await control.error("POST", "/wait", body, status)

    assert await refused({"match": {}}) == "invalid_body"
    assert await refused({}) == "invalid_body"
    assert await refused({"match": {"a": {"in": 5}}}) == "invalid_match"
    assert await refused({"match": {"a": {"exists": "yes"}}}) == "invalid_match"
    assert await refused({"match": {"type": "x"}, "timeoutMs": 60_001}) == "invalid_body"
    assert await refused({"match": {"type": "x"}, "since": "old-1"}, 409) == "cursor_expired"
    assert await refused({"match": {"type": "x"}, "user": "nobody"}, 404) == "user_not_found"
    assert await refused({"match": {"read": own}}) == "not_readable"
    assert await refused({"match": {"read": {**own, "messageId": "1"}}}, 404) == "message_not_found"
    assert await refused({"match": {"read": {**own, "userId": "U1"}}}, 404) == "message_not_found"
    assert (
        await refused({"match": {"read": {"accountId": "x", "messageId": "1"}}}, 404) == "account_not_found"
    )
    assert await refused({"match": {"read": {}}}) == "invalid_body"
    nested: Any = {"type": "x"}
    for _ in range(20):
        nested = {"a": nested}
    assert await refused({"match": nested}) == "invalid_match"
    assert control.platform.bus.subscribers == 0


async def test_who_stops_waiting_is_let_go(world: World) -> None:
    control = world.control
    waiting = asyncio.ensure_future(control.post("/wait", {"match": {"type": "never"}}))
    async with asyncio.timeout(20):
        while not control.platform.bus.subscribers:
            await control.get("/providers")
        waiting.cancel()
        while control.platform.bus.subscribers:
            await control.get("/providers")


async def test_waiting_ends_with_the_server(world: World) -> None:
    control = world.control
    waiting = asyncio.ensure_future(control.post("/wait", {"match": {"type": "never"}}))
    async with asyncio.timeout(20):
        while not control.platform.bus.subscribers:
            await control.get("/providers")
    control.platform.bus.close()
    assert not (await waiting)["matched"]


EVENT = {
    "type": "read",
    "readSeq": 5,
    "from": {"id": "U1", "tags": ["a", "b"]},
    "seq": None,
    "flag": True,
    "text": "abc",
}


@pytest.mark.parametrize(
    ("match", "expected"),
    [
        ({"type": "read"}, True),
        ({"type": "message"}, False),
        ({"type": "read", "readSeq": 6}, False),
        ({"readSeq": {"gte": 5, "lt": 6}}, True),
        ({"readSeq": {"gt": 5}}, False),
        ({"readSeq": {"lte": "5"}}, False),
        ({"text": {"gt": "abb"}}, True),
        ({"readSeq": {"in": [1, 5]}}, True),
        ({"readSeq": {"in": []}}, False),
        ({"readSeq": {"ne": 5}}, False),
        ({"absent": {"ne": 5}}, True),
        ({"absent": None}, False),
        ({"absent": {"exists": False}}, True),
        ({"readSeq": {"exists": True, "eq": 5}}, True),
        ({"seq": None}, True),
        ({"flag": 1}, False),
        ({"flag": True}, True),
        ({"from": {"id": "U1"}}, True),
        ({"from": {"id": "U2"}}, False),
        ({"from.id": "U1"}, True),
        ({"from.id.x": "U1"}, False),
        ({"from.tags": {"contains": "b"}}, True),
        ({"from.tags": {"contains": "c"}}, False),
        ({"text": {"contains": "bc"}}, True),
        ({"text": {"contains": 5}}, False),
        ({"readSeq": {"contains": 5}}, False),
        ({"readSeq": {"id": 5}}, False),
    ],
)
def test_matching(match: Json, expected: bool) -> None:
    assert matches(EVENT, match) is expected
