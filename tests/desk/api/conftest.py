"""A desk with an API key, and its clients."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from kidoku.storage.clock import ManualClock
from tests.desk.api.kit import KEY, Client
from tests.desk.kit import START, World, desk_world
from tests.desk.line import ScriptedLine
from tests.passwords import hashed_lightly


@pytest.fixture(autouse=True)
def _light_passwords() -> Iterator[None]:
    with hashed_lightly():
        yield


@pytest.fixture
async def world(tmp_path: Path, line: ScriptedLine) -> AsyncIterator[World]:
    async with desk_world(tmp_path / "data", line, api_key=KEY) as made:
        yield made


@pytest.fixture
async def still_world(tmp_path: Path, line: ScriptedLine) -> AsyncIterator[World]:
    """A desk whose clock stands still."""
    async with desk_world(tmp_path / "still", line, clock=ManualClock(START), api_key=KEY) as made:
        yield made


@pytest.fixture
def api(world: World) -> Client:
    """A program with the API key."""
    return Client(world)


@pytest.fixture
def browser(world: World) -> Client:
    """A browser in which nobody is signed in yet."""
    return Client(world, key=None)
