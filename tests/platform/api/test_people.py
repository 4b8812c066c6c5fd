"""Profiles, followers, the bot itself, link tokens."""

from __future__ import annotations

import pytest

from kidoku.core.option import OptionAction
from kidoku.platform.store.settings import move_option
from tests.platform.api.world import Bot, World

NOT_FOUND = {"message": "Not found"}
FOLLOWERS = "/v2/bot/followers/ids"


async def test_a_friends_profile(world: World, bot: Bot) -> None:
    user = await world.friend(
        bot, "Mika", language="ja", picture_url="https://example.com/m.png", status_message="hi"
    )
    assert (await bot.get(f"/v2/bot/profile/{user}")).json == {
        "displayName": "Mika",
        "userId": user,
        "language": "ja",
        "pictureUrl": "https://example.com/m.png",
        "statusMessage": "hi",
    }


async def test_what_is_not_known_is_left_out(world: World, bot: Bot) -> None:
    user = await world.friend(bot)
    assert (await bot.get(f"/v2/bot/profile/{user}")).json == {"displayName": "Mika", "userId": user}


async def test_whose_profile_may_not_be_seen(world: World, bot: Bot) -> None:
    stranger, blocker = await world.user(), await world.friend(bot)
    await world.block(bot, blocker)
    for user in (stranger, blocker, "U" + "0" * 32):
        assert (await bot.get(f"/v2/bot/profile/{user}", expect=404)).json == NOT_FOUND
    assert [one.reason.partition(": ")[2] for one in (await bot.calls())[:3]] == [
        "No user of this channel's provider has this ID.",
        "The user has blocked the account.",
        "The user is no friend and has never written to the account.",
    ]
    await world.say(bot, stranger)
    await bot.get(f"/v2/bot/profile/{stranger}")


@pytest.mark.parametrize("user_id", ["x", "U123", "%00", "%F0%9F%98%80", "U" + "0" * 33])
async def test_what_is_no_user_id(bot: Bot, user_id: str) -> None:
    refused = await bot.get(f"/v2/bot/profile/{user_id}", expect=400)
    assert refused.json == {"message": "The value for the 'userId' parameter is invalid"}


async def test_the_bot_in_its_three_modes(world: World, bot: Bot) -> None:
    account = bot.account
    assert (await bot.get("/v2/bot/info")).json == {
        "userId": account.account_id,
        "basicId": account.basic_id,
        "displayName": "Shop",
        "chatMode": "chat",
        "markAsReadMode": "manual",
    }
    await bot.change(chat=False)
    info = (await bot.get("/v2/bot/info")).json
    assert (info["chatMode"], info["markAsReadMode"]) == ("bot", "auto")
    for step in (OptionAction.APPLY, OptionAction.APPROVE, OptionAction.USE):
        await world.platform.apply(move_option, bot.channel_id, step, world.platform.env())
    info = (await bot.get("/v2/bot/info")).json
    assert (info["chatMode"], info["markAsReadMode"]) == ("bot", "manual")


async def test_followers_in_pages(world: World, bot: Bot) -> None:
    friends = sorted([await world.friend(bot) for _ in range(5)])
    blocker = await world.friend(bot)
    await world.block(bot, blocker)
    seen: list[str] = []
    start = ""
    for size in (2, 2, 1):
        page = (await bot.get(f"{FOLLOWERS}?limit=2{start}")).json
        assert len(page["userIds"]) == size
        seen += page["userIds"]
        start = f"&start={page['next']}" if "next" in page else ""
    assert seen == friends
    assert start == ""
    assert (await bot.get(FOLLOWERS)).json == {"userIds": friends}


async def test_start_tokens_that_are_none(world: World, bot: Bot) -> None:
    other = await world.bot()
    for one in (bot, other):
        for _ in range(2):
            await world.friend(one)
    token = (await bot.get(f"{FOLLOWERS}?limit=1")).json["next"]
    for by, start in ((bot, "x"), (bot, "ä"), (bot, token[:-1]), (bot, "A" * 44), (other, token)):
        refused = await by.get(f"{FOLLOWERS}?start={start}", expect=400)
        assert refused.json == {"message": "Invalid start param"}
    world.clock.advance(86_400_000)
    await bot.get(f"{FOLLOWERS}?start={token}")
    world.clock.advance(1)
    await bot.get(f"{FOLLOWERS}?start={token}", expect=400)


@pytest.mark.parametrize("limit", ["0", "1001", "-1", "x", "", "1.5", "9" * 30, "%F0%9F%98%80", "²"])
async def test_limits_that_are_none(bot: Bot, limit: str) -> None:
    refused = await bot.get(f"{FOLLOWERS}?limit={limit}", expect=400)
    assert refused.json == {"message": "The value for the 'limit' parameter is invalid"}


async def test_only_verified_accounts_list_people(world: World, bot: Bot) -> None:
    group = await world.group(bot, await world.user())
    await bot.change(premium=False)
    for path in (FOLLOWERS, f"/v2/bot/group/{group}/members/ids"):
        refused = await bot.get(path, expect=403)
        assert refused.json == {"message": "Access to this API is not available for your account"}


async def test_link_tokens(world: World, bot: Bot) -> None:
    user = await world.friend(bot)
    tokens = [(await bot.post(f"/v2/bot/user/{user}/linkToken")).json["linkToken"] for _ in range(2)]
    assert tokens[0] != tokens[1]
    world.clock.advance(600_000)
    await bot.post(f"/v2/bot/user/{user}/linkToken")
    await bot.post(f"/v2/bot/user/U{'0' * 32}/linkToken", expect=404)
    await bot.post("/v2/bot/user/all/linkToken", expect=400)
