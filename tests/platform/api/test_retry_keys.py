"""Retry keys: accepted once, remembered for 24 hours."""

from __future__ import annotations

import uuid

import pytest

from kidoku.platform.store.groups import remove_member
from tests.platform.api.conftest import Open
from tests.platform.api.world import HI, Bot, World

PUSH = "/v2/bot/message/push"
DAY_MS = 86_400_000
KEY = "123e4567-e89b-12d3-a456-426614174000"


async def test_a_push_is_sent_once(world: World, bot: Bot) -> None:
    user = await world.friend(bot)
    body = {"to": user, "messages": HI}
    first = await bot.post(PUSH, body, X_Line_Retry_Key=KEY)
    again = await bot.post(PUSH, body, expect=409, X_Line_Retry_Key=KEY.upper())
    assert again.json == {"message": "The retry key is already accepted", **first.json}
    assert again.headers["x-line-accepted-request-id"] == first.headers["x-line-request-id"]
    assert again.headers["x-line-request-id"] != first.headers["x-line-request-id"]
    assert [one["via"] for one in world.messages_to(user)] == ["greeting", "push"]


@pytest.mark.parametrize("path", ["/v2/bot/message/multicast", "/v2/bot/message/broadcast"])
async def test_so_are_messages_to_many(world: World, bot: Bot, path: str) -> None:
    user = await world.friend(bot)
    body = {"to": [user], "messages": HI} if "multicast" in path else {"messages": HI}
    await bot.post(path, body, X_Line_Retry_Key=KEY)
    again = await bot.post(path, body, expect=409, X_Line_Retry_Key=KEY)
    assert again.json == {"message": "The retry key is already accepted"}
    assert len(world.messages_to(user)) == 2


async def test_the_key_is_new_again_after_24_hours(world: World, bot: Bot) -> None:
    body = {"to": await world.friend(bot), "messages": HI}
    await bot.post(PUSH, body, X_Line_Retry_Key=KEY)
    world.clock.advance(DAY_MS - 1)
    await bot.post(PUSH, body, expect=409, X_Line_Retry_Key=KEY)
    world.clock.advance(1)
    await bot.post(PUSH, body, X_Line_Retry_Key=KEY)


async def test_a_key_belongs_to_its_channel(world: World, bot: Bot) -> None:
    other = await world.bot()
    for one in (bot, other):
        await one.post(PUSH, {"to": await world.friend(one), "messages": HI}, X_Line_Retry_Key=KEY)


async def test_a_request_that_was_refused_leaves_its_key_free(world: World, bot: Bot) -> None:
    user = await world.friend(bot)
    await bot.post(PUSH, {"to": user, "messages": []}, expect=400, X_Line_Retry_Key=KEY)
    await bot.post(PUSH, {"to": "U" + "0" * 32, "messages": HI}, expect=400, X_Line_Retry_Key=KEY)
    await bot.change(monthlyLimit=0)
    await bot.post(PUSH, {"to": user, "messages": HI}, expect=429, X_Line_Retry_Key=KEY)
    await bot.change(monthlyLimit=1)
    await bot.post(PUSH, {"to": user, "messages": HI}, X_Line_Retry_Key=KEY)
    # What was accepted stays accepted, also when the limit would not allow it any more.
    await bot.post(PUSH, {"to": user, "messages": HI}, expect=409, X_Line_Retry_Key=KEY)


async def test_a_key_survives_a_restart(open_world: Open) -> None:
    world = await open_world()
    bot = await world.bot()
    body = {"to": await world.friend(bot), "messages": HI}
    first = await bot.post(PUSH, body, X_Line_Retry_Key=KEY)
    bot.world = await open_world()
    again = await bot.post(PUSH, body, expect=409, X_Line_Retry_Key=KEY)
    assert again.json["sentMessages"] == first.json["sentMessages"]


@pytest.mark.parametrize("key", ["", "abc", KEY + "0", KEY.replace("-", ""), "g" + KEY[1:], f"{{{KEY}}}"])
@pytest.mark.parametrize("path", [PUSH, "/v2/bot/message/multicast", "/v2/bot/message/broadcast"])
async def test_a_key_is_a_uuid(bot: Bot, path: str, key: str) -> None:
    refused = await bot.post(path, {"messages": HI}, expect=400, X_Line_Retry_Key=key)
    assert refused.json == {"message": "The value for the 'X-Line-Retry-Key' header is invalid"}


async def test_request_ids_are_never_the_same(bot: Bot) -> None:
    seen = {(await bot.get("/v2/bot/info")).headers["x-line-request-id"] for _ in range(20)}
    assert len(seen) == 20
    assert all(uuid.UUID(one) for one in seen)


async def test_what_was_accepted_stays_so_when_it_would_not_be_now(world: World, bot: Bot) -> None:
    """Who was mentioned has left the group: a bot that asks again is told that its message was taken."""
    one, other = await world.friend(bot), await world.friend(bot)
    group = await world.group(bot, one, other)
    substitution = {"you": {"type": "mention", "mentionee": {"type": "user", "userId": other}}}
    hello = {"type": "textV2", "text": "{you}", "substitution": substitution}
    body = {"to": group, "messages": [hello]}
    first = await bot.post(PUSH, body, X_Line_Retry_Key=KEY)
    await world.platform.apply(remove_member, group, other, world.platform.env())
    again = await bot.post(PUSH, body, expect=409, X_Line_Retry_Key=KEY)
    assert again.json["sentMessages"] == first.json["sentMessages"]
    new = str(uuid.uuid4())
    assert (await bot.post(PUSH, body, expect=400, X_Line_Retry_Key=new)).json["details"]
