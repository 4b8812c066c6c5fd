"""Who sends next: deliveries in memory, in order per chat, with a fair share for every account.

Pure bookkeeping of one event loop; what is in the database and not here is `intake`'s business.

Policies [our decisions]:
- Within an account one delivery per chat is on its way, first attempts in order. Chats don't wait for each other.
- Accounts take turns. One account has at most three quarters of all places.
- Accounts whose endpoint is slow have half of all places between them, so that endpoints that only ever time out
  can't keep the others waiting.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Any

from kidoku.platform.store.change import Queued

SLOW_MS = 500.0
"""From this average on an endpoint is slow: one timeout is enough, a few quick answers make up for it."""
WEIGHT = 0.3


class Job:
    """A delivery in memory. `manual` is set when somebody waits for just this attempt."""

    __slots__ = ("chat", "lane", "manual", "placed", "row", "slow")

    def __init__(self, lane: Lane, row: Queued, manual: asyncio.Future[Any] | None = None) -> None:
        self.lane = lane
        self.row = row
        self.manual = manual
        self.placed = False
        self.slow = False
        # Events outside a chat have no order to keep: each is a chat of its own.
        self.chat = -row.delivery_id if row.chat_id is None else row.chat_id


class Lane:
    """One account's deliveries.

    `held` counts those in memory until they are settled. Ascending delivery IDs say what else there is: everything up
    to `read_to` has been in memory, `newest` is the newest in the table. `redeliveries` are the IDs of those in
    memory, `next_due` the time of the next one in the table. `failures` counts those that are being written down.
    """

    __slots__ = (
        "average_ms",
        "busy",
        "channel_id",
        "chats",
        "failures",
        "held",
        "in_turn",
        "more_due",
        "newest",
        "next_due",
        "places",
        "read_to",
        "ready",
        "redeliveries",
        "slow",
    )

    def __init__(self, channel_id: int) -> None:
        self.channel_id = channel_id
        self.chats: dict[int, deque[Job]] = {}
        self.busy: set[int] = set()
        self.ready: deque[int] = deque()
        self.failures = 0
        self.held = 0
        self.places = 0
        self.in_turn = False
        self.average_ms = 0.0
        self.slow = False
        self.read_to = 0
        self.newest = 0
        self.redeliveries: set[int] = set()
        self.next_due: int | None = None
        self.more_due = False

    @property
    def behind(self) -> bool:
        """Whether the table has first attempts that aren't in memory."""
        return self.newest > self.read_to

    @property
    def forgettable(self) -> bool:
        return not (self.held or self.behind or self.more_due or self.next_due is not None)

    def add(self, job: Job, *, first: bool = False) -> None:
        """Put a job behind its chat's others, or before them."""
        self.held += 1
        waiting = self.chats.get(job.chat)
        if waiting is None:
            self.chats[job.chat] = deque((job,))
            if job.chat not in self.busy:
                self.ready.append(job.chat)
        elif first:
            waiting.appendleft(job)
        else:
            waiting.append(job)

    def take(self) -> Job:
        """The next job; its chat is busy until `free`."""
        chat = self.ready.popleft()
        waiting = self.chats[chat]
        job = waiting.popleft()
        if not waiting:
            del self.chats[chat]
        self.busy.add(chat)
        self.places += 1
        job.placed = True
        return job

    def free(self, job: Job) -> None:
        """The job's request has ended: its chat's next may go."""
        job.placed = False
        self.places -= 1
        self.busy.discard(job.chat)
        if job.chat in self.chats:
            self.ready.append(job.chat)

    def took(self, ms: float) -> None:
        self.average_ms += WEIGHT * (ms - self.average_ms)
        self.slow = self.average_ms > SLOW_MS


class Schedule:
    """All lanes. `places` is how many requests may be on their way at once."""

    def __init__(self, places: int) -> None:
        self.lanes: dict[int, Lane] = {}
        self.held = 0
        self._most = max(1, places * 3 // 4)
        self._slow_places = max(1, places // 2)
        self._slow_taken = 0
        self._slow_lanes: set[Lane] = set()
        self._quick: deque[Lane] = deque()
        self._slow: deque[Lane] = deque()
        self._slow_turn = False

    @property
    def waiting(self) -> bool:
        """Whether `take` has a job."""
        return bool(self._quick) or self._slow_may_go

    def lane(self, channel_id: int) -> Lane:
        found = self.lanes.get(channel_id)
        if found is None:
            found = self.lanes[channel_id] = Lane(channel_id)
        return found

    def add(self, job: Job, *, first: bool = False) -> None:
        self.held += 1
        lane = job.lane
        lane.add(job, first=first)
        if lane.ready and not lane.in_turn:
            self._line_up(lane)

    def take(self) -> Job | None:
        """The next job that may start, slow and quick accounts by turns; None when there is none."""
        while self._quick and self._quick[0].slow:  # it became slow while it waited for its turn
            self._line_up_anew(self._quick.popleft())
        if self._slow_may_go and (self._slow_turn or not self._quick):
            self._slow_turn = False
            self._slow_taken += 1
            job = self._from(self._slow)
            job.slow = True
            return job
        self._slow_turn = True
        return self._from(self._quick) if self._quick else None

    def free(self, job: Job, ms: float | None) -> None:
        """The job's request has ended after `ms`; None when nothing was sent. Once is enough."""
        if not job.placed:
            return
        lane = job.lane
        lane.free(job)
        if job.slow:
            self._slow_taken -= 1
        if ms is not None:
            lane.took(ms)
        if lane.ready and not lane.in_turn:
            self._line_up(lane)

    def release(self, job: Job) -> None:
        """The job is settled: memory may forget it."""
        lane = job.lane
        self.held -= 1
        lane.held -= 1
        if lane.redeliveries and job.manual is None:
            lane.redeliveries.discard(job.row.delivery_id)
        if not lane.held:
            self._slow_lanes.discard(lane)

    def forget(self, lane: Lane) -> None:
        """Drop a lane of which nothing has to be remembered."""
        if lane.forgettable:
            self.lanes.pop(lane.channel_id, None)

    @property
    def _slow_may_go(self) -> bool:
        return bool(self._slow) and self._slow_taken < self._slow_places

    def _line_up(self, lane: Lane) -> None:
        if not lane.slow:
            if lane.places < self._most:
                lane.in_turn = True
                self._quick.append(lane)
        elif lane.places < self._slow_share(lane):
            lane.in_turn = True
            self._slow.append(lane)

    def _line_up_anew(self, lane: Lane) -> None:
        lane.in_turn = False
        if lane.ready:
            self._line_up(lane)

    def _slow_share(self, lane: Lane) -> int:
        self._slow_lanes.add(lane)
        return max(1, self._slow_places // len(self._slow_lanes))

    def _from(self, turn: deque[Lane]) -> Job:
        lane = turn.popleft()
        job = lane.take()
        self._line_up_anew(lane)
        return job
