"""Which deliveries are in memory: what commits bring, and pages of the table when there is more than memory takes.

A million waiting deliveries cost no more memory than a few thousand: each account has a window, and what doesn't fit
stays where it is, in the table, until there is room. Times come from the platform's clock.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from kidoku.platform.store.change import Queued
from kidoku.platform.store.open_deliveries import due_page, open_channels, pending_page
from kidoku.platform.webhooks.schedule import Job, Lane, Schedule

if TYPE_CHECKING:
    from kidoku.platform.runtime import Platform

log = logging.getLogger(__name__)

LANE_ROWS = 512
"""Deliveries of one account in memory."""
ALL_ROWS = 8_192
"""Deliveries in memory, all accounts together. Past it an account gets only a few at a time."""
FEW_ROWS = 4
DUE_ROWS = 32
"""Redeliveries of one account in memory, so that old failures don't fill an account's window."""
PATIENCE_S = 5.0
"""Longest time between two looks for redeliveries whose account no longer wants them."""
AGAIN_S = 1.0
FAR = 1 << 62


class Intake:
    """Keeps the schedule filled. `wake` is called when it has got something."""

    def __init__(self, platform: Platform, schedule: Schedule, wake: Callable[[], None]) -> None:
        self._platform = platform
        self._schedule = schedule
        self._wake = wake
        self._resumed = asyncio.Event()
        self._wanting: deque[Lane] = deque()
        self._wanted: set[Lane] = set()
        self._postponed: set[Lane] = set()
        self._called = asyncio.Event()

    @property
    def busy(self) -> bool:
        """Whether something is on its way from the table into memory."""
        return bool(self._wanted) or not self._resumed.is_set()

    def enqueue(self, queued: Iterable[Queued]) -> None:
        """Take what a commit has put into the table, in the order of the commits."""
        for row in queued:
            lane = self._schedule.lane(row.channel_id)
            in_step = self._resumed.is_set() and not lane.behind
            lane.newest = max(lane.newest, row.delivery_id)
            if not lane.behind:
                continue  # a page of the table was quicker
            if in_step and lane.held < self._room():
                lane.read_to = row.delivery_id
                self._schedule.add(Job(lane, row))
            elif self._hungry(lane):
                self._want(lane)
        self._wake()

    async def run(self) -> None:
        """Resume what an earlier run left, then bring in what fits and what is due. Ends when cancelled."""
        await self._resume()
        while True:
            await self._fill_wanting()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._called.wait(), self._patience_s())
            self._called.clear()
            self._look()

    async def tick(self) -> None:
        """Bring in now what is due by the platform's clock."""
        await self._resumed.wait()
        self._look()
        await self._fill_wanting()

    def postponed(self, lane: Lane, due_at: int) -> None:
        """A redelivery has been written that is due at `due_at`."""
        if lane.next_due is None or due_at < lane.next_due:
            self._expect(lane, due_at)
            self._called.set()

    def released(self, job: Job) -> None:
        """A delivery has left memory: there may be room for more of its account."""
        lane = job.lane
        self._schedule.release(job)
        if self._hungry(lane) or (lane.more_due and len(lane.redeliveries) <= DUE_ROWS // 2):
            self._want(lane)
        elif lane not in self._wanted:
            self._schedule.forget(lane)

    async def _resume(self) -> None:
        for found in await self._platform.read(open_channels):
            lane = self._schedule.lane(found.channel_id)
            lane.newest = max(lane.newest, found.newest_pending or 0)
            self._expect(lane, found.next_due)
        for lane in self._schedule.lanes.values():
            if lane.behind:
                self._want(lane)
        self._look()
        self._resumed.set()

    def _look(self) -> None:
        """Note the accounts with redeliveries that are due, or that they no longer want."""
        now = self._platform.clock.now()
        for lane in self._postponed:
            if self._due(lane, now):
                self._want(lane)

    def _due(self, lane: Lane, now: int) -> bool:
        return lane.next_due is not None and (lane.next_due <= now or not self._redelivers(lane))

    def _hungry(self, lane: Lane) -> bool:
        return lane.behind and lane.held <= self._room() // 2 and self._resumed.is_set()

    def _want(self, lane: Lane) -> None:
        if lane not in self._wanted:
            self._wanted.add(lane)
            self._wanting.append(lane)
            self._called.set()

    async def _fill_wanting(self) -> None:
        while self._wanting:
            lane = self._wanting.popleft()
            try:
                await self._fill(lane)
            except Exception:
                log.exception("reading the deliveries of channel %s failed, trying again", lane.channel_id)
                await asyncio.sleep(AGAIN_S)
                self._wanting.append(lane)
                continue
            self._wanted.discard(lane)
            if self._hungry(lane):  # grew while it was read
                self._want(lane)
            else:
                self._schedule.forget(lane)
        self._wake()

    async def _fill(self, lane: Lane) -> None:
        if lane.channel_id not in self._platform.directory.by_channel:
            return self._give_up(lane)
        if lane.behind and (room := self._room() - lane.held) > 0:
            await self._fill_pending(lane, room)
        if lane.more_due or self._due(lane, self._platform.clock.now()):
            await self._fill_due(lane)
        return self._wake()

    async def _fill_pending(self, lane: Lane, room: int) -> None:
        known = lane.newest
        rows = await self._platform.read(pending_page, lane.channel_id, lane.read_to, room)
        for row in rows:
            lane.read_to = row.delivery_id
            self._schedule.add(Job(lane, row))
        if len(rows) < room:  # the page held all there was, up to what was known when it was read
            lane.read_to = max(lane.read_to, known)
            lane.newest = max(lane.newest, lane.read_to)

    async def _fill_due(self, lane: Lane) -> None:
        room = DUE_ROWS - len(lane.redeliveries)
        lane.more_due = True
        self._expect(lane, None)
        if room <= 0:
            return
        until = self._platform.clock.now() if self._redelivers(lane) else FAR
        # Those in memory are still due in the table and come with the page, even if they settle meanwhile.
        known = set(lane.redeliveries)
        due = await self._platform.read(due_page, lane.channel_id, until, DUE_ROWS + 1)
        lane.more_due = len(due.rows) > DUE_ROWS
        if due.next_due is not None:
            self.postponed(lane, due.next_due)
        fresh = [row for row in due.rows if row.delivery_id not in known]
        for row in fresh[:room]:
            lane.redeliveries.add(row.delivery_id)
            self._schedule.add(Job(lane, row))

    def _give_up(self, lane: Lane) -> None:
        """The account is gone, and its deliveries with it."""
        lane.read_to = lane.newest
        lane.more_due = False
        self._expect(lane, None)

    def _expect(self, lane: Lane, due_at: int | None) -> None:
        lane.next_due = due_at
        if due_at is None:
            self._postponed.discard(lane)
        else:
            self._postponed.add(lane)

    def _room(self) -> int:
        """Rows that one account may have in memory now."""
        return LANE_ROWS if self._schedule.held < ALL_ROWS else FEW_ROWS

    def _redelivers(self, lane: Lane) -> bool:
        account = self._platform.directory.by_channel.get(lane.channel_id)
        return account is not None and account.settings.redelivery

    def _patience_s(self) -> float | None:
        if self._wanting:
            return 0
        due = [lane.next_due for lane in self._postponed if lane.next_due is not None]
        if not due:
            return None
        return min(max((min(due) - self._platform.clock.now()) / 1_000, 0.01), PATIENCE_S)
