"""Channels over HTTP."""

from __future__ import annotations

from typing import Any

import pytest

from tests.desk.api.kit import Client
from tests.desk.kit import SECRET, World
from tests.desk.line import ScriptedLine, Step, status

NEW = {
    "name": "Café",
    "channelSecret": "fedcba9876543210fedcba9876543210",
    "channelAccessToken": "token/of+the=cafe" + "x" * 100,
}


async def test_a_channel_from_its_begin_to_its_end(world: World, api: Client) -> None:
    made = await api.post("/channels", NEW)
    key = made["channelKey"]
    assert made["webhookPath"] == f"/webhook/{key}"
    assert "webhookUrl" not in made
    assert (made["channelSecret"], made["channelAccessToken"]) == ("***3210", "***xxxx")
    assert (made["apiBaseUrl"], made["dataApiBaseUrl"]) == (
        "https://api.line.me",
        "https://api-data.line.me",
    )
    assert made["readPolicy"] == {"policy": "on-reply", "afterS": 10.0, "undoS": 3.0, "botHandled": None}
    assert [one["channelKey"] for one in (await api.get("/channels"))["channels"]] == ["shop", key]
    assert await api.get(f"/channels/{key}") == made
    assert (await world.post(b'{"events": []}', key=key))[0] == 401
    await api.delete(f"/channels/{key}")
    assert await api.refused(404, "GET", f"/channels/{key}") == "no_such_channel"
    assert (await world.post(b'{"events": []}', key=key))[0] == 404


async def test_settings_change_one_by_one(api: Client) -> None:
    made = await api.post(
        "/channels", {**NEW, "readPolicy": "on-open", "apiBaseUrl": "http://127.0.0.1:8400/"}
    )
    assert (made["apiBaseUrl"], made["dataApiBaseUrl"]) == ("http://127.0.0.1:8400",) * 2
    path = f"/channels/{made['channelKey']}"
    steps: list[tuple[Any, Any]] = [
        ({"readPolicy": {"undoS": 5}}, {"readPolicy": {**made["readPolicy"], "undoS": 5.0}}),
        ({"readPolicy": "manual"}, {"readPolicy": {**made["readPolicy"], "undoS": 5.0, "policy": "manual"}}),
        ({"markBy": "user", "readTargetS": 60}, {"markBy": "user", "readTargetS": 60}),
        ({"relayUrl": "http://127.0.0.1:9000/bot"}, {"relayUrl": "http://127.0.0.1:9000/bot"}),
        ({"relayUrl": None, "readTargetS": None}, {"relayUrl": None, "readTargetS": None}),
        ({"name": " Bar "}, {"name": "Bar"}),
        ({"channelAccessToken": "y" * 40}, {"channelAccessToken": "***yyyy"}),
        ({"channelSecret": "short"}, {"channelSecret": "***"}),
        ({"dataApiBaseUrl": "https://x.example"}, {"dataApiBaseUrl": "https://x.example"}),
    ]
    for asked, changed in steps:
        made = {**made, **changed}
        assert await api.patch(path, asked) == made
    assert await api.get(path) == made


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"channelSecret": "with space"},
        {"channelSecret": ""},
        {"channelAccessToken": "a\r\nX-Evil: 1"},
        {"channelAccessToken": "ключ"},
        {"apiBaseUrl": "ftp://api.line.me"},
        {"apiBaseUrl": "https://user:pw@api.line.me"},
        {"apiBaseUrl": "https://api.line.me/?x=1"},
        {"apiBaseUrl": None},
        {"relayUrl": "javascript:alert(1)"},
        {"readPolicy": "on-sight"},
        {"readPolicy": {"afterS": -1}},
        {"readPolicy": {"afterS": 86_401}},
        {"readPolicy": {"undoS": 61}},
        {"readPolicy": {"delay": 1}},
        {"readPolicy": 5},
        {"markBy": "magic"},
        {"readTargetS": 0},
        {"channelKey": "mine"},
    ],
)
async def test_settings_that_can_not_be(api: Client, change: Any) -> None:
    assert await api.refused(400, "PATCH", "/channels/shop", change) == "invalid_body"
    assert await api.refused(400, "POST", "/channels", {**NEW, **change}) == "invalid_body"


async def test_one_channel_is_there_once(api: Client) -> None:
    known = {**NEW, "channelSecret": SECRET}
    assert await api.refused(409, "POST", "/channels", known) == "channel_known"
    made = await api.post("/channels", NEW)
    path = f"/channels/{made['channelKey']}"
    assert await api.refused(409, "PATCH", path, {"channelSecret": SECRET}) == "channel_known"
    await api.patch(path, {"channelSecret": NEW["channelSecret"]})
    await api.delete("/channels/shop")
    await api.post("/channels", known)


async def test_only_admins_change_channels(api: Client, world: World) -> None:
    await api.post("/agents", {"login": "bob", "password": "correct horse"})
    browser = Client(world, key=None)
    await browser.post("/session", {"login": "bob", "password": "correct horse"})
    assert (await browser.get("/channels/shop"))["name"] == "Shop"
    for method, path, body in (
        ("POST", "/channels", NEW),
        ("PATCH", "/channels/shop", {"name": "x"}),
        ("DELETE", "/channels/shop", None),
        ("POST", "/channels/shop/webhook", {"url": "https://x.example/"}),
    ):
        assert await browser.refused(403, method, path, body) == "admins_only"


async def test_live_events_name_channels_by_their_key(api: Client, world: World) -> None:
    url = f"{world.url}/api/v1/events"
    async with world.session.get(url, headers=api.credentials) as stream:
        await stream.content.readuntil(b"\n\n")
        await api.patch("/channels/shop", {"name": "Store"})
        frame = await stream.content.readuntil(b"\n\n")
    assert b'{"type":"channel","channelKey":"shop"}' in frame
    cursor = frame.partition(b"\n")[0].removeprefix(b"id: ").decode()
    await api.patch("/channels/shop", {"name": "Shop"})
    headers = api.credentials | {"Last-Event-ID": cursor}
    async with world.session.get(url, headers=headers) as stream:
        assert (await stream.content.readuntil(b"\n\n")).decode() == f"id: {cursor}\n\n"
        assert b'"channelKey":"shop"' in await stream.content.readuntil(b"\n\n")
    async with world.session.get(url, headers=api.credentials | {"Last-Event-ID": "another-1"}) as stream:
        await stream.content.readuntil(b"\n\n")
        assert b"event: reset" in await stream.content.readuntil(b"\n\n")


async def test_line_is_told_the_address(api: Client, line: ScriptedLine) -> None:
    assert await api.refused(400, "POST", "/channels/shop/webhook") == "no_public_url"
    url = "https://desk.example.com/webhook/shop"
    assert await api.post("/channels/shop/webhook", {"url": url}) == {"url": url}
    [call] = line.calls
    assert (call.method, call.path, call.body) == (
        "PUT",
        "/v2/bot/channel/webhook/endpoint",
        {"endpoint": url},
    )
    line.script.append(Step(status(400, "Invalid webhook endpoint URL")))
    refused = await api.call("POST", "/channels/shop/webhook", {"url": url}, 502)
    assert (refused["code"], "Invalid webhook" in refused["message"]) == ("line_refused", True)
    line.script.extend([Step(None), Step(None)])  # the client itself tries a PUT twice
    assert await api.refused(502, "POST", "/channels/shop/webhook", {"url": url}) == "line_silent"
