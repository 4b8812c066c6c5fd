"""Servers that answer before all of them is loaded."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

import pytest
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message

from kidoku.http.later import Later
from kidoku.http.opening import Opening


async def body(app: ASGIApp, path: str) -> bytes:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope: Any = {"type": "http", "method": "GET", "path": path, "headers": []}
    await app(scope, receive, send)
    return b"".join(one.get("body", b"") for one in sent)


async def test_what_is_not_there_yet_is_waited_for() -> None:
    opening = Opening({"/livez": PlainTextResponse("alive")})
    early = asyncio.create_task(body(opening, "/page"))
    assert await body(opening, "/livez") == b"alive"
    assert not early.done()
    opening.opened(PlainTextResponse("loaded"))
    assert await early == b"loaded"
    assert await body(opening, "/other") == b"loaded"
    assert await body(opening, "/livez") == b"alive"


async def test_what_is_made_by_the_first_request(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "loaded_on_demand.py").write_text("TEXT = 'here'\n")
    monkeypatch.syspath_prepend(tmp_path)
    made = []

    def make() -> ASGIApp:
        made.append(sys.modules["loaded_on_demand"].TEXT)
        return PlainTextResponse(made[-1])

    later = Later("loaded_on_demand", make)
    assert "loaded_on_demand" not in sys.modules
    try:
        assert set(await asyncio.gather(body(later, "/a"), body(later, "/b"))) == {b"here"}
        assert await body(later, "/c") == b"here"
    finally:
        del sys.modules["loaded_on_demand"]
    assert made == ["here"]
