"""The platform as a process: its surfaces as one ASGI application, started and stopped in order."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

from starlette.types import ASGIApp, Receive, Scope, Send

from kidoku.http import server
from kidoku.http.guard import Guard
from kidoku.platform.api.app import PREFIXES, MessagingApi
from kidoku.platform.clock import Clock
from kidoku.platform.config import PlatformConfig
from kidoku.platform.control.app import control_api
from kidoku.platform.probes import probes
from kidoku.platform.runtime import Platform
from kidoku.platform.site import site
from kidoku.platform.webhooks.dispatcher import Dispatcher
from kidoku.storage.engine import DatabaseUnusable

__all__ = ["StartupError", "build", "run", "running"]

log = logging.getLogger(__name__)

Background = Callable[[str], Awaitable[None]]
"""Something that runs beside the platform, given its address; cancelled when the platform stops."""


class StartupError(Exception):
    """The platform can't start: `message` says why in one line, `hint` what to do."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


def build(platform: Platform, line: MessagingApi) -> ASGIApp:
    """Who answers which path: LINE's hosts, the control API, probes, pages. All live at the root of one port."""
    pages = site(platform)
    ours = Guard(platform.config, {"/_kidoku/": control_api(platform), "/_kidoku/static/": pages, "/": pages})
    apart = probes(platform)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        if path.startswith(PREFIXES):
            await line(scope, receive, send)
        elif path in apart:
            await apart[path](scope, receive, send)
        else:
            await ours(scope, receive, send)

    return app


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
        platform.dispatcher = Dispatcher(platform)
        platform.dispatcher.start()
        stack.push_async_callback(platform.dispatcher.close)
        try:
            serving = await stack.enter_async_context(listening(platform))
        except server.StartupError as error:
            raise StartupError(str(error), "choose another port with --port") from error
        yield platform, serving


def listening(platform: Platform) -> server.RunningServer:
    config = platform.config
    line = MessagingApi(platform)
    return server.RunningServer(
        build(platform, line),
        host=config.host,
        port=config.port,
        fast_routes=line.fast_routes,
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
                await stop.wait()
        return 0

    return server.run_loop(main())


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
