"""Order within a chat, several chats at once, fair shares, and memory that doesn't grow with the backlog."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
import sqlalchemy as sa

from kidoku.platform.store.account import Account
from kidoku.platform.store.schema import deliveries
from kidoku.platform.store.settle import settle
from kidoku.platform.webhooks import intake, ledger
from tests.platform.webhooks.conftest import Open
from tests.platform.webhooks.receiver import Request, hang, http, receiving
from tests.platform.webhooks.world import World


class Gate:
    """Holds every answer until it is opened."""

    def __init__(self) -> None:
        self.open = asyncio.Event()
        self.inside = 0
        self.most = 0

    async def __call__(self, request: Request, writer: asyncio.StreamWriter) -> None:
        self.inside += 1
        self.most = max(self.most, self.inside)
        await self.open.wait()
        self.inside -= 1
        writer.write(http())


def in_memory(world: World, of: Account) -> int:
    return world.dispatcher._schedule.lane(of.channel_id).held


async def test_a_chat_is_one_after_the_other_and_chats_are_side_by_side(open_world: Open) -> None:
    world = await open_world()
    gate = Gate()
    async with receiving(gate) as bot:
        of = await world.account(bot.url)
        users = [await world.user() for _ in range(3)]
        for number in range(4):
            for user_id in users:
                await world.say(of, user_id, str(number))
        await bot.received(3)
        assert gate.most == 3
        gate.open.set()
        await world.dispatcher.idle()
    assert gate.most == 3
    for user_id in users:
        mine = [
            e["message"]["text"] for r in bot.requests for e in r.events if e["source"]["userId"] == user_id
        ]
        assert mine == ["0", "1", "2", "3"]


async def test_a_failed_one_does_not_hold_up_its_chat(world: World) -> None:
    async with receiving(http(200), http(500)) as bot:
        of = await world.account(bot.url, redelivery=True)
        user_id = await world.user()
        for text in ("a", "b"):
            await world.say(of, user_id, text)
        await world.dispatcher.idle()
        await world.later(60_000)
    assert [r.texts for r in bot.requests] == [["a"], ["b"], ["a"]]


async def test_many_outcomes_share_a_commit(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []

    def counted(conn: sa.Connection, items: Any) -> Any:
        sizes.append(len(items))
        return settle(conn, items)

    monkeypatch.setattr(ledger, "settle", counted)
    gate = Gate()
    async with receiving(gate) as bot:
        of = await world.account(bot.url)
        for _ in range(30):
            await world.say(of, await world.user())
        await bot.received(30)
        gate.open.set()
        await world.dispatcher.idle()
    assert sum(sizes) == 30
    assert max(sizes) > 1
    assert {view.state for view in await world.deliveries(of)} == {"delivered"}


async def test_one_at_a_time_when_told(open_world: Open) -> None:
    world = await open_world(webhook_concurrency=1)
    gate = Gate()
    gate.open.set()
    async with receiving(gate) as bot:
        of = await world.account(bot.url)
        for _ in range(5):
            await world.say(of, await world.user())
        await world.dispatcher.idle()
    assert len(bot.requests) == 5
    assert gate.most == 1


async def test_a_dead_endpoint_does_not_starve_the_others(open_world: Open) -> None:
    world = await open_world(webhook_concurrency=8, shutdown_grace_ms=0)
    async with receiving(hang) as dead, receiving() as bot:
        broken, healthy = await world.account(dead.url), await world.account(bot.url)
        for _ in range(20):
            await world.say(broken, await world.user())
        await dead.received(6)
        user_id = await world.user()
        for number in range(3):
            await world.say(healthy, user_id, str(number))
            await bot.received(number + 1)
        assert len(dead.requests) == 6, "three quarters of eight"


async def test_a_backlog_stays_in_the_table(open_world: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "LANE_ROWS", 10)
    world = await open_world(start=False)
    most = 0

    async def answer(request: Request, writer: asyncio.StreamWriter) -> None:
        nonlocal most
        most = max(most, in_memory(world, of))
        writer.write(http())

    async with receiving(answer) as bot:
        of = await world.account(bot.url)
        user_id = await world.user()
        for number in range(50):
            await world.say(of, user_id, str(number))
        world.dispatcher.start()
        for number in range(50, 100):
            await world.say(of, user_id, str(number))
        await world.dispatcher.idle()
    assert [text for r in bot.requests for text in r.texts] == [str(number) for number in range(100)]
    assert 1 < most <= 10
    assert world.dispatcher._schedule.lanes == {}, "nothing is remembered of an account without work"


async def test_memory_is_shared_out_when_there_are_many_accounts(
    open_world: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "ALL_ROWS", 20)
    world = await open_world(start=False)
    most = 0

    async def answer(request: Request, writer: asyncio.StreamWriter) -> None:
        nonlocal most
        most = max(most, world.dispatcher.held)
        writer.write(http())

    async with receiving(answer) as bot:
        accounts = [await world.account(bot.url) for _ in range(6)]
        user_id = await world.user()
        for of in accounts:
            for number in range(12):
                await world.say(of, user_id, str(number))
        world.dispatcher.start()
        await world.dispatcher.idle()
    assert len(bot.requests) == 72
    assert most <= 20 + 12 + 4 * 6


async def test_due_redeliveries_come_in_pages(open_world: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "DUE_ROWS", 4)
    world = await open_world(redelivery_schedule_s=(60.0,))
    async with receiving(http(500)) as bot:
        of = await world.account(bot.url, redelivery=True)
        for _ in range(30):
            await world.say(of, await world.user())
        await world.dispatcher.idle()
        bot.answer = http(200)
        await world.later(60_000)
    assert len(bot.requests) == 60
    assert len({r.events[0]["webhookEventId"] for r in bot.requests[30:]}) == 30
    assert {view.state for view in await world.deliveries(of)} == {"delivered"}


async def test_a_new_start_takes_up_everything_once(open_world: Open) -> None:
    world = await open_world(start=False)
    async with receiving() as bot:
        accounts = [await world.account(bot.url) for _ in range(3)]
        user_id = await world.user()
        for of in accounts:
            for number in range(5):
                await world.say(of, user_id, str(number))
        world = await open_world()
        for of in accounts:
            await world.say(of, user_id, "5")
        await world.dispatcher.idle()
    for of in accounts:
        mine = [r.texts[0] for r in bot.requests if r.json["destination"] == of.account_id]
        assert mine == ["0", "1", "2", "3", "4", "5"]


async def test_what_was_not_written_down_is_sent_again(open_world: Open) -> None:
    world = await open_world(shutdown_grace_ms=0)
    async with receiving(http(), hang) as bot:
        of = await world.account(bot.url)
        await world.say(of, await world.user())
        await bot.received(1)
        world = await open_world()
        await world.dispatcher.idle()
    first, again = bot.requests
    assert first.body == again.body, "the first attempt never ended, so this is it once more"
    assert [a.attempt for a in (await world.delivery(of)).attempts] == [1]


async def test_closing_lets_the_last_one_finish(open_world: Open) -> None:
    world = await open_world()
    gate = Gate()
    async with receiving(gate) as bot:
        of = await world.account(bot.url)
        user_id = await world.user()
        for _ in range(2):
            await world.say(of, user_id)
        await bot.received(1)
        closing = asyncio.create_task(world.dispatcher.close())
        gate.open.set()
        await closing
        assert [view.state for view in await world.deliveries(of)] == ["delivered", "pending"]
        world.dispatcher.enqueue([])
        await world.dispatcher.close()
    assert len(bot.requests) == 1


async def test_a_vanished_account_stops_nobody(open_world: Open) -> None:
    world = await open_world(start=False)

    def orphan(conn: sa.Connection, channel_id: int) -> None:
        conn.execute(
            sa.update(deliveries).where(deliveries.c.channel_id == channel_id).values(state="retrying")
        )

    async with receiving() as bot:
        gone, here = await world.account(bot.url, redelivery=True), await world.account(bot.url)
        for of in (gone, here):
            await world.say(of, await world.user())
        await world.platform.engine.write(orphan, gone.channel_id)
        del world.platform.directory.by_channel[gone.channel_id]
        world.dispatcher.start()
        await world.dispatcher.idle()
    assert [r.json["destination"] for r in bot.requests] == [here.account_id]


async def test_a_broken_write_is_tried_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    failures = 1

    def flaky(conn: sa.Connection, items: Any) -> Any:
        nonlocal failures
        if failures:
            failures -= 1
            raise sa.exc.OperationalError("disk", None, Exception("full"))
        return settle(conn, items)

    monkeypatch.setattr(ledger, "settle", flaky)
    monkeypatch.setattr(ledger, "AGAIN_S", 0)
    async with receiving() as bot:
        of = await world.account(bot.url)
        await world.say(of, await world.user())
        await world.dispatcher.idle()
    assert len(bot.requests) == 1
    assert (await world.delivery(of)).delivery.state == "delivered"
