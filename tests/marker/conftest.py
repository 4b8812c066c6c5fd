"""A scripted LINE for each test, and a file."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.desk.line import ScriptedLine, scripted_line


@pytest.fixture
async def line() -> AsyncIterator[ScriptedLine]:
    async with scripted_line() as made:
        yield made


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "marks.db"
