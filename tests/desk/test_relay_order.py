"""In which order a bot gets its webhooks: those of a chat one after the other, as long as that holds nobody up."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from kidoku.core.relay_attempt import HOLD_S
from kidoku.desk.store.relay_queue import lane_of
from kidoku.storage.clock import ManualClock
from tests.desk.kit import START, USER, World, desk_world, message_event
from tests.desk.line import ScriptedLine
from tests.desk.test_relay import OTHER, ended
from tests.platform.webhooks.receiver import Receiver, http, receiving


def texts(bot: Receiver) -> list[str]:
    return [text for request in bot.requests for text in request.texts]


@asynccontextmanager
async def beside(bot: Receiver, data: Path, line: ScriptedLine, clock: ManualClock) -> AsyncIterator[World]:
    async with desk_world(data, line, clock=clock) as world:
        await world.settings(relay_url=bot.url)
        yield world


async def test_a_chat_waits_for_what_fails_and_others_do_not(tmp_path: Path, line: ScriptedLine) -> None:
    clock = ManualClock(START)
    async with receiving(http(), http(500)) as bot, beside(bot, tmp_path / "data", line, clock) as world:
        await world.webhook(message_event(1))
        await ended(world, "waiting")
        await world.webhook(message_event(2))
        await world.webhook(message_event(3))
        await world.webhook(message_event(4, user=OTHER))
        await ended(world, "handled")
        assert texts(bot) == ["message 1", "message 4"]
        clock.advance(1_200)
        world.desk.relay.wake()
        await ended(world, "handled", 4)
        assert texts(bot)[2:] == ["message 1", "message 2", "message 3"]


async def test_one_that_the_bot_never_takes_lets_the_others_pass(tmp_path: Path, line: ScriptedLine) -> None:
    clock = ManualClock(START)
    script = [http(500)] * 2
    async with receiving(http(), *script) as bot, beside(bot, tmp_path / "data", line, clock) as world:
        await world.webhook(message_event(1))
        await world.webhook(message_event(2))
        await world.webhook(message_event(3))
        await ended(world, "waiting")
        clock.advance(round(HOLD_S * 1_000))
        world.desk.relay.wake()
        await ended(world, "handled", 2)
        assert texts(bot) == ["message 1", "message 1", "message 2", "message 3"]
        clock.advance(60_000)
        world.desk.relay.wake()
        await ended(world, "handled", 3)
        assert texts(bot)[4:] == ["message 1"]


async def test_while_a_bot_is_away_one_at_a_time_tries_it(tmp_path: Path, line: ScriptedLine) -> None:
    clock = ManualClock(START)
    async with receiving(http(503)) as bot, beside(bot, tmp_path / "data", line, clock) as world:
        await world.webhook(message_event(1))
        await ended(world, "waiting")
        for number in range(2, 6):
            await world.webhook(message_event(number, user=f"U{number:032x}"))
        await world.received(5)
        clock.advance(1_200)
        world.desk.relay.wake()
        await ended(world, "waiting", 2)
        assert texts(bot) == ["message 1", "message 2"], "the least tried first, and no other"
        bot.answer = http()
        clock.advance(10_000)
        world.desk.relay.wake()
        await ended(world, "handled", 5)
        assert texts(bot)[2] == "message 3"


def test_a_lane_is_one_chat_or_none() -> None:
    one, other = {"source": {"type": "user", "userId": USER}}, {"source": {"type": "user", "userId": OTHER}}
    group = {"source": {"type": "group", "groupId": "C1", "userId": USER}}
    assert lane_of([one, one]) == USER
    assert lane_of([group]) == "C1"
    assert lane_of([one, other]) is None
    assert lane_of([one, group]) is None
    assert lane_of([one, {"type": "accountLink"}]) is None
    assert lane_of([{"source": "nobody"}]) is None
