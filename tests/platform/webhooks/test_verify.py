"""The test of an endpoint, suspension and error statistics."""

from __future__ import annotations

from kidoku.platform.store.suspension import suspend
from kidoku.platform.store.webhook_errors import error_rows, error_tsv
from tests.platform.webhooks.conftest import Open
from tests.platform.webhooks.receiver import hang, http, receiving
from tests.platform.webhooks.world import START, World


async def test_a_test_is_signed_and_without_events(world: World) -> None:
    async with receiving() as bot:
        of = await world.account(bot.url)
        result = await world.dispatcher.test_endpoint(bot.url, of)
    (request,) = bot.requests
    assert request.json == {"destination": of.account_id, "events": []}
    assert request.signed_with(of.channel_secret)
    assert (result.success, result.timestamp, result.status_code) == (True, START, 200)
    assert (result.reason, result.detail) == ("OK", "200")


async def test_a_test_that_fails(open_world: Open) -> None:
    world = await open_world(webhook_timeout_ms=1_000)
    async with receiving(http(503), hang) as bot:
        of = await world.account(None, error_statistics=True)
        slow = await world.dispatcher.test_endpoint(bot.url, of)
        wrong = await world.dispatcher.test_endpoint(bot.url, of)
    nobody = await world.dispatcher.test_endpoint("http://no-such-host.invalid/", of)
    assert (slow.success, slow.status_code, slow.reason) == (False, 0, "REQUEST_TIMEOUT")
    assert slow.detail == f"Request timeout: {bot.url}"
    assert (wrong.success, wrong.status_code, wrong.reason, wrong.detail) == (
        False,
        503,
        "ERROR_STATUS_CODE",
        "503",
    )
    assert (nobody.reason, nobody.detail) == (
        "COULD_NOT_CONNECT",
        "Unknown host: http://no-such-host.invalid/",
    )
    assert await world.deliveries(of) == []
    assert await world.platform.read(error_rows, of.channel_id) == []


async def test_errors_are_counted_per_minute_and_reason(open_world: Open) -> None:
    world = await open_world(webhook_timeout_ms=1_000)
    async with receiving(http(500), http(500), http(500), http(404), http(200), hang) as bot:
        of = await world.account(bot.url, error_statistics=True)
        quiet = await world.account(bot.url)
        user_id = await world.user()
        for _ in range(4):
            await world.say(of, user_id)
            await world.dispatcher.idle()
            await world.later(1_000)
        await world.later(60_000)
        await world.say(of, user_id)
        await world.dispatcher.idle()
        await world.say(quiet, user_id)
        await world.dispatcher.idle()
    rows = await world.platform.read(error_rows, of.channel_id)
    assert [(r.reason, r.detail, r.count) for r in rows] == [
        ("request_timeout", "Request timeout", 1),
        ("error_status_code", "404", 1),
        ("error_status_code", "500", 2),
    ]
    assert await world.platform.read(error_rows, quiet.channel_id) == []
    assert await world.platform.read(error_rows, of.channel_id, START + 60_000) == rows[:1]
    assert await world.platform.read(error_rows, of.channel_id, 0, START) == []


async def test_the_statistics_as_tsv_in_japanese_time(world: World) -> None:
    async with receiving(http(500)) as bot:
        of = await world.account(bot.url, error_statistics=True)
        user_id = await world.user()
        for _ in range(2):
            await world.say(of, user_id)
            await world.dispatcher.idle()
            await world.later(7_000)
    rows = await world.platform.read(error_rows, of.channel_id)
    assert error_tsv(rows) == (
        "Date\tStart\tEnd\tReason\tDetail\tCount\r\n"
        "2025/11/22\t17:26:40\t17:26:47\terror_status_code\t500\t2\r\n"
    )


async def test_failing_since(world: World) -> None:
    async with receiving(http(200), http(500), http(500)) as bot:
        of = await world.account(bot.url)
        user_id = await world.user()
        await world.say(of, user_id)
        await world.dispatcher.idle()
        assert world.now(of).failing_since == START
        await world.later(5_000)
        await world.say(of, user_id)
        await world.dispatcher.idle()
        assert world.now(of).failing_since == START
        await world.say(of, user_id)
        await world.dispatcher.idle()
        assert world.now(of).failing_since is None


async def test_suspension_is_off_by_default(world: World) -> None:
    async with receiving(http(500)) as bot:
        of = await world.account(bot.url)
        user_id = await world.user()
        for _ in range(30):
            await world.say(of, user_id)
        await world.dispatcher.idle()
    assert not world.now(of).settings.suspended


async def test_failures_in_a_row_suspend(open_world: Open) -> None:
    world = await open_world(suspension_threshold=3)
    async with receiving(http(500), http(500), http(500), http(200)) as bot:
        of = await world.account(bot.url)
        user_id = await world.user()
        world.seen("settings")
        for _ in range(5):
            await world.say(of, user_id)
            await world.dispatcher.idle()
        assert not world.now(of).settings.suspended, "two, a success, two"
        await world.say(of, user_id)
        await world.dispatcher.idle()
        assert world.now(of).settings.suspended
        (told,) = world.seen("settings")
        assert told["settings"]["suspended"] is True
        count = len(bot.requests)
        await world.say(of, user_id)
        await world.dispatcher.idle()
        assert len(bot.requests) == count


async def test_a_test_with_success_ends_a_suspension(open_world: Open) -> None:
    world = await open_world(suspension_threshold=1)
    async with receiving(http(200), http(500), http(500)) as bot, receiving() as other:
        of = await world.account(bot.url)
        user_id = await world.user()
        await world.say(of, user_id)
        await world.dispatcher.idle()
        assert world.now(of).settings.suspended
        await world.dispatcher.test_endpoint(bot.url, world.now(of))
        await world.dispatcher.test_endpoint(other.url, world.now(of))
        assert world.now(of).settings.suspended, "a failure, and another endpoint"
        world.seen("settings")
        await world.dispatcher.test_endpoint(bot.url, world.now(of))
        assert not world.now(of).settings.suspended
        assert [told["settings"]["suspended"] for told in world.seen("settings")] == [False]
        await world.say(of, user_id)
        await world.dispatcher.idle()
    assert (await world.deliveries(of))[-1].state == "delivered"


async def test_setting_the_endpoint_ends_a_suspension(open_world: Open) -> None:
    world = await open_world(suspension_threshold=1)
    async with receiving(http(200), http(500)) as bot:
        of = await world.account(bot.url)
        await world.say(of, await world.user())
        await world.dispatcher.idle()
        await world.change(of, webhook=bot.url)
        await world.say(of, await world.user())
        await world.dispatcher.idle()
    assert not world.now(of).settings.suspended
    assert (await world.deliveries(of))[-1].state == "delivered"


async def test_what_waits_when_sending_is_suspended_is_skipped(open_world: Open) -> None:
    world = await open_world(start=False)
    async with receiving() as bot:
        of = await world.account(bot.url)
        await world.say(of, await world.user())
        await world.platform.apply(suspend, of.channel_id, START)
        world.dispatcher.start()
        await world.dispatcher.idle()
    assert bot.requests == []
    (view,) = await world.deliveries(of)
    assert (view.state, view.reason) == ("skipped", "suspended")
