"""Sends the marks that are due to LINE, each until it is confirmed or needs a person.

Several may run on one database: whoever takes a mark has it until the lease ends. What a process that died was
sending comes back when its lease ends, and is sent again where that is safe.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from typing import Any, Protocol

from kidoku.core.pace import Pace
from kidoku.desk.directory import Directory
from kidoku.desk.line.client import LineClient
from kidoku.desk.store.change import Change
from kidoku.desk.store.finish_marks import Attempt, Finished
from kidoku.desk.store.marks import Mark
from kidoku.desk.store.take_marks import Taken, hasten_marks, take_marks
from kidoku.desk.worker import Worker
from kidoku.storage.engine import BatchWrite, Engine, P, StoreFunction, T

log = logging.getLogger(__name__)


class Pacing(Protocol):
    """What can be set about sending marks: see `DeskConfig`."""

    @property
    def mark_concurrency(self) -> int: ...
    @property
    def mark_rate_per_s(self) -> int: ...
    @property
    def lease_ms(self) -> int: ...


class Counted(Protocol):
    """How attempts to mark ended."""

    @property
    def marks(self) -> Counter[str]: ...


class Home(Protocol):
    """Where marks live: a desk, or the file of a bot that has none (`kidoku.marker`)."""

    @property
    def config(self) -> Pacing: ...
    @property
    def engine(self) -> Engine: ...
    @property
    def directory(self) -> Directory: ...
    @property
    def counts(self) -> Counted: ...
    @property
    def owner(self) -> str: ...
    @property
    def finish_marks(self) -> BatchWrite[Finished, Change[str | None]]: ...
    @property
    def now(self) -> int: ...
    def random_unit(self) -> float: ...
    async def apply(self, fn: StoreFunction[P, Change[T]], *args: P.args, **kwargs: P.kwargs) -> T: ...
    def committed(self, change: Change[Any]) -> None: ...


class Marker(Worker):
    """The marks of all channels."""

    def __init__(self, desk: Home, line: LineClient) -> None:
        super().__init__("kidoku-marker")
        self._desk = desk
        self._line = line
        self._under_way: set[asyncio.Task[None]] = set()
        self._paces: dict[int, Pace] = {}
        self._desks = 1

    def share(self, desks: int) -> None:
        """So many desks send marks from now on: the rate is LINE's for a channel, all of them together."""
        self._desks = desks
        for pace in self._paces.values():
            pace.change_rate(self._rate)

    @property
    def _rate(self) -> float:
        return self._desk.config.mark_rate_per_s / self._desks

    async def work(self) -> float | None:
        desk, config, now = self._desk, self._desk.config, self._desk.now
        free = config.mark_concurrency - len(self._under_way)
        room = {channel_id: self._pace(channel_id).room(now) for channel_id in desk.directory.by_id}
        taken = await desk.apply(take_marks, desk.owner, now, config.lease_ms, free, room, desk.random_unit())
        for mark in taken.marks:
            self._pace(mark.channel_id).begin(now, 1)
            task = asyncio.create_task(self._send(mark))
            self._under_way.add(task)
            task.add_done_callback(self._sent)
        return self._until_next(taken)

    def _pace(self, channel_id: int) -> Pace:
        pace = self._paces.get(channel_id)
        if pace is None:
            pace = self._paces[channel_id] = Pace(self._rate)
        return pace

    def _sent(self, task: asyncio.Task[None]) -> None:
        """Look for more once a few places are free: many marks are taken in one transaction, not each in its own."""
        self._under_way.discard(task)
        if len(self._under_way) <= self._desk.config.mark_concurrency * 3 // 4:
            self.wake()

    def _until_next(self, taken: Taken) -> float | None:
        """Seconds until there is something to do; None: when a mark that is under way has ended, or a new one comes."""
        now = self._desk.now
        moments = [] if taken.other_at is None else [taken.other_at]
        if len(self._under_way) < self._desk.config.mark_concurrency:
            for channel_id, at in taken.due.items():
                room_at = self._pace(channel_id).room_at(now)
                if room_at is not None:
                    moments.append(max(at, room_at))
        return max(0.0, (min(moments) - now) / 1_000) if moments else None

    async def _send(self, mark: Mark) -> None:
        """Send one mark and write down what became of it. One that can't be written down is left to its lease."""
        desk = self._desk
        try:
            channel = desk.directory.by_id[mark.channel_id]
            started = desk.now
            tried, request_id = await self._line.mark(
                channel.api_base_url, channel.access_token, mark.token, mark.peer_id
            )
            now, unit = desk.now, desk.random_unit()
            outage_is_over = self._pace(mark.channel_id).end(tried, now, unit)
            ended = await self._finish(
                Finished(mark, Attempt(started, now - started, tried, request_id), now, unit)
            )
            if ended is not None:
                desk.counts.marks[ended] += 1
            if outage_is_over:
                await desk.apply(hasten_marks, mark.channel_id, desk.now)
        except Exception:
            log.exception("mark %d could not be settled; its lease will end", mark.mark_id)

    async def _finish(self, finished: Finished) -> str | None:
        """Write it down, together with what others have to write down just now."""
        desk = self._desk
        ended: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()

        def done(change: Change[str | None] | None, error: BaseException | None) -> None:
            if change is None:
                ended.set_exception(error or RuntimeError("nothing was written"))
            else:
                desk.committed(change)
                ended.set_result(change.value)

        desk.engine.submit(desk.finish_marks, finished, done)
        return await ended

    async def close(self) -> None:
        """Take nothing more, and let what is under way end."""
        await super().close()
        if self._under_way:
            await asyncio.wait(self._under_way)
