"""Messages that the bot behind the relay has taken follow a read policy of their own, all others the channel's."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from itertools import permutations, product
from typing import Any

import pytest

from kidoku.core.read_policy import Policy, ReadPolicy
from kidoku.core.relay_attempt import GIVE_UP_S
from kidoku.storage.clock import ManualClock
from tests.desk.api.kit import Client
from tests.desk.api.people import signed_in
from tests.desk.api.test_chat_acts import write
from tests.desk.kit import START, World, message_event
from tests.desk.line import ScriptedLine
from tests.platform.webhooks.receiver import Receiver, Request, http, receiving

MARKS: dict[Policy, set[str]] = {
    Policy.ON_RECEIVE: {"arrive", "open", "assign", "reply"},
    Policy.ON_OPEN: {"open", "reply"},
    Policy.ON_OPEN_AFTER: {"keep", "reply"},
    Policy.ON_REPLY: {"reply"},
    Policy.ON_ASSIGN: {"assign", "reply"},
    Policy.MANUAL: set(),
}
"""What marks a message, by its policy."""


def comes_of(*acts: str) -> set[str]:
    """What acts are for the policies: a chat that is opened is kept open too."""
    return {*acts, "keep"} if "open" in acts else {*acts}


@pytest.fixture
async def bot() -> AsyncIterator[Receiver]:
    async with receiving() as made:
        yield made


async def ended(world: World, state: str, number: int = 1) -> None:
    """So many webhooks for the bot are in a state, or were."""

    def seen() -> int:
        return sum(one["type"] == "relay" and one["state"] == state for one in world.seen)

    await world.until(lambda _: seen() >= number)


async def bot_takes(world: World, number: int, **more: Any) -> str:
    """A message that the bot answers with 200."""
    before = sum(one["type"] == "relay" and one["state"] == "handled" for one in world.seen)
    chat_id = await write(world, number, **more)
    await ended(world, "handled", before + 1)
    return chat_id


class Slow:
    """A bot that answers when it is told to."""

    def __init__(self, answer: bytes = http()) -> None:
        self.answer = answer
        self.now = asyncio.Event()

    async def __call__(self, request: Request, writer: asyncio.StreamWriter) -> None:
        await self.now.wait()
        writer.write(self.answer)
        await writer.drain()


async def marks_of(api: Client, chat_id: str) -> set[tuple[str, int, str]]:
    """Why, up to which message, and in which state."""
    marks = (await api.get(f"/marks?chatId={chat_id}"))["marks"]
    return {(mark["occasion"], (mark["upTo"] - START) // 1_000, mark["state"]) for mark in marks}


async def reaches(api: Client, chat_id: str) -> int:
    """Up to which time the chat was ever asked to be Read; 0: never."""
    marks = (await api.get(f"/marks?chatId={chat_id}"))["marks"]
    return max((mark["upTo"] for mark in marks), default=0)


def expected(policy: ReadPolicy, taken: tuple[bool, ...], *acts: str) -> int:
    """The time of the newest message whose policy has one of the acts; it takes along what is older."""
    rules = [policy.bot_handled if one and policy.bot_handled else policy.policy for one in taken]
    return max((at for at, rule in enumerate(rules, 1) if MARKS[rule] & comes_of(*acts)), default=0)


@pytest.mark.parametrize("own", [None, *Policy])
async def test_each_message_follows_the_policy_of_whoever_handles_it(
    world: World, api: Client, browser: Client, bot: Receiver, own: Policy | None
) -> None:
    ann, number = await signed_in(api, browser), 0
    acts: dict[str, Any] = {
        "open": {},
        "assign": {"agentId": ann},
        "reply": {"messages": [{"type": "text", "text": "Hello"}]},
    }
    for policy, first, act in product(Policy, (False, True), acts):
        both = ReadPolicy(policy, after_s=0, undo_s=0, bot_handled=own)
        taken = (first, not first)
        number += 10
        for at, by_bot in enumerate(taken, 1):
            await world.policy(both, relay_url=bot.url if by_bot else None)
            more = {"user": f"U{number:032x}", "at": START + at}
            chat_id = await (bot_takes if by_bot else write)(world, number + at, **more)
        case = (policy, own, taken, act)
        arrived = expected(both, taken, "arrive")
        assert await reaches(api, chat_id) == (START + arrived if arrived else 0), case
        await api.post(f"/chats/{chat_id}/{act}", acts[act])
        marked = expected(both, taken, "arrive", act)
        assert await reaches(api, chat_id) == (START + marked if marked else 0), case


async def test_it_is_set_told_and_taken_back(world: World, api: Client) -> None:
    channel = f"/channels/{world.channel.channel_key}"
    assert (await api.get(channel))["readPolicy"]["botHandled"] is None
    changed = await api.patch(channel, {"readPolicy": {"botHandled": "manual"}})
    assert (changed["readPolicy"]["policy"], changed["readPolicy"]["botHandled"]) == ("on-reply", "manual")
    assert await api.refused(400, "PATCH", channel, {"readPolicy": {"botHandled": True}}) == "invalid_body"
    changed = await api.patch(channel, {"readPolicy": {"policy": "on-open"}})
    assert changed["readPolicy"]["botHandled"] == "manual"
    changed = await api.patch(channel, {"readPolicy": {"botHandled": None}})
    assert changed["readPolicy"]["botHandled"] is None


async def test_messages_tell_who_took_them(world: World, api: Client, bot: Receiver) -> None:
    await write(world, 1)
    await world.policy(ReadPolicy(), relay_url=bot.url)
    chat_id = await bot_takes(world, 2)
    found = (await api.get(f"/chats/{chat_id}/messages"))["messages"]
    assert [one["botHandled"] for one in found] == [False, True]


async def test_arrival_waits_for_the_bots_answer(
    world: World, api: Client, bot: Receiver, line: ScriptedLine
) -> None:
    """What the bot may yet take is not marked; once it is known that it won't, it is."""
    policy = ReadPolicy(Policy.ON_RECEIVE, bot_handled=Policy.MANUAL)
    bot.answer = http(500)
    await world.policy(policy, relay_url=bot.url)
    chat_id = await write(world)
    await ended(world, "waiting")
    assert await reaches(api, chat_id) == 0
    await world.policy(policy, relay_url=None)
    await ended(world, "parked")
    await line.calls_become(1)
    [mark] = (await api.get("/marks"))["marks"]
    assert (mark["occasion"], mark["by"], mark["upTo"]) == ("received", "policy", START + 1_000)


async def test_what_the_bot_never_took_is_marked_after_a_day(
    still_world: World, bot: Receiver, line: ScriptedLine
) -> None:
    world, clock = still_world, still_world.desk.clock
    assert isinstance(clock, ManualClock)
    bot.answer = http(503)
    await world.policy(ReadPolicy(Policy.ON_RECEIVE, bot_handled=Policy.MANUAL), relay_url=bot.url)
    await write(world, 1)
    await ended(world, "waiting")
    await write(world, 2, user="U" + "2" * 32)  # waits: the bot is away
    clock.advance(round(GIVE_UP_S * 1_000))
    world.desk.relay.wake()
    await line.calls_become(2)
    assert {call.body["markAsReadToken"] for call in line.calls} == {"token-1", "token-2"}


@pytest.mark.parametrize("answer", [200, 500])
@pytest.mark.parametrize("act", ["open", "assign", "reply"])
async def test_what_happens_before_the_bot_answers_counts_once_it_has(
    world: World, api: Client, browser: Client, bot: Receiver, answer: int, act: str
) -> None:
    ann = await signed_in(api, browser)
    body = {"assign": {"agentId": ann}, "reply": {"messages": [{"type": "text", "text": "Hello"}]}}
    parked = 0
    for number, (policy, own) in enumerate(permutations(Policy, 2), 1):
        both = ReadPolicy(policy, after_s=0, undo_s=0, bot_handled=own)
        bot.answer = slow = Slow(http(answer))
        await world.policy(both, relay_url=bot.url)
        user = f"U{number:032x}"
        chat_id = await write(world, number, user=user)
        await bot.received(number)
        await api.post(f"/chats/{chat_id}/{act}", body.get(act, {}))
        alike = comes_of("arrive", act) & MARKS[policy] & MARKS[own]
        assert bool(await reaches(api, chat_id)) == bool(alike), both
        slow.now.set()
        if answer == 500:
            await ended(world, "waiting", number)
            await world.policy(both, relay_url=None)
            parked += 1
            await ended(world, "parked", parked)
        else:
            await ended(world, "handled", number)
        rule = own if answer == 200 else policy
        assert bool(await reaches(api, chat_id)) == bool(comes_of("arrive", act) & MARKS[rule]), both


async def test_an_opening_is_undone_before_the_bot_answers(world: World, api: Client, bot: Receiver) -> None:
    bot.answer = slow = Slow()
    policy = ReadPolicy(Policy.MANUAL, undo_s=60, bot_handled=Policy.ON_OPEN)
    await world.policy(policy, relay_url=bot.url)
    chat_id = await write(world)
    assert (await api.post(f"/chats/{chat_id}/open"))["markId"] is None
    assert (await api.post(f"/chats/{chat_id}/undo"))["markId"] is None
    assert await api.refused(404, "POST", f"/chats/{chat_id}/undo") == "nothing_to_undo"
    slow.now.set()
    await ended(world, "handled")
    assert await reaches(api, chat_id) == 0


async def test_opening_waits_from_when_it_happened(still_world: World, bot: Receiver) -> None:
    world, api, clock = still_world, Client(still_world), still_world.desk.clock
    assert isinstance(clock, ManualClock)
    bot.answer = slow = Slow()
    policy = ReadPolicy(Policy.MANUAL, undo_s=60, bot_handled=Policy.ON_OPEN)
    await world.policy(policy, relay_url=bot.url)
    chat_id = await write(world)
    await api.post(f"/chats/{chat_id}/open")
    clock.advance(20_000)
    slow.now.set()
    await ended(world, "handled")
    [mark] = (await api.get("/marks"))["marks"]
    assert (mark["occasion"], mark["by"], mark["state"]) == ("opened", "api", "waiting")
    assert (mark["askedAt"], mark["dueAt"]) == (START, START + 60_000)


@pytest.mark.parametrize("later", [ReadPolicy(Policy.ON_RECEIVE), ReadPolicy(Policy.MANUAL)])
async def test_the_policies_of_the_time_decide(
    world: World, api: Client, bot: Receiver, later: ReadPolicy
) -> None:
    """What arrived under one pair of policies is not judged by another, on whichever side it ends."""
    bot.answer = http(500)
    await world.policy(ReadPolicy(Policy.ON_RECEIVE, bot_handled=Policy.MANUAL), relay_url=bot.url)
    due = await write(world, 1, user="U" + "2" * 32)
    await ended(world, "waiting")
    await world.policy(ReadPolicy(Policy.ON_REPLY), relay_url=bot.url)
    not_due = await write(world, 2, user="U" + "3" * 32)
    await ended(world, "waiting", 2)
    await world.policy(later, relay_url=None)
    await ended(world, "parked", 2)
    assert (await reaches(api, due), await reaches(api, not_due)) == (START + 1_000, 0)


async def test_a_message_without_a_token_leaves_older_ones_alone(
    world: World, api: Client, bot: Receiver
) -> None:
    await world.policy(ReadPolicy(Policy.MANUAL, bot_handled=Policy.ON_RECEIVE), relay_url=None)
    await write(world, 1)
    await world.policy(ReadPolicy(Policy.MANUAL, bot_handled=Policy.ON_RECEIVE), relay_url=bot.url)
    event = message_event(2)
    del event["message"]["markAsReadToken"]
    await world.webhook(event)
    chat_id = await world.received(2)
    await ended(world, "handled")
    assert await reaches(api, str(chat_id)) == 0


async def test_what_another_request_has_brought_is_not_given_up_with_this_one(
    world: World, api: Client, bot: Receiver
) -> None:
    policy = ReadPolicy(Policy.ON_RECEIVE, bot_handled=Policy.MANUAL)
    await world.policy(policy, relay_url=bot.url)
    chat_id = await bot_takes(world, 2)
    bot.answer = http(500)
    await world.webhook(message_event(1), message_event(2))
    await world.received(1)
    await ended(world, "waiting")
    await world.policy(policy, relay_url=None)
    await ended(world, "parked")
    found = (await api.get(f"/chats/{chat_id}/messages"))["messages"]
    assert [one["botHandled"] for one in found] == [False, True]
    assert await reaches(api, chat_id) == START + 1_000


async def test_a_removed_channel_is_not_marked(world: World, api: Client, bot: Receiver) -> None:
    bot.answer = slow = Slow()
    await world.policy(ReadPolicy(bot_handled=Policy.ON_RECEIVE), relay_url=bot.url)
    chat_id = await write(world)
    await bot.received(1)
    await api.delete(f"/channels/{world.channel.channel_key}")
    slow.now.set()
    await ended(world, "handled")
    assert await reaches(api, chat_id) == 0


async def test_what_has_lost_its_bot_waits_no_longer(
    still_world: World, bot: Receiver, line: ScriptedLine
) -> None:
    world, api = still_world, Client(still_world)
    bot.answer = http(503, headers="retry-after: 3600\r\n")
    await world.policy(ReadPolicy(Policy.ON_RECEIVE, bot_handled=Policy.MANUAL), relay_url=bot.url)
    await write(world)
    await ended(world, "waiting")
    await api.patch(f"/channels/{world.channel.channel_key}", {"relayUrl": None})
    await ended(world, "parked")
    await line.calls_become(1)


async def test_an_answer_waits_for_the_mark_that_the_bots_answer_leads_to(
    world: World, api: Client, bot: Receiver, line: ScriptedLine
) -> None:
    bot.answer = slow = Slow()
    await world.policy(ReadPolicy(Policy.MANUAL, bot_handled=Policy.ON_REPLY), relay_url=bot.url)
    chat_id = await write(world)
    await bot.received(1)
    await api.post(f"/chats/{chat_id}/reply", {"messages": [{"type": "text", "text": "Hello"}]})
    slow.now.set()
    calls = await line.calls_become(2)
    assert [call.path.split("/")[-1] for call in calls] == ["markAsRead", "push"]


async def test_an_opening_that_is_over_is_not_undone_by_the_next(still_world: World) -> None:
    world, api = still_world, Client(still_world)
    assert isinstance(world.desk.clock, ManualClock)
    await world.policy(ReadPolicy(Policy.ON_OPEN, undo_s=3))
    chat_id = await write(world, 1)
    first = await api.post(f"/chats/{chat_id}/open")
    world.desk.clock.advance(3_000)
    world.desk.marker.wake()
    await world.mark_becomes(int(first["markId"]), "confirmed")
    await write(world, 2)
    await api.post(f"/chats/{chat_id}/open")
    too_late = {"markId": first["markId"]}
    assert await api.refused(400, "POST", f"/chats/{chat_id}/undo", too_late) == "too_late_to_undo"
    assert ("opened", 2, "waiting") in await marks_of(api, chat_id)


async def test_a_changed_policy_is_for_what_happens_later(world: World, api: Client, bot: Receiver) -> None:
    await world.policy(ReadPolicy(bot_handled=Policy.MANUAL), relay_url=bot.url)
    chat_id = await bot_takes(world, 1)
    await world.policy(ReadPolicy(bot_handled=Policy.ON_RECEIVE), relay_url=bot.url)
    assert await reaches(api, chat_id) == 0
    await bot_takes(world, 2)
    assert await reaches(api, chat_id) == START + 2_000


async def test_one_opening_with_two_policies_is_undone_at_once(
    still_world: World, bot: Receiver, line: ScriptedLine
) -> None:
    """Each message has its own time; the one that is due first can be taken back with the other."""
    world, api = still_world, Client(still_world)
    assert isinstance(world.desk.clock, ManualClock)
    policy = ReadPolicy(Policy.ON_OPEN_AFTER, after_s=60, undo_s=5, bot_handled=Policy.ON_OPEN)
    await world.policy(policy, relay_url=bot.url)
    await bot_takes(world, 1)
    await world.policy(policy, relay_url=None)
    chat_id = await write(world, 2)
    first = await api.post(f"/chats/{chat_id}/open")
    assert first["dueAt"] == START + 5_000
    assert await api.post(f"/chats/{chat_id}/open") == first
    await api.post(f"/chats/{chat_id}/undo", {"markId": first["markId"]})
    marks = (await api.get("/marks"))["marks"]
    assert {(mark["dueAt"] - START, mark["state"]) for mark in marks} == {
        (5_000, "undone"),
        (60_000, "undone"),
    }

    again = await api.post(f"/chats/{chat_id}/open")
    world.desk.clock.advance(5_000)
    world.desk.marker.wake()
    await world.mark_becomes(int(again["markId"]), "confirmed")
    too_late = {"markId": again["markId"]}
    assert await api.refused(400, "POST", f"/chats/{chat_id}/undo", too_late) == "too_late_to_undo"
    undone = await api.post(f"/chats/{chat_id}/undo")
    assert (undone["dueAt"], undone["state"]) == (START + 60_000, "undone")
    assert [call.body["markAsReadToken"] for call in line.calls] == ["token-1"]


async def test_opening_marks_once_where_the_newest_is_due_first(still_world: World, bot: Receiver) -> None:
    world, api = still_world, Client(still_world)
    policy = ReadPolicy(Policy.ON_OPEN_AFTER, after_s=60, undo_s=5, bot_handled=Policy.ON_OPEN)
    await world.policy(policy, relay_url=None)
    await write(world, 1)
    await world.policy(policy, relay_url=bot.url)
    chat_id = await bot_takes(world, 2)
    opened = await api.post(f"/chats/{chat_id}/open")
    [mark] = (await api.get("/marks"))["marks"]
    assert (mark["markId"], mark["upTo"]) == (opened["markId"], START + 2_000)


async def test_a_mark_by_user_takes_all_along(world: World, api: Client, bot: Receiver) -> None:
    policy = ReadPolicy(Policy.ON_OPEN, undo_s=60, bot_handled=Policy.MANUAL)
    await world.policy(policy, mark_by="user")
    await write(world, 1)
    await world.policy(policy, mark_by="user", relay_url=bot.url)
    chat_id = await bot_takes(world, 2)
    await api.post(f"/chats/{chat_id}/open")
    assert await reaches(api, chat_id) == START + 2_000


async def test_standby_is_nobodys(world: World, api: Client, bot: Receiver) -> None:
    await world.policy(ReadPolicy(bot_handled=Policy.ON_RECEIVE), relay_url=bot.url)
    await world.webhook(message_event(1, mode="standby"))
    chat_id = await world.received(1)
    await ended(world, "handled")
    [message] = (await api.get(f"/chats/{chat_id}/messages"))["messages"]
    assert (message["standby"], message["botHandled"]) == (True, False)
    assert await reaches(api, str(chat_id)) == 0
