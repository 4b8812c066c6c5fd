"""The hot statements find each row by its number, however many chats a channel has."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kidoku.platform.store.advance import ADVANCED, FOLLOW, FRONTIER, JOURNAL, UNREAD_CHATS
from kidoku.platform.store.chats import BY_PEER
from kidoku.platform.store.migrations import HEAD, SCRIPTS
from kidoku.platform.store.phone_send import TO_ACCOUNTS, TO_GROUPS
from kidoku.platform.store.send import UPDATE_CHATS
from kidoku.platform.store.settle import STATE_WIDTH, update_states
from tests.databases import empty


@pytest.fixture
def driver(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    (tmp_path / "test.db").write_bytes(empty(SCRIPTS, HEAD))
    with closing(sqlite3.connect(tmp_path / "test.db")) as driver:
        yield driver


@pytest.mark.parametrize(
    ("statement", "values", "table"),
    [
        (JOURNAL, (1, 0, "token", "{}"), "w"),
        (ADVANCED, (1, 9, 3), "c"),
        (FRONTIER, (1, "U1"), "w"),
        (UNREAD_CHATS, (1,), "w"),
        (BY_PEER, (1, "U1"), "watermarks"),
        (TO_ACCOUNTS, ("[]",), "watermarks"),
        (TO_GROUPS, ("[]",), "watermarks"),
        (UPDATE_CHATS, ("[]",), "chats"),
        (update_states(3), (None,) * 3 * STATE_WIDTH, "deliveries"),
    ],
    ids=[
        "journal",
        "advanced",
        "frontier",
        "backlog",
        "chat",
        "look up chats",
        "look up groups",
        "update chats",
        "settle",
    ],
)
def test_rows_are_found_by_their_number(
    driver: sqlite3.Connection, statement: str, values: tuple[object, ...], table: str
) -> None:
    steps = [row[3] for row in driver.execute(f"EXPLAIN QUERY PLAN {statement}", values)]
    assert f"SEARCH {table} USING INTEGER PRIMARY KEY (rowid=?)" in {
        step.removesuffix(" LEFT-JOIN") for step in steps
    }


def test_watermarks_follow_what_is_new_in_the_journal_only(driver: sqlite3.Connection) -> None:
    steps = [row[3] for row in driver.execute(f"EXPLAIN QUERY PLAN {FOLLOW}", (9,))]
    assert steps == ["SEARCH advances USING INTEGER PRIMARY KEY (rowid>?)"]
