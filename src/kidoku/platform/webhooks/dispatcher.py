"""Sending webhooks: takes what commits have put into the outbox, sends it as LINE does, writes down what became of it.

At least once: an attempt whose outcome isn't on disk when the process ends is made again by the next one, with the
same event IDs. Settings are read when an attempt begins: a new endpoint or secret holds from the next attempt on.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import logging
import time
from typing import TYPE_CHECKING, Any

from kidoku.platform.store.account import Account
from kidoku.platform.store.change import Queued
from kidoku.platform.store.deliveries import AttemptView, attempt_view, queued_row
from kidoku.platform.store.reply_windows import open_windows
from kidoku.platform.webhooks.attempt import Attempt, prepare, reply_windows, stopped
from kidoku.platform.webhooks.client import WebhookClient
from kidoku.platform.webhooks.housekeeping import Housekeeping
from kidoku.platform.webhooks.intake import Intake
from kidoku.platform.webhooks.ledger import Ledger
from kidoku.platform.webhooks.schedule import Job, Schedule
from kidoku.platform.webhooks.verify import TestResult, verify
from kidoku.storage.refused import Missing, Refused

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from kidoku.platform.runtime import Platform

log = logging.getLogger(__name__)

LATE_MS = 5_000
"""A first attempt that leaves this long after its event gets its reply token's minute anew [our decision]."""


class Dispatcher:
    """A pool of workers over a schedule. One event loop; `start` it once, end it with `close`."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._client = WebhookClient(platform.config)
        self._schedule = Schedule(platform.config.webhook_concurrency)
        self._intake = Intake(platform, self._schedule, self._wake)
        self._ledger = Ledger(platform, self._intake, self._finish)
        self._workers: set[asyncio.Task[None]] = set()
        self._resting: list[asyncio.Future[None]] = []
        self._background: list[asyncio.Task[None]] = []
        self._waiting_for_idle: list[asyncio.Future[None]] = []
        self._callers: set[asyncio.Future[int]] = set()
        self._closing = False
        self._housekeeping = Housekeeping(platform)

    @property
    def held(self) -> int:
        """Deliveries in memory: waiting, on their way, or not written down yet."""
        return self._schedule.held

    def start(self) -> None:
        """Take every commit's deliveries from now on, and what an earlier run left."""
        self._platform.on_deliveries = self.enqueue
        self._spawn(self._intake.run())
        self._spawn(self._housekeeping.run())

    def enqueue(self, queued: list[Queued]) -> None:
        """Take up what a commit has put into the outbox."""
        if not self._closing:
            self._intake.enqueue(queued)

    async def tick(self) -> None:
        """Look at the platform's clock now: what has become due leaves. For whoever moves the clock."""
        await self._intake.tick()

    async def idle(self) -> None:
        """Wait until nothing is left that could leave now, and everything that left is written down."""
        while self._schedule.held or self._intake.busy:
            waiter = asyncio.get_running_loop().create_future()
            self._waiting_for_idle.append(waiter)
            await waiter

    async def close(self) -> None:
        """Stop taking new ones, let those on their way finish within the grace period, write them down."""
        if self._closing:
            return
        self._closing = True
        await cancelled(self._background)
        self._wake_all()
        if self._workers:
            await asyncio.wait(self._workers, timeout=self._platform.config.shutdown_grace_ms / 1_000)
        await cancelled(list(self._workers))
        for waiter in self._callers:
            waiter.cancel()
        await self._ledger.close()
        await self._client.close()

    async def redeliver(self, channel_id: int, delivery_id: int) -> AttemptView:
        """Send a delivery again, marked as a redelivery, and wait for the outcome.

        Takes its turn like every delivery. Raises Missing for an unknown delivery, Refused for one that is still
        waiting for its first attempt, and when the account has no endpoint or doesn't use webhooks.
        """
        row = await self._platform.read(queued_row, channel_id, delivery_id)
        self._endpoint(channel_id)
        outcome: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._callers.add(outcome)
        outcome.add_done_callback(self._callers.discard)
        self._schedule.add(Job(self._schedule.lane(channel_id), row, outcome), first=True)
        self._wake()
        return await self._platform.read(attempt_view, channel_id, delivery_id, await outcome)

    async def test_endpoint(self, url: str, account: Account) -> TestResult:
        """Verify an endpoint: a signed request without events, not counted anywhere."""
        return await verify(self._platform, self._client, url, account)

    async def prune(self) -> int:
        """Delete what is older than the settings keep; how many rows that was."""
        return await self._housekeeping.prune()

    # -- workers

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        self._background.append(asyncio.get_running_loop().create_task(work))

    def _wake(self) -> None:
        """Let one more worker look for a job; it wakes the next one if there are more."""
        if self._closing or not self._schedule.waiting:
            self._tell_idle()
        elif self._resting:
            self._resting.pop().set_result(None)
        elif len(self._workers) < self._platform.config.webhook_concurrency:
            worker = asyncio.get_running_loop().create_task(self._work())
            self._workers.add(worker)
            worker.add_done_callback(self._workers.discard)

    def _wake_all(self) -> None:
        for waiter in self._resting:
            waiter.set_result(None)
        self._resting.clear()

    async def _work(self) -> None:
        while not self._closing:
            job = self._schedule.take()
            if job is None:
                waiter = asyncio.get_running_loop().create_future()
                self._resting.append(waiter)
                await waiter
                continue
            if self._schedule.waiting:
                self._wake()
            try:
                await self._deliver(job)
            except Exception as error:
                log.exception("delivery %s failed inside the platform", job.row.delivery_id)
                self._drop(job, error)

    async def _deliver(self, job: Job) -> None:
        account = self._platform.directory.by_channel.get(job.row.channel_id)
        if account is None:
            return self._drop(job, Missing("account_not_found", "There is no such Official Account."))
        why = stopped(account, job.row) if job.manual is None else None
        if why is not None:
            self._schedule.free(job, None)
            return self._ledger.stop(job, account, why)
        url = account.settings.webhook or self._endpoint(account.channel_id)
        attempt = prepare(job.row, account, url, self._platform.clock.now(), job.manual is not None)
        if attempt.redelivery or attempt.started_at - job.row.due_at > LATE_MS:
            await self._open_windows(attempt)
        begun = time.perf_counter_ns()
        outcome = await self._client.post(url, attempt.body, attempt.headers)
        duration_us = (time.perf_counter_ns() - begun) // 1_000
        self._schedule.free(job, duration_us / 1_000)
        self._ledger.settle(
            job, account, attempt, outcome, duration_us, len(self._workers) - len(self._resting)
        )
        return None

    def _endpoint(self, channel_id: int) -> str:
        """The endpoint for a manual attempt. Raises Refused where LINE wouldn't send either."""
        account = self._platform.directory.by_channel.get(channel_id)
        if account is None:
            raise Missing("account_not_found", "There is no such Official Account.")
        if account.settings.webhook is None:
            raise Refused(
                "no_endpoint", "The account has no webhook URL.", "Set one in its Messaging API settings."
            )
        if not account.settings.use_webhook:
            raise Refused("webhook_off", "The account doesn't use webhooks.", "Turn Use webhook on.")
        return account.settings.webhook

    async def _open_windows(self, attempt: Attempt) -> None:
        """A bot may use its reply token before it answers, so the window opens before the request leaves."""
        windows = reply_windows(attempt)
        if windows:
            opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._platform.engine.submit(open_windows, windows, functools.partial(resolve, opened))
            await opened

    def _drop(self, job: Job, error: BaseException) -> None:
        self._schedule.free(job, None)
        if job.manual is not None and not job.manual.done():
            job.manual.set_exception(error)
        self._finish(job, None)

    def _finish(self, job: Job, attempt: int | None) -> None:
        if job.manual is not None and not job.manual.done():
            job.manual.set_result(attempt)
        self._intake.released(job)
        self._tell_idle()

    def _tell_idle(self) -> None:
        if self._waiting_for_idle and not self._schedule.held and not self._intake.busy:
            for waiter in self._waiting_for_idle:
                resolve(waiter, None, None)
            self._waiting_for_idle.clear()


def resolve(future: asyncio.Future[None], result: None, error: BaseException | None) -> None:
    if future.done():
        return
    if error is None:
        future.set_result(result)
    else:
        future.set_exception(error)


async def cancelled(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await asyncio.gather(*tasks, return_exceptions=True)
