"""Running an application under uvicorn: one listening server, from bound socket to the last answer.

uvicorn does HTTP. What is ours: bind errors in one line, an orderly stop (new connections refused, event
streams ended, accepted requests answered, then the application closed) without uvicorn's polling and its
signal handling, so that several servers run in one loop.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from collections.abc import Callable, Coroutine, Iterable, Iterator
from types import TracebackType
from typing import Any, Literal, Self, TypedDict, TypeVar, Unpack

import uvicorn
import uvloop
from starlette.types import ASGIApp

from kidoku.core.sentence import Sentence
from kidoku.http.fastlane import FastRoutes, fast_protocol, plain_protocol
from kidoku.http.server_sockets import StartupError, close, listen
from kidoku.http.server_streams import EventStreams

__all__ = ["MAX_BODY", "RunningServer", "ServerOptions", "StartupError", "run_loop", "serve", "stop_signals"]

MAX_BODY = 2 * 1024 * 1024
"""Biggest request body in bytes: LINE answers 413 to a request over 2 MB."""

_T = TypeVar("_T")
_CANCELLED_S = 1.0
_log = logging.getLogger("kidoku.http")


class ServerOptions(TypedDict, total=False):
    """Options of `RunningServer`; see there."""

    host: str
    port: int
    share_port: bool
    fast_routes: FastRoutes | None
    fast_lane: bool
    max_body: int
    log_config: dict[str, Any] | None
    access_log: bool
    keep_alive_s: int
    graceful_s: float
    lifespan: Literal["auto", "on", "off"]
    on_stopping: Iterable[Callable[[], None]]


class RunningServer:
    """A server in the running loop, as an async context manager: entered, it answers; left, it has stopped.

    - `port`: 0 picks a free one; `.port` says which.
    - `share_port`: whether other processes that say so too may listen on it; the system deals out new connections.
    - `fast_routes`: hot routes for the fast lane, used if `fast_lane`. The application has to serve them too.
    - `max_body`: bytes of a body that the fast lane collects before it leaves the request to the application.
    - `access_log`: one line per answer on the logger `uvicorn.access`.
    - `keep_alive_s`: how long an idle connection is kept. Long, as a client that sends just when it ends sees a reset.
    - `graceful_s`: how long stopping waits for what was accepted. What is left then is cancelled.
    - `on_stopping`: called when stopping begins, to end what waits for something that will not come any more
      (long polls). Event streams are ended without it.

    Entering raises `StartupError` if the address cannot be bound or the application does not start.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        share_port: bool = False,
        fast_routes: FastRoutes | None = None,
        fast_lane: bool = True,
        max_body: int = MAX_BODY,
        log_config: dict[str, Any] | None = None,
        access_log: bool = False,
        keep_alive_s: int = 75,
        graceful_s: float = 10.0,
        lifespan: Literal["auto", "on", "off"] = "auto",
        on_stopping: Iterable[Callable[[], None]] = (),
    ) -> None:
        self.host = host
        self.port = port
        self._share_port = share_port
        self._streams = EventStreams(app)
        self._graceful_s = graceful_s
        self._on_stopping = tuple(on_stopping)
        self._access_log = access_log
        self._config = uvicorn.Config(
            self._streams,
            http=fast_protocol(fast_routes, max_body) if fast_lane and fast_routes else plain_protocol(),
            ws="none",
            interface="asgi3",
            lifespan=lifespan,
            log_config=log_config,
            access_log=access_log,
            proxy_headers=False,
            timeout_keep_alive=keep_alive_s,
        )
        self._server = uvicorn.Server(self._config)

    @property
    def url(self) -> str:
        """Base URL without a slash at the end; a server on all addresses is reached by the loopback one."""
        host = {"0.0.0.0": "127.0.0.1", "": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"

    async def __aenter__(self) -> Self:
        sockets = listen(self.host, self.port, share=self._share_port)
        self.port = sockets[0].getsockname()[1]
        try:
            await self._start(sockets)
        except BaseException:
            close(sockets)
            raise
        self._sockets = sockets
        self._clock = asyncio.create_task(self._tick())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            await self._stop()
        finally:
            self._clock.cancel()

    async def _start(self, sockets: list[Any]) -> None:
        if self._access_log:
            access = logging.getLogger("uvicorn.access")
            access.setLevel(logging.INFO)
            access.propagate = True
        server = self._server
        self._config.load()
        server.lifespan = self._config.lifespan_class(self._config)
        await server.on_tick(0)
        try:
            await server.startup(sockets=sockets)
        except SystemExit as exc:
            raise StartupError(Sentence("The application did not start; the reason is in the log.")) from exc

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(1.0)
            await self._server.on_tick(0)  # the Date header

    async def _stop(self) -> None:
        state = self._server.server_state
        for server in self._server.servers:
            server.close()
        close(self._sockets)
        for connection in list(state.connections):
            connection.shutdown()
        for stopping in self._on_stopping:
            stopping()
        self._streams.end()
        await self._wait_answered()
        await self._server.lifespan.shutdown()

    async def _wait_answered(self) -> None:
        state = self._server.server_state
        try:
            async with asyncio.timeout(self._graceful_s):
                while state.connections or state.tasks:  # noqa: ASYNC110  # uvicorn tells nobody of an end
                    await asyncio.sleep(0.01)
        except TimeoutError:
            _log.warning(
                "Stopping without %d unfinished requests on %d connections.",
                len(state.tasks),
                len(state.connections),
            )
            await self._break_off()

    async def _break_off(self) -> None:
        state = self._server.server_state
        tasks = list(state.tasks)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=_CANCELLED_S)
        for connection in list(state.connections):
            connection.transport.abort()


@contextlib.contextmanager
def stop_signals() -> Iterator[asyncio.Event]:
    """An event that SIGINT or SIGTERM sets.

    After the first signal they have their usual effect again: a second one ends the process at once.
    """
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()

    def restore() -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)

    def on_signal() -> None:
        stop.set()
        restore()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, on_signal)
    try:
        yield stop
    finally:
        restore()


def run_loop(main: Coroutine[Any, Any, _T]) -> _T:
    """Run `main` in a new uvloop."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(main)


def serve(
    app: ASGIApp,
    *,
    on_ready: Callable[[RunningServer], None] = lambda server: None,
    **options: Unpack[ServerOptions],
) -> None:
    """Serve `app` until SIGINT or SIGTERM; return when everything accepted is answered.

    `on_ready` is called when the server answers. Raises `StartupError`.
    """

    async def main() -> None:
        with stop_signals() as stop:
            async with RunningServer(app, **options) as server:
                on_ready(server)
                await stop.wait()

    run_loop(main())
