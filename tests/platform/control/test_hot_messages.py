"""A user's message over the control API: the fast lane and ASGI give the same answers and store the same."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from kidoku.http.server import RunningServer
from kidoku.platform.api.hot import Hot
from kidoku.platform.app import running
from kidoku.platform.config import PlatformConfig
from kidoku.platform.runtime import Platform
from kidoku.platform.surfaces import surfaces
from tests.databases import migrated

KEY = "kidoku-control-key-0123456789"
OTHER = "U" + "0" * 32


@dataclass
class Both:
    """One platform behind two servers, with the fast lane and without."""

    platform: Platform
    hot: Hot
    fast: RunningServer
    plain: RunningServer
    http: aiohttp.ClientSession
    account_id: str = ""
    user_id: str = ""
    group_id: str = ""

    @property
    def taken(self) -> int:
        """Requests that the fast lane answered."""
        return sum(number for _, _, _, number in self.hot.routes.answered())

    async def call(self, server: RunningServer, path: str, **asked: Any) -> aiohttp.ClientResponse:
        method, data = asked.pop("method", "POST"), asked.pop("data", None)
        body = io.BytesIO(data) if isinstance(data, bytes) else data
        async with self.http.request(method, f"{server.url}/_kidoku/v1{path}", data=body, **asked) as answer:
            await answer.read()
        return answer

    async def make(self, path: str, body: Any) -> Any:
        answer = await self.call(self.plain, path, json=body)
        assert answer.status == 200, await answer.text()
        return await answer.json()

    def path(self, of: str) -> str:
        """Where messages are sent, with the world's IDs for their names."""
        return of.format(user=self.user_id, account=self.account_id, group=self.group_id, other=OTHER)


def config_in(folder: Path, key: str | None) -> PlatformConfig:
    return migrated(PlatformConfig(data_dir=folder, port=0, control_key=key))


@pytest.fixture
async def both(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Both]:
    key = getattr(request, "param", None)
    async with AsyncExitStack() as stack:
        platform, _ = await stack.enter_async_context(running(config_in(tmp_path, key)))
        hot = Hot(platform)
        app = surfaces(platform, hot)
        fast = await stack.enter_async_context(RunningServer(app, fast_routes=hot.routes, lifespan="off"))
        plain = await stack.enter_async_context(RunningServer(app, lifespan="off"))
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        http = await stack.enter_async_context(aiohttp.ClientSession(headers=headers))
        both = Both(platform, hot, fast, plain, http)
        both.account_id = (await both.make("/accounts", {"displayName": "Bot", "joinGroups": True}))[
            "accountId"
        ]
        both.user_id = (await both.make("/users", {"displayName": "Ann"}))["userId"]
        both.group_id = (await both.make("/groups", {"name": "Team", "members": [both.user_id]}))["groupId"]
        await both.make(f"/groups/{both.group_id}/members", {"accountId": both.account_id})
        yield both


ONE = "/users/{user}/chats/{account}/messages"
GROUP = "/users/{user}/chats/{group}/messages"
TEXT = {"type": "text", "text": "Hello"}
JSON = {"Content-Type": "application/json"}

NEW = {"date", "content-length", "x-request-id", "x-kidoku-cursor"}

TAKEN: list[tuple[str, dict[str, Any], int]] = [
    (ONE, {"json": TEXT}, 200),
    (ONE, {"json": {"type": "sticker", "packageId": 1, "stickerId": "2"}}, 200),
    (ONE, {"json": {"type": "location", "title": "Tōkyō", "latitude": 35.6, "longitude": 139.7}}, 200),
    (ONE, {"data": json.dumps(TEXT), "headers": {"Content-Type": "application/json; charset=utf-8"}}, 200),
    (GROUP, {"json": {**TEXT, "mention": {"mentionees": [{"index": 0, "length": 5, "type": "all"}]}}}, 200),
    (ONE, {"json": {**TEXT, "quotedMessageId": "1"}}, 404),
    ("/users/{other}/chats/{account}/messages", {"json": TEXT}, 404),
    ("/users/{user}/chats/C0/messages", {"json": TEXT}, 404),
    ("/users/{other}/chats/{group}/messages", {"json": TEXT}, 404),
]
LEFT: list[tuple[str, dict[str, Any], int]] = [
    (ONE, {"json": {**TEXT, "unknown": 1}}, 400),
    (ONE, {"json": {"type": "text"}}, 400),
    (ONE, {"json": {"type": "text", "text": "x" * 10_001}}, 400),
    (ONE, {"json": {**TEXT, "mention": {"mentionees": [{"index": 0, "length": 5, "type": "all"}]}}}, 400),
    (ONE, {"data": b'{"type": "text", "te', "headers": JSON}, 400),
    (ONE, {"data": b'{"type": "text", "text": "\xff"}', "headers": JSON}, 400),
    (ONE, {"data": b"[" * 100_000, "headers": JSON}, 400),
    (ONE, {"data": b"", "headers": JSON}, 400),
    (ONE, {"data": b"x" * 2_100_000, "headers": JSON}, 413),
    (ONE, {"data": json.dumps(TEXT), "headers": {"Content-Type": "text/plain"}}, 415),
    (ONE, {"json": TEXT, "headers": {"Host": "kidoku.example"}}, 403),
    (ONE, {"json": TEXT, "headers": {"Origin": "https://kidoku.example"}}, 403),
    (ONE + "?a=b", {"json": TEXT}, 200),
    (ONE, {"method": "GET"}, 405),
    (ONE, {"method": "PUT", "json": TEXT}, 405),
]


def steady(answer: aiohttp.ClientResponse) -> dict[str, str]:
    """The headers of an answer; of those that are new each time only that they are there."""
    found = {name.lower(): value for name, value in answer.headers.items()}
    return found | dict.fromkeys(NEW & set(found), "")


async def same(both: Both, of: str, asked: dict[str, Any], status: int) -> None:
    """Ask both ways; the answers differ in nothing but what is new each time."""
    answers = [await both.call(server, both.path(of), **asked) for server in (both.fast, both.plain)]
    fast, plain = answers
    assert fast.status == plain.status == status, await fast.text()
    assert steady(fast) == steady(plain)
    told = [await answer.json() for answer in answers]
    if status == 200:
        assert list(told[0]) == list(told[1]) == ["messageId", "seq", "timestamp"]
        assert told[1]["seq"] == told[0]["seq"] + 1
    else:
        assert told[0] == told[1]


@pytest.mark.parametrize(("of", "asked", "status"), TAKEN)
async def test_what_the_fast_lane_answers(both: Both, of: str, asked: dict[str, Any], status: int) -> None:
    await same(both, of, asked, status)
    assert both.taken == 1


@pytest.mark.parametrize(("of", "asked", "status"), LEFT)
async def test_what_it_leaves_to_asgi(both: Both, of: str, asked: dict[str, Any], status: int) -> None:
    await same(both, of, asked, status)
    assert both.taken == 0


@pytest.mark.parametrize("both", [KEY], indirect=True)
async def test_with_a_control_key(both: Both) -> None:
    await same(both, ONE, {"json": TEXT}, 200)
    assert both.taken == 1
    for wrong in ({"Authorization": "Bearer wrong"}, {"Authorization": "", "Cookie": "kidoku_session=1.2"}):
        await same(both, ONE, {"json": TEXT, "headers": wrong}, 401)
    assert both.taken == 1


@pytest.mark.parametrize("both", [KEY], indirect=True)
async def test_with_a_session(both: Both) -> None:
    answer = await both.call(both.plain, "/session", json={"key": KEY}, headers={"Authorization": ""})
    cookie = answer.headers["Set-Cookie"].partition(";")[0]
    await same(both, ONE, {"json": TEXT, "headers": {"Authorization": "", "Cookie": cookie}}, 200)
    assert both.taken == 1


async def test_the_same_is_stored(both: Both) -> None:
    await same(both, ONE, {"json": {**TEXT, "emojis": []}}, 200)
    answer = await both.call(both.plain, both.path("/users/{user}/chats/{account}"), method="GET")
    mine = [one for one in (await answer.json())["messages"] if one["own"]]
    volatile = {"id", "seq", "timestamp"}
    fast, plain = ({name: one[name] for name in one if name not in volatile} for one in mine)
    assert fast == plain
    assert fast["text"] == "Hello"


async def test_the_cursor_is_from_before_the_message(both: Both) -> None:
    answer = await both.call(both.fast, both.path(ONE), json=TEXT)
    assert both.taken == 1
    since = answer.headers["X-Kidoku-Cursor"]
    waited = await both.call(
        both.plain, "/wait", json={"since": since, "match": {"type": "message"}, "timeoutMs": 10_000}
    )
    assert (await waited.json())["event"]["message"]["id"] == (await answer.json())["messageId"]


@pytest.mark.parametrize(
    "breaks", ["kidoku.platform.store.send.Outgoing.write", "kidoku.platform.control.messages.stored_body"]
)
async def test_a_message_that_cannot_be_stored_is_told_and_logged(
    both: Both, breaks: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: Any) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(breaks, broken)
    with caplog.at_level(logging.ERROR, "kidoku.http.json_api.app"):
        await same(both, ONE, {"json": TEXT}, 500)
    assert both.taken == 1
    failed = [one for one in caplog.records if one.name == "kidoku.http.json_api.app"]
    assert [one.getMessage() for one in failed] == [f"POST /_kidoku/v1{both.path(ONE)} failed"] * 2
    assert all(one.exc_info is not None for one in failed)
