"""Finding chats by words: an index of trigrams over names and messages, which needs no word boundaries, so that it
serves Japanese, Thai and Chinese as well as English.

Made when the database is opened and kept in step by triggers. Alembic knows nothing of it: it could not tell the
tables behind a virtual table from ours.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import func, literal, select

from kidoku.desk.store.schema import chats, messages

INDEXED = 3
"""Characters of the shortest word that an index of trigrams can find."""
HITS = 10_000
"""The newest rows that match, of which a search takes account [our decision]."""
SCANNED = 20_000
"""The newest rows that are looked through for words too short for the index [our decision]."""
LAST = "\U0010ffff"


def in_step(name: str, table: str, key: str, column: str) -> list[str]:
    """An index of a column's trigrams, and the triggers that keep it in step with the table.

    SQLite, "External Content Tables" of FTS5: what is deleted has to be given as it was indexed.
    """
    add = (
        f"INSERT INTO {name} (rowid, {column}) SELECT new.{key}, new.{column} WHERE new.{column} IS NOT NULL;"
    )
    drop = (
        f"INSERT INTO {name} ({name}, rowid, {column})"
        f" SELECT 'delete', old.{key}, old.{column} WHERE old.{column} IS NOT NULL;"
    )
    when = "CREATE TRIGGER IF NOT EXISTS"
    return [
        f"CREATE VIRTUAL TABLE IF NOT EXISTS {name} USING fts5("
        f"{column}, content='{table}', content_rowid='{key}', tokenize='trigram')",
        f"{when} {name}_added AFTER INSERT ON {table} BEGIN {add} END",
        f"{when} {name}_changed AFTER UPDATE OF {column} ON {table} BEGIN {drop} {add} END",
        f"{when} {name}_gone AFTER DELETE ON {table} BEGIN {drop} END",
    ]


SEARCH = [
    *in_step("message_words", "messages", "message_no", "text"),
    *in_step("name_words", "chats", "chat_id", "display_name"),
    "CREATE INDEX IF NOT EXISTS ix_chats_name ON chats (display_name COLLATE NOCASE)",
]
"""Statements that make what is missing of the index."""

message_words = sa.table("message_words", sa.column("rowid"), sa.column("message_words"))
name_words = sa.table("name_words", sa.column("rowid"), sa.column("name_words"))


class Words(NamedTuple):
    """What is searched for: words that the index finds, and shorter ones. A text has to contain all of them."""

    long: list[str]
    short: list[str]

    @classmethod
    def of(cls, query: str) -> Words:
        words = query.replace("\0", " ").split()
        return cls([w for w in words if len(w) >= INDEXED], [w for w in words if len(w) < INDEXED])

    @property
    def phrases(self) -> str:
        """As FTS5 wants it: each word a string."""
        return " AND ".join('"' + word.replace('"', '""') + '"' for word in self.long)


def message_hits(query: str) -> Any:
    """A subquery: the `number` of each of the newest messages that contain all words."""
    words = Words.of(query)
    key, column = messages.c.message_no, messages.c.text
    newest = indexed(message_words, words) if words.long else scanned(key)
    return narrowed(newest, messages, key, column, words.short)


def name_hits(query: str) -> Any:
    """A subquery: the `number` of each chat whose name contains all words, or begins with a short one."""
    words = Words.of(query)
    key, column = chats.c.chat_id, chats.c.display_name
    if words.long:
        return narrowed(indexed(name_words, words), chats, key, column, words.short)
    begins = sa.collate(column, "NOCASE").between(query.strip(), query.strip() + LAST)
    beginning = select(key.label("number")).where(begins).limit(HITS)
    return sa.union_all(
        sa.select(beginning.subquery()),
        sa.select(narrowed(scanned(key), chats, key, column, words.short)),
    ).subquery()


def looked_at(conn: sa.Connection, query: str) -> int | None:
    """How many of the newest rows a search takes account of, where there are more; None: it found all."""
    words = Words.of(query)
    if not words.long:
        beyond = [
            select(key).order_by(key.desc()).offset(SCANNED)
            for key in (messages.c.message_no, chats.c.chat_id)
        ]
    else:
        beyond = [matching(index, words).offset(HITS) for index in (message_words, name_words)]
    found = any(conn.execute(one.limit(1)).first() is not None for one in beyond)
    return (HITS if words.long else SCANNED) if found else None


def indexed(index: Any, words: Words) -> Any:
    return matching(index, words).limit(HITS)


def matching(index: Any, words: Words) -> Any:
    holds = index.c[index.name].op("MATCH")(words.phrases)
    return select(index.c.rowid.label("number")).where(holds).order_by(index.c.rowid.desc())


def scanned(key: Any) -> Any:
    return select(key.label("number")).order_by(key.desc()).limit(SCANNED)


def narrowed(found: Any, table: Any, key: Any, column: Any, short: Iterable[str]) -> Any:
    """Those of the rows found whose text contains the short words too, whatever the case of ASCII letters."""
    found = found.subquery()
    holds = [func.instr(func.lower(column), func.lower(literal(word))) > 0 for word in short]
    wanted = select(found.c.number)
    return (wanted.join(table, key == found.c.number).where(*holds) if holds else wanted).subquery()
