"""The platform as a process: its surfaces as one ASGI application, started and stopped in order."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

from starlette.types import ASGIApp

from kidoku.http.opening import Opening
from kidoku.http.preload import preload
from kidoku.http.probes import probes
from kidoku.http.process import Background, beside
from kidoku.http.readiness import trouble
from kidoku.http.server import RunningServer, StartupError
from kidoku.platform.api.hot import Hot
from kidoku.platform.config import PlatformConfig
from kidoku.platform.metrics import Collector
from kidoku.platform.runtime import Platform
from kidoku.storage.clock import Clock
from kidoku.storage.engine import DatabaseUnusable


@asynccontextmanager
async def running(
    config: PlatformConfig,
    *,
    clock: Clock | None = None,
    entropy: Callable[[int], bytes] = os.urandom,
) -> AsyncIterator[tuple[Platform, RunningServer]]:
    """The platform, answering on its port until the block ends; then all that was accepted is finished.

    Raises StartupError.
    """
    try:
        platform = await Platform.open(config, clock=clock, entropy=entropy)
    except DatabaseUnusable as error:
        raise StartupError(error.message, error.hint) from error
    async with AsyncExitStack() as stack:
        stack.push_async_callback(platform.close)
        opening = Opening(probes(lambda: trouble(platform.bus, platform.engine), Collector(platform)))
        hot = Hot(platform)
        stack.push_async_callback(finish_deliveries, platform)
        serving = await stack.enter_async_context(listening(config, platform, opening, hot))
        await preload("kidoku.platform.surfaces")
        from kidoku.platform.surfaces import dispatcher, surfaces

        dispatcher(platform)
        opening.opened(surfaces(platform, hot))
        yield platform, serving


async def finish_deliveries(platform: Platform) -> None:
    """After the last request, before the database closes; there is no dispatcher yet if the start failed."""
    if hasattr(platform, "dispatcher"):
        await platform.dispatcher.close()


def listening(config: PlatformConfig, platform: Platform, app: ASGIApp, hot: Hot) -> RunningServer:
    return RunningServer(
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


@asynccontextmanager
async def accompanied(config: PlatformConfig, background: Sequence[Background]) -> AsyncIterator[None]:
    """The running platform and what runs beside it. Raises StartupError."""
    async with running(config) as (_, serving), beside(config.base_url(serving.port), background):
        yield
