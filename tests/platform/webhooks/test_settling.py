"""Outcomes that are written down together."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
import sqlalchemy as sa

from kidoku.platform.store.account import Account
from kidoku.platform.store.open_deliveries import pending_page
from kidoku.platform.store.settle import Settled, Settlement, settle
from kidoku.platform.webhooks import intake
from tests.platform.webhooks.conftest import Open
from tests.platform.webhooks.receiver import hang, http, receiving
from tests.platform.webhooks.world import START, World


def ended(of: Account, delivery_id: int, reason: str | None, at: int, **more: Any) -> Settlement:
    """The outcome of a first attempt."""
    fields: dict[str, Any] = {
        "channel_id": of.channel_id,
        "delivery_id": delivery_id,
        "attempts": 0,
        "manual": False,
        "redelivery": False,
        "url": "http://127.0.0.1:1/",
        "request_headers": "{}",
        "started_at": at,
        "duration_us": 1_500,
        "status": None,
        "reason": reason,
        "detail": None,
        "response_headers": None,
        "response_body": None,
        "state": "failed" if reason else "delivered",
        "due_at": START,
        "settled_at": at,
        "counted": False,
        "was_failing": False,
        "suspend_at": None,
    }
    return Settlement(**(fields | more))


async def settled(
    open_world: Open, reasons: list[str | None], **more: Any
) -> tuple[World, Account, list[Settled]]:
    """One account's outcomes in one batch, a second apart."""
    world = await open_world(start=False)
    of = await world.account("http://127.0.0.1:1/")
    for _ in reasons:
        await world.say(of, await world.user())
    ids = [int(view.delivery_id) for view in await world.deliveries(of)]
    items = [ended(of, ids[n], reason, START + 1_000 * n, **more) for n, reason in enumerate(reasons)]
    results = await world.platform.engine.write(settle, items)
    return world, of, results


@pytest.mark.parametrize(
    ("reasons", "failing_since"),
    [
        ([None, None], None),
        (["request_timeout", None], None),
        (["request_timeout", "request_timeout"], START),
        (["request_timeout", None, "request_timeout"], START + 2_000),
        ([None, "request_timeout", "request_timeout"], START + 1_000),
    ],
)
async def test_failing_since_the_last_success(
    open_world: Open, reasons: list[str | None], failing_since: int | None
) -> None:
    world, of, results = await settled(open_world, reasons)
    assert [view.state for view in await world.deliveries(of)] == [
        "failed" if r else "delivered" for r in reasons
    ]
    told = [result.account.value.failing_since for result in results if result.account is not None]
    assert told == ([] if failing_since is None else [failing_since])


@pytest.mark.parametrize(
    ("reasons", "suspended"), [(["x", "x", "x"], True), (["x", None, "x", "x"], False), (["x", "x"], False)]
)
async def test_only_failures_in_a_row_suspend(
    open_world: Open, reasons: list[str | None], suspended: bool
) -> None:
    _, _, results = await settled(open_world, reasons, suspend_at=3)
    assert any(r.account is not None and r.account.value.settings.suspended for r in results) is suspended


@pytest.mark.parametrize("size", [1, 2, 3, 127, 128, 129, 300])
async def test_any_number_at_once(open_world: Open, size: int) -> None:
    world = await open_world(start=False)
    of = await world.account("http://127.0.0.1:1/")
    user_id = await world.user()
    await asyncio.gather(*(world.say(of, user_id) for _ in range(size)))

    def all_ids(conn: sa.Connection, table: str) -> list[int]:
        return list(conn.execute(sa.text(f"SELECT delivery_id FROM {table} ORDER BY delivery_id")).scalars())

    ids = await world.platform.read(all_ids, "deliveries")
    results = await world.platform.engine.write(settle, [ended(of, one, None, START) for one in ids])
    assert results == [Settled(1, "delivered")] * size
    assert await world.platform.read(all_ids, "delivery_attempts") == ids
    assert {view.state for view in await world.deliveries(of)} == {"delivered"}


async def test_an_attempt_of_a_delivery_that_is_gone(open_world: Open) -> None:
    world = await open_world(start=False)
    of = await world.account(None)
    (result,) = await world.platform.engine.write(settle, [ended(of, 5, None, START, attempts=2)])
    assert result == Settled(3, "delivered")


async def test_closing_lets_go_of_whoever_waits(open_world: Open) -> None:
    world = await open_world(shutdown_grace_ms=0)
    async with receiving(hang, http(500)) as bot:
        of = await world.account(bot.url)
        await world.say(of, await world.user())
        await world.dispatcher.idle()
        delivery_id = int((await world.deliveries(of))[0].delivery_id)
        waiting = asyncio.create_task(world.dispatcher.redeliver(of.channel_id, delivery_id))
        await bot.received(2)
        await world.dispatcher.close()
        with pytest.raises(asyncio.CancelledError):
            await waiting


async def test_reading_that_fails_is_tried_again(open_world: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    failures = 1

    def flaky(conn: sa.Connection, channel_id: int, after: int, limit: int) -> Any:
        nonlocal failures
        if failures:
            failures -= 1
            raise sa.exc.OperationalError("disk", None, Exception("I/O error"))
        return pending_page(conn, channel_id, after, limit)

    monkeypatch.setattr(intake, "pending_page", flaky)
    monkeypatch.setattr(intake, "AGAIN_S", 0)
    world = await open_world(start=False)
    async with receiving() as bot:
        of = await world.account(bot.url)
        await world.say(of, await world.user())
        world.dispatcher.start()
        await world.dispatcher.idle()
    assert len(bot.requests) == 1
