from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from kidoku.http.fastlane import FastRoutes
from kidoku.http.guard import Guard
from kidoku.http.server import RunningServer
from kidoku.platform.api.answers import new_request_id
from kidoku.platform.config import PlatformConfig
from kidoku.platform.control.app import control_api, hot_routes
from kidoku.platform.runtime import Platform
from kidoku.platform.webhooks.dispatcher import Dispatcher
from kidoku.storage.clock import ManualClock
from tests.databases import migrated
from tests.platform.control.kit import NOW, Control, World


@pytest.fixture
def config(tmp_path: Path) -> PlatformConfig:
    return migrated(PlatformConfig(data_dir=tmp_path, port=0, max_media_bytes=2_000_000))


@pytest.fixture
async def control(config: PlatformConfig) -> AsyncIterator[Control]:
    """A control API of the test's own, behind its guard, on a real socket. Webhooks are written, not sent."""
    clock = ManualClock(NOW)
    platform = await Platform.open(config, clock=clock)
    platform.dispatcher = Dispatcher(platform)
    api = control_api(platform)
    guard = Guard(config, {"/_kidoku/": api})
    hot = FastRoutes(hot_routes(platform, api, guard.admits, new_request_id))
    headers = {"Authorization": f"Bearer {config.control_key}"} if config.control_key else {}
    try:
        async with (
            RunningServer(
                guard, fast_routes=hot, lifespan="off", graceful_s=2, on_stopping=[platform.bus.close]
            ) as server,
            aiohttp.ClientSession(headers=headers) as http,
        ):
            yield Control(platform, clock, server, http)
    finally:
        await platform.dispatcher.close()
        await platform.close()


@pytest.fixture
async def world(control: Control) -> World:
    account = await control.account(chat=True, webhook="http://127.0.0.1:9/hook", joinGroups=True)
    await control.patch(f"/accounts/{account['accountId']}/settings", {"greeting": {"enabled": False}})
    return World(control, account, await control.friend(account["accountId"]))
