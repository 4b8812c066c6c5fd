from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from kidoku.platform.config import PlatformConfig
from kidoku.platform.runtime import Platform
from kidoku.platform.webhooks.dispatcher import Dispatcher
from kidoku.storage.clock import ManualClock
from tests.databases import migrated
from tests.platform.webhooks.world import START, World

Open = Callable[..., Awaitable[World]]


@pytest.fixture
async def open_world(tmp_path: Path) -> AsyncIterator[Open]:
    """Open a world with some settings; opening it again closes the one before, as a restart does."""
    clock = ManualClock(START)
    config = PlatformConfig(data_dir=tmp_path, port=0, webhook_timeout_ms=20_000, redelivery_jitter=0.0)
    opened: list[World] = []

    async def close() -> None:
        for world in opened:
            await world.dispatcher.close()
            await world.platform.close()
        opened.clear()

    async def open_(*, start: bool = True, **settings: Any) -> World:
        await close()
        platform = await Platform.open(migrated(dataclasses.replace(config, **settings)), clock=clock)
        world = World(platform, clock, Dispatcher(platform))
        opened.append(world)
        if start:
            world.dispatcher.start()
        return world

    yield open_
    await close()


@pytest.fixture
async def world(open_world: Open) -> World:
    return await open_world()


@pytest.fixture
async def impatient(open_world: Open) -> World:
    """A world in which bots have little time; for those that never answer."""
    return await open_world(webhook_timeout_ms=500)
