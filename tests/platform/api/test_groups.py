"""Group chats and multi-person chats."""

from __future__ import annotations

import pytest

from tests.platform.api.world import HI, Bot, World

NOT_FOUND = {"message": "Not found"}


async def test_a_group(world: World, bot: Bot) -> None:
    people = sorted([await world.user(name) for name in ("Mika", "Ken")])
    group = await world.group(bot, *people)
    base = f"/v2/bot/group/{group}"
    assert (await bot.get(f"{base}/summary")).json == {"groupId": group, "groupName": "Lunch"}
    assert (await bot.get(f"{base}/members/count")).json == {"count": 2}
    assert (await bot.get(f"{base}/members/ids")).json == {"memberIds": people}
    member = (await bot.get(f"{base}/member/{people[0]}")).json
    assert member["userId"] == people[0]
    assert member["displayName"] in ("Mika", "Ken")


async def test_a_room_has_no_summary(world: World, bot: Bot) -> None:
    user = await world.user("Mika")
    room = await world.group(bot, user, kind="room")
    base = f"/v2/bot/room/{room}"
    assert (await bot.get(f"{base}/members/count")).json == {"count": 1}
    assert (await bot.get(f"{base}/members/ids")).json == {"memberIds": [user]}
    assert (await bot.get(f"{base}/member/{user}")).json == {"displayName": "Mika", "userId": user}
    assert (await bot.get(f"{base}/summary", expect=404)).json == NOT_FOUND
    refused = await bot.get(f"/v2/bot/group/{room}/summary", expect=400)
    assert refused.json == {"message": "The value for the 'groupId' parameter is invalid"}


async def test_members_in_pages(world: World, bot: Bot) -> None:
    people = sorted([await world.user() for _ in range(103)])
    group = await world.group(bot, *people)
    first = (await bot.get(f"/v2/bot/group/{group}/members/ids")).json
    second = (await bot.get(f"/v2/bot/group/{group}/members/ids?start={first['next']}")).json
    assert (len(first["memberIds"]), len(second["memberIds"])) == (100, 3)
    assert first["memberIds"] + second["memberIds"] == people
    assert "next" not in second
    other = await world.group(bot, *people[:2])
    refused = await bot.get(f"/v2/bot/group/{other}/members/ids?start={first['next']}", expect=400)
    assert refused.json == {"message": "Invalid start param"}


@pytest.mark.parametrize(("kind", "name"), [("group", "groupId"), ("room", "roomId")])
async def test_groups_that_the_account_is_not_in(world: World, bot: Bot, kind: str, name: str) -> None:
    elsewhere = await world.bot()
    user = await world.user()
    others = await world.group(elsewhere, user, kind=kind)
    unknown = others[0] + "0" * 32
    for group in (others, unknown):
        for what in ("members/count", "members/ids", f"member/{user}"):
            assert (await bot.get(f"/v2/bot/{kind}/{group}/{what}", expect=404)).json == NOT_FOUND
        assert (await bot.post(f"/v2/bot/{kind}/{group}/leave", expect=404)).json == NOT_FOUND
    refused = await bot.get(f"/v2/bot/{kind}/U{'0' * 32}/members/count", expect=400)
    assert refused.json == {"message": f"The value for the '{name}' parameter is invalid"}


async def test_somebody_who_is_not_in_the_group(world: World, bot: Bot) -> None:
    group = await world.group(bot, await world.user())
    outsider = await world.friend(bot)
    assert (await bot.get(f"/v2/bot/group/{group}/member/{outsider}", expect=404)).json == NOT_FOUND
    await bot.get(f"/v2/bot/group/{group}/member/nobody", expect=400)


@pytest.mark.parametrize("kind", ["group", "room"])
async def test_leaving(world: World, bot: Bot, kind: str) -> None:
    user = await world.user()
    group = await world.group(bot, user, kind=kind)
    assert (await bot.post(f"/v2/bot/{kind}/{group}/leave")).json == {}
    assert world.deliveries[-1]["events"][0]["type"] == "leave"
    left = [one.data for one in world.events.queue if one.data["type"] == "group"][-1]
    assert (left["change"], left["groupId"], left["accountId"]) == ("leave", group, bot.account.account_id)
    await bot.post(f"/v2/bot/{kind}/{group}/leave", expect=404)
    await bot.post("/v2/bot/message/push", {"to": group, "messages": HI}, expect=400)
