"""The one thread that writes: group commit."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kidoku.storage.engine import BatchWrite, Done, DriverBatch, begin, tell_each
from kidoku.storage.sqlite import Link

if TYPE_CHECKING:
    import sqlalchemy as sa

log = logging.getLogger(__name__)

Batch = BatchWrite[Any, Any] | DriverBatch[Any, Any]
Job = tuple[Batch | None, Any, Done[Any]]
"""(batch, item, done) for a hot write; (None, callable of a connection, done) for a store function."""
Outcome = Callable[[], None]
"""Tells those who wait; called on the loop."""


class Writer(threading.Thread):
    """Takes all that waits, runs it in one transaction, commits, then tells the event loop."""

    def __init__(self, path: Path, loop: asyncio.AbstractEventLoop, prepare: Sequence[str]) -> None:
        super().__init__(name="kidoku-writer", daemon=True)
        self._link = Link(path, read_only=False)
        self._raw = self._link.driver
        for statement in prepare:
            self._raw.execute(statement)
        self._loop = loop
        self.queue: queue.SimpleQueue[list[Job] | None] = queue.SimpleQueue()
        self.commits = 0
        self.jobs = 0

    def run(self) -> None:
        closing = False
        while not closing:
            waiting = [self.queue.get()]
            with contextlib.suppress(queue.Empty):
                while True:
                    waiting.append(self.queue.get_nowait())
            closing = None in waiting
            jobs = [job for jobs in waiting if jobs is not None for job in jobs]
            if jobs:
                self._tell(self._commit(jobs))
        self._link.close()

    def _tell(self, outcomes: list[Outcome]) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is gone: nobody waits any more
            self._loop.call_soon_threadsafe(deliver, outcomes)

    def _commit(self, jobs: list[Job]) -> list[Outcome]:
        self.commits += 1
        self.jobs += len(jobs)
        try:
            return self._transaction(jobs)
        except Exception as error:
            if len(jobs) == 1:
                return [partial(jobs[0][2], None, error)]
            log.warning("a commit of %d writes failed, retrying one by one: %s", len(jobs), error)
            return [outcome for job in jobs for outcome in self._commit([job])]

    def _transaction(self, jobs: list[Job]) -> list[Outcome]:
        kinds = by_kind(jobs)
        only = kinds[0][0] if len(kinds) == 1 else None
        if not all(isinstance(batch, DriverBatch) for batch, _ in kinds):
            _ = self._link.conn
        try:
            if not isinstance(only, DriverBatch):
                begin(self._raw)
            if only is not None:
                outcomes = self._whole(only, jobs)
            else:
                outcomes = [outcome for kind in kinds for outcome in self._run(*kind)]
            self._link.end("COMMIT")
        except BaseException:
            self._link.end("ROLLBACK")
            raise
        return outcomes

    def _whole(self, batch: Batch, jobs: list[Job]) -> list[Outcome]:
        """A batch that has the commit to itself needs no savepoint: they fail together and are retried apart."""
        results = self._batch(batch, [job[1] for job in jobs])
        tell = batch.tell if isinstance(batch, DriverBatch) else tell_each
        return [partial(tell, [job[2] for job in jobs], results)]

    def _run(self, batch: Batch | None, jobs: list[Job]) -> Iterator[Outcome]:
        if batch is None:
            for _, call, done in jobs:
                yield self._alone(done, partial(self._call, call))
            return
        try:
            with self._savepoint():
                results = self._batch(batch, [job[1] for job in jobs])
        except Exception as error:
            log.warning("a batch of %d failed, retrying one by one: %s", len(jobs), error)
            for _, item, done in jobs:
                yield self._alone(done, partial(self._one, batch, item))
        else:
            yield partial(tell_each, [job[2] for job in jobs], results)

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


def by_kind(jobs: list[Job]) -> list[tuple[Batch | None, list[Job]]]:
    """Group jobs by their batch, store functions together, kinds in order of arrival."""
    if all(job[0] is jobs[0][0] for job in jobs):
        return [(jobs[0][0], jobs)]
    kinds: dict[int, tuple[Batch | None, list[Job]]] = {}
    for job in jobs:
        kinds.setdefault(id(job[0]), (job[0], []))[1].append(job)
    return list(kinds.values())


def deliver(outcomes: list[Outcome]) -> None:
    for tell in outcomes:
        try:
            tell()
        except Exception:
            log.exception("a callback after a commit failed")
