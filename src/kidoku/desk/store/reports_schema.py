"""The tables that reports are made of: facts of one message each, written with what they are about.

They outlive conversations: nothing that a user wrote is in them.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, text

from kidoku.desk.store.schema import LEAN, marks, metadata

read_waits = Table(
    "read_waits",
    metadata,
    Column("channel_id", BigInteger, primary_key=True, autoincrement=False),
    Column("at", BigInteger, primary_key=True, autoincrement=False, comment="the message's time"),
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("message_key", String, primary_key=True),
    Column("place", BigInteger, nullable=False),
    Column("ended_at", BigInteger, comment="none: it is unread"),
    Column("ended", String, comment="read or unsent"),
    Column("by", String, comment="read: who caused the mark that covers it"),
    Column("told", Integer, nullable=False, server_default="0", comment="0; 1: target warned of; 2: missed"),
    Index("ix_read_waits_chat", "chat_id", "at", "place", sqlite_where=text("ended_at IS NULL")),
    Index("ix_read_waits_open", "channel_id", "told", "at", sqlite_where=text("ended_at IS NULL")),
    Index("ix_read_waits_ended", "channel_id", "ended_at", sqlite_where=text("ended_at IS NOT NULL")),
    **LEAN,
)

answer_waits = Table(
    "answer_waits",
    metadata,
    Column("channel_id", BigInteger, primary_key=True, autoincrement=False),
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("answer_key", String, primary_key=True, comment="the answer's first message"),
    Column("since", BigInteger, nullable=False, comment="the first message that waited"),
    Column("answered_at", BigInteger, nullable=False, comment="when LINE took the answer"),
    Column("by", String),
    Index("ix_answer_waits_since", "channel_id", "since"),
    **LEAN,
)

read_histogram = Table(
    "read_histogram",
    metadata,
    Column("channel_id", BigInteger, primary_key=True, autoincrement=False),
    Column("edge_ms", BigInteger, primary_key=True, autoincrement=False, comment="core.report.EDGES_MS"),
    Column("messages", BigInteger, nullable=False),
    Column("wait_ms", BigInteger, nullable=False, comment="of all of them together"),
    **LEAN,
)

Index("ix_marks_asked", marks.c.channel_id, marks.c.asked_at)
