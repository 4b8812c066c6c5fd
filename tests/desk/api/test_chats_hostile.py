"""Malformed and hostile requests to the inbox's routes: refused in our shape, never a 500."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kidoku.desk.api.paths import ROOT
from tests.desk.api.kit import Client
from tests.desk.kit import World, message_event

TREE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda children: (
        st.lists(children, max_size=4) | st.dictionaries(st.text(max_size=12), children, max_size=4)
    ),
    max_leaves=12,
)
NAMES = "messages quoteToken retryKey agentId state markId upTo text title channelKey advice type channel"
FIELDS = st.dictionaries(st.sampled_from(NAMES.split()), TREE, max_size=5)
ACTS = ["open", "peek", "read", "undo", "assign", "resolve", "reopen", "reply", "presence", "notes"]
QUERIES = st.dictionaries(
    st.sampled_from(["channel", "filter", "q", "cursor", "limit", "before", "state", "chatId"]),
    st.text(max_size=12)
    | st.sampled_from(["0", "1", "shop", "all", "unread", "1.1", "9" * 18, "9" * 40, "-1"]),
    max_size=3,
)


async def answered(api: Client, method: str, path: str, data: bytes | None = None) -> None:
    """Whatever it is, it is no 500, and an error is in our shape."""
    headers = {**api.credentials, "Content-Type": "application/json"}
    url = api.world.url + ROOT + path
    async with api.world.session.request(method, url, data=data, headers=headers) as answer:
        body = await answer.json()
        assert answer.status < 500, body
        if answer.status >= 400:
            assert body["error"]["code"]
            assert body["error"]["message"]


async def test_any_json_anywhere_is_answered(world: World, api: Client) -> None:
    await world.webhook(message_event(1))
    chat = f"/chats/{await world.received(1)}"
    targets = [
        *(("POST", f"{chat}/{act}") for act in ACTS),
        ("POST", "/canned"),
        ("PATCH", "/canned/1"),
        ("POST", "/marks/retry"),
    ]

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def examples(data: st.DataObject) -> None:
        drawn.append((data.draw(st.sampled_from(targets)), data.draw(FIELDS | TREE)))

    drawn: list[tuple[tuple[str, str], Any]] = []
    examples()
    for (method, path), body in drawn:
        await answered(api, method, path, json.dumps(body).encode())


async def test_any_query_is_answered(world: World, api: Client) -> None:
    await world.webhook(message_event(1))
    paths = ["/chats", f"/chats/{await world.received(1)}/messages", "/marks", "/canned"]
    drawn: list[tuple[str, dict[str, str]]] = []

    @settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.sampled_from(paths), QUERIES)
    def examples(path: str, query: dict[str, str]) -> None:
        drawn.append((path, query))

    examples()
    for path, query in drawn:
        told = "&".join(f"{name}={quote(value.encode('utf-8', 'replace'))}" for name, value in query.items())
        await answered(api, "GET", f"{path}?{told}")


@pytest.mark.parametrize(
    "words",
    ['"', "'", "*", "a* OR b", "text:x", "^abc", "NEAR(a b)", "%_%", "\\", "-abc", "(((", "𠮷野家"],
)
async def test_words_are_only_words(world: World, api: Client, words: str) -> None:
    """What SQLite's search language would take for more than a word finds what contains it, or nothing."""
    await world.webhook(message_event(1, text="abc and b"))
    await world.received(1)
    assert (await api.get(f"/chats?q={quote(words)}"))["chats"] == []
    await world.webhook(message_event(2, text=f"before {words.strip(chr(0))} after"))
    await world.received(2)
    assert len((await api.get(f"/chats?q={quote(words)}"))["chats"]) == 1


@pytest.mark.parametrize(
    "body", [b"{", b"null", b"\xff", b"[" * 50_000, b'{"messages": [{"type": "\\ud800"}]}']
)
async def test_bodies_that_are_no_json(world: World, api: Client, body: bytes) -> None:
    await world.webhook(message_event(1))
    chat_id = await world.received(1)
    for act in ("reply", "assign", "notes"):
        headers = {"Content-Type": "application/json"}
        await api.call("POST", f"/chats/{chat_id}/{act}", status=400, data=body, headers=headers)
