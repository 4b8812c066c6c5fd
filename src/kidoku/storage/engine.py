"""The async face of the database: what handlers await, whatever the database behind it.

Store functions are plain functions of a SQLAlchemy connection. `read` runs one in a reader, `write` in a
transaction of the writer, `submit` hands one item of a hot write to the writer, which runs all waiting items of that
kind as one call. Whatever waits when the writer is free shares one transaction (group commit); an answer leaves only
after that transaction is on disk.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Concatenate, Generic, ParamSpec, Protocol, TypeAlias, TypeVar

if TYPE_CHECKING:
    from sqlalchemy import Connection

log = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")
I_contra = TypeVar("I_contra", contravariant=True)
R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)

StoreFunction: TypeAlias = "Callable[Concatenate[Connection, P], T]"
DriverFunction: TypeAlias = Callable[[sqlite3.Connection, Sequence[T]], Sequence[R]]
"""What a `DriverBatch` runs."""
Done = Callable[[R | None, BaseException | None], None]
"""Called on the event loop once the commit is on disk (result) or the write has failed (error)."""


class DatabaseUnusable(Exception):
    """The database can't be opened; `hint` says what to do about it."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class BatchWrite(Protocol[I_contra, R_co]):
    """A hot write: one call for all items that wait, one result for each, in order.

    When the call raises, the writer undoes it and calls again with one item at a time, so that a bad item fails
    alone. It is a function of the items and the database only.
    """

    def __call__(self, conn: Connection, items: Sequence[I_contra], /) -> Sequence[R_co]: ...


def tell_each(waiting: Sequence[Done[R]], results: Sequence[R]) -> None:
    """Call everyone who waits with their result."""
    for done, result in zip(waiting, results, strict=True):
        try:
            done(result, None)
        except Exception:
            log.exception("a callback after a commit failed")


class DriverBatch(Generic[I_contra, R_co]):
    """A hot write that needs nothing but the driver's own connection, which it is called with.

    When nothing else waits it is called outside a transaction, so that what is one statement is written and
    committed in one step. With more than one statement that writes, it calls `begin` before the first. After such
    a commit `tell` is called once, on the loop, with all who wait and their results; it must not raise.

    `meanwhile` is called on the loop with those who wait once their items are handed over, always before they are told,
    and must not raise either. It is for what their answers need anyway: while the disk writes the processor is free.
    """

    def __init__(
        self,
        run: DriverFunction[I_contra, R_co],
        tell: Callable[[Sequence[Any], Sequence[Any]], None] = tell_each,
        meanwhile: Callable[[Sequence[Any]], None] | None = None,
    ) -> None:
        self.run = run
        self.tell = tell
        self.meanwhile = meanwhile


def begin(driver: sqlite3.Connection) -> None:
    """Begin a transaction unless there is one; the writer commits it."""
    if not driver.in_transaction:
        driver.execute("BEGIN IMMEDIATE")


class Engine(Protocol):
    """A database with one writer and some readers. Methods are called from the event loop only."""

    async def read(self, fn: StoreFunction[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `fn` against a snapshot that is at least as new as every write answered before."""
        ...

    async def write(self, fn: StoreFunction[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `fn` in the writer; its result, once that is on disk."""
        ...

    async def write_then(
        self, after: Callable[[T], None], fn: StoreFunction[P, T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """As `write`, and `after` is called with the result on the loop, even if the caller went away."""
        ...

    def submit(self, batch: BatchWrite[Any, R] | DriverBatch[Any, R], item: Any, done: Done[R]) -> None:
        """Queue one item of a hot write; `done` is called with its result once that is on disk."""
        ...

    async def ping(self) -> None:
        """Read something; raises what the driver raises when it can't."""
        ...

    async def close(self) -> None:
        """Finish what was accepted, then close every connection."""
        ...
