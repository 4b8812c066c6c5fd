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
def insert_statement(table: str, columns: tuple[str, ...], rows: int) -> str:
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES {values(len(columns), rows)}"  # noqa: S608 - names


def insert_rows(
    driver: sqlite3.Connection, table: str, columns: tuple[str, ...], rows: Sequence[tuple[Any, ...]]
) -> None:
    """Insert all rows. `table` and `columns` are names from code, never from a request."""
    for start in range(0, len(rows), ROWS):
        part = rows[start : start + ROWS]
        driver.execute(insert_statement(table, columns, len(part)), [value for row in part for value in row])
