"""Looks at what came in, after LINE has its answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kidoku.desk.store.process import process_intakes
from kidoku.desk.worker import Worker

if TYPE_CHECKING:
    from kidoku.desk.runtime import Desk


class Processor(Worker):
    """Turns stored requests into chats, messages and marks, oldest first."""

    def __init__(self, desk: Desk) -> None:
        super().__init__("kidoku-processor")
        self._desk = desk

    async def work(self) -> float | None:
        desk = self._desk
        done = await desk.apply(process_intakes, desk.directory.by_id, desk.now)
        if done:
            desk.marker.wake()
            desk.relay.wake()
        return 0 if done else None
