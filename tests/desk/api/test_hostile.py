"""Whatever is sent, the answer is one of ours, and no 500."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kidoku.desk.api.table import routes
from tests.desk.api.kit import Client
from tests.desk.kit import World, message_event

TREE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda children: (
        st.lists(children, max_size=4) | st.dictionaries(st.text(max_size=12), children, max_size=4)
    ),
    max_leaves=12,
)
NAMES = """login password name role oldPassword disabled channelSecret channelAccessToken apiBaseUrl readPolicy markBy
relayUrl readTargetS policy afterS undoS botHandled url messages type text agentId state upTo markId advice channel"""
LIKELY = st.sampled_from(
    ["ann", "on-open", "token", "https://127.0.0.1:1", "correct horse", "admin", "1", 1, True]
)
FIELDS = st.dictionaries(st.sampled_from(NAMES.split()), LIKELY | TREE, max_size=6)
LATER = frozenset({"/events", "/events/joined"})
"""Streams."""


def filled(path: str, known: dict[str, str]) -> str:
    return re.sub(r"{(\w+)}", lambda name: known.get(name[1], "%00x"), path)


def paths(chat_id: int) -> list[tuple[str, str]]:
    """Every route, with what is there and what isn't."""
    here = {"chatId": str(chat_id), "channelKey": "shop", "agentId": "1"}
    found = []
    for one in routes():
        if one.path in LATER or (one.method, one.path) == ("DELETE", "/channels/{channelKey}"):
            continue
        found.append((one.method, filled(one.path, here)))
        found.append((one.method, filled(one.path, {})))
    return sorted(set(found))


async def answered(api: Client, method: str, path: str, data: bytes) -> None:
    headers = {**api.credentials, "Content-Type": "application/json"}
    url = f"{api.world.url}/api/v1{path}"
    async with api.world.session.request(method, url, data=data or None, headers=headers) as answer:
        content = await answer.read()
        assert answer.status < 500 or answer.status == 502, (method, path, data, content)
        if answer.status >= 400:
            assert set(json.loads(content)["error"]) == {"code", "message", "hint"}


async def test_any_json_anywhere_is_answered(world: World, api: Client) -> None:
    await world.webhook(message_event(1))
    chat_id = await world.received(1)
    await api.post("/agents", {"login": "admin", "password": "correct horse", "role": "admin"})
    bodies: list[Any] = []

    @settings(max_examples=300, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(FIELDS | TREE)
    def collect(body: Any) -> None:
        bodies.append(body)

    # In a thread: making them up takes longer than an idle connection is kept, and its end must be noticed.
    await asyncio.to_thread(collect)
    targets = paths(chat_id)
    for n, body in enumerate(bodies):
        method, path = targets[n % len(targets)]
        await answered(api, method, path, json.dumps(body).encode("utf-8", "surrogatepass"))


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"\xff", b"[" * 100_000, b'{"login": "\\ud800", "password": "\\ud800"}', b"1e999", b"null"],
    ids=["empty", "cut", "no UTF-8", "deep", "surrogate", "huge", "null"],
)
async def test_what_is_no_json_is_answered(world: World, api: Client, data: bytes) -> None:
    await world.webhook(message_event(1))
    chat_id = await world.received(1)
    for method, path in paths(chat_id):
        await answered(api, method, path, data)


@pytest.mark.parametrize(
    "query", ["limit=x", "limit=-1", "limit=%ff", "cursor=%00", "cursor=" + "9" * 40, "x=1", "state=nothing"]
)
async def test_queries_that_do_not_fit(world: World, api: Client, query: str) -> None:
    for one in routes():
        if one.method == "GET" and "{" not in one.path and one.path not in LATER:
            await answered(api, "GET", f"{one.path}?{query}", b"")


async def test_headers_that_are_nonsense(world: World, browser: Client) -> None:
    for name, value in (
        ("Cookie", "kidoku_desk_0=" + "x" * 4_000),
        ("Cookie", "kidoku_desk_0=é; ;;=;"),
        ("Authorization", "Bearer"),
        ("Authorization", "é" * 100),
        ("Last-Event-ID", "x" * 1_000),
    ):
        async with world.session.get(f"{world.url}/api/v1/agents", headers={name: value}) as answer:
            assert answer.status == 401
