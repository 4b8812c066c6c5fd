"""Sends the marks that are due to LINE, each until it is confirmed or needs a person.

Several may run on one database: whoever claims a mark has it until the lease ends. What a process that died was
sending comes back when its lease ends, and is sent again where that is safe.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from kidoku.core.bucket import TokenBucket
from kidoku.desk.line.client import LineClient
from kidoku.desk.store.marks import (
    Attempt,
    Mark,
    claim_marks,
    finish_mark,
    next_moment,
    promote_marks,
    return_lost_marks,
)
from kidoku.desk.worker import Worker

if TYPE_CHECKING:
    from kidoku.desk.runtime import Desk

log = logging.getLogger(__name__)


class Marker(Worker):
    """The marks of all channels."""

    def __init__(self, desk: Desk, line: LineClient) -> None:
        super().__init__("kidoku-marker")
        self._desk = desk
        self._line = line
        self._under_way: set[asyncio.Task[None]] = set()
        self._buckets: dict[int, TokenBucket] = {}

    async def work(self) -> float | None:
        desk, config = self._desk, self._desk.config
        await desk.apply(promote_marks, desk.now)
        await desk.apply(return_lost_marks, desk.now, desk.random_unit())
        free = config.mark_concurrency - len(self._under_way)
        if free > 0:
            for mark in await desk.apply(claim_marks, desk.owner, desk.now, config.lease_ms, free):
                task = asyncio.create_task(self._send(mark))
                self._under_way.add(task)
                task.add_done_callback(self._sent)
        return await self._until_next()

    def _sent(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        self.wake()

    async def _until_next(self) -> float | None:
        """Seconds until there is something to do; while all places are taken, until one is free."""
        if len(self._under_way) >= self._desk.config.mark_concurrency:
            return None
        moment = await self._desk.read(next_moment)
        return None if moment is None else max(0.001, (moment - self._desk.now) / 1_000)

    async def _send(self, mark: Mark) -> None:
        """Send one mark and write down what became of it. One that can't be written down is left to its lease."""
        desk = self._desk
        try:
            channel = desk.directory.by_id[mark.channel_id]
            await self._turn(mark.channel_id)
            started = desk.now
            tried, request_id = await self._line.mark(
                channel.api_base_url, channel.access_token, mark.token, mark.peer_id
            )
            attempt = Attempt(started, desk.now - started, tried, request_id)
            ended = await desk.apply(finish_mark, mark, attempt, desk.now, desk.random_unit())
            if ended is not None:
                desk.counts.marks[ended] += 1
        except Exception:
            log.exception("mark %d could not be settled; its lease will end", mark.mark_id)

    async def _turn(self, channel_id: int) -> None:
        """Wait until the channel's rate lets another call pass."""
        rate = self._desk.config.mark_rate_per_s
        bucket = self._buckets.setdefault(channel_id, TokenBucket(rate, rate))
        await asyncio.sleep(bucket.reserve(self._desk.now) / 1_000)

    async def close(self) -> None:
        """Claim nothing more, and let what is under way end."""
        await super().close()
        if self._under_way:
            await asyncio.wait(self._under_way)
