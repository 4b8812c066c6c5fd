"""The log of API calls: what was asked, how it was answered and why, and no secret."""

from __future__ import annotations

import asyncio
import logging

import pytest

from kidoku.http import logs
from kidoku.platform import calls
from kidoku.platform.store import api_calls
from kidoku.platform.store.api_calls import NOBODY, one_call
from tests.platform.api.conftest import Open
from tests.platform.api.world import HI, Bot, World


async def test_a_call_and_what_is_kept_of_it(world: World, bot: Bot) -> None:
    user = await world.friend(bot)
    body = {"to": user, "messages": HI}
    answer = await bot.post("/v2/bot/message/push", body)
    (kept,) = await bot.calls()
    assert (kept.method, kept.path, kept.operation, kept.status, kept.reason) == (
        "POST",
        "/v2/bot/message/push",
        "pushMessage",
        200,
        None,
    )
    assert kept.request_id == answer.headers["x-line-request-id"]
    assert kept.at == world.clock.now()
    assert user.encode() in kept.request_body
    assert kept.user_agent.startswith("Python")
    assert kept.duration_us > 0
    assert await world.platform.read(one_call, kept.call_id) == kept


async def test_a_refusal_says_why(world: World, bot: Bot) -> None:
    await bot.post("/v2/bot/message/push", {"to": "U" + "0" * 32, "messages": HI}, expect=400)
    (kept,) = await bot.calls()
    assert kept.reason == "Failed to send messages: No user of this channel's provider has this ID."


async def test_refusals_are_told_at_once_to_whom_they_concern(world: World, bot: Bot) -> None:
    watching = world.platform.bus.subscribe([f"account:{bot.account.account_id}"])
    strangers = world.platform.bus.subscribe(["calls"])
    await bot.get("/v2/bot/profile/x", expect=400)
    await world.request("GET", "/v2/bot/info", expect=401)
    assert await watching.wait(5)
    told = watching.queue[0].data
    assert (told["type"], told["operation"], told["status"]) == ("call", "getProfile", 400)
    assert told["reason"].startswith("The value for the 'userId' parameter is invalid")
    assert await strangers.wait(5)
    assert strangers.queue[0].data["accountId"] is None
    kept = await bot.calls()
    assert told["callId"] == str(kept[0].call_id)


async def test_calls_of_nobody(world: World, bot: Bot) -> None:
    await world.request("GET", "/v2/bot/info", expect=401)
    await world.request("GET", "/v2/nothing?x=1", expect=404)
    kept = await world.platform.calls.recent(None, 10)
    assert [(one.channel_id, one.status, one.path) for one in kept] == [
        (NOBODY, 404, "/v2/nothing?x=1"),
        (NOBODY, 401, "/v2/bot/info"),
    ]
    assert await bot.calls() == []


async def test_pages(world: World, bot: Bot) -> None:
    for _ in range(5):
        await bot.get("/v2/bot/info")
    log, account = world.platform.calls, bot.account
    newest = await log.recent(account, 2)
    next_ones = await log.recent(account, 10, newest[-1].call_id)
    ids = [one.call_id for one in newest + next_ones]
    assert len(ids) == 5
    assert ids == sorted(ids, reverse=True)


async def test_no_secret_is_kept(world: World, bot: Bot) -> None:
    secret = bot.account.channel_secret
    fields = {"grant_type": "client_credentials", "client_id": str(bot.channel_id), "client_secret": secret}
    token = (await world.form("/v2/oauth/accessToken", fields)).json["access_token"]
    await world.form("/v2/oauth/verify", {"access_token": token})
    await world.request("GET", f"/oauth2/v2.1/verify?access_token={token}", expect=200)
    await world.request("GET", f"/oauth2/v2.1/verfiy?access%5Ftoken={token}", expect=404)
    await world.request(
        "POST",
        "/v2/oauth/accessToken",
        f'{{"client_secret": "{secret}"}}',
        expect=415,
        headers={"Content-Type": "application/json"},
    )
    await world.request("POST", "/v2/oauth/nothing", f"client_secret={secret}", expect=404)
    await bot.call("GET", "/v2/bot/info", token=token)
    await world.form("/v2/oauth/revoke", {"access_token": token})
    await bot.call("GET", "/v2/bot/info", token=token, expect=401)
    log = world.platform.calls
    kept = str(await log.recent(bot.account, 100)) + str(await log.recent(None, 100))
    assert "issueChannelToken" in kept
    assert "client_secret=***" in kept
    assert "access_token=***" in kept
    for hidden in (secret, token, bot.token):
        assert hidden not in kept
    assert token not in str([one.data for one in world.events.queue])


async def test_long_bodies_are_cut_off(world: World, bot: Bot) -> None:
    await bot.call("POST", "/v2/bot/message/push", b"x" * 100_000, expect=415)
    assert len((await bot.calls())[0].request_body) == calls.BODY_KEPT


async def test_the_oldest_go_first_and_refusals_last(open_world: Open) -> None:
    world = await open_world(call_retention_count=4)
    bot = await world.bot()
    for _ in range(3):
        await bot.get("/v2/bot/profile/x", expect=400)
    await bot.calls()
    for _ in range(9):
        await bot.get("/v2/bot/info")
    assert [one.status for one in await bot.calls()] == [200, 200, 400, 400]


async def test_a_flood_is_sampled_and_refusals_are_not_crowded_out(world: World, bot: Bot) -> None:
    log = world.platform.calls
    await bot.get("/v2/bot/profile/x", expect=400)
    for _ in range(calls.SUCCESSES + 50):
        log.record(bot.channel_id, "r", "GET", "/", "getBotInfo", 200, None, None, None, 1, None)
    kept = await world.platform.calls.recent(bot.account, 1_000)
    assert len(kept) == calls.SUCCESSES + 1
    assert [one.status for one in kept].count(400) == 1
    assert log.dropped == 50


async def test_what_was_recorded_is_written_when_the_platform_stops(open_world: Open) -> None:
    world = await open_world()
    bot = await world.bot()
    await bot.get("/v2/bot/info")
    bot.world = await open_world()
    assert [one.operation for one in await bot.calls()] == ["getBotInfo"]


async def test_a_failed_write_does_not_end_the_log(
    world: World, bot: Bot, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    failed = asyncio.Event()

    def full(*_: object) -> None:
        raise OSError("disk full")

    class Watch(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            failed.set()

    handler = Watch()
    calls.log.addHandler(handler)
    try:
        with monkeypatch.context() as patched:
            patched.setattr(api_calls, "record_calls", full)
            await bot.get("/v2/bot/profile/x", expect=400)
            await asyncio.wait_for(failed.wait(), 5)
    finally:
        calls.log.removeHandler(handler)
    assert "could not be written" in caplog.text
    await bot.get("/v2/bot/profile/x", expect=400)
    assert len(await bot.calls()) == 1


async def test_a_fault_of_our_own_is_a_500_in_lines_shape(
    world: World, bot: Bot, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(*_: object) -> None:
        raise ZeroDivisionError

    caplog.handler.setFormatter(logs.TextFormatter())
    monkeypatch.setattr(world.platform, "read", broken)
    answer = await bot.get("/v2/bot/message/quota/consumption", expect=500)
    monkeypatch.undo()
    assert answer.json == {"message": "Internal server error"}
    assert f"request_id={answer.headers['x-line-request-id']}" in caplog.text
    assert "ZeroDivisionError" in (await bot.calls())[0].reason
