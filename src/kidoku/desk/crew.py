"""Background work of which several pieces are under way at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from kidoku.desk.worker import Worker


class Crew(Worker):
    """A worker that hands pieces of work to tasks, `size` at most; it is woken whenever one ends."""

    def __init__(self, name: str, size: int) -> None:
        super().__init__(name)
        self._size = size
        self._under_way: set[asyncio.Task[None]] = set()

    @property
    def free(self) -> int:
        """How many more may be under way."""
        return self._size - len(self._under_way)

    def hand_out(self, piece: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(piece)
        self._under_way.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        self.wake()

    def hurry(self) -> None:
        """The desk is being stopped: end early what may."""

    async def close(self) -> None:
        """Begin nothing more, and let what is under way end."""
        await super().close()
        self.hurry()
        if self._under_way:
            await asyncio.wait(self._under_way)
