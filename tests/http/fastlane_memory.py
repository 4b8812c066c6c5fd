"""A connection without a network: what arrives when, and when the client reads, is up to the test."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import Any, cast

from starlette.types import ASGIApp
from uvicorn import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from kidoku.http.fastlane import FastRoutes, fast_protocol, plain_protocol


class MemoryTransport(asyncio.Transport):
    """Keeps what is written."""

    def __init__(self) -> None:
        super().__init__()
        self.written = b""
        self.closed = asyncio.Event()
        self.reading = asyncio.Event()
        self.reading.set()
        self.protocol: asyncio.Protocol | None = None

    def write(self, data: Any) -> None:
        assert not self.is_closing(), "written to a closed connection"
        self.written += data

    def close(self) -> None:
        self.closed.set()
        self.reading.set()

    abort = close

    def is_closing(self) -> bool:
        return self.closed.is_set()

    def pause_reading(self) -> None:
        self.reading.clear()

    def resume_reading(self) -> None:
        self.reading.set()


class StandingClock:
    """As much of a loop as the fast lane uses; its time moves only when told to."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.timers: list[Timer] = []

    def time(self) -> float:
        return self.now

    def call_later(self, delay: float, callback: Callable[[], object]) -> Timer:
        timer = Timer(self.now + delay, callback)
        self.timers.append(timer)
        return timer

    def advance(self, seconds: float) -> None:
        """Move on, and run every timer at its time."""
        end = self.now + seconds
        while due := [timer for timer in self.timers if timer.at <= end]:
            timer = min(due, key=lambda due: due.at)
            self.timers.remove(timer)
            self.now = timer.at
            if not timer.cancelled:
                timer.callback()
        self.now = end

    @property
    def running(self) -> int:
        """Timers that will still fire."""
        return sum(not timer.cancelled for timer in self.timers)


class Timer:
    def __init__(self, at: float, callback: Callable[[], object]) -> None:
        self.at = at
        self.callback = callback
        self.cancelled = False

    def cancel(self) -> None:
        self.cancelled = True


def connect(
    app: ASGIApp,
    routes: FastRoutes,
    *,
    fast: bool = True,
    max_body: int = 100_000,
    loop: StandingClock | None = None,
    keep_alive_s: int = 5,
) -> tuple[HttpToolsProtocol, MemoryTransport]:
    """A connection that has just been accepted."""
    kind = fast_protocol(routes, max_body) if fast else plain_protocol()
    config = Config(
        app,
        http=kind,
        ws="none",
        interface="asgi3",
        log_config=None,
        proxy_headers=False,
        timeout_keep_alive=keep_alive_s,
    )
    config.load()
    state = ServerState()
    state.default_headers = [(b"date", b"now"), (b"server", b"uvicorn")]
    assert issubclass(kind, HttpToolsProtocol)
    protocol = kind(
        config=config, server_state=state, app_state={}, _loop=cast("asyncio.AbstractEventLoop | None", loop)
    )
    transport = MemoryTransport()
    protocol.connection_made(transport)
    return protocol, transport


async def feed(protocol: HttpToolsProtocol, transport: MemoryTransport, pieces: Iterable[bytes]) -> None:
    """Let `pieces` arrive one by one, as fast as the server reads."""
    for piece in pieces:
        await transport.reading.wait()
        if transport.is_closing():
            return
        protocol.data_received(piece)
        await asyncio.sleep(0)
