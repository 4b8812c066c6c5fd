"""Writing down what became of deliveries, in batches, and telling it once that is on disk."""

from __future__ import annotations

import asyncio
import functools
import logging
import random
from collections.abc import Callable
from typing import TYPE_CHECKING

from kidoku.platform.store.account import Account
from kidoku.platform.store.settle import Settled, Settlement, Stop, settle, stop
from kidoku.platform.webhooks.attempt import Attempt, settlement
from kidoku.platform.webhooks.intake import Intake
from kidoku.platform.webhooks.live import DeliveryEvent
from kidoku.platform.webhooks.outcome import Outcome, Stopped
from kidoku.platform.webhooks.schedule import Job

if TYPE_CHECKING:
    from kidoku.platform.runtime import Platform

log = logging.getLogger(__name__)

FEW = 8
"""With no more requests than this on their way, an outcome is written down at once."""
LUMP = 256
LUMP_S = 0.04
"""With more, outcomes wait this long for others, or until there are LUMP of them: fewer and larger commits."""
AGAIN_S = 1.0


class Ledger:
    """`finished` is called with a job once it is written down, and the number of its attempt if it had one."""

    def __init__(
        self, platform: Platform, intake: Intake, finished: Callable[[Job, int | None], None]
    ) -> None:
        self._platform = platform
        self._intake = intake
        self._finished = finished
        self._ended: list[tuple[Job, Settlement]] = []
        self._timer: asyncio.TimerHandle | None = None
        self._closing = False

    def settle(
        self, job: Job, account: Account, attempt: Attempt, outcome: Outcome, duration_us: int, busy: int
    ) -> None:
        """Write an attempt down. `busy` is how many requests are on their way."""
        account = self._platform.directory.by_channel.get(job.row.channel_id, account)
        lane = job.lane
        was_failing = account.failing_since is not None or lane.failures > 0
        if not outcome.ok:
            lane.failures += 1
        item = settlement(
            attempt,
            outcome,
            account,
            self._platform.config,
            duration_us,
            self._platform.clock.now(),
            random.random(),  # noqa: S311 - spreads load
            was_failing,
        )
        self._platform.counts.deliveries[outcome.reason or "ok"] += 1
        self._ended.append((job, item))
        if busy <= FEW or len(self._ended) >= LUMP:
            self._hand_over()
        elif self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(LUMP_S, self._hand_over)

    def stop(self, job: Job, account: Account, why: Stopped) -> None:
        """End a delivery that the settings no longer want, without an attempt."""
        state = "failed" if job.row.attempts else "skipped"
        item = Stop(job.row.channel_id, job.row.delivery_id, state, why, self._platform.clock.now())
        self._platform.engine.submit(stop, item, functools.partial(self._stopped, job, account, item))

    async def close(self) -> None:
        """Wait until everything is on disk. What can't be written is left to the next start."""
        self._closing = True
        self._hand_over()
        # The writer keeps order: once this is through, all before it is.
        await self._platform.engine.write(lambda _: None)

    def _hand_over(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        ended, self._ended = self._ended, []
        for job, item in ended:
            self._write(job, item)

    def _write(self, job: Job, item: Settlement) -> None:
        self._platform.engine.submit(settle, item, functools.partial(self._settled, job, item))

    def _settled(self, job: Job, item: Settlement, done: Settled | None, error: BaseException | None) -> None:
        if done is None:
            # The row still says that it waits, which is what a next start goes by.
            log.error("an attempt of delivery %s could not be written down: %s", item.delivery_id, error)
            if self._closing:
                self._finished(job, None)
            else:
                asyncio.get_running_loop().call_later(AGAIN_S, self._write, job, item)
            return
        if done.account is not None:
            self._platform.committed(done.account)
        if item.reason is not None:
            job.lane.failures -= 1
        if done.state == "retrying":
            self._intake.postponed(job.lane, item.due_at)
        account = self._platform.directory.by_channel.get(item.channel_id)
        if account is not None:
            event = DeliveryEvent(account, job.row.body, item, done.attempt, done.state)
            self._platform.bus.publish((event,))
        self._finished(job, done.attempt)

    def _stopped(self, job: Job, account: Account, item: Stop, _: None, error: BaseException | None) -> None:
        if error is not None:
            log.error("delivery %s could not be ended: %s", item.delivery_id, error)
        else:
            event = DeliveryEvent(account, job.row.body, item, job.row.attempts, item.state)
            self._platform.bus.publish((event,))
        self._finished(job, None)
