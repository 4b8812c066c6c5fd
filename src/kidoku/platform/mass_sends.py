"""Multicasts and broadcasts under way: part after part, and what an earlier run left over."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from kidoku.http.preload import preload

if TYPE_CHECKING:
    from kidoku.platform.runtime import Platform

log = logging.getLogger(__name__)


async def finish_mass_send(platform: Platform, channel_id: int, send_id: int) -> None:
    """Deliver what is left of an accepted send; other writes go between its parts."""
    from kidoku.platform.store.mass_send import continue_mass_send

    while await platform.apply(continue_mass_send, channel_id, send_id, platform.env()):
        pass


class MassSends:
    """What the last run accepted and could not finish, delivered in the background of this one."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Take up what was left over. Inside a running event loop."""
        self._task = asyncio.create_task(self._run(), name="kidoku-mass-sends")

    async def done(self) -> None:
        """Wait until nothing is left over."""
        if self._task is not None:
            await self._task

    async def close(self) -> None:
        """Stop after the part under way; the next run takes it up from there."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    async def _run(self) -> None:
        await preload("kidoku.platform.store.mass_send")
        from kidoku.platform.store.mass_send import unfinished_mass_sends

        for channel_id, send_id in await self._platform.read(unfinished_mass_sends):
            try:
                await finish_mass_send(self._platform, channel_id, send_id)
            except Exception:
                log.exception("a send to many could not be finished; the next start tries again")
