from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import pytest

from kidoku.http.server import RunningServer
from kidoku.platform.api.app import MessagingApi
from kidoku.platform.api.hot import Hot
from kidoku.platform.calls import CallLog
from kidoku.platform.config import PlatformConfig
from kidoku.platform.runtime import Platform
from kidoku.platform.store.change import Queued
from kidoku.platform.webhooks.dispatcher import Dispatcher
from kidoku.storage.clock import ManualClock
from tests.databases import migrated
from tests.platform.api.world import START, Bot, World, explained_causes

Open = Callable[..., Awaitable[World]]


def causes_of_refusals(calls: CallLog) -> set[str]:
    """The causes that will be noted down from now on."""
    met: set[str] = set()
    keep = calls.record

    def record(*entry: Any) -> None:
        if entry[5] >= 400:
            met.add(entry[6])
        keep(*entry)

    calls.record = record  # type: ignore[method-assign, assignment]
    return met


def every_refusal_is_explained(met: set[str]) -> None:
    """Whatever a test had refused, the Manager has words for its cause."""
    assert met <= explained_causes()


@pytest.fixture
async def open_world(tmp_path: Path) -> AsyncIterator[Open]:
    """Open a world with some settings; opening it again closes the one before, as a restart does."""
    clock = ManualClock(START)
    config = PlatformConfig(data_dir=tmp_path, port=0)
    opened = AsyncExitStack()

    async def open_(**settings: Any) -> World:
        await opened.aclose()
        platform = await Platform.open(migrated(dataclasses.replace(config, **settings)), clock=clock)
        opened.push_async_callback(platform.close)
        platform.dispatcher = Dispatcher(platform)
        opened.push_async_callback(platform.dispatcher.close)
        deliveries: list[Any] = []
        platform.queued = deliveries  # type: ignore[attr-defined]
        opened.callback(every_refusal_is_explained, causes_of_refusals(platform.calls))

        def keep(queued: list[Queued]) -> None:
            deliveries.extend(msgspec.json.decode(one.body) for one in queued)

        platform.on_deliveries = keep
        await platform.mass_sends.done()
        hot = Hot(platform)
        server = RunningServer(
            MessagingApi(platform, hot),
            fast_routes=hot.routes,
            fast_lane=platform.config.fast_lane,
            lifespan="off",
        )
        await opened.enter_async_context(server)
        http = await opened.enter_async_context(aiohttp.ClientSession())
        return World(platform, clock, server.url, http)

    yield open_
    await opened.aclose()


@pytest.fixture
async def world(open_world: Open) -> World:
    return await open_world()


@pytest.fixture
async def bot(world: World) -> Bot:
    """An account with Chat on, which is what a bot that marks needs."""
    return await world.bot(chat=True)
