"""What can be done with a chat, and what LINE is asked by it."""

from __future__ import annotations

from typing import Any

import pytest

from kidoku.core.read_policy import Policy, ReadPolicy
from kidoku.storage.clock import ManualClock
from tests.desk.api.kit import Client
from tests.desk.api.people import signed_in
from tests.desk.kit import START, World, message_event
from tests.desk.line import ScriptedLine, Step, status
from tests.desk.test_marking import tokens


async def write(world: World, number: int = 1, **more: Any) -> str:
    await world.webhook(message_event(number, **more))
    return str(await world.received(number))


async def confirmed(world: World, mark_id: str) -> None:
    await world.mark_becomes(int(mark_id), "confirmed")


async def test_peeking_changes_nothing(world: World, api: Client, line: ScriptedLine) -> None:
    await world.policy(ReadPolicy(Policy.ON_OPEN, undo_s=0))
    chat_id = await write(world)
    before = await api.get(f"/chats/{chat_id}")
    peeked = await api.post(f"/chats/{chat_id}/peek")
    assert {name: before[name] for name in peeked} == peeked
    assert await api.get(f"/chats/{chat_id}") == before
    assert (await api.get("/marks"))["marks"] == []
    assert line.calls == []


@pytest.mark.parametrize("policy", [Policy.ON_REPLY, Policy.ON_ASSIGN, Policy.MANUAL])
async def test_opening_clears_the_teams_badge_only(
    world: World, api: Client, line: ScriptedLine, policy: Policy
) -> None:
    await world.policy(ReadPolicy(policy))
    chat_id = await write(world)
    opened = await api.post(f"/chats/{chat_id}/open")
    assert opened == {"markId": None, "state": None, "dueAt": None}
    changed = await world.until(lambda one: one["type"] == "chat")
    assert (changed["chatId"], changed["unread"], changed["by"]) == (chat_id, 0, "api")
    assert (await api.get(f"/chats/{chat_id}"))["read"] == {"state": "none"}
    assert line.calls == []


async def test_opening_marks_where_the_policy_says_so(world: World, api: Client, line: ScriptedLine) -> None:
    await world.policy(ReadPolicy(Policy.ON_OPEN, undo_s=0.05))
    chat_id = await write(world)
    opened = await api.post(f"/chats/{chat_id}/open")
    assert opened["state"] == "waiting"
    await confirmed(world, opened["markId"])
    assert tokens(line) == ["token-1"]
    assert (await api.get(f"/chats/{chat_id}"))["read"] == {"state": "confirmed"}
    [message] = (await api.get(f"/chats/{chat_id}/messages"))["messages"]
    read = message["read"]
    assert (read["state"], read["occasion"], read["by"]) == ("confirmed", "opened", "api")
    again = await api.post(f"/chats/{chat_id}/open")
    assert again["markId"] is None


async def test_an_opening_is_taken_back_whole(
    world: World, api: Client, browser: Client, line: ScriptedLine
) -> None:
    await signed_in(api, browser)
    await world.policy(ReadPolicy(Policy.ON_OPEN, undo_s=600))
    chat_id = await write(world)
    opened = await browser.post(f"/chats/{chat_id}/open")
    assert await browser.post(f"/chats/{chat_id}/open") == opened
    await write(world, 2)
    later = await browser.post(f"/chats/{chat_id}/open")
    assert later["markId"] != opened["markId"]
    assert await api.refused(404, "POST", f"/chats/{chat_id}/undo") == "nothing_to_undo"
    undone = await browser.post(f"/chats/{chat_id}/undo")
    assert (undone["markId"], undone["state"]) == (later["markId"], "undone")
    states = {mark["markId"]: mark["state"] for mark in (await api.get("/marks"))["marks"]}
    assert states == {opened["markId"]: "undone", later["markId"]: "undone"}
    assert await browser.refused(404, "POST", f"/chats/{chat_id}/undo") == "nothing_to_undo"
    too_late = {"markId": later["markId"]}
    assert await browser.refused(400, "POST", f"/chats/{chat_id}/undo", too_late) == "too_late_to_undo"
    assert await browser.refused(404, "POST", f"/chats/{chat_id}/undo", {"markId": "99"}) == "no_such_mark"
    assert line.calls == []


async def test_what_comes_meanwhile_holds_nothing_up(still_world: World, line: ScriptedLine) -> None:
    world, api = still_world, Client(still_world)
    assert isinstance(world.desk.clock, ManualClock)
    await world.policy(ReadPolicy(Policy.ON_OPEN_AFTER, after_s=10))
    chat_id = await write(world, 1)
    first = await api.post(f"/chats/{chat_id}/open")
    world.desk.clock.advance(8_000)
    await write(world, 2)
    second = await api.post(f"/chats/{chat_id}/open")
    world.desk.clock.advance(2_000)
    world.desk.marker.wake()
    await confirmed(world, first["markId"])
    assert tokens(line) == ["token-1"]
    world.desk.clock.advance(8_000)
    world.desk.marker.wake()
    await confirmed(world, second["markId"])
    assert tokens(line) == ["token-1", "token-2"]


@pytest.mark.parametrize(("policy", "left"), [(Policy.ON_OPEN_AFTER, "undone"), (Policy.ON_OPEN, "waiting")])
async def test_who_leaves_has_not_kept_it_open(still_world: World, policy: Policy, left: str) -> None:
    world, api, browser = still_world, Client(still_world), Client(still_world, key=None)
    await signed_in(api, browser)
    await world.policy(ReadPolicy(policy, after_s=10, undo_s=3))
    chat_id = await write(world)
    opened = await browser.post(f"/chats/{chat_id}/open")
    await browser.post(f"/chats/{chat_id}/presence", {"state": "viewing"})
    assert (await api.get("/marks"))["marks"][0]["state"] == "waiting"
    await browser.post(f"/chats/{chat_id}/presence", {"state": "away"})
    [mark] = (await api.get("/marks"))["marks"]
    assert (mark["markId"], mark["state"]) == (opened["markId"], left)
    again = await browser.post(f"/chats/{chat_id}/open")
    assert (again["markId"] != opened["markId"], again["state"]) == (left == "undone", "waiting")


async def test_who_leaves_one_of_two_pages_keeps_it_open(still_world: World) -> None:
    world, api, browser = still_world, Client(still_world), Client(still_world, key=None)
    await signed_in(api, browser)
    await world.policy(ReadPolicy(Policy.ON_OPEN_AFTER, after_s=10))
    chat_id = await write(world)
    await browser.post(f"/chats/{chat_id}/open")

    async def say(state: str, view: str, peek: bool = False) -> str:
        await browser.post(f"/chats/{chat_id}/presence", {"state": state, "view": view, "peek": peek})
        [mark] = (await api.get("/marks"))["marks"]
        return str(mark["state"])

    for view in ("one", "other"):
        assert await say("viewing", view) == "waiting"
    assert await say("viewing", "third", peek=True) == "waiting"
    assert await say("away", "one") == "waiting"
    [here] = (await api.get(f"/chats/{chat_id}"))["present"]
    assert here["state"] == "viewing"
    assert await say("away", "other") == "undone"  # the third only looks


async def test_marking_keeps_the_teams_badge(world: World, api: Client, line: ScriptedLine) -> None:
    await world.policy(ReadPolicy(Policy.MANUAL))
    chat_id = await write(world, 1)
    await write(world, 2)
    asked = await api.post(f"/chats/{chat_id}/read", {"upTo": "500000000000000001"})
    await confirmed(world, asked["markId"])
    assert tokens(line) == ["token-1"]
    asked = await api.post(f"/chats/{chat_id}/read")
    await confirmed(world, asked["markId"])
    assert tokens(line) == ["token-1", "token-2"]
    chat = await api.get(f"/chats/{chat_id}")
    assert (chat["unread"], chat["readUpTo"]) == (2, START + 2_000)
    assert (await api.post(f"/chats/{chat_id}/read"))["markId"] is None
    assert await api.refused(404, "POST", f"/chats/{chat_id}/read", {"upTo": "0"}) == "no_such_message"


async def test_assigning(world: World, api: Client, browser: Client, line: ScriptedLine) -> None:
    ann = await signed_in(api, browser)
    await world.policy(ReadPolicy(Policy.ON_ASSIGN))
    chat_id = await write(world)
    chat = await api.post(f"/chats/{chat_id}/assign", {"agentId": ann})
    assert chat["assignee"] == ann
    told = await world.until(lambda one: one["type"] == "assign")
    assert (told["agentId"], told["by"]) == (ann, "api")
    await line.calls_become(1)
    assert tokens(line) == ["token-1"]
    chat = await browser.post(f"/chats/{chat_id}/assign", {"agentId": None})
    assert chat["assignee"] is None
    assert await api.refused(404, "POST", f"/chats/{chat_id}/assign", {"agentId": "99"}) == "no_such_agent"
    assert await api.refused(400, "POST", f"/chats/{chat_id}/assign", {}) == "invalid_body"
    await api.patch(f"/agents/{ann}", {"disabled": True})
    assert await api.refused(400, "POST", f"/chats/{chat_id}/assign", {"agentId": ann}) == "agent_disabled"


async def test_resolving(world: World, api: Client, line: ScriptedLine) -> None:
    chat_id = await write(world)
    chat = await api.post(f"/chats/{chat_id}/resolve")
    assert (chat["state"], chat["waitingSince"]) == ("resolved", None)
    chat = await api.post(f"/chats/{chat_id}/reopen")
    assert (chat["state"], chat["waitingSince"]) == ("open", START + 1_000)
    chat = await api.post(f"/chats/{chat_id}/resolve", {"state": "waiting"})
    assert chat["state"] == "waiting"
    await api.post(f"/chats/{chat_id}/resolve")
    await write(world, 2)
    assert (await api.get(f"/chats/{chat_id}"))["state"] == "open"
    assert line.calls == []


async def test_answering(world: World, api: Client, line: ScriptedLine) -> None:
    chat_id = await write(world)
    [message] = (await api.get(f"/chats/{chat_id}/messages"))["messages"]
    body = {"messages": [{"type": "text", "text": "Hello"}], "quoteToken": message["quoteToken"]}
    asked = await api.post(f"/chats/{chat_id}/reply", body)
    await world.until(lambda one: one["type"] == "reply" and one["state"] in {"sent", "failed"})
    mark, reply = line.calls
    assert mark.path.endswith("markAsRead")
    assert reply.path == "/v2/bot/message/reply"
    assert reply.body["messages"] == [{"type": "text", "text": "Hello", "quoteToken": message["quoteToken"]}]
    ours = (await api.get(f"/chats/{chat_id}/messages"))["messages"][-1]
    assert (ours["messageId"], ours["direction"], ours["by"]) == (asked["messageIds"][0], "out", "api")
    assert (ours["delivery"]["replyId"], ours["delivery"]["state"]) == (asked["replyId"], "sent")
    assert (await api.get("/chats?filter=waiting"))["chats"] == []
    assert (await api.get("/chats"))["chats"][0]["lastMessage"]["by"] == "api"
    refused: list[dict[str, Any]] = [{"messages": []}, {"messages": [{}] * 6}, {"messages": "x"}, {}]
    for wrong in refused:
        assert await api.refused(400, "POST", f"/chats/{chat_id}/reply", wrong) == "invalid_body"
    no_type = {"messages": [{"text": "Hello"}]}
    assert await api.refused(400, "POST", f"/chats/{chat_id}/reply", no_type) == "no_message_object"


async def test_notes(world: World, api: Client, browser: Client) -> None:
    await signed_in(api, browser)
    chat_id = await write(world)
    note = await api.post(f"/chats/{chat_id}/notes", {"text": "Likes tea"})
    told = await world.until(lambda one: one["type"] == "note")
    assert (told["noteId"], told["text"], told["removed"]) == (note["noteId"], "Likes tea", False)
    mine = await browser.post(f"/chats/{chat_id}/notes", {"text": "And cake"})
    assert (await browser.get(f"/chats/{chat_id}/notes"))["notes"] == [note, mine]
    path = f"/chats/{chat_id}/notes"
    assert await browser.refused(403, "DELETE", f"{path}/{note['noteId']}") == "admins_only"
    await browser.delete(f"{path}/{mine['noteId']}")
    await api.delete(f"{path}/{note['noteId']}")
    assert (await api.get(path))["notes"] == []
    assert await api.refused(404, "DELETE", f"{path}/{note['noteId']}") == "no_such_note"
    assert await api.refused(400, "POST", path, {"text": " "}) == "invalid_body"


async def test_canned_answers(world: World, api: Client) -> None:
    made = await api.post("/canned", {"title": "Hours", "text": "9 to 5"})
    assert made["channelKey"] is None
    ours = await api.post("/canned", {"title": "Address", "text": "Here", "channelKey": "shop"})
    assert (await api.get("/canned"))["canned"] == [ours, made]
    assert (await api.get("/canned?channel=shop"))["canned"] == [ours, made]
    path = f"/canned/{made['cannedId']}"
    changed = await api.patch(path, {"text": "10 to 6", "channelKey": "shop"})
    assert (changed["text"], changed["channelKey"], changed["title"]) == ("10 to 6", "shop", "Hours")
    assert (await api.patch(path, {"channelKey": None}))["channelKey"] is None
    await api.delete(path)
    assert await api.refused(404, "PATCH", path, {"title": "x"}) == "no_such_canned_answer"
    assert await api.refused(400, "PATCH", f"/canned/{ours['cannedId']}", {}) == "nothing_to_change"
    wrong = {"title": "x", "text": "y", "channelKey": "nobody"}
    assert await api.refused(404, "POST", "/canned", wrong) == "no_such_channel"


async def test_presence(world: World, api: Client, browser: Client) -> None:
    ann = await signed_in(api, browser)
    chat_id = await write(world)
    told = await browser.post(f"/chats/{chat_id}/presence", {"state": "typing"})
    event = await world.until(lambda one: one["type"] == "presence")
    assert (event["chatId"], event["agentId"], event["state"]) == (chat_id, ann, "typing")
    assert event["expiresAt"] == told["expiresAt"]
    here = {"agentId": ann, "state": "typing", "expiresAt": told["expiresAt"]}
    assert (await api.get(f"/chats/{chat_id}"))["present"] == [here]
    await api.post(f"/chats/{chat_id}/presence", {"state": "viewing"})  # a program is nobody's colleague
    assert (await api.get(f"/chats/{chat_id}"))["present"] == [here]
    await browser.post(f"/chats/{chat_id}/presence", {"state": "away"})
    assert (await api.get(f"/chats/{chat_id}"))["present"] == []
    assert await browser.refused(400, "POST", f"/chats/{chat_id}/presence", {"state": "x"}) == "invalid_body"
    assert await browser.refused(404, "POST", "/chats/99/presence", {"state": "typing"}) == "no_such_chat"


async def test_parked_marks_are_tried_again(world: World, api: Client, line: ScriptedLine) -> None:
    line.usual = Step(status(400, "Failed to mark messages as read. Please ensure that chat is enabled."))
    chats = [await write(world, number, user="U" + f"{number:032x}") for number in (1, 2, 3)]
    asked = [await api.post(f"/chats/{chat}/read") for chat in chats]
    for one in asked:
        await world.mark_becomes(int(one["markId"]), "parked")
    parked = (await api.get("/marks?state=parked&channel=shop"))["marks"]
    assert [mark["chatId"] for mark in parked] == chats[::-1]
    assert {mark["advice"] for mark in parked} == {"chat-off"}
    [attempt] = parked[0]["attempts"]
    assert (attempt["status"], parked[0]["attemptCount"]) == (400, 1)
    page = await api.get("/marks?limit=2")
    rest = await api.get(f"/marks?limit=2&cursor={page['next']}")
    assert [mark["markId"] for mark in [*page["marks"], *rest["marks"]]] == [
        mark["markId"] for mark in parked
    ]
    assert [mark["chatId"] for mark in (await api.get(f"/marks?chatId={chats[0]}"))["marks"]] == chats[:1]
    line.usual = Step()
    await api.post(f"/marks/{asked[0]['markId']}/retry")
    await confirmed(world, asked[0]["markId"])
    assert await api.post("/marks/retry", {"advice": "access-token"}) == {"retried": 0}
    assert await api.post("/marks/retry", {"state": "parked", "advice": "chat-off"}) == {"retried": 2}
    for one in asked[1:]:
        await confirmed(world, one["markId"])
    assert await api.refused(400, "POST", f"/marks/{asked[0]['markId']}/retry") == "not_parked"
    assert await api.refused(404, "POST", "/marks/99/retry") == "no_such_mark"
    assert await api.refused(404, "POST", "/marks/x/retry") == "no_such_mark"
    assert await api.refused(400, "GET", "/marks?state=x") == "invalid_query"


async def test_chats_of_a_channel_that_was_removed(world: World, api: Client, line: ScriptedLine) -> None:
    from kidoku.desk.store.channels import remove_channel

    chat_id = await write(world)
    await world.desk.apply(remove_channel, world.channel.channel_id, world.desk.now)
    assert (await api.get(f"/chats/{chat_id}"))["channelKey"] == "shop"
    assert len((await api.get("/chats"))["chats"]) == 1
    for act, body in (
        ("open", None),
        ("read", None),
        ("reply", {"messages": [{"type": "text", "text": "x"}]}),
    ):
        assert await api.refused(404, "POST", f"/chats/{chat_id}/{act}", body) == "no_such_channel"
    assert line.calls == []
