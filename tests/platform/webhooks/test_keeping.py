"""Looking at deliveries, and deleting old ones."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from kidoku.platform.store.deliveries import deliveries_page, delivery_detail, request_body
from kidoku.platform.store.schema import (
    delivery_attempts,
    link_tokens,
    reply_tokens,
    retry_keys,
    webhook_errors,
)
from kidoku.platform.webhooks import housekeeping
from kidoku.storage.refused import Missing
from tests.platform.webhooks.conftest import Open
from tests.platform.webhooks.receiver import http, receiving
from tests.platform.webhooks.world import START, World

DAY = 86_400_000


def count(conn: sa.Connection, table: sa.Table) -> int:
    return conn.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


async def test_pages_newest_first(world: World) -> None:
    async with receiving() as bot:
        of, other = await world.account(bot.url), await world.account(bot.url)
        user_id = await world.user()
        for number in range(5):
            await world.say(of, user_id, str(number))
            await world.say(other, user_id, str(number))
        await world.dispatcher.idle()
    first = await world.platform.read(deliveries_page, of.channel_id, limit=2)
    assert first.next is not None
    second = await world.platform.read(deliveries_page, of.channel_id, limit=2, before=int(first.next))
    assert second.next is not None
    third = await world.platform.read(deliveries_page, of.channel_id, limit=2, before=int(second.next))
    assert third.next is None
    ids = [int(view.delivery_id) for page in (first, second, third) for view in page.deliveries]
    assert len(ids) == 5
    assert ids == sorted(ids, reverse=True)
    everything = await world.platform.read(deliveries_page, None)
    assert len(everything.deliveries) == 10
    assert {view.account_id for view in everything.deliveries} == {of.account_id, other.account_id}


async def test_filters(world: World) -> None:
    async with receiving(http(200), http(500)) as bot:
        of = await world.account(bot.url)
        for _ in range(2):
            await world.say(of, await world.user())
            await world.dispatcher.idle()
    failed = await world.platform.read(deliveries_page, of.channel_id, state="failed")
    assert [view.state for view in failed.deliveries] == ["failed"]
    second = await world.platform.read(deliveries_page, of.channel_id, chat_id=2)
    assert [view.state for view in second.deliveries] == ["delivered"]


async def test_one_delivery_belongs_to_its_account(world: World) -> None:
    async with receiving(http(200), http(500)) as bot:
        of, other = await world.account(bot.url, redelivery=True), await world.account(bot.url)
        await world.say(of, await world.user())
        await world.dispatcher.idle()
        await world.later(60_000)
    delivery_id = int((await world.deliveries(of))[0].delivery_id)
    with pytest.raises(Missing):
        await world.platform.read(delivery_detail, other.channel_id, delivery_id)
    kept = await world.platform.read(delivery_detail, None, delivery_id)
    assert [request_body(kept, attempt) for attempt in kept.attempts] == [r.json for r in bot.requests]


async def test_old_ones_go_by_age(open_world: Open) -> None:
    world = await open_world(delivery_retention_days=30)
    async with receiving(http(200), http(500)) as bot:
        of = await world.account(bot.url, error_statistics=True)
        for _ in range(2):
            await world.say(of, await world.user())
            await world.dispatcher.idle()
            world.clock.advance(DAY)
        world.clock.advance(28 * DAY)
        await world.dispatcher.prune()
        assert len(await world.deliveries(of)) == 2
        world.clock.advance(DAY // 2)
        await world.dispatcher.prune()
    (view,) = await world.deliveries(of)
    assert view.status == 200
    assert await world.platform.read(count, delivery_attempts) == 1
    assert await world.platform.read(count, webhook_errors) == 0


async def test_the_newest_stay_by_count(open_world: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(housekeeping, "AT_ONCE", 2)
    world = await open_world(delivery_retention_count=3)
    async with receiving() as bot:
        of, other = await world.account(bot.url), await world.account(bot.url)
        user_id = await world.user()
        for number in range(8):
            await world.say(of, user_id, str(number))
        await world.say(other, user_id)
        await world.dispatcher.idle()
        kept = [view.delivery_id for view in await world.deliveries(of)][-3:]
        assert await world.dispatcher.prune() == 5
    assert [view.delivery_id for view in await world.deliveries(of)] == kept
    assert len(await world.deliveries(other)) == 1
    assert await world.platform.read(count, delivery_attempts) == 4


async def test_what_is_open_stays(open_world: Open) -> None:
    world = await open_world(delivery_retention_count=0, delivery_retention_days=0)
    async with receiving(http(500)) as bot:
        of = await world.account(bot.url, redelivery=True)
        await world.say(of, await world.user())
        await world.dispatcher.idle()
        await world.dispatcher.prune()
    assert [view.state for view in await world.deliveries(of)] == ["retrying"]


async def test_tokens_and_keys_end(world: World) -> None:
    of = await world.account("http://127.0.0.1:1/")
    await world.say(of, await world.user())

    def others(conn: sa.Connection, channel_id: int) -> None:
        retry: dict[str, Any] = {"channel_id": channel_id, "request_id": "r", "answer": b"{}"}
        conn.execute(sa.insert(retry_keys), [{**retry, "retry_key": "a", "accepted_at": START}])
        link: dict[str, Any] = {"channel_id": channel_id, "user_id": "U"}
        conn.execute(sa.insert(link_tokens), [{**link, "token": "a", "expires_at": START}])

    await world.platform.engine.write(others, of.channel_id)
    tables = (reply_tokens, retry_keys, link_tokens)
    left = []
    for wait in (0, 3_600_001, DAY):
        world.clock.advance(wait)
        await world.dispatcher.prune()
        left.append([await world.platform.read(count, table) for table in tables])
    assert left == [[1, 1, 1], [0, 1, 1], [0, 0, 0]]
