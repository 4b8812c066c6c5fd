"""The embedded engine: one writer thread, a few reader threads, one process per SQLite file."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from kidoku.storage.engine import BatchWrite, Done, DriverBatch, P, R, StoreFunction, T
from kidoku.storage.lock import Lock
from kidoku.storage.sqlite import Link
from kidoku.storage.writer import Inbox, Writer

if TYPE_CHECKING:
    import sqlalchemy as sa

READERS = 2
GATHERED = 256
"""Writes that are handed over at the latest, however many more keep coming."""


class SqliteEngine:
    """The embedded engine. Create it with `open`, inside a running event loop."""

    def __init__(self, path: Path, lock: Lock, prepare: Sequence[str]) -> None:
        self._loop = asyncio.get_running_loop()
        self._lock = lock
        self._inbox = Inbox()
        self._closed = False
        self._writer = Writer(path, self._loop, prepare)
        self._writer.start()
        self._path = path
        self._local = threading.local()
        self._links: list[Link] = []
        self._readers = ThreadPoolExecutor(READERS, "kidoku-reader", initializer=self._open_reader)

    @classmethod
    def open(cls, path: Path, lock: Lock, *, prepare: Sequence[str] = ()) -> SqliteEngine:
        """Open a migrated database. The engine gives the lock back when it closes.

        `prepare`: statements for the writer's connection (temporary triggers).
        """
        return cls(path, lock, prepare)

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

        self.submit(None, call, done)
        return await future

    async def ping(self) -> None:
        """Read something. Raises sqlite3.Error when the database can't be read."""
        await self._loop.run_in_executor(self._readers, self._ping)

    def submit(
        self, batch: BatchWrite[Any, R] | DriverBatch[Any, R] | None, item: Any, done: Done[R]
    ) -> None:
        if self._closed:
            done(None, RuntimeError("the database is closed"))
            return
        inbox = self._inbox
        if not inbox.number:
            self._loop.call_soon(self._gather, 0)
        inbox.put(batch, item, done)

    async def close(self) -> None:
        if self._closed:
            return
        self._hand_over()
        self._closed = True
        self._writer.handed.put(None)
        await self._loop.run_in_executor(None, self._writer.join)
        self._writer.handed.close()
        await self._loop.run_in_executor(None, self._readers.shutdown)
        for link in self._links:
            link.close()
        self._lock.close()

    def _gather(self, known: int) -> None:
        """Hand over once a turn of the loop has brought nothing new, so that the writer gets larger batches, and
        runs while the loop is idle: the two would fight for the interpreter lock.
        """
        waiting = self._inbox.number
        if known < waiting < GATHERED:
            self._loop.call_soon(self._gather, waiting)
        else:
            self._hand_over()

    def _hand_over(self) -> None:
        inbox = self._inbox
        if inbox.number:
            self._inbox = Inbox()
            self._writer.handed.put(inbox)
            inbox.meanwhile()

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
