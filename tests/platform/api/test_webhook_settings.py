"""The webhook endpoint as the API sees it: get, set, test."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from starlette.types import Receive, Scope, Send

from kidoku.http.server import RunningServer
from tests.platform.api.conftest import Open
from tests.platform.api.world import Bot, World

ENDPOINT = "/v2/bot/channel/webhook/endpoint"
TEST = "/v2/bot/channel/webhook/test"
INVALID = {"message": "Invalid webhook endpoint URL"}


async def put(bot: Bot, endpoint: object, expect: int = 200) -> object:
    return (await bot.call("PUT", ENDPOINT, {"endpoint": endpoint}, expect=expect)).json


async def test_set_and_get(world: World, bot: Bot) -> None:
    assert await put(bot, "https://example.com/callback") == {}
    assert (await bot.get(ENDPOINT)).json == {"endpoint": "https://example.com/callback", "active": True}
    await bot.change(useWebhook=False)
    assert (await bot.get(ENDPOINT)).json["active"] is False
    changed = [one.data for one in world.events.queue if one.data["type"] == "settings"]
    assert changed[0]["settings"]["webhook"] == "https://example.com/callback"


async def test_none_is_set(bot: Bot) -> None:
    await bot.change(webhook=None)
    for answer in (await bot.get(ENDPOINT, expect=404), await bot.post(TEST, {}, expect=404)):
        assert answer.json == {"message": "Webhook endpoint not found"}


@pytest.mark.parametrize(
    "url",
    [
        "example.com",
        "ftp://example.com/",
        "https://",
        "https://exa mple.com/",
        "https://[::1",
        "https://example.com:99999/",
        "https://example.com/" + "x" * 500,
        "javascript:alert(1)",
        "\u0000",
    ],
)
async def test_what_is_no_endpoint(bot: Bot, url: str) -> None:
    before = (await bot.get(ENDPOINT)).json
    assert await put(bot, url, expect=400) == INVALID
    assert (await bot.post(TEST, {"endpoint": url}, expect=400)).json == INVALID
    assert (await bot.get(ENDPOINT)).json == before


async def test_the_endpoint_may_not_be_empty(bot: Bot) -> None:
    refused = await bot.call("PUT", ENDPOINT, {}, expect=400)
    assert refused.json["details"] == [{"message": "May not be empty", "property": "endpoint"}]


async def test_plain_http_only_where_the_platform_sends_it(open_world: Open) -> None:
    world = await open_world(webhook_private=False)
    bot = await world.bot()
    assert await put(bot, "http://example.com/", expect=400) == INVALID
    await put(bot, "https://example.com/")


@pytest.fixture
async def endpoint() -> AsyncIterator[str]:
    """An endpoint whose answer is the status in its path."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        status = int(scope["path"][1:])
        await send({"type": "http.response.start", "status": status, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})

    async with RunningServer(app, lifespan="off") as server:
        yield server.url


async def test_a_test_that_succeeds(bot: Bot, endpoint: str) -> None:
    await put(bot, f"{endpoint}/200")
    wanted = {
        "success": True,
        "timestamp": "2025-11-22T08:26:40.000Z",
        "statusCode": 200,
        "reason": "OK",
        "detail": "200",
    }
    assert (await bot.post(TEST, {})).json == wanted
    assert (await bot.post(TEST)).json == wanted
    assert (await bot.post(TEST, {"endpoint": f"{endpoint}/200"})).json == wanted


async def test_tests_that_fail(bot: Bot, endpoint: str) -> None:
    failed = (await bot.post(TEST, {"endpoint": f"{endpoint}/503"})).json
    assert (failed["success"], failed["statusCode"], failed["reason"]) == (False, 503, "ERROR_STATUS_CODE")
    nobody = (await bot.post(TEST, {"endpoint": "http://127.0.0.1:9/"})).json
    assert (nobody["success"], nobody["statusCode"], nobody["reason"]) == (False, 0, "COULD_NOT_CONNECT")


@pytest.mark.parametrize("saved", [True, False])
async def test_a_host_that_does_not_resolve_is_no_endpoint(bot: Bot, saved: bool) -> None:
    """Unlike other failures it is a 400 (reference, "Test webhook endpoint"); setting one is possible."""
    url = "http://no-such-host.invalid/"
    if saved:
        await put(bot, url)
    assert (await bot.post(TEST, {} if saved else {"endpoint": url}, expect=400)).json == INVALID


@pytest.mark.parametrize("scheme", ["http", "HTTP"])
async def test_plain_http_is_for_platforms_that_may_use_it(open_world: Open, scheme: str) -> None:
    bot = await (await open_world(webhook_private=False)).bot()
    await bot.call("PUT", ENDPOINT, {"endpoint": f"{scheme}://example.com/callback"}, expect=400)
    await bot.call("PUT", ENDPOINT, {"endpoint": f"{scheme}S://example.com/callback"})
