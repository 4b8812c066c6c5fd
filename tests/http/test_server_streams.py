"""Event streams and long polls when the server stops."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from kidoku.http.server import RunningServer
from tests.http.fastlane_kit import PATIENCE_S, get, statuses, talk


class Streams:
    """`/events` sends one event and then nothing; `/export` is a long download; `/wait` a long poll."""

    def __init__(self) -> None:
        self.started = asyncio.Event()
        self.go_on = asyncio.Event()
        self.left = False
        self.app = Starlette(
            routes=[
                Route("/events", self.events),
                Route("/export", self.export),
                Route("/wait", self.wait, methods=["POST"]),
            ]
        )

    async def events(self, request: Request) -> Response:
        return StreamingResponse(self._events(), media_type="text/event-stream")

    async def _events(self) -> AsyncIterator[bytes]:
        try:
            yield b"data: 1\n\n"
            self.started.set()
            await asyncio.Event().wait()
        finally:
            self.left = True

    async def export(self, request: Request) -> Response:
        return StreamingResponse(self._export(), media_type="text/csv")

    async def _export(self) -> AsyncIterator[bytes]:
        yield b"first\n"
        self.started.set()
        await self.go_on.wait()
        yield b"last\n"

    async def wait(self, request: Request) -> Response:
        self.started.set()
        await self.go_on.wait()
        return PlainTextResponse("nothing came")


async def answer_at_stop(streams: Streams, sent: bytes) -> bytes:
    async with RunningServer(streams.app, on_stopping=[streams.go_on.set]) as server:
        answer = asyncio.create_task(talk(server.port, sent))
        await asyncio.wait_for(streams.started.wait(), PATIENCE_S)
    return await answer


async def test_an_event_stream_ends_in_good_order() -> None:
    streams = Streams()
    async with asyncio.timeout(PATIENCE_S / 2):
        answer = await answer_at_stop(streams, get("/events"))
    assert answer.endswith(b"data: 1\n\n\r\n0\r\n\r\n")
    assert streams.left


async def test_a_download_is_finished() -> None:
    answer = await answer_at_stop(Streams(), get("/export"))
    assert answer.endswith(b"last\n\r\n0\r\n\r\n")


async def test_a_long_poll_is_told() -> None:
    answer = await answer_at_stop(Streams(), b"POST /wait HTTP/1.1\r\nHost: x\r\n\r\n")
    assert answer.endswith(b"nothing came")


async def test_a_stream_that_its_client_left_is_forgotten() -> None:
    streams = Streams()
    async with RunningServer(streams.app) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(get("/events"))
        await reader.readuntil(b"data: 1")
        writer.close()
        await writer.wait_closed()
        async with asyncio.timeout(PATIENCE_S):
            while not streams.left:
                await asyncio.sleep(0)


async def test_a_cancellation_from_elsewhere_stays_one() -> None:
    tasks: list[asyncio.Task[object] | None] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        tasks.append(asyncio.current_task())
        headers = [(b"content-type", b"text/event-stream")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"", "more_body": True})
        await asyncio.Event().wait()

    async with RunningServer(app, lifespan="off") as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(get("/"))
        await reader.readuntil(b"\r\n\r\n")
        assert tasks[0] is not None
        tasks[0].cancel()
        assert await asyncio.wait_for(reader.read(), PATIENCE_S) == b""
        writer.close()


@pytest.mark.parametrize("sent", [get("/events", close=True), get("/", close=True)])
async def test_what_is_no_stream_is_passed_on(sent: bytes) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse("plain")(scope, receive, send)

    async with RunningServer(app, lifespan="off") as server:
        assert statuses(await talk(server.port, sent)) == [200]
