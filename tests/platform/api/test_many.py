"""Multicast and broadcast: everybody once, in parts, finished whatever happens."""

from __future__ import annotations

from typing import Any

import pytest

from kidoku.platform.store import mass_send
from tests.platform.api.conftest import Open
from tests.platform.api.world import HI, Bot, World

MULTICAST = "/v2/bot/message/multicast"
BROADCAST = "/v2/bot/message/broadcast"


def got(world: World, via: str) -> list[str]:
    return [
        one.data["userId"]
        for one in world.events.queue
        if one.data["type"] == "message" and one.data["via"] == via
    ]


async def usage(bot: Bot) -> int:
    return int((await bot.get("/v2/bot/message/quota/consumption")).json["totalUsage"])


async def test_a_multicast_reaches_everybody_once(world: World, bot: Bot) -> None:
    friends = [await world.friend(bot) for _ in range(3)]
    stranger, blocker = await world.user(), await world.friend(bot)
    await world.block(bot, blocker)
    answer = await bot.post(MULTICAST, {"to": [*friends, friends[0], stranger, blocker], "messages": HI})
    assert answer.json == {}
    assert sorted(got(world, "multicast")) == sorted(friends)
    assert await usage(bot) == 3


@pytest.mark.parametrize(
    ("to", "message"),
    [
        (["U" + "0" * 32], "The property, to[0], in the request body is invalid (line: -, column: -)"),
        (["C" + "0" * 32], "The property, to[0], in the request body is invalid (line: -, column: -)"),
        (["nobody"], "The property, to[0], in the request body is invalid (line: -, column: -)"),
        ([], "The request body has 1 error(s)"),
        (["U" + "0" * 32] * 501, "The request body has 1 error(s)"),
        (None, "The request body has 1 error(s)"),
    ],
)
async def test_who_can_get_no_multicast(world: World, bot: Bot, to: Any, message: str) -> None:
    refused = await bot.post(MULTICAST, {"to": to, "messages": HI}, expect=400)
    assert refused.json["message"] == message
    if "details" in refused.json:
        assert refused.json["details"][0]["property"] == "to"


async def test_one_wrong_recipient_stops_it_for_all(world: World, bot: Bot) -> None:
    friend = await world.friend(bot)
    refused = await bot.post(MULTICAST, {"to": [friend, "U" + "f" * 32], "messages": HI}, expect=400)
    assert "to[1]" in refused.json["message"]
    assert got(world, "multicast") == []


async def test_a_broadcast_reaches_all_friends(world: World, bot: Bot) -> None:
    friends = [await world.friend(bot) for _ in range(3)]
    blocker, stranger = await world.friend(bot), await world.user()
    await world.block(bot, blocker)
    await world.say(bot, stranger)
    await bot.post(BROADCAST, {"messages": HI * 2})
    assert sorted(got(world, "broadcast")) == sorted(friends * 2)
    assert await usage(bot) == 3


async def test_a_broadcast_to_nobody_is_accepted(bot: Bot) -> None:
    assert (await bot.post(BROADCAST, {"messages": HI})).json == {}
    assert await usage(bot) == 0


async def test_parts(world: World, bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mass_send, "PART", 2)
    friends = [await world.friend(bot) for _ in range(5)]
    await bot.post(BROADCAST, {"messages": HI})
    assert sorted(got(world, "broadcast")) == sorted(friends)
    await bot.post(MULTICAST, {"to": friends[:4], "messages": HI})
    assert sorted(got(world, "multicast")) == sorted(friends[:4])
    assert await world.platform.read(mass_send.unfinished_mass_sends) == []


@pytest.mark.parametrize("via", ["broadcast", "multicast"])
async def test_what_was_accepted_is_finished_by_the_next_run(
    open_world: Open, monkeypatch: pytest.MonkeyPatch, via: Any
) -> None:
    monkeypatch.setattr(mass_send, "PART", 2)
    world = await open_world()
    bot = await world.bot()
    friends = [await world.friend(bot) for _ in range(5)]
    send_id = await world.platform.apply(
        mass_send.accept_mass_send,
        bot.channel_id,
        via,
        None if via == "broadcast" else friends,
        HI,
        None,
        None,
        world.platform.env(),
    )
    assert send_id is not None
    assert len(got(world, via)) == 2
    before = set(got(world, via))
    world = await open_world()
    assert await world.platform.read(mass_send.unfinished_mass_sends) == []
    rest = [bot_message_user(world, bot, one) for one in friends if one not in before]
    assert [await one for one in rest] == [1, 1, 1]


async def bot_message_user(world: World, bot: Bot, user_id: str) -> int:
    """How many messages a user has from the account, the greeting left out."""
    import sqlalchemy as sa

    from kidoku.platform.store.chats import find_chat
    from kidoku.platform.store.schema import messages

    def count(conn: sa.Connection) -> int:
        chat = find_chat(conn, bot.channel_id, user_id)
        assert chat is not None
        return conn.execute(
            sa.select(sa.func.count()).where(
                messages.c.channel_id == bot.channel_id,
                messages.c.chat_id == chat.chat_id,
                messages.c.via != "greeting",
            )
        ).scalar_one()

    return await world.platform.read(count)
