"""Quota, consumption, and numbers of sent messages."""

from __future__ import annotations

import pytest

from tests.platform.api.conftest import Open
from tests.platform.api.world import DAY, HI, Bot, World

PUSH = "/v2/bot/message/push"
MONTH_MS = 31 * 86_400_000


async def consumption(bot: Bot) -> int:
    return int((await bot.get("/v2/bot/message/quota/consumption")).json["totalUsage"])


async def test_without_a_limit(bot: Bot) -> None:
    assert (await bot.get("/v2/bot/message/quota")).json == {"type": "none"}


async def test_the_platforms_limit_and_the_accounts_own(open_world: Open) -> None:
    world = await open_world(monthly_limit=200)
    bot = await world.bot()
    assert (await bot.get("/v2/bot/message/quota")).json == {"type": "limited", "value": 200}
    await bot.change(monthlyLimit=5)
    assert (await bot.get("/v2/bot/message/quota")).json == {"type": "limited", "value": 5}


async def test_beyond_the_limit_nobody_gets_anything(world: World, bot: Bot) -> None:
    await bot.change(monthlyLimit=3)
    friends = [await world.friend(bot) for _ in range(2)]
    members = [await world.user() for _ in range(4)]
    group = await world.group(bot, *members)
    await bot.post("/v2/bot/message/broadcast", {"messages": HI * 5})
    assert await consumption(bot) == 2
    for path, body in (
        ("/v2/bot/message/broadcast", {"messages": HI}),
        ("/v2/bot/message/multicast", {"to": friends, "messages": HI}),
        (PUSH, {"to": group, "messages": HI}),
    ):
        refused = await bot.post(path, body, expect=429)
        assert refused.json == {"message": "You have reached your monthly limit."}
    await bot.post(PUSH, {"to": friends[0], "messages": HI})
    await bot.post(PUSH, {"to": friends[0], "messages": HI}, expect=429)
    assert await consumption(bot) == 3
    # Whom nothing reaches costs nothing, and replies are free.
    await bot.post(PUSH, {"to": members[0], "messages": HI})
    await world.say(bot, friends[0])
    await bot.post("/v2/bot/message/reply", {"replyToken": world.reply_token(), "messages": HI})
    assert await consumption(bot) == 3


async def test_the_month_begins_anew_in_japan(world: World, bot: Bot) -> None:
    await bot.change(monthlyLimit=1)
    user = await world.friend(bot)
    await bot.post(PUSH, {"to": user, "messages": HI})
    world.clock.advance(1_764_514_800_000 - 1 - world.clock.now())  # 2025-12-01 00:00 in Japan
    await bot.post(PUSH, {"to": user, "messages": HI}, expect=429)
    world.clock.advance(1)
    await bot.post(PUSH, {"to": user, "messages": HI})
    assert await consumption(bot) == 1


async def number(bot: Bot, kind: str, day: str = DAY) -> object:
    return (await bot.get(f"/v2/bot/message/delivery/{kind}?date={day}")).json


async def test_numbers_of_sent_messages(world: World, bot: Bot) -> None:
    friends = [await world.friend(bot) for _ in range(3)]
    await world.say(bot, friends[0])
    await bot.post("/v2/bot/message/reply", {"replyToken": world.reply_token(), "messages": HI})
    await bot.post(PUSH, {"to": friends[0], "messages": HI * 3})
    await bot.post("/v2/bot/message/multicast", {"to": friends[:2], "messages": HI})
    await bot.post("/v2/bot/message/broadcast", {"messages": HI})
    wanted = {"reply": 1, "push": 1, "multicast": 2, "broadcast": 3}
    for kind, expected in wanted.items():
        assert await number(bot, kind) == {"status": "ready", "success": expected}
        assert await number(bot, kind, "20251121") == {"status": "ready", "success": 0}
        assert await number(bot, kind, "20251123") == {"status": "unready"}
        assert await number(bot, kind, "20180330") == {"status": "out_of_service"}
    other = await world.bot()
    assert await number(other, "push") == {"status": "ready", "success": 0}


@pytest.mark.parametrize(
    "query",
    ["", "?date=", "?date=2025-11-22", "?date=20251332", "?date=%F0%9F%98%80", "?date=２０２５１１２２"],
)
async def test_what_is_no_day(bot: Bot, query: str) -> None:
    refused = await bot.get(f"/v2/bot/message/delivery/push{query}", expect=400)
    assert refused.json == {"message": "The value for the 'date' parameter is invalid"}
