"""A scripted LINE for each test, and a file."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

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
def path(tmp_path: Path) -> Path:
    return tmp_path / "marks.db"


@pytest.fixture
def line_beside() -> Iterator[ScriptedLine]:
    """A scripted LINE in a thread of its own."""
    ready: list[ScriptedLine] = []
    loop, is_ready, over = asyncio.new_event_loop(), threading.Event(), asyncio.Event()

    async def serve() -> None:
        async with scripted_line() as made:
            ready.append(made)
            is_ready.set()
            await over.wait()
        await asyncio.sleep(0)

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    assert is_ready.wait(20)
    yield ready[0]
    loop.call_soon_threadsafe(over.set)
    thread.join()
    loop.close()
