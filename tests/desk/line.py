"""A scripted LINE: answers as it is told, in order, and remembers every call."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

OK = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nx-line-request-id: r\r\ncontent-length: 2\r\n\r\n{}"


def status(code: int, message: str = "", *headers: str) -> bytes:
    """An answer with a status and an error text."""
    body = json.dumps({"message": message}).encode()
    head = "\r\n".join(
        [f"HTTP/1.1 {code} X", "content-type: application/json", f"content-length: {len(body)}", *headers]
    )
    return head.encode() + b"\r\n\r\n" + body


@dataclass(frozen=True)
class Call:
    """A request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any


@dataclass(frozen=True)
class Step:
    """What to do with one request. `answer` None: reset the connection. `held`: answer only when released."""

    answer: bytes | None = OK
    held: bool = False


NOT_FOUND = status(404, "Not found")


def content(body: bytes, media_type: str, *headers: str) -> bytes:
    """An answer with a body of some type."""
    lengths = [f"content-type: {media_type}", f"content-length: {len(body)}", *headers]
    return "\r\n".join(["HTTP/1.1 200 OK", *lengths]).encode() + b"\r\n\r\n" + body


@dataclass
class ScriptedLine:
    """What changes something (POST) is in `calls` and follows `script`; what is looked up (GET) is in `looks` and is
    answered from `pages`.
    """

    url: str = ""
    pages: dict[str, deque[Step]] = field(default_factory=lambda: defaultdict(deque))
    """What the next looks at a path get; the last stays. A path without one is not found."""
    looks: list[Call] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    script: deque[Step] = field(default_factory=deque)
    """What the next calls get; after its end all get `usual`."""
    usual: Step = field(default_factory=Step)
    released: asyncio.Event = field(default_factory=asyncio.Event)
    _came: asyncio.Event = field(default_factory=asyncio.Event)

    async def calls_become(self, number: int) -> list[Call]:
        """Wait until there were so many calls."""
        await self.until(lambda: len(self.calls) >= number)
        return self.calls

    async def until(self, holds: Callable[[], bool], seconds: float = 20) -> None:
        async with asyncio.timeout(seconds):
            while not holds():
                self._came.clear()
                await self._came.wait()

    async def looks_become(self, number: int) -> list[Call]:
        """Wait until so much was looked up."""
        await self.until(lambda: len(self.looks) >= number)
        return self.looks

    def _step(self, call: Call) -> Step:
        if call.method != "GET":
            self.calls.append(call)
            return self.script.popleft() if self.script else self.usual
        self.looks.append(call)
        steps = self.pages.get(call.path)
        if not steps:
            return Step(NOT_FOUND)
        return steps.popleft() if len(steps) > 1 else steps[0]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                call = await read_call(reader)
                if call is None:
                    break
                step = self._step(call)
                self._came.set()
                if step.held:
                    await self.released.wait()
                if step.answer is None:
                    writer.transport.abort()
                    break
                writer.write(step.answer)
                await writer.drain()
                if b"content-length: 999" in step.answer:
                    break  # truncated
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


async def read_call(reader: asyncio.StreamReader) -> Call | None:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    first, *lines = head.decode().rstrip().split("\r\n")
    method, path, _ = first.split(" ")
    headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Call(method, path, headers, json.loads(body) if body else None)


@asynccontextmanager
async def scripted_line() -> AsyncIterator[ScriptedLine]:
    """A scripted LINE on a loopback port."""
    line = ScriptedLine()
    server = await asyncio.start_server(line.serve, "127.0.0.1", 0)
    line.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield line
    finally:
        line.released.set()
        server.close()
