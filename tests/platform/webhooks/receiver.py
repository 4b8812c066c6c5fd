"""A bot's server that does as told: answers, or misbehaves byte by byte."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec

from kidoku.core.signature import verify


@dataclass
class Request:
    line: str
    headers: list[tuple[str, str]]
    body: bytes
    connection: int

    @property
    def json(self) -> Any:
        return msgspec.json.decode(self.body)

    @property
    def events(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.json["events"]
        return found

    @property
    def texts(self) -> list[str]:
        return [event["message"]["text"] for event in self.events]

    def header(self, name: str) -> str:
        return next(value for key, value in self.headers if key.lower() == name)

    def signed_with(self, secret: str) -> bool:
        return verify(secret, self.body, self.header("x-line-signature"))


def http(status: int = 200, body: bytes = b"", headers: str = "") -> bytes:
    head = f"HTTP/1.1 {status} Whatever\r\ncontent-length: {len(body)}\r\n{headers}\r\n"
    return head.encode() + body


Behaviour = bytes | Callable[[Request, asyncio.StreamWriter], Awaitable[None]]


async def hang(request: Request, writer: asyncio.StreamWriter) -> None:
    await asyncio.Event().wait()


async def close_early(request: Request, writer: asyncio.StreamWriter) -> None:
    writer.close()


@dataclass
class Receiver:
    """`script` answers one request each; when it is empty, `answer` does."""

    answer: Behaviour = field(default_factory=http)
    script: list[Behaviour] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    connections: int = 0
    port: int = 0
    scheme: str = "http"

    def __post_init__(self) -> None:
        self._changed = asyncio.Condition()
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}/webhook"

    async def received(self, count: int) -> list[Request]:
        """Wait for that many requests."""
        async with self._changed:
            async with asyncio.timeout(10):
                await self._changed.wait_for(lambda: len(self.requests) >= count)
        return self.requests

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.connections += 1
        number = self.connections
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            while not writer.is_closing():
                request = await read_request(reader, number)
                async with self._changed:
                    self.requests.append(request)
                    self._changed.notify_all()
                behaviour = self.script.pop(0) if self.script else self.answer
                if isinstance(behaviour, bytes):
                    writer.write(behaviour)
                    await writer.drain()
                else:
                    await behaviour(request, writer)
        self._tasks.discard(task)
        writer.close()

    async def stop(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


async def read_request(reader: asyncio.StreamReader, number: int) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    line, *lines = head.strip().split("\r\n")
    headers = [(name, value.strip()) for name, _, value in (one.partition(":") for one in lines)]
    size = next((int(value) for name, value in headers if name.lower() == "content-length"), 0)
    return Request(line, headers, await reader.readexactly(size), number)


@contextlib.asynccontextmanager
async def receiving(
    answer: Behaviour | None = None, *script: Behaviour, tls: ssl.SSLContext | None = None
) -> Any:
    receiver = Receiver(http() if answer is None else answer, list(script), scheme="https" if tls else "http")
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0, ssl=tls)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        server.close()
        await receiver.stop()
        await server.wait_closed()
