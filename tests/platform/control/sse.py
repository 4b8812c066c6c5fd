"""Reading a stream of live events in a test."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlencode

import aiohttp

from tests.platform.control.kit import Control

PATIENCE_S = 10.0


class Stream:
    """`cursor` is the ID of the newest block, as a browser keeps it."""

    def __init__(self, answer: aiohttp.ClientResponse) -> None:
        self.answer = answer
        self.cursor = ""

    async def block(self) -> dict[str, str]:
        """The next block with its fields; comments are left out."""
        fields: dict[str, str] = {}
        async with asyncio.timeout(PATIENCE_S):
            while True:
                line = (await self.answer.content.readline()).decode()
                if not line:
                    raise EOFError
                name, _, value = line.rstrip("\n").partition(": ")
                if line == "\n" and fields:
                    self.cursor = fields.get("id", self.cursor)
                    return fields
                if name and line != "\n":
                    fields[name] = value

    async def next(self, *kinds: str) -> dict[str, Any]:
        """The next event, of one of the types if some are named."""
        while True:
            block = await self.block()
            if "data" not in block:
                continue
            event: dict[str, Any] = json.loads(block["data"])
            assert block.get("event", "message") == ("reset" if event["type"] == "reset" else "message")
            if not kinds or event["type"] in kinds:
                return event


@asynccontextmanager
async def stream(control: Control, query: str = "", since: str | None = None) -> AsyncIterator[Stream]:
    headers = {} if since is None else {"Last-Event-ID": since}
    url = f"{control.server.url}/_kidoku/v1/events{query}"
    async with control.http.get(url, headers=headers) as answer:
        assert answer.status == 200, await answer.text()
        assert answer.content_type == "text/event-stream"
        assert answer.headers["Cache-Control"].startswith("no-cache")
        found = Stream(answer)
        first = await found.block()
        assert set(first) == {"id"}
        yield found


NextOf = Callable[[int], Awaitable[dict[str, Any]]]


@asynccontextmanager
async def joined(control: Control, *queries: str) -> AsyncIterator[tuple[NextOf, set[int]]]:
    """Several streams in one answer: the next event of one of them, and which have ended."""
    url = f"{control.server.url}/_kidoku/v1/events/joined?{urlencode({'of': ','.join(queries)})}"
    async with control.http.get(url) as answer:
        assert answer.status == 200, await answer.text()
        assert answer.content_type == "text/event-stream"
        found, waiting, ended, current = Stream(answer), defaultdict[int, deque[Any]](deque), set[int](), -1

        async def next_of(number: int) -> dict[str, Any]:
            nonlocal current
            while not waiting[number]:
                block = await found.block()
                kind = block.get("event")
                if kind == "stream":
                    current = int(block["data"])
                elif kind == "end":
                    ended.add(current)
                elif "data" in block:
                    waiting[current].append(json.loads(block["data"]))
            event: dict[str, Any] = waiting[number].popleft()
            return event

        yield next_of, ended
