"""Both mark-as-read endpoints on the wire, in the fast lane and beside it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from kidoku.core.option import OptionAction
from kidoku.live.bus import Bus
from kidoku.platform.store.chats import find_chat
from kidoku.platform.store.settings import move_option
from tests.platform.api.conftest import Open
from tests.platform.api.world import HI, Bot, World

BY_TOKEN = "/v2/bot/chat/markAsRead"
BY_USER = "/v2/bot/message/markAsRead"

INVALID = "Invalid markAsReadToken. Tokens must be used by the bot that received them via Webhook."
CHAT_OFF = "Failed to mark messages as read. Please ensure that chat is enabled."
NO_ACCESS = "Access to this API is not available for your account"
UNKNOWN_USER = "The property, 'chat.chatId', in the request body is invalid (line: -, column: -)"


@pytest.fixture(params=[True, False], ids=["fast lane", "ASGI"])
async def world(request: pytest.FixtureRequest, open_world: Open) -> World:
    return await open_world(fast_lane=request.param)


async def token(world: World, bot: Bot, user_id: str, peer: str = "") -> str:
    """A user writes; the read token of the message."""
    await world.say(bot, user_id, peer=peer)
    return str(world.deliveries[-1]["events"][0]["message"]["markAsReadToken"])


def advances(world: World) -> list[tuple[str, int, int, str]]:
    """Who saw the watermark move: peer, from, to, cause."""
    return [
        (
            one.data.get("userId") or one.data.get("groupId") or "",
            one.data["fromSeq"],
            one.data["readSeq"],
            one.data["cause"],
        )
        for one in world.events.queue
        if one.data["type"] == "read"
    ]


async def use_option(world: World, bot: Bot) -> None:
    for step in (OptionAction.APPLY, OptionAction.APPROVE, OptionAction.USE):
        await world.platform.apply(move_option, bot.channel_id, step, world.platform.env())


def of(user_id: str) -> dict[str, Any]:
    return {"chat": {"userId": user_id}}


async def test_a_token_marks_its_message_and_all_before_it(world: World, bot: Bot) -> None:
    user = await world.friend(bot)
    first, second, third = [await token(world, bot, user) for _ in range(3)]
    assert (await bot.post(BY_TOKEN, {"markAsReadToken": second})).json == {}
    for again in (second, first):
        assert (await bot.post(BY_TOKEN, {"markAsReadToken": again})).json == {}
    await bot.post(BY_TOKEN, {"markAsReadToken": third})
    assert advances(world) == [(user, 0, 2, "token"), (user, 2, 3, "token")]


@pytest.mark.parametrize("kind", ["group", "room"])
async def test_in_groups_too(world: World, bot: Bot, kind: str) -> None:
    user = await world.user()
    group = await world.group(bot, user, kind=kind)
    await bot.post(BY_TOKEN, {"markAsReadToken": await token(world, bot, user, group)})
    assert advances(world) == [(group, 0, 1, "token")]


async def test_tokens_of_other_bots_and_made_up_ones_look_alike(world: World, bot: Bot) -> None:
    other = await world.bot(chat=True)
    user = await world.friend(bot)
    mine = await token(world, bot, user)
    quote = world.deliveries[-1]["events"][0]["message"]["quoteToken"]
    theirs = await token(world, other, user)
    for wrong in (theirs, quote, mine[:-1], mine + "A", mine.swapcase(), "x", "\u0000", "é" * 44):
        refused = await bot.post(BY_TOKEN, {"markAsReadToken": wrong}, expect=400)
        assert refused.json == {"message": INVALID}
    assert advances(world) == []
    assert "issued to another bot" in (await bot.calls())[0].reason


async def test_marks_of_one_moment_are_judged_one_by_one(world: World, bot: Bot) -> None:
    """Good ones, a foreign one, one cut off, and one of an account whose Chat is off, in one turn of the loop."""
    other, closed = await world.bot(chat=True), await world.bot(chat=True)
    users = [await world.friend(bot) for _ in range(3)]
    good = [await token(world, bot, user) for user in users]
    theirs = await token(world, other, await world.friend(other))
    shut = await token(world, closed, await world.friend(closed))
    await closed.change(chat=False)
    asked = [(bot, one, 200) for one in good]
    asked += [(bot, theirs, 400), (other, theirs, 200), (bot, good[0][:-1], 400), (closed, shut, 400)]
    await asyncio.gather(
        *(who.post(BY_TOKEN, {"markAsReadToken": one}, expect=status) for who, one, status in asked)
    )
    marked = [one for one in advances(world) if one[3] == "token"]
    assert {(user, 0, 1, "token") for user in users} < set(marked)
    assert len(marked) == len(users) + 1


async def test_a_token_lives_for_ever(world: World, bot: Bot) -> None:
    user = await world.friend(bot)
    old = await token(world, bot, user)
    world.clock.advance(10 * 365 * 86_400_000)
    await world.block(bot, user)
    await bot.post(BY_TOKEN, {"markAsReadToken": old})
    assert advances(world) == [(user, 0, 1, "token")]


async def test_tokens_need_chat(world: World, bot: Bot) -> None:
    user = await world.friend(bot)
    before = await token(world, bot, user)
    await bot.change(chat=False)
    during = await token(world, bot, user)
    for one in (before, during):
        assert (await bot.post(BY_TOKEN, {"markAsReadToken": one}, expect=400)).json == {"message": CHAT_OFF}
    assert "turn Chat on" in (await bot.calls())[0].reason
    await bot.change(chat=True)
    after = await token(world, bot, user)
    for one in (before, during, after):
        await bot.post(BY_TOKEN, {"markAsReadToken": one})
    assert [one[3] for one in advances(world)] == ["chat_off", "auto", "token"]


@pytest.mark.parametrize("body", [{}, {"markAsReadToken": ""}])
async def test_the_token_may_not_be_missing(world: World, bot: Bot, body: Any) -> None:
    refused = await bot.post(BY_TOKEN, body, expect=400)
    assert refused.json == {
        "message": "The request body has 1 error(s)",
        "details": [{"message": "May not be empty", "property": "markAsReadToken"}],
    }


async def test_the_option_marks_all_that_exists(world: World, bot: Bot) -> None:
    await use_option(world, bot)
    user, other = await world.friend(bot), await world.friend(bot)
    for _ in range(3):
        await world.say(bot, user)
    await world.say(bot, other)
    assert (await bot.post(BY_USER, of(user))).json == {}
    await bot.post(BY_USER, of(user))
    await world.say(bot, user)
    await bot.post("/v2/bot/message/push", {"to": user, "messages": HI})
    await bot.post(BY_USER, of(user))
    assert advances(world) == [(user, 0, 3, "user"), (user, 3, 4, "user")]


async def test_the_option_is_for_those_who_have_it(world: World, bot: Bot) -> None:
    user = await world.friend(bot)
    read_token = await token(world, bot, user)
    for body in (of(user), of("x"), {}):
        assert (await bot.post(BY_USER, body, expect=403)).json == {"message": NO_ACCESS}
    await use_option(world, bot)
    refused = await bot.post(BY_TOKEN, {"markAsReadToken": read_token}, expect=400)
    assert refused.json == {"message": CHAT_OFF}
    await world.platform.apply(move_option, bot.channel_id, OptionAction.WITHDRAW, world.platform.env())
    await bot.post(BY_USER, of(user), expect=403)
    newest = [one.cause for one in await world.platform.calls.recent(bot.account, 2)]
    assert newest == ["not_entitled", "option_in_use"]


async def test_users_whom_the_account_does_not_know(world: World, bot: Bot) -> None:
    await use_option(world, bot)
    group = await world.group(bot, await world.user())
    for user_id in ("U" + "0" * 32, group, "x", ""):
        assert (await bot.post(BY_USER, of(user_id), expect=400)).json == {"message": UNKNOWN_USER}


@pytest.mark.parametrize(("body", "path"), [({}, "chat"), ({"chat": {}}, "chat.userId")])
async def test_the_user_may_not_be_missing(world: World, bot: Bot, body: Any, path: str) -> None:
    await use_option(world, bot)
    refused = await bot.post(BY_USER, body, expect=400)
    assert refused.json["details"] == [{"message": "May not be empty", "property": path}]


async def test_marks_are_in_the_log_of_calls(world: World, bot: Bot) -> None:
    user = await world.friend(bot)
    done = await bot.post(BY_TOKEN, {"markAsReadToken": await token(world, bot, user)})
    refused = await bot.post(BY_TOKEN, {"markAsReadToken": "x"}, expect=400)
    newest, oldest = await bot.calls()
    assert (newest.status, newest.request_id) == (400, refused.headers["x-line-request-id"])
    assert newest.reason.startswith(INVALID)
    assert (oldest.status, oldest.request_id) == (200, done.headers["x-line-request-id"])
    assert (oldest.operation, oldest.path) == ("markMessagesAsReadByToken", BY_TOKEN)


async def test_marks_move_the_same_while_nobody_listens(
    world: World, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = await world.friend(bot)
    first, second = [await token(world, bot, user) for _ in range(2)]
    before = world.platform.bus.cursor
    counted = world.platform.counts.marks.copy()
    with monkeypatch.context() as nobody:
        nobody.setattr(Bus, "listened", False)
        for one in (second, first, second):
            assert (await bot.post(BY_TOKEN, {"markAsReadToken": one})).json == {}
    chat = await world.platform.read(find_chat, bot.channel_id, user)
    assert chat is not None
    assert chat.read_seq == 2
    assert not advances(world)
    assert world.platform.counts.marks - counted == {"advanced": 1, "unchanged": 2}
    assert world.platform.bus.position_of(before) is None, "with this cursor the state is read anew"


async def test_who_begins_to_listen_while_a_mark_is_written_hears_of_it(
    world: World, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = await world.friend(bot)
    wanted = await token(world, bot, user)
    world.events.queue.clear()
    listened = iter([False])
    monkeypatch.setattr(Bus, "listened", property(lambda bus: next(listened, True)))
    assert (await bot.post(BY_TOKEN, {"markAsReadToken": wanted})).json == {}
    while not advances(world):
        await world.events.wait(20)
    assert advances(world) == [(user, 0, 1, "token")]
