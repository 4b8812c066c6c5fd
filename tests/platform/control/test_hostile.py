"""Malformed, oversized and hostile requests: refused in our shape, never a 500, never a half-applied change."""

from __future__ import annotations

import asyncio
import io
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kidoku.http.json_api.body import BODY_LIMIT
from tests.platform.control.kit import Control, World

BODIES = [
    b"{",
    b"nonsense",
    b"\xff\xfe",
    b'{"displayName": "\xff"}',
    b'{"displayName": "\\ud800"}',
    b"[" * 100_000,
    b'{"displayName": ' + b"[" * 5_000,
    b"1" * 10_000,
    b"NaN",
    b'{"displayName": 1e999}',
    b"null",
    b'"text"',
    b'{"displayName": "x"} {"displayName": "y"}',
]


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("path", ["/users", "/accounts", "/groups", "/wait", "/providers"])
async def test_bodies_that_are_no_json(control: Control, path: str, body: bytes) -> None:
    headers = {"Content-Type": "application/json; charset=utf-8"}
    await control.call("POST", path, status=400, data=body, headers=headers)
    assert (await control.get("/users"))["users"] == []


@pytest.mark.parametrize("chunked", [False, True])
async def test_bodies_that_are_too_large(control: Control, chunked: bool) -> None:
    async def parts() -> Any:
        for _ in range(BODY_LIMIT // 65_536 + 1):
            yield b" " * 65_536

    data = parts() if chunked else io.BytesIO(b" " * (BODY_LIMIT + 1))
    await control.call("POST", "/users", status=413, data=data, headers={"Content-Type": "application/json"})


async def test_a_chunked_body_is_read_whole(control: Control) -> None:
    async def parts() -> Any:
        for part in (b'{"display', b'Name": "A', b'nn"}'):
            yield part

    headers = {"Content-Type": "application/json"}
    made = await control.call("POST", "/users", data=parts(), headers=headers)
    assert made["displayName"] == "Ann"


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/xml"])
async def test_other_content_types(control: Control, kind: str) -> None:
    answer = await control.call(
        "POST", "/users", status=415, data=b'{"displayName": "x"}', headers={"Content-Type": kind}
    )
    assert answer["error"]["code"] == "unsupported_media_type"


async def test_a_client_that_goes_away_in_the_middle(control: Control) -> None:
    for head in (b"Content-Length: 100\r\n", b"Transfer-Encoding: chunked\r\n"):
        _, writer = await asyncio.open_connection("127.0.0.1", control.server.port)
        writer.write(b"POST /_kidoku/v1/users HTTP/1.1\r\nHost: localhost\r\n" + head + b"\r\n")
        writer.write(b'{"displ' if b"Length" in head else b'7\r\n{"displ\r\n')
        await writer.drain()
        writer.close()
        await writer.wait_closed()
    assert (await control.get("/users"))["users"] == []


@pytest.mark.parametrize(
    "query",
    [
        "limit=x",
        "limit=-1",
        "limit=1&limit=2000",
        "limit=%ff",
        "after=nobody",
        "%00=1",
        "providerId=99999999999999999999",
    ],
)
async def test_queries_that_do_not_fit(control: Control, query: str) -> None:
    async with control.http.get(f"{control.server.url}/_kidoku/v1/users?{query}") as answer:
        assert answer.status in {400, 404}
        assert (await answer.json())["error"]["message"]


TREE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda children: (
        st.lists(children, max_size=4) | st.dictionaries(st.text(max_size=12), children, max_size=4)
    ),
    max_leaves=12,
)
NAMES = """type text displayName members accountId userId match read data params messages action chat webhook greeting
emojis mention quotedMessageId latitude longitude packageId stickerId name kind label payload"""
FIELDS = st.dictionaries(st.sampled_from(NAMES.split()), TREE, max_size=6)


async def test_any_json_anywhere_is_answered(world: World) -> None:
    control = world.control
    made = await control.post(
        "/groups", {"name": "G", "members": [world.user_id], "accountId": world.account_id}
    )
    group = f"/users/{world.user_id}/chats/{made['groupId']}"
    account = f"/accounts/{world.account_id}"
    targets = [
        ("POST", "/providers"),
        ("POST", "/users"),
        ("PATCH", f"/users/{world.user_id}"),
        ("POST", f"/users/{world.user_id}/friends"),
        ("POST", f"{world.chat}/messages"),
        ("POST", f"{group}/messages"),
        ("POST", f"{group}/postback"),
        ("PATCH", f"{group}/messages/1"),
        ("POST", "/accounts"),
        ("PATCH", account),
        ("PATCH", f"{account}/settings"),
        ("POST", f"{account}/option"),
        ("POST", f"{account}/tokens"),
        ("POST", f"{account}/keys"),
        ("POST", f"{account}/events"),
        ("POST", "/groups"),
        ("POST", f"/groups/{made['groupId']}/members"),
        ("POST", f"{world.desk}/messages"),
        ("PATCH", world.desk),
    ]
    bodies: list[Any] = []

    @settings(max_examples=150, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(FIELDS | TREE)
    def collect(body: Any) -> None:
        bodies.append(body)

    # In a thread: making them up takes longer than an idle connection is kept, and its end must be noticed.
    await asyncio.to_thread(collect)
    for n, body in enumerate(bodies):
        method, path = targets[n % len(targets)]
        url = f"{control.server.url}/_kidoku/v1{path}"
        headers = {"Content-Type": "application/json"}
        data = json.dumps(body).encode("utf-8", "surrogatepass")
        async with control.http.request(method, url, data=data, headers=headers) as answer:
            assert answer.status < 500, (method, path, body, await answer.text())
            if answer.status >= 400:
                assert set((await answer.json())["error"]) == {"code", "message", "hint"}
    assert (await control.say(world.user_id, world.account_id))["seq"] >= 1


async def test_two_at_once_change_nothing_twice(world: World) -> None:
    control = world.control
    account = f"/accounts/{world.account_id}"
    url = f"{control.server.url}/_kidoku/v1{account}/option"

    async def apply() -> int:
        async with control.http.post(url, json={"action": "apply"}) as answer:
            return answer.status

    assert sorted(await asyncio.gather(*(apply() for _ in range(5)))) == [200, 409, 409, 409, 409]
    await asyncio.gather(
        *(control.delete(f"/users/{world.user_id}/friends/{world.account_id}") for _ in range(5))
    )
    assert [one["type"] for one in await control.webhooks(world.account_id)] == ["follow", "unfollow"]


async def test_an_id_with_a_nul_in_it_is_nobodys(world: World) -> None:
    control = world.control
    group = {"name": "G", "members": [world.user_id], "accountId": world.account_id}
    group_id = (await control.post("/groups", group))["groupId"]
    await control.say(f"{world.user_id}%00x", world.account_id, status=404)
    await control.say(f"{world.user_id}%00x", group_id, status=404)
    await control.say(world.user_id, f"{group_id}%00x", status=404)
