"""Work in the background that stands in the database: done until there is none, then asleep until it is woken."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Mapping
from typing import Any

log = logging.getLogger(__name__)

TROUBLE_S = 1.0
"""Seconds before another try after something unforeseen."""


class Worker:
    """A task that calls `work` again and again. `work` gives the seconds to sleep, None for until it is woken."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._woken = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._stopping = False

    def start(self) -> None:
        """Begin. Inside a running event loop."""
        self._task = asyncio.create_task(self._run(), name=self._name)

    def wake(self) -> None:
        """There may be work."""
        self._woken.set()

    def heard(self, event: Mapping[str, Any]) -> None:
        """A live event has left that may mean work."""
        self.wake()

    async def work(self) -> float | None:
        """Do what there is to do."""
        raise NotImplementedError

    async def close(self) -> None:
        """Finish the piece of work in hand, and end."""
        self._stopping = True
        self.wake()
        if self._task is not None:
            await self._task

    async def _run(self) -> None:
        while not self._stopping:
            self._woken.clear()
            try:
                seconds = await self.work()
            except Exception:
                log.exception("%s failed and goes on", self._name)
                seconds = TROUBLE_S
            if not self._stopping and (seconds is None or seconds > 0):
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._woken.wait(), seconds)
