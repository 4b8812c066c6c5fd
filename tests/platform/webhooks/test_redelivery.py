"""Sending again what failed: same event, same tokens, until it arrives or the schedule ends."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from linebot.v3.webhook import WebhookParser

from kidoku.core.signature import verify
from kidoku.platform.store.schema import accounts, reply_tokens
from kidoku.storage.refused import Missing, Refused
from tests.platform.webhooks.conftest import Open
from tests.platform.webhooks.receiver import Request, close_early, http, receiving
from tests.platform.webhooks.world import START, World

MINUTE = 60_000


def token_row(conn: sa.Connection, token: str) -> Any:
    return conn.execute(sa.select(reply_tokens).where(reply_tokens.c.token == token)).one()


async def test_off_by_default(world: World) -> None:
    async with receiving(http(500)) as bot:
        of = await world.account(bot.url)
        await world.say(of, await world.user())
        await world.dispatcher.idle()
        await world.later(24 * 60 * MINUTE)
    assert len(bot.requests) == 1
    kept = await world.delivery(of)
    assert (kept.delivery.state, kept.delivery.reason, kept.delivery.detail) == (
        "failed",
        "error_status_code",
        "500",
    )


async def test_twice_500_then_200(world: World) -> None:
    async with receiving(http(200), http(500), http(500)) as bot:
        of = await world.account(bot.url, redelivery=True)
        await world.say(of, await world.user())
        await world.dispatcher.idle()
        await world.later(MINUTE - 1)
        assert len(bot.requests) == 1, "not before its time"
        await world.later(1)
        await world.later(5 * MINUTE)
        await world.later(24 * 60 * MINUTE)
    first, second, third = bot.requests
    kept = await world.delivery(of)
    assert (kept.delivery.state, kept.delivery.attempts, kept.delivery.due_at) == ("delivered", 3, None)
    assert [a.status for a in kept.attempts] == [500, 500, 200]
    assert [a.redelivery for a in kept.attempts] == [False, True, True]
    assert [a.started_at for a in kept.attempts] == [START, START + MINUTE, START + 6 * MINUTE]
    same_but_for_the_mark(first, second)
    assert second.body == third.body
    assert [told["state"] for told in world.seen("delivery")] == ["retrying", "retrying", "delivered"]
    for request in bot.requests:
        assert WebhookParser(of.channel_secret).parse(
            request.body.decode(), request.header("x-line-signature")
        )


def same_but_for_the_mark(first: Request, again: Request) -> None:
    (before,), (after,) = first.events, again.events
    assert before.pop("deliveryContext") == {"isRedelivery": False}
    assert after.pop("deliveryContext") == {"isRedelivery": True}
    assert before == after
    assert list(first.events[0]) == list(again.events[0]), "in the same order"


async def test_the_schedule_ends(open_world: Open) -> None:
    world = await open_world(redelivery_schedule_s=(1.0, 2.0))
    async with receiving(close_early) as bot:
        of = await world.account(bot.url, redelivery=True)
        await world.say(of, await world.user())
        await world.dispatcher.idle()
        for _ in range(4):
            await world.later(10_000)
    assert len(bot.requests) == 3
    assert (await world.delivery(of)).delivery.state == "failed"


async def test_the_jitter_varies_the_delay(open_world: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    world = await open_world(redelivery_jitter=0.5)
    monkeypatch.setattr("random.random", lambda: 1.0)
    async with receiving(http(500)) as bot:
        of = await world.account(bot.url, redelivery=True)
        await world.say(of, await world.user())
        await world.dispatcher.idle()
    assert (await world.delivery(of)).delivery.due_at == START + 90_000


async def test_a_redelivery_opens_the_reply_window_before_it_leaves(world: World) -> None:
    seen: list[Any] = []

    async def look(request: Request, writer: Any) -> None:
        seen.append(await world.platform.read(token_row, request.events[0]["replyToken"]))
        writer.write(http())

    async with receiving(look, http(500)) as bot:
        of = await world.account(bot.url, redelivery=True)
        await world.say(of, await world.user())
        await world.dispatcher.idle()
        await world.later(MINUTE)
    (row,) = seen
    assert (row.event_at, row.sent_at, row.redelivered, row.used_at) == (START, START + MINUTE, True, None)


async def test_a_late_first_attempt_opens_the_window_anew(open_world: Open) -> None:
    world = await open_world(start=False)
    async with receiving() as bot:
        of = await world.account(bot.url)
        await world.say(of, await world.user())
        world.clock.advance(2 * MINUTE)
        world.dispatcher.start()
        await world.dispatcher.idle()
    row = await world.platform.read(token_row, bot.requests[0].events[0]["replyToken"])
    assert (row.sent_at, row.redelivered) == (START + 2 * MINUTE, False)


async def test_it_survives_a_restart(open_world: Open) -> None:
    async with receiving(http(200), http(500)) as bot:
        world = await open_world()
        of = await world.account(bot.url, redelivery=True)
        await world.say(of, await world.user())
        await world.dispatcher.idle()
        world = await open_world()
        await world.dispatcher.idle()
        assert len(bot.requests) == 1
        await world.later(MINUTE)
    same_but_for_the_mark(*bot.requests)
    assert (await world.delivery(of)).delivery.state == "delivered"


async def test_switched_off_meanwhile(world: World) -> None:
    async with receiving(http(500)) as bot:
        of = await world.account(bot.url, redelivery=True)
        await world.say(of, await world.user())
        await world.dispatcher.idle()
        await world.change(of, redelivery=False)
        await world.later(1)
    assert len(bot.requests) == 1
    view = (await world.delivery(of)).delivery
    assert (view.state, view.reason, view.attempts) == ("failed", "redelivery_off", 1)
    assert [told["state"] for told in world.seen("delivery")] == ["retrying", "failed"]


@pytest.mark.parametrize(
    ("changes", "reason"), [({"useWebhook": False}, "webhook_off"), ({"webhook": None}, "no_endpoint")]
)
async def test_webhook_off_meanwhile(world: World, changes: dict[str, Any], reason: str) -> None:
    async with receiving(http(500)) as bot:
        of = await world.account(bot.url, redelivery=True)
        await world.say(of, await world.user())
        await world.dispatcher.idle()
        await world.change(of, **changes)
        await world.later(MINUTE)
    assert len(bot.requests) == 1
    view = (await world.delivery(of)).delivery
    assert (view.state, view.reason) == ("failed", reason)


async def test_what_was_never_sent_is_skipped(open_world: Open) -> None:
    world = await open_world(start=False)
    async with receiving() as bot:
        of = await world.account(bot.url)
        await world.say(of, await world.user())
        await world.change(of, useWebhook=False)
        world.dispatcher.start()
        await world.dispatcher.idle()
    assert bot.requests == []
    view = (await world.delivery(of)).delivery
    assert (view.state, view.reason, view.attempts, view.settled_at) == ("skipped", "webhook_off", 0, START)


async def test_the_next_attempt_goes_to_the_endpoint_and_with_the_secret_of_then(world: World) -> None:
    secret = "f" * 32

    def reissue(conn: sa.Connection, channel_id: int) -> None:
        conn.execute(
            sa.update(accounts).where(accounts.c.channel_id == channel_id).values(channel_secret=secret)
        )

    async with receiving(http(500)) as old, receiving() as new:
        of = await world.account(old.url, redelivery=True)
        await world.say(of, await world.user())
        await world.dispatcher.idle()
        await world.platform.engine.write(reissue, of.channel_id)
        await world.change(of, webhook=new.url)
        await world.later(MINUTE)
    assert old.requests[0].signed_with(of.channel_secret)
    (request,) = new.requests
    assert verify(secret, request.body, request.header("x-line-signature"))
    kept = await world.delivery(of)
    assert [a.url for a in kept.attempts] == [old.url, new.url]


async def test_by_hand(world: World) -> None:
    async with receiving(http(200), http(500)) as bot:
        of = await world.account(bot.url)
        await world.say(of, await world.user())
        await world.dispatcher.idle()
        delivery_id = int((await world.delivery(of)).delivery.delivery_id)
        attempt = await world.dispatcher.redeliver(of.channel_id, delivery_id)
    assert (attempt.attempt, attempt.manual, attempt.redelivery, attempt.status) == (2, True, True, 200)
    same_but_for_the_mark(*bot.requests)
    view = (await world.delivery(of)).delivery
    assert (view.state, view.attempts) == ("delivered", 2)


@pytest.mark.parametrize(
    ("redelivery", "before", "after"), [(False, "failed", "failed"), (True, "retrying", "retrying")]
)
async def test_by_hand_and_failing_changes_no_plan(
    world: World, redelivery: bool, before: str, after: str
) -> None:
    async with receiving(http(500)) as bot:
        of = await world.account(bot.url, redelivery=redelivery)
        await world.say(of, await world.user())
        await world.dispatcher.idle()
        view = (await world.delivery(of)).delivery
        assert view.state == before
        await world.dispatcher.redeliver(of.channel_id, int(view.delivery_id))
        now = (await world.delivery(of)).delivery
    assert (now.state, now.due_at, now.attempts) == (after, view.due_at, 2)


async def test_by_hand_what_arrived_has_arrived(world: World) -> None:
    async with receiving(http(500), http(200)) as bot:
        of = await world.account(bot.url)
        await world.say(of, await world.user())
        await world.dispatcher.idle()
        await world.dispatcher.redeliver(of.channel_id, int((await world.deliveries(of))[0].delivery_id))
    view = (await world.delivery(of)).delivery
    assert (view.state, view.status) == ("delivered", 500)


async def test_by_hand_ends_the_redeliveries(world: World) -> None:
    async with receiving(http(200), http(500)) as bot:
        of = await world.account(bot.url, redelivery=True)
        await world.say(of, await world.user())
        await world.dispatcher.idle()
        await world.dispatcher.redeliver(of.channel_id, int((await world.deliveries(of))[0].delivery_id))
        await world.later(24 * 60 * MINUTE)
    assert len(bot.requests) == 2


async def test_by_hand_what_was_skipped(open_world: Open) -> None:
    world = await open_world(start=False)
    async with receiving(http(200), http(500)) as bot:
        of = await world.account(bot.url)
        await world.say(of, await world.user())
        delivery_id = int((await world.deliveries(of))[0].delivery_id)
        with pytest.raises(Refused, match="not been sent"):
            await world.dispatcher.redeliver(of.channel_id, delivery_id)
        await world.change(of, useWebhook=False)
        world.dispatcher.start()
        await world.dispatcher.idle()
        with pytest.raises(Refused, match="doesn't use webhooks"):
            await world.dispatcher.redeliver(of.channel_id, delivery_id)
        await world.change(of, useWebhook=True)
        await world.dispatcher.redeliver(of.channel_id, delivery_id)
        assert (await world.delivery(of)).delivery.state == "failed"
        await world.dispatcher.redeliver(of.channel_id, delivery_id)
    assert (await world.delivery(of)).delivery.state == "delivered"


async def test_by_hand_what_does_not_exist(world: World) -> None:
    of = await world.account(None)
    with pytest.raises(Missing):
        await world.dispatcher.redeliver(of.channel_id, 12)
