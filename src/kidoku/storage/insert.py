"""Hot writes of several rows: one statement on the driver's own cursor.

Every statement hands the interpreter lock over once, so that one with many rows costs less than many with one row.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

ROWS = 64
"""Rows in one statement at most: bounds the variety of statements that the driver keeps prepared."""


@lru_cache(maxsize=512)
def values(columns: int, rows: int) -> str:
    """`(?, ?), (?, ?)` for so many columns and rows."""
    one = f"({', '.join('?' * columns)})"
    return ", ".join([one] * rows)


@lru_cache(maxsize=512)
def insert_statement(table: str, columns: tuple[str, ...], rows: int, conflict: str = "") -> str:
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES {values(len(columns), rows)} {conflict}"  # noqa: S608 - names


def insert_rows(
    driver: sqlite3.Connection,
    table: str,
    columns: tuple[str, ...],
    rows: Sequence[tuple[Any, ...]],
    conflict: str = "",
) -> None:
    """Insert all rows. `conflict`: an ON CONFLICT clause, for rows that are there already.

    `table`, `columns` and `conflict` come from code, never from a request.
    """
    for start in range(0, len(rows), ROWS):
        part = rows[start : start + ROWS]
        driver.execute(
            insert_statement(table, columns, len(part), conflict), [value for row in part for value in row]
        )
