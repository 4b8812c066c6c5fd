"""Prepared statements do what SQLAlchemy does with the same ones."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.dialects.sqlite import insert as insert_or

from kidoku.core.read_policy import Occasion
from kidoku.storage.prepared import Prepared
from kidoku.storage.sqlite import Link

metadata = sa.MetaData()
notes = sa.Table(
    "notes",
    metadata,
    sa.Column("note_id", sa.Integer, primary_key=True),
    sa.Column("key", sa.String, nullable=False, unique=True),
    sa.Column("text", sa.Text),
    sa.Column("body", sa.LargeBinary),
    sa.Column("shown", sa.Boolean, nullable=False, server_default=sa.text("0")),
    sa.Column("size", sa.BigInteger, nullable=False, server_default="7"),
)
ADD = Prepared(sa.insert(notes), ["key", "text"])
ALL = Prepared(sa.select(notes.c.key, notes.c.text).order_by(notes.c.note_id))


@pytest.fixture
def link(tmp_path: Path) -> Iterator[Link]:
    link = Link(tmp_path / "test.db", read_only=False)
    metadata.create_all(link.conn)
    link.end("COMMIT")
    link.driver.execute("BEGIN IMMEDIATE")
    yield link
    link.close()


@pytest.fixture
def conn(link: Link) -> sa.Connection:
    return link.conn


def test_an_insert_sets_its_columns_and_leaves_the_others_to_the_schema(conn: sa.Connection) -> None:
    assert ADD(conn, key="a", text="hello").lastrowid == 1
    assert ADD(conn, key="b", text=None).lastrowid == 2
    every = Prepared(sa.select(notes).order_by(notes.c.note_id))
    assert every(conn).fetchall() == [(1, "a", "hello", None, 0, 7), (2, "b", None, None, 0, 7)]


def test_rows_are_plain_tuples(conn: sa.Connection) -> None:
    ADD(conn, key="a", text="x")
    assert type(ALL(conn).fetchone()) is tuple


def test_constants_stay_none_among_them(conn: sa.Connection) -> None:
    ADD(conn, key="a", text="old")
    change = Prepared(
        sa.update(notes).where(notes.c.size == 7, notes.c.key == bindparam("of")).values(text=None, size=8)
    )
    assert change(conn, of="a").rowcount == 1
    assert change(conn, of="a").rowcount == 0
    assert ALL(conn).fetchall() == [("a", None)]


def test_an_update_sets_the_columns_that_were_named(conn: sa.Connection) -> None:
    ADD(conn, key="a", text="old")
    ADD(conn, key="b", text="old")
    change = Prepared(sa.update(notes).where(notes.c.key == bindparam("of")), ["text", "size"])
    change(conn, of="b", text="new", size=1 << 40)
    assert ALL(conn).fetchall() == [("a", "old"), ("b", "new")]
    assert conn.execute(sa.select(notes.c.size)).scalars().all() == [7, 1 << 40]


def test_a_parameter_may_stand_in_several_places(conn: sa.Connection) -> None:
    ADD(conn, key="a", text="a")
    at = bindparam("at", type_=sa.BigInteger)
    raised = sa.update(notes).values(size=sa.func.max(notes.c.size, at)).where(notes.c.size < at)
    statement = Prepared(raised.returning(notes.c.key, notes.c.size))
    assert statement(conn, at=9).fetchall() == [("a", 9)]
    assert statement(conn, at=9).fetchall() == []


def test_what_an_insert_returns(link: Link) -> None:
    upper = sa.select(sa.func.upper(notes.c.key)).scalar_subquery()
    add = Prepared(sa.insert(notes).returning(notes.c.note_id, notes.c.size, upper), ["key"])
    assert add(link.conn, key="a").fetchone() == (1, 7, "A")
    link.end("COMMIT")  # nothing of it is under way any more


def test_a_row_that_is_there_already(conn: sa.Connection) -> None:
    add = Prepared(insert_or(notes).on_conflict_do_nothing(index_elements=["key"]), ["key", "text"])
    assert [add(conn, key="a", text=text).rowcount for text in ("first", "second")] == [1, 0]
    ignore = Prepared(sa.insert(notes).prefix_with("OR IGNORE", dialect="sqlite"), ["key", "text"])
    assert ignore(conn, key="a", text="third").rowcount == 0
    assert ALL(conn).fetchall() == [("a", "first")]


def test_a_limit_is_a_constant_or_a_parameter(conn: sa.Connection) -> None:
    for key in "abc":
        ADD(conn, key=key, text=None)
    keys = sa.select(notes.c.key).order_by(notes.c.key.desc())
    assert Prepared(keys.limit(1))(conn).fetchall() == [("c",)]
    some = Prepared(keys.limit(bindparam("most", type_=sa.Integer)))
    assert some(conn, most=2).fetchall() == [("c",), ("b",)]


def test_a_delete(conn: sa.Connection) -> None:
    ADD(conn, key="a", text=None)
    assert Prepared(sa.delete(notes).where(notes.c.key == bindparam("of")))(conn, of="a").rowcount == 1


@pytest.mark.parametrize(
    ("column", "value", "kept"),
    [
        ("text", "ก\0雪", "ก\0雪"),
        ("text", Occasion.OPENED.value, "opened"),
        ("body", b"\0\xff", b"\0\xff"),
        ("body", None, None),
        ("shown", True, 1),
        ("size", -(1 << 63), -(1 << 63)),
    ],
)
def test_values_are_kept_as_sqlalchemy_keeps_them(
    conn: sa.Connection, column: str, value: Any, kept: Any
) -> None:
    Prepared(sa.insert(notes), ["key", column])(conn, key="a", **{column: value})
    conn.execute(sa.insert(notes).values({"key": "b", column: value}))
    assert Prepared(sa.select(notes.c[column]))(conn).fetchall() == [(kept,), (kept,)]


def test_constants_that_are_true_or_an_enum_or_bytes(conn: sa.Connection) -> None:
    row = {"key": "a", "shown": True, "text": Occasion.OPENED, "body": b"\1"}
    Prepared(sa.insert(notes).values(row))(conn)
    same = (notes.c.shown.is_(True), notes.c.text == Occasion.OPENED, notes.c.body == b"\1")
    assert Prepared(sa.select(notes.c.key).where(*same))(conn).fetchall() == [("a",)]


def test_it_is_part_of_the_transaction(link: Link) -> None:
    ADD(link.conn, key="a", text=None)
    link.end("ROLLBACK")
    assert ALL(link.conn).fetchall() == []


def test_a_value_that_is_missing_and_a_column_that_there_is_not(conn: sa.Connection) -> None:
    with pytest.raises(sqlite3.ProgrammingError, match="text"):
        ADD(conn, key="a")
    with pytest.raises(ValueError, match="txet"):
        Prepared(sa.insert(notes), ["key", "txet"])


def test_a_list_can_not_be_prepared() -> None:
    with pytest.raises(ValueError, match="list"):
        Prepared(sa.select(notes.c.key).where(notes.c.key.in_(["a", "b"])))
