"""Advances that were made while nobody listened: their live events are made only if somebody does after all."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from kidoku.platform.store.advance import Untold, untold_moves
from kidoku.platform.store.live import ReadEvent

if TYPE_CHECKING:
    from kidoku.core.settings import MarkMeans
    from kidoku.platform.runtime import Platform

log = logging.getLogger(__name__)


class Unheard:
    """Owned by the event loop."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._under_way: set[asyncio.Task[None]] = set()

    def pass_by(self, moves: Untold, account_id: str, cause: MarkMeans, at: int) -> None:
        """Let advances pass that are on disk now. Somebody may have begun to listen while they were written."""
        bus = self._platform.bus
        if not bus.listened:
            bus.skip(moves.number)
            return
        task = asyncio.create_task(self._tell(moves, account_id, cause, at))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _tell(self, moves: Untold, account_id: str, cause: MarkMeans, at: int) -> None:
        try:
            moved = await self._platform.read(untold_moves, moves)
        except Exception:
            log.exception("advances could not be looked up: whoever listens reads the state anew")
            self._platform.bus.start_over()
        else:
            self._platform.bus.publish([ReadEvent(account_id, one, cause, at) for one in moved])

    async def close(self) -> None:
        """Let what is under way end."""
        if self._under_way:
            await asyncio.wait(self._under_way)
