"""The tables of desks that share a database: who is there, and what they tell each other."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, LargeBinary, String, Table

from kidoku.desk.store.schema import LEAN, metadata, number

desks = Table(
    "desks",
    metadata,
    Column("owner", String, primary_key=True, comment="of leases: a process at work on this database"),
    Column("started_at", BigInteger, nullable=False),
    Column("seen_at", BigInteger, nullable=False, comment="when it last said so"),
    **LEAN,
)

news = Table(
    "news",
    metadata,
    number("news_id"),
    Column("owner", String, nullable=False, comment="the desk that tells it to the others"),
    Column("at", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False, comment="desk.store.neighbours.News as JSON"),
    Index("ix_news_at", "at"),
    sqlite_autoincrement=True,
)
"""Numbers are never given twice: who has heard up to one misses nothing that comes after it."""
