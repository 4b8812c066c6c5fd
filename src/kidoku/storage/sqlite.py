"""SQLite: one writer thread with group commit, a few reader threads, one process per file.

WAL with `synchronous=FULL`: a commit that was answered survives the loss of power.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import logging
import queue
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import IO, Any, cast

import sqlalchemy as sa

from kidoku.storage.engine import BatchWrite, DatabaseUnusable, Done, P, R, StoreFunction, T

log = logging.getLogger(__name__)

READERS = 2
CACHE_KIB = 65_536

Job = tuple[BatchWrite[Any, Any] | None, Any, Done[Any]]
"""(batch, item, done) for a hot write; (None, callable of a connection, done) for a store function."""
Outcome = tuple[Done[Any], Any, BaseException | None]


def lock_file(path: Path) -> IO[str]:
    """Take the lock that makes this process the only writer. Raises DatabaseUnusable when another one has it."""
    handle = path.open("w")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        handle.close()
        raise DatabaseUnusable(
            f"{path.parent} is in use by another Kidoku process",
            "stop that process, or start this one with another --data folder",
        ) from error
    return handle


def sql_engine(path: Path, *, read_only: bool) -> sa.Engine:
    """A SQLAlchemy engine whose connections leave transactions to us."""
    engine = sa.create_engine(
        f"sqlite:///{path}", poolclass=sa.NullPool, connect_args={"check_same_thread": False, "timeout": 30}
    )

    @sa.event.listens_for(engine, "connect")
    def on_connect(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        cursor.execute("PRAGMA temp_store = MEMORY")
        if read_only:
            cursor.execute("PRAGMA query_only = ON")
        cursor.close()

    return engine


def raw(conn: sa.Connection) -> sqlite3.Connection:
    """The driver's own connection, for the few hot statements."""
    return cast("sqlite3.Connection", conn.connection.driver_connection)


class Writer(threading.Thread):
    """Takes all that waits, runs it in one transaction, commits, then tells the event loop."""

    def __init__(self, path: Path, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(name="kidoku-writer", daemon=True)
        self._engine = sql_engine(path, read_only=False)
        self._conn = self._engine.connect()
        self._raw = raw(self._conn)
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
        self._conn.close()
        self._engine.dispose()

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
                return [(jobs[0][2], None, error)]
            log.warning("a commit of %d writes failed, retrying one by one: %s", len(jobs), error)
            return [outcome for job in jobs for outcome in self._commit([job])]

    def _transaction(self, jobs: list[Job]) -> list[Outcome]:
        self._raw.execute("BEGIN IMMEDIATE")
        try:
            outcomes = [outcome for kind in by_kind(jobs) for outcome in self._run(*kind)]
            self._conn.commit()
            if self._raw.in_transaction:
                self._raw.execute("COMMIT")
        except BaseException:
            self._conn.rollback()
            if self._raw.in_transaction:
                self._raw.execute("ROLLBACK")
            raise
        return outcomes

    def _run(self, batch: BatchWrite[Any, Any] | None, jobs: list[Job]) -> Iterator[Outcome]:
        if batch is None:
            for _, call, done in jobs:
                yield self._alone(done, partial(call, self._conn))
            return
        try:
            with self._savepoint():
                results = batch(self._conn, [job[1] for job in jobs])
        except Exception as error:
            log.warning("a batch of %d failed, retrying one by one: %s", len(jobs), error)
            for _, item, done in jobs:
                yield self._alone(done, partial(run_single, batch, self._conn, item))
        else:
            for job, result in zip(jobs, results, strict=True):
                yield job[2], result, None

    def _alone(self, done: Done[Any], call: Callable[[], Any]) -> Outcome:
        try:
            with self._savepoint():
                return done, call(), None
        except Exception as error:
            return done, None, error

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


def run_single(batch: BatchWrite[Any, R], conn: sa.Connection, item: Any) -> R:
    return batch(conn, [item])[0]


def by_kind(jobs: list[Job]) -> list[tuple[BatchWrite[Any, Any] | None, list[Job]]]:
    """Group jobs by their batch, store functions together, kinds in order of arrival."""
    if all(job[0] is jobs[0][0] for job in jobs):
        return [(jobs[0][0], jobs)]
    kinds: dict[int, tuple[BatchWrite[Any, Any] | None, list[Job]]] = {}
    for job in jobs:
        kinds.setdefault(id(job[0]), (job[0], []))[1].append(job)
    return list(kinds.values())


def deliver(outcomes: list[Outcome]) -> None:
    for done, result, error in outcomes:
        try:
            done(result, error)
        except Exception:
            log.exception("a callback after a commit failed")


class SqliteEngine:
    """The embedded engine. Create it with `open`, inside a running event loop."""

    def __init__(self, path: Path, lock: IO[str]) -> None:
        self._loop = asyncio.get_running_loop()
        self._lock = lock
        self._inbox: list[Job] = []
        self._closed = False
        self._writer = Writer(path, self._loop)
        self._writer.start()
        self._reading = sql_engine(path, read_only=True)
        self._local = threading.local()
        self._connections: list[sa.Connection] = []
        self._readers = ThreadPoolExecutor(READERS, "kidoku-reader", initializer=self._open_reader)

    @classmethod
    def open(cls, path: Path, lock: IO[str]) -> SqliteEngine:
        """Open a migrated database. `lock` is from `lock_file`; the engine gives it back when it closes."""
        return cls(path, lock)

    @property
    def commits(self) -> int:
        return self._writer.commits

    @property
    def writes(self) -> int:
        return self._writer.jobs

    async def read(self, fn: StoreFunction[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        return await self._loop.run_in_executor(
            self._readers, lambda: self._read(lambda c: fn(c, *args, **kwargs))
        )

    async def write(self, fn: StoreFunction[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        return await self._write(lambda conn: fn(conn, *args, **kwargs), None)

    async def write_then(
        self, after: Callable[[T], None], fn: StoreFunction[P, T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        return await self._write(lambda conn: fn(conn, *args, **kwargs), after)

    async def _write(self, call: Callable[[sa.Connection], T], after: Callable[[T], None] | None) -> T:
        future: asyncio.Future[T] = self._loop.create_future()

        def done(result: T | None, error: BaseException | None) -> None:
            if error is None and after is not None:
                after(cast("T", result))
            if future.done():  # the caller went away; the write stands
                return
            if error is None:
                future.set_result(cast("T", result))
            else:
                future.set_exception(error)

        self._queue((None, call, done))
        return await future

    def submit(self, batch: BatchWrite[Any, R], item: Any, done: Done[R]) -> None:
        self._queue((batch, item, done))

    async def close(self) -> None:
        if self._closed:
            return
        self._hand_over()
        self._closed = True
        self._writer.queue.put(None)
        await self._loop.run_in_executor(None, self._writer.join)
        await self._loop.run_in_executor(None, self._readers.shutdown)
        for connection in self._connections:
            connection.close()
        self._reading.dispose()
        self._lock.close()

    def _queue(self, job: Job) -> None:
        if self._closed:
            job[2](None, RuntimeError("the database is closed"))
            return
        if not self._inbox:
            # All that this turn of the loop accepts goes over at once: larger batches, fewer thread switches.
            self._loop.call_soon(self._hand_over)
        self._inbox.append(job)

    def _hand_over(self) -> None:
        if self._inbox:
            self._writer.queue.put(self._inbox)
            self._inbox = []

    def _open_reader(self) -> None:
        self._local.conn = self._reading.connect()
        self._connections.append(self._local.conn)

    def _read(self, fn: Callable[[sa.Connection], T]) -> T:
        conn: sa.Connection = self._local.conn
        driver = raw(conn)
        driver.execute("BEGIN")
        try:
            return fn(conn)
        finally:
            conn.rollback()
            if driver.in_transaction:
                driver.execute("ROLLBACK")
