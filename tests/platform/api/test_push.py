"""Pushes: whom they reach, and what they are refused for."""

from __future__ import annotations

from typing import Any

import pytest

from tests.platform.api.world import HI, Bot, World

PUSH = "/v2/bot/message/push"
WEEK_MS = 7 * 86_400_000

FAILED = {"message": "Failed to send messages"}


async def pushes(world: World, peer_id: str) -> int:
    return sum(one["via"] == "push" for one in world.messages_to(peer_id))


async def usage(bot: Bot) -> int:
    return int((await bot.get("/v2/bot/message/quota/consumption")).json["totalUsage"])


async def test_a_friend_gets_it(world: World, bot: Bot) -> None:
    user = await world.friend(bot)
    answer = await bot.post(PUSH, {"to": user, "messages": HI})
    assert answer.json["sentMessages"][0]["id"] == world.messages_to(user)[-1]["messageId"]
    assert await pushes(world, user) == 1
    assert await usage(bot) == 1


async def test_whoever_blocks_the_account_gets_nothing_and_costs_nothing(world: World, bot: Bot) -> None:
    user = await world.friend(bot)
    await world.say(bot, user)
    await world.block(bot, user)
    answer = await bot.post(PUSH, {"to": user, "messages": HI})
    assert answer.json["sentMessages"][0]["id"].isdecimal()
    assert await pushes(world, user) == 0
    assert await usage(bot) == 0


async def test_a_stranger_gets_it_for_a_week_after_writing(world: World, bot: Bot) -> None:
    user = await world.user()
    await bot.post(PUSH, {"to": user, "messages": HI})
    assert await pushes(world, user) == 0
    await world.say(bot, user)
    world.clock.advance(WEEK_MS)
    await bot.post(PUSH, {"to": user, "messages": HI})
    assert await pushes(world, user) == 1
    world.clock.advance(1)
    await bot.post(PUSH, {"to": user, "messages": HI})
    assert await pushes(world, user) == 1
    assert await usage(bot) == 1


@pytest.mark.parametrize("kind", ["group", "room"])
async def test_a_group_gets_it_and_costs_its_members(world: World, bot: Bot, kind: str) -> None:
    group = await world.group(bot, *[await world.user() for _ in range(3)], kind=kind)
    await bot.post(PUSH, {"to": group, "messages": HI * 2})
    assert await pushes(world, group) == 2
    assert await usage(bot) == 3


async def test_whom_the_channel_does_not_know(world: World, bot: Bot) -> None:
    elsewhere = await world.bot(provider_id=None)
    member = await world.user()
    left = await world.group(bot, member)
    await bot.post(f"/v2/bot/group/{left}/leave")
    others = await world.group(elsewhere, member)
    for to in ("U" + "0" * 32, "C" + "0" * 32, "R" + "0" * 32, left, others, bot.account.account_id):
        assert (await bot.post(PUSH, {"to": to, "messages": HI}, expect=400)).json == FAILED
    assert all(one.reason.startswith("Failed to send messages: ") for one in (await bot.calls())[:6])


@pytest.mark.parametrize("to", ["x", "U123", "u" + "0" * 32, "U" + "G" * 32, "@shop", " "])
async def test_what_is_no_destination(bot: Bot, to: str) -> None:
    refused = await bot.post(PUSH, {"to": to, "messages": HI}, expect=400)
    assert refused.json == {
        "message": "The property, 'to', in the request body is invalid (line: -, column: -)"
    }


async def test_a_quote_token_is_good_in_its_chat_only(world: World, bot: Bot) -> None:
    one, other = await world.friend(bot), await world.friend(bot)
    sent = (await bot.post(PUSH, {"to": one, "messages": HI})).json["sentMessages"][0]
    quoting = [{"type": "text", "text": "that", "quoteToken": sent["quoteToken"]}]
    await bot.post(PUSH, {"to": one, "messages": quoting})
    assert world.messages_to(one)[-1]["quoted"]["id"] == sent["id"]
    refused = await bot.post(PUSH, {"to": other, "messages": quoting}, expect=400)
    assert refused.json["details"][0]["property"] == "messages[0].quoteToken"


async def test_custom_aggregation_units(world: World, bot: Bot) -> None:
    body = {"to": await world.friend(bot), "messages": HI}
    await bot.post(PUSH, body | {"customAggregationUnits": ["sale_1"]})
    for units, wrong in (
        (["a", "b"], ["customAggregationUnits"]),
        (["a b"], ["customAggregationUnits[0]"]),
        (["x" * 31], ["customAggregationUnits[0]"]),
    ):
        refused = await bot.post(PUSH, body | {"customAggregationUnits": units}, expect=400)
        assert [one["property"] for one in refused.json["details"]] == wrong


@pytest.mark.parametrize(
    "more",
    [
        {"contentProvider": "abc"},
        {"quotedMessageId": "abc"},
        {"quotedMessageId": []},
        {"own": True, "id": "evil", "author": 1, "from": "me", "read": "yes", "unsent": True, "seq": "x"},
    ],
)
async def test_what_line_does_not_know_is_ignored(world: World, bot: Bot, more: dict[str, Any]) -> None:
    user = await world.friend(bot)
    await bot.post(PUSH, {"to": user, "messages": [HI[0] | more]})
    sent = world.messages_to(user)[-1]
    await bot.post(PUSH, {"to": user, "messages": HI})
    plain = world.messages_to(user)[-1]
    apart = {"messageId", "seq", "timestamp"}
    assert {name: value for name, value in sent.items() if name not in apart} == {
        name: value for name, value in plain.items() if name not in apart
    }


async def test_a_quote_token_where_there_can_be_none(world: World, bot: Bot) -> None:
    picture = {"type": "image", "originalContentUrl": "https://a/b", "previewImageUrl": "https://a/b"}
    await bot.post(PUSH, {"to": await world.friend(bot), "messages": [picture | {"quoteToken": 123}]})
