"""The one thread that writes: group commit."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kidoku.storage.engine import BatchWrite, Done, DriverBatch, begin, tell_each
from kidoku.storage.handover import Handover
from kidoku.storage.sqlite import Link

if TYPE_CHECKING:
    import sqlalchemy as sa

log = logging.getLogger(__name__)

Batch = BatchWrite[Any, Any] | DriverBatch[Any, Any]
Outcome = Callable[[], None]
"""Tells those who wait; called on the loop."""


class Jobs:
    """Jobs of one kind: items of a hot write, or of None, store functions: callables of a connection. With each, whom
    to tell.
    """

    __slots__ = ("batch", "dones", "items")

    def __init__(self, batch: Batch | None) -> None:
        self.batch = batch
        self.items: list[Any] = []
        self.dones: list[Done[Any]] = []

    def __iter__(self) -> Iterator[tuple[Any, Done[Any]]]:
        return zip(self.items, self.dones, strict=True)

    def take_in(self, others: Jobs) -> None:
        self.items += others.items
        self.dones += others.dones

    def one(self, item: Any, done: Done[Any]) -> Jobs:
        """One of them by itself."""
        alone = Jobs(self.batch)
        alone.items.append(item)
        alone.dones.append(done)
        return alone


class Inbox:
    """Jobs that wait, by kind, kinds in order of arrival."""

    __slots__ = ("kinds", "number")

    def __init__(self) -> None:
        self.kinds: dict[Batch | None, Jobs] = {}
        self.number = 0

    def put(self, batch: Batch | None, item: Any, done: Done[Any]) -> None:
        jobs = self.kinds.get(batch)
        if jobs is None:
            jobs = self.kinds[batch] = Jobs(batch)
        jobs.items.append(item)
        jobs.dones.append(done)
        self.number += 1

    def meanwhile(self) -> None:
        """Once it was handed over, before another is: until then the writer adds nothing to it."""
        for batch, jobs in self.kinds.items():
            if isinstance(batch, DriverBatch) and batch.meanwhile is not None:
                batch.meanwhile(jobs.dones)

    def take_in(self, others: Inbox) -> None:
        """Add what came after."""
        for batch, jobs in others.kinds.items():
            if batch in self.kinds:
                self.kinds[batch].take_in(jobs)
            else:
                self.kinds[batch] = jobs
        self.number += others.number


class Writer(threading.Thread):
    """Takes all that waits, runs it in one transaction, commits, then tells the event loop."""

    def __init__(self, path: Path, loop: asyncio.AbstractEventLoop, prepare: Sequence[str]) -> None:
        super().__init__(name="kidoku-writer", daemon=True)
        self._link = Link(path, read_only=False)
        self._raw = self._link.driver
        for statement in prepare:
            self._raw.execute(statement)
        self._loop = loop
        self.handed: Handover[Inbox | None] = Handover()
        """What is to be written; None ends the thread."""
        self.commits = 0
        self.jobs = 0

    def run(self) -> None:
        while self._write_waiting():
            pass
        self._link.close()

    def _write_waiting(self) -> bool:
        """Write all that waits, once something does; False after the end. Holds on to nothing of it afterwards, so
        that what was answered is gone before the next is made in its place."""
        inbox = self.handed.take()
        if inbox is None:
            return False
        goes_on = True
        while goes_on and not self.handed.empty:
            more = self.handed.take()
            if more is None:
                goes_on = False
            else:
                inbox.take_in(more)
        self._tell(self._commit(list(inbox.kinds.values()), inbox.number))
        return goes_on

    def _tell(self, outcomes: list[Outcome]) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is gone: nobody waits any more
            self._loop.call_soon_threadsafe(deliver, outcomes)

    def _commit(self, kinds: list[Jobs], number: int) -> list[Outcome]:
        self.commits += 1
        self.jobs += number
        try:
            return self._transaction(kinds)
        except Exception as error:
            if number == 1:
                return [partial(kinds[0].dones[0], None, error)]
            log.warning("a commit of %d writes failed, retrying one by one: %s", number, error)
            return [
                outcome for jobs in kinds for job in jobs for outcome in self._commit([jobs.one(*job)], 1)
            ]

    def _transaction(self, kinds: list[Jobs]) -> list[Outcome]:
        try:
            outcomes = self._write(kinds)
            self._link.end("COMMIT")
        except BaseException:
            self._link.end("ROLLBACK")
            raise
        return outcomes

    def _write(self, kinds: list[Jobs]) -> list[Outcome]:
        """A batch that has the commit to itself needs no savepoint: they fail together and are retried apart."""
        jobs = kinds[0]
        batch = jobs.batch if len(kinds) == 1 else None
        if isinstance(batch, DriverBatch):
            return [partial(batch.tell, jobs.dones, batch.run(self._raw, jobs.items))]
        if not all(isinstance(jobs.batch, DriverBatch) for jobs in kinds):
            _ = self._link.conn
        begin(self._raw)
        if batch is not None:
            return [partial(tell_each, jobs.dones, batch(self._link.conn, jobs.items))]
        return [outcome for jobs in kinds for outcome in self._run(jobs)]

    def _run(self, jobs: Jobs) -> Iterator[Outcome]:
        batch = jobs.batch
        if batch is None:
            for call, done in jobs:
                yield self._alone(done, partial(self._call, call))
            return
        try:
            with self._savepoint():
                results = self._batch(batch, jobs.items)
        except Exception as error:
            log.warning("a batch of %d failed, retrying one by one: %s", len(jobs.items), error)
            for item, done in jobs:
                yield self._alone(done, partial(self._one, batch, item))
        else:
            yield partial(tell_each, jobs.dones, results)

    def _call(self, fn: Callable[[sa.Connection], Any]) -> Any:
        return fn(self._link.conn)

    def _batch(self, batch: Batch, items: list[Any]) -> Sequence[Any]:
        if isinstance(batch, DriverBatch):
            return batch.run(self._raw, items)
        return batch(self._link.conn, items)

    def _one(self, batch: Batch, item: Any) -> Any:
        return self._batch(batch, [item])[0]

    def _alone(self, done: Done[Any], call: Callable[[], Any]) -> Outcome:
        try:
            with self._savepoint():
                return partial(done, call(), None)
        except Exception as error:
            return partial(done, None, error)

    @contextlib.contextmanager
    def _savepoint(self) -> Iterator[None]:
        self._raw.execute("SAVEPOINT job")
        try:
            yield
        except BaseException:
            if self._raw.in_transaction:
                self._raw.execute("ROLLBACK TO job")
                self._raw.execute("RELEASE job")
            raise
        self._raw.execute("RELEASE job")


def deliver(outcomes: list[Outcome]) -> None:
    for tell in outcomes:
        try:
            tell()
        except Exception:
            log.exception("a callback after a commit failed")
