"""Statements of SQLAlchemy's that are compiled once and run by the driver.

SQLAlchemy around a small statement costs several times what SQLite needs to run it. What runs for every message is
prepared; it is written as all other statements are, and held to the same schema.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy.dialects import sqlite

from kidoku.storage.sqlite import raw

if TYPE_CHECKING:
    import sqlite3

    import sqlalchemy as sa

DIALECT = sqlite.dialect(paramstyle="named")


class Prepared:
    """Call it with a connection and a value for each `bindparam`, and for each of `columns` that an insert or update
    sets. Constants stay as they are in the statement.

    - Values go to the driver, and come back, as they are: numbers, texts, bytes and None; a boolean comes back as 0
      or 1, rows as plain tuples.
    - Lists (`IN`) vary in length and can't be prepared.
    """

    __slots__ = ("_constants", "_sql")

    def __init__(
        self,
        statement: sa.Select[Any] | sa.Insert | sa.Update | sa.Delete,
        columns: Sequence[str] | None = None,
    ) -> None:
        compiled = statement.compile(dialect=DIALECT, column_keys=columns)
        if compiled.post_compile_params:
            raise ValueError("a statement with a list in it can't be prepared")
        if unknown := set(columns or ()) - set(compiled.bind_names.values()):
            raise ValueError(f"no such columns: {', '.join(sorted(unknown))}")
        self._sql = compiled.string
        self._constants = {
            name: bind.effective_value for bind, name in compiled.bind_names.items() if not bind.required
        }

    def __call__(self, conn: sa.Connection, /, **values: Any) -> sqlite3.Cursor:
        return raw(conn).execute(self._sql, {**self._constants, **values})
