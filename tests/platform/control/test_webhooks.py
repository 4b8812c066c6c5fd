"""Deliveries, error statistics, verifying, injected events and API calls, as the Manager sees them."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from starlette.types import Receive, Scope, Send

from kidoku.http.server import RunningServer
from tests.platform.control.kit import Json, World
from tests.platform.control.sse import stream


class Bot:
    """Answers webhooks with `status` and remembers their bodies."""

    def __init__(self) -> None:
        self.status = 200
        self.bodies: list[Json] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = b""
        while True:
            message = await receive()
            body += message["body"]
            if not message["more_body"]:
                break
        self.bodies.append(json.loads(body))
        await send({"type": "http.response.start", "status": self.status, "headers": []})
        await send({"type": "http.response.body", "body": b""})


@asynccontextmanager
async def running(bot: Bot) -> AsyncIterator[str]:
    async with RunningServer(bot, lifespan="off") as server:
        yield server.url


@pytest.fixture
async def bot(world: World) -> AsyncIterator[Bot]:
    """A bot that the world's account sends its webhooks to."""
    bot = Bot()
    async with running(bot) as url:
        settings = {"webhook": url, "errorStatistics": True}
        await world.control.patch(f"/accounts/{world.account_id}/settings", settings)
        dispatcher = world.control.platform.dispatcher
        dispatcher.start()
        # The follow event of the world leaves first.
        await delivered(world, "delivered")
        bot.bodies.clear()
        yield bot


async def delivered(world: World, state: str) -> Json:
    """The newest delivery, once it is in a state."""
    match = {"type": "delivery", "accountId": world.account_id, "state": state}
    answer = await world.control.post("/wait", {"match": match, "since": world.control.cursor})
    assert answer["matched"]
    event: Json = answer["event"]
    return event


async def test_a_delivery_can_be_seen_and_sent_again(world: World, bot: Bot) -> None:
    control = world.control
    bot.status = 500
    sent = await control.say(world.user_id, world.account_id, "hello")
    event = await delivered(world, "failed")
    page = await control.get(f"/deliveries?accountId={world.account_id}&state=failed&limit=1")
    [line] = page["deliveries"]
    assert line["deliveryId"] == event["deliveryId"]
    detail = await control.get(f"/deliveries/{line['deliveryId']}")
    assert detail["requestBody"]["events"][0]["message"]["id"] == sent["messageId"]
    assert [(one["status"], one["redelivery"]) for one in detail["attempts"]] == [(500, False)]
    bot.status = 200
    again = await control.post(f"/deliveries/{line['deliveryId']}/redeliver")
    assert (again["delivery"]["state"], again["attempt"]["status"]) == ("delivered", 200)
    assert [body["events"][0]["deliveryContext"]["isRedelivery"] for body in bot.bodies[-2:]] == [False, True]
    of_chat = await control.get(f"/deliveries?accountId={world.account_id}&peerId={world.user_id}")
    assert line["deliveryId"] in [one["deliveryId"] for one in of_chat["deliveries"]]


async def test_error_statistics(world: World, bot: Bot) -> None:
    control = world.control
    bot.status = 503
    await control.say(world.user_id, world.account_id)
    await delivered(world, "failed")
    path = f"/accounts/{world.account_id}/webhook-errors"
    found = await control.get(path)
    assert found["enabled"]
    assert [(one["reason"], one["detail"], one["count"]) for one in found["errors"]] == [
        ("error_status_code", "503", 1)
    ]
    text = (await control.get(f"{path}?format=tsv")).decode()
    assert text.splitlines()[1].endswith("error_status_code\t503\t1")
    assert await control.error("GET", f"{path}?format=xml") == "invalid_query"


async def test_verifying(world: World, bot: Bot) -> None:
    control = world.control
    path = f"/accounts/{world.account_id}/webhook/test"
    found = await control.post(path)
    assert (found["success"], found["statusCode"], found["reason"]) == (True, 200, "OK")
    assert bot.bodies[-1] == {"destination": world.account_id, "events": []}
    found = await control.post(path, {"endpoint": "http://127.0.0.1:1/"})
    assert (found["success"], found["reason"]) == (False, "COULD_NOT_CONNECT")
    assert await control.error("POST", path, {"endpoint": "nowhere"}) == "invalid_webhook_url"
    await control.patch(f"/accounts/{world.account_id}/settings", {"webhook": None})
    assert await control.error("POST", path, None, 409) == "no_endpoint"


async def test_events_that_nothing_on_a_phone_causes(world: World, bot: Bot) -> None:
    control = world.control
    path = f"/accounts/{world.account_id}/events"
    beacon = {"hwid": "d41d8cd98f", "type": "enter"}
    for body in (
        {"type": "beacon", "userId": world.user_id, "beacon": beacon},
        {"type": "beacon", "userId": world.user_id, "payload": {"beacon": beacon}},
    ):
        made = await control.post(path, body)
        await delivered(world, "delivered")
        assert bot.bodies[-1]["events"][0]["beacon"] == beacon
        assert (await control.get(f"/deliveries/{made['deliveryId']}"))["delivery"]["eventTypes"] == [
            "beacon"
        ]
    assert await control.error("POST", path, {"type": "teatime"}) == "unknown_event_type"
    assert (
        await control.error("POST", path, {"type": "beacon", "userId": world.user_id, "beacon": {}})
        == "invalid_event"
    )
    assert await control.error("POST", path, {"type": "beacon", "beacon": beacon}) == "invalid_source"
    assert await control.error("POST", path, {}) == "invalid_body"
    await control.patch(f"/accounts/{world.account_id}/settings", {"useWebhook": False})
    body = {"type": "beacon", "userId": world.user_id, "beacon": beacon}
    assert await control.error("POST", path, body, 409) == "not_listening"


async def test_deliveries_that_are_none(world: World) -> None:
    control = world.control
    for wrong in ("1", "x", "9" * 40):
        assert await control.error("GET", f"/deliveries/{wrong}", None, 404) == "delivery_not_found"
        assert (
            await control.error("POST", f"/deliveries/{wrong}/redeliver", None, 404) == "delivery_not_found"
        )
        assert await control.error("GET", f"/calls/{wrong}", None, 404) == "call_not_found"
    base = f"/deliveries?accountId={world.account_id}"
    assert await control.error("GET", f"{base}&state=lost") == "invalid_query"
    assert await control.error("GET", f"{base}&peerId=nobody", None, 404) == "chat_not_found"
    assert await control.error("GET", "/deliveries?peerId=x") == "account_needed"
    [follow] = (await control.get(base))["deliveries"]
    path = f"/deliveries/{follow['deliveryId']}/redeliver"
    assert await control.error("POST", path, None, 409) == "delivery_pending"


async def test_api_calls_are_listed_with_their_reasons(world: World) -> None:
    control, calls = world.control, world.control.platform.calls
    channel_id = int(world.account["channelId"])
    for n, (status, reason) in enumerate(
        [(200, None), (400, "no such token"), (200, None), (403, "not in use")]
    ):
        calls.record(
            channel_id, f"r{n}", "POST", "/v2/bot/x", "x", status, None, reason, b'{"a":1}', 1_500, b"curl"
        )
    calls.record(
        0, "r9", "GET", "/v2/bot/info", None, 401, "unknown_access_token", "unknown token", None, 10, None
    )
    async with stream(control, f"?account={world.account_id}", since=control.cursor) as manager:
        assert (await manager.next("call"))["reason"] == "no such token"
    base = f"/calls?accountId={world.account_id}"
    found = (await control.get(base))["calls"]
    assert [one["status"] for one in found] == [403, 200, 400, 200]
    assert found[0] == {**found[0], "durationMs": 1.5, "requestBody": '{"a":1}', "userAgent": "curl"}
    assert await control.get(f"/calls/{found[0]['callId']}") == found[0]
    first = await control.get(f"{base}&refused=1&limit=1")
    assert first["calls"][0]["reason"] == "not in use"
    second = await control.get(f"{base}&refused=true&limit=1&cursor={first['next']}")
    assert second["calls"][0]["reason"] == "no such token"
    [unknown] = (await control.get("/calls"))["calls"]
    assert (unknown["accountId"], unknown["reason"]) == (None, "unknown token")
