"""The platform as a process: its surfaces as one ASGI application, started and stopped in order."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import gc
import logging
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

from starlette.types import ASGIApp, Receive, Scope, Send

from kidoku.http import server
from kidoku.http.preload import preload
from kidoku.platform.api.hot import Hot
from kidoku.platform.config import PlatformConfig
from kidoku.platform.probes import probes
from kidoku.platform.runtime import Platform
from kidoku.storage.clock import Clock
from kidoku.storage.engine import DatabaseUnusable

__all__ = ["StartupError", "run", "running"]

log = logging.getLogger(__name__)

Background = Callable[[str], Awaitable[None]]
"""Something that runs beside the platform, given its address; cancelled when the platform stops."""


class StartupError(Exception):
    """The platform can't start: `message` says why in one line, `hint` what to do."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class Opening:
    """The application from the moment the port is open: probes answer at once, all else when it is loaded."""

    def __init__(self, platform: Platform) -> None:
        self._probes = probes(platform)
        self._rest: ASGIApp | None = None
        self._loaded = asyncio.Event()

    def opened(self, rest: ASGIApp) -> None:
        self._rest = rest
        self._loaded.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        probe = self._probes.get(scope["path"])
        app = probe or self._rest or await self._wait()
        await app(scope, receive, send)

    async def _wait(self) -> ASGIApp:
        await self._loaded.wait()
        assert self._rest is not None
        return self._rest


@asynccontextmanager
async def running(
    config: PlatformConfig,
    *,
    clock: Clock | None = None,
    entropy: Callable[[int], bytes] = os.urandom,
) -> AsyncIterator[tuple[Platform, server.RunningServer]]:
    """The platform, answering on its port until the block ends; then all that was accepted is finished.

    Raises StartupError.
    """
    try:
        platform = await Platform.open(config, clock=clock, entropy=entropy)
    except DatabaseUnusable as error:
        raise StartupError(error.message, error.hint) from error
    async with contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(platform.close)
        opening, hot = Opening(platform), Hot(platform)
        stack.push_async_callback(finish_deliveries, platform)
        try:
            serving = await stack.enter_async_context(listening(config, platform, opening, hot))
        except server.StartupError as error:
            raise StartupError(str(error)) from error
        await preload("kidoku.platform.surfaces")
        from kidoku.platform.surfaces import dispatcher, surfaces

        dispatcher(platform)
        opening.opened(surfaces(platform, hot))
        yield platform, serving


async def finish_deliveries(platform: Platform) -> None:
    """After the last request, before the database closes; there is no dispatcher yet if the start failed."""
    if hasattr(platform, "dispatcher"):
        await platform.dispatcher.close()


def listening(config: PlatformConfig, platform: Platform, app: ASGIApp, hot: Hot) -> server.RunningServer:
    return server.RunningServer(
        app,
        host=config.host,
        port=config.port,
        fast_routes=hot.routes,
        fast_lane=config.fast_lane,
        access_log=config.access_log,
        graceful_s=config.shutdown_grace_ms / 1000,
        lifespan="off",
        on_stopping=[platform.bus.close],
    )


def run(config: PlatformConfig, *, background: Sequence[Background] = ()) -> int:
    """Serve until SIGINT or SIGTERM; the exit status. Raises StartupError."""

    async def main() -> int:
        with server.stop_signals() as stop:
            async with running(config) as (_, serving), beside(config.base_url(serving.port), background):
                settle_memory()
                await stop.wait()
        return 0

    return server.run_loop(main())


def settle_memory() -> None:
    """What is loaded now stays, and requests leave no cycles: looking at all of it every few hundred objects costs
    more than it finds, and halts everything for milliseconds. What loading needed only for a while goes back to the
    system, where the C library knows how (glibc).
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    with contextlib.suppress(AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


@asynccontextmanager
async def beside(base_url: str, background: Sequence[Background]) -> AsyncIterator[None]:
    """Run the background while the block runs. One that fails is logged; the platform goes on."""
    tasks = [asyncio.ensure_future(guarded(one, base_url)) for one in background]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def guarded(background: Background, base_url: str) -> None:
    try:
        await background(base_url)
    except Exception:
        log.exception("what runs beside the platform has failed")
