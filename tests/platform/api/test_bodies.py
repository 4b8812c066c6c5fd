"""Bad bodies: LINE's status and text, never a 500, nothing half done."""

from __future__ import annotations

import gzip
from typing import Any

import pytest

from tests.platform.api.world import HI, Bot, World

PUSH = "/v2/bot/message/push"
JSON = {"Content-Type": "application/json"}

TAKES_JSON = [
    ("POST", "/v2/bot/message/reply"),
    ("POST", PUSH),
    ("POST", "/v2/bot/message/multicast"),
    ("POST", "/v2/bot/message/broadcast"),
    ("POST", "/v2/bot/message/validate/reply"),
    ("POST", "/v2/bot/message/validate/push"),
    ("POST", "/v2/bot/message/validate/multicast"),
    ("POST", "/v2/bot/message/validate/narrowcast"),
    ("POST", "/v2/bot/message/validate/broadcast"),
    ("POST", "/v2/bot/chat/loading/start"),
    ("PUT", "/v2/bot/channel/webhook/endpoint"),
    ("POST", "/v2/bot/channel/webhook/test"),
    ("POST", "/v2/bot/chat/markAsRead"),
]


@pytest.mark.parametrize(
    ("body", "place"),
    [
        (b"", "line: 1, column: 1"),
        (b"{", "line: 1, column: 2"),
        (b'{"to": "U1",}', "line: 1, column: 13"),
        (b'{\n  "to": @\n}', "line: 2, column: 9"),
        (b"{}x", "line: 1, column: 4"),
        (b"[]", "line: 1, column: 1"),
        (b'"text"', "line: 1, column: 1"),
        (b"\xff\xfe{}", "line: 1, column: 1"),
        (b'{"to":"\xff"}', "line: 1, column: 8"),
        (b'{"messages":' + b"[" * 100_000, "line: 1, column: 1"),
    ],
)
async def test_what_is_no_json_is_refused_with_its_place(bot: Bot, body: bytes, place: str) -> None:
    refused = await bot.call("POST", PUSH, body, expect=400, headers=JSON)
    assert refused.json == {"message": f"The request body could not be parsed as JSON ({place})"}


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"to": 5, "messages": HI}, "to"),
        ({"to": ["U1"], "messages": HI}, "to"),
        ({"to": "U1", "messages": HI, "notificationDisabled": "yes"}, "notificationDisabled"),
        ({"to": "U1", "messages": HI, "customAggregationUnits": ["a", 1]}, "customAggregationUnits[1]"),
    ],
)
async def test_a_wrong_type_is_named(bot: Bot, body: Any, path: str) -> None:
    refused = await bot.post(PUSH, body, expect=400)
    assert refused.json == {
        "message": f"The property, {path}, in the request body is invalid (line: -, column: -)"
    }


async def test_all_errors_of_a_body_are_told_at_once(bot: Bot) -> None:
    refused = await bot.post(PUSH, {"messages": [{"type": "text", "text": ""}, {"type": "nope"}]}, expect=400)
    assert refused.json["message"] == "The request body has 3 error(s)"
    assert [one["property"] for one in refused.json["details"]] == [
        "to",
        "messages[0].text",
        "messages[1].type",
    ]
    assert refused.json["details"][0]["message"] == "May not be empty"


@pytest.mark.parametrize(
    ("content_type", "named"),
    [
        ("text/plain", "text/plain"),
        ("application/x-www-form-urlencoded", "application/x-www-form-urlencoded"),
        ("application/jsonx; charset=utf-8", "application/jsonx"),
        ("", ""),
    ],
)
async def test_other_media_types_are_not_supported(bot: Bot, content_type: str, named: str) -> None:
    headers = {"Content-Type": content_type}
    refused = await bot.call("POST", PUSH, b"{}", expect=415, headers=headers)
    assert refused.json == {"message": f"The content type, {named}, is not supported"}


@pytest.mark.parametrize("content_type", ["application/json", "Application/JSON ; charset=UTF-8"])
async def test_json_is_supported(world: World, bot: Bot, content_type: str) -> None:
    body = b'{"messages":[{"type":"text","text":"hi"}]}'
    await bot.call("POST", "/v2/bot/message/broadcast", body, headers={"Content-Type": content_type})


@pytest.mark.parametrize("path", [PUSH, "/v2/bot/chat/markAsRead"])
@pytest.mark.parametrize("chunked", [False, True])
async def test_two_megabytes_are_the_limit(world: World, bot: Bot, path: str, chunked: bool) -> None:
    big = b" " * (2 * 1024 * 1024 + 1)
    headers = {"Authorization": f"Bearer {bot.token}"} | JSON

    async def pieces() -> Any:
        for start in range(0, len(big), 65_536):
            yield big[start : start + 65_536]

    refused = await world.request("POST", path, pieces() if chunked else big, expect=413, headers=headers)
    assert refused.json == {"message": "The request body is too large"}
    assert refused.headers["x-line-request-id"]
    await world.request("POST", path, big, expect=401, headers=JSON)
    await bot.call("POST", path, big[:-1], expect=400, headers=JSON)
    assert [one.status for one in await bot.calls()] == [400, 413]


HOSTILE: list[bytes] = [
    b"null",
    b"true",
    b"1e400",
    b"[" * 5_000 + b"]" * 5_000,
    b'{"messages":null,"to":null,"replyToken":null,"chatId":null,"endpoint":null}',
    b'{"messages":{},"to":{}}',
    b'{"messages":[null]}',
    b'{"messages":[[[]]],"to":[null]}',
    b'{"messages":[{"type":{"a":1}}]}',
    b'{"messages":[{"type":"text","text":"\\u0000"}],"to":"\\u0000","replyToken":"\\u0000","endpoint":"\\u0000"}',
    b'{"messages":[{"type":"text","text":"\\ud800"}],"to":"\\udfff"}',
    b'{"messages":[{"type":"text","text":"x","x":1e308,"y":123456789012345678901234567890}],"to":"U"}',
    b'{"messages":[{"type":"text","text":"x","sender":[]}],"to":["U"]}',
    b'{"messages":[{"type":"flex","altText":"x","contents":'
    + b'{"type":"box","contents":[' * 2_000
    + b"]}" * 2_000
    + b"}]}",
    b'{"messages":[{"type":"text","text":"' + b"x" * 1_000_000 + b'"}]}',
    b'{"replyToken":"' + b"x" * 1_000_000 + b'","messages":[{"type":"text","text":"hi"}]}',
    b'{"chatId":"' + b"U" * 100_000 + b'","loadingSeconds":99999999999999999999}',
    b'{"loadingSeconds":5.5,"chatId":"U"}',
    b'{"endpoint":"https://[::1"}',
    b'{"endpoint":"https://\\u0000/"}',
    b'{"markAsReadToken":["x"]}',
    b'{"markAsReadToken":"' + b"\xf0\x9f\x98\x80" * 10_000 + b'"}',
    gzip.compress(b"{}", mtime=0),
]


@pytest.mark.parametrize("body", HOSTILE, ids=lambda body: str(body[:40]))
async def test_hostile_bodies_are_answered_and_change_nothing(world: World, bot: Bot, body: bytes) -> None:
    before = len(world.events.queue)
    headers = {"Authorization": f"Bearer {bot.token}"} | JSON
    for method, path in TAKES_JSON:
        async with world.http.request(method, world.url + path, data=body, headers=headers) as response:
            # Some of them are odd but valid: a broadcast to no friends, for example.
            assert response.status in (200, 400), (path, await response.read())
            answer = await response.json()
            assert response.status == 200 or answer["message"], path
    changed = [one for one in list(world.events.queue)[before:] if one.data["type"] != "call"]
    assert changed == []


async def test_a_client_that_goes_away_in_the_middle_changes_nothing(world: World, bot: Bot) -> None:
    import asyncio

    host, port = world.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    head = (
        f"POST /v2/bot/message/broadcast HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {bot.token}\r\n"
        "Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n"
    )
    writer.write(head.encode() + b'{"messages":[')
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    del reader
    await bot.get("/v2/bot/info")
    assert [one.operation for one in await bot.calls()] == ["getBotInfo"]
