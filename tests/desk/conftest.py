"""A world for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.desk.kit import World, desk_world
from tests.desk.line import ScriptedLine, scripted_line
from tests.hasty import trying_again_soon


@pytest.fixture
def soon() -> Iterator[None]:
    """What may pass is tried again soon."""
    with trying_again_soon():
        yield


@pytest.fixture
async def line() -> AsyncIterator[ScriptedLine]:
    async with scripted_line() as made:
        yield made


@pytest.fixture
async def world(tmp_path: Path, line: ScriptedLine) -> AsyncIterator[World]:
    async with desk_world(tmp_path / "data", line) as made:
        yield made
