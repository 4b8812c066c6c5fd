"""The table of what waits for the bot: occasions at which it was not known yet whose policy a message follows."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, String, Table

from kidoku.desk.store.schema import LEAN, metadata

deferred = Table(
    "deferred",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("message_key", String, primary_key=True),
    Column("occasion", String, primary_key=True, comment="core.read_policy.Occasion"),
    Column("by", String, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("people_due_at", BigInteger, comment="if the bot leaves it to people; none: it makes nothing due"),
    Column("bot_due_at", BigInteger, comment="if the bot takes it"),
    **LEAN,
)
