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
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, cast

from kidoku.storage.engine import BatchWrite, DatabaseUnusable, Done, DriverBatch, P, R, StoreFunction, T

if TYPE_CHECKING:
    import sqlalchemy as sa

log = logging.getLogger(__name__)

READERS = 2
CACHE_KIB = 65_536

Batch = BatchWrite[Any, Any] | DriverBatch[Any, Any]
Job = tuple[Batch | None, Any, Done[Any]]
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


def connect(path: Path, *, read_only: bool) -> sqlite3.Connection:
    """A connection that leaves transactions to us."""
    driver = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
    driver.execute("PRAGMA journal_mode = WAL")
    driver.execute("PRAGMA synchronous = FULL")
    driver.execute("PRAGMA foreign_keys = ON")
    driver.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
    driver.execute("PRAGMA temp_store = MEMORY")
    if read_only:
        driver.execute("PRAGMA query_only = ON")
    return driver


class Link:
    """A driver connection, and SQLAlchemy's view of it from the first store function that wants one.

    SQLAlchemy takes longer to load than all the rest: a start is ready, and marks are made, without it. Ask for
    `conn` outside a transaction first: SQLAlchemy rolls back what is open when it meets a connection.
    """

    def __init__(self, path: Path, *, read_only: bool) -> None:
        self.driver = connect(path, read_only=read_only)
        self._conn: sa.Connection | None = None

    @property
    def conn(self) -> sa.Connection:
        if self._conn is None:
            import sqlalchemy as sa

            engine = sa.create_engine("sqlite://", creator=lambda: self.driver, poolclass=sa.StaticPool)
            self._conn = engine.connect()
        return self._conn

    def end(self, statement: str) -> None:
        """Commit or roll back, by either face; a no-op outside a transaction."""
        if self.driver.in_transaction:
            self.driver.execute(statement)
        if self._conn is not None and self._conn.in_transaction():
            self._conn.rollback()  # it notices only now that its transaction is over

    def close(self) -> None:
        if self._conn is not None:
            self._conn.close()
        self.driver.close()


def raw(conn: sa.Connection) -> sqlite3.Connection:
    """The driver's own connection, for the few hot statements."""
    return cast("sqlite3.Connection", conn.connection.driver_connection)


class Writer(threading.Thread):
    """Takes all that waits, runs it in one transaction, commits, then tells the event loop."""

    def __init__(self, path: Path, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(name="kidoku-writer", daemon=True)
        self._link = Link(path, read_only=False)
        self._raw = self._link.driver
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
                return [(jobs[0][2], None, error)]
            log.warning("a commit of %d writes failed, retrying one by one: %s", len(jobs), error)
            return [outcome for job in jobs for outcome in self._commit([job])]

    def _transaction(self, jobs: list[Job]) -> list[Outcome]:
        if not all(isinstance(job[0], DriverBatch) for job in jobs):
            _ = self._link.conn
        self._raw.execute("BEGIN IMMEDIATE")
        try:
            kinds = by_kind(jobs)
            only = kinds[0][0] if len(kinds) == 1 else None
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
        """A batch that has the transaction to itself needs no savepoint: they fail together and are retried apart."""
        results = self._batch(batch, [job[1] for job in jobs])
        return [(job[2], result, None) for job, result in zip(jobs, results, strict=True)]

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
            for job, result in zip(jobs, results, strict=True):
                yield job[2], result, None

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


def by_kind(jobs: list[Job]) -> list[tuple[Batch | None, list[Job]]]:
    """Group jobs by their batch, store functions together, kinds in order of arrival."""
    if all(job[0] is jobs[0][0] for job in jobs):
        return [(jobs[0][0], jobs)]
    kinds: dict[int, tuple[Batch | None, list[Job]]] = {}
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
        self._path = path
        self._local = threading.local()
        self._links: list[Link] = []
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

    async def ping(self) -> None:
        """Read something. Raises sqlite3.Error when the database can't be read."""
        await self._loop.run_in_executor(self._readers, self._ping)

    def submit(self, batch: BatchWrite[Any, R] | DriverBatch[Any, R], item: Any, done: Done[R]) -> None:
        self._queue((batch, item, done))

    async def close(self) -> None:
        if self._closed:
            return
        self._hand_over()
        self._closed = True
        self._writer.queue.put(None)
        await self._loop.run_in_executor(None, self._writer.join)
        await self._loop.run_in_executor(None, self._readers.shutdown)
        for link in self._links:
            link.close()
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
        self._local.link = Link(self._path, read_only=True)
        self._links.append(self._local.link)

    def _read(self, fn: Callable[[sa.Connection], T]) -> T:
        link: Link = self._local.link
        conn = link.conn
        link.driver.execute("BEGIN")
        try:
            return fn(conn)
        finally:
            link.end("ROLLBACK")

    def _ping(self) -> None:
        link: Link = self._local.link
        link.driver.execute("SELECT 1 FROM sqlite_master").fetchone()
