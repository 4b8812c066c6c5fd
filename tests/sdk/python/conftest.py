from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key

from tests.platform.api.conftest import bot, open_world, world
from tests.platform.api.world import Bot, World
from tests.sdk.python.clients import async_sdk, sync_sdk
from tests.sdk.python.scene import Scene, make_scene

__all__ = ["bot", "open_world", "world"]


@pytest.fixture(scope="session")
def private_key() -> RSAPrivateKey:
    return generate_private_key(65_537, 2_048)


@pytest.fixture(params=["sync", "async"])
async def scene(
    request: pytest.FixtureRequest, world: World, bot: Bot, private_key: RSAPrivateKey
) -> AsyncIterator[Scene]:
    """The same scene for both of the SDK's clients."""
    kind: Any = request.param
    if kind == "sync":
        yield await make_scene(world, sync_sdk(world.url, bot.token), bot, private_key)
    else:
        async with async_sdk(world.url, bot.token) as sdk:
            yield await make_scene(world, sdk, bot, private_key)
