"""A connection to SQLite: the driver's own, and SQLAlchemy's view of it.

WAL with `synchronous=FULL`: a commit that was answered survives the loss of power.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    import sqlalchemy as sa

CACHE_KIB = 65_536
STATEMENTS = 512
"""Statements that a connection keeps prepared. An insert of many rows is one for each number of rows (`insert.ROWS`),
and preparing it costs more than running it: the driver's own 128 are not enough for the tables of a message.
"""


def connect(path: Path, *, read_only: bool) -> sqlite3.Connection:
    """A connection that leaves transactions to us."""
    driver = sqlite3.connect(
        path, timeout=30, isolation_level=None, check_same_thread=False, cached_statements=STATEMENTS
    )
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
