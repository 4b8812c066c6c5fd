"""The engine through its own face: what is on disk when an answer leaves, and who fails when something does."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from kidoku.storage.embedded import SqliteEngine
from kidoku.storage.engine import DatabaseUnusable, DriverBatch, begin
from kidoku.storage.lock import lock_file


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[SqliteEngine]:
    with sqlite3.connect(tmp_path / "test.db") as driver:
        driver.execute("CREATE TABLE number (value INTEGER PRIMARY KEY)")
    driver.close()
    engine = SqliteEngine.open(tmp_path / "test.db", lock_file(tmp_path / "test.lock"))
    yield engine
    await engine.close()


def insert(conn: sa.Connection, value: int) -> int:
    conn.execute(sa.text("INSERT INTO number VALUES (:value)"), {"value": value})
    return value


def insert_all(conn: sa.Connection, values: Sequence[int]) -> list[int]:
    return [insert(conn, value) for value in values]


def store_all(driver: sqlite3.Connection, values: Sequence[int]) -> Sequence[int]:
    begin(driver)
    driver.executemany("INSERT INTO number VALUES (?)", [(value,) for value in values])
    return values


def numbers(conn: sa.Connection) -> list[int]:
    return list(conn.execute(sa.text("SELECT value FROM number ORDER BY value")).scalars())


def submit(engine: SqliteEngine, value: int) -> asyncio.Future[Any]:
    future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

    def done(result: Any, error: BaseException | None) -> None:
        future.set_exception(error) if error else future.set_result(result)

    engine.submit(insert_all, value, done)
    return future


async def test_an_answered_write_is_seen_by_another_connection(engine: SqliteEngine, tmp_path: Path) -> None:
    assert await engine.write(insert, 1) == 1
    driver = sqlite3.connect(tmp_path / "test.db")
    assert driver.execute("SELECT value FROM number").fetchall() == [(1,)]
    driver.close()


async def test_writes_of_one_turn_share_a_commit(engine: SqliteEngine) -> None:
    await asyncio.gather(*(submit(engine, value) for value in range(100)))
    assert (engine.commits, engine.writes) == (1, 100)


async def test_a_bad_item_of_a_batch_fails_alone(engine: SqliteEngine) -> None:
    await engine.write(insert, 3)
    results = await asyncio.gather(*(submit(engine, value) for value in range(6)), return_exceptions=True)
    assert [r for r in results if isinstance(r, int)] == [0, 1, 2, 4, 5]
    assert isinstance(results[3], sa.exc.IntegrityError)
    assert await engine.read(numbers) == [0, 1, 2, 3, 4, 5]


async def test_a_store_function_that_raises_undoes_only_itself(engine: SqliteEngine) -> None:
    def half(conn: sa.Connection) -> None:
        insert(conn, 10)
        raise LookupError("no")

    both: list[asyncio.Future[Any]] = [
        asyncio.ensure_future(engine.write(insert, 1)),
        asyncio.ensure_future(engine.write(half)),
        submit(engine, 2),
    ]
    good, bad, other = await asyncio.gather(*both, return_exceptions=True)
    assert (good, other) == (1, 2)
    assert isinstance(bad, LookupError)
    assert await engine.read(numbers) == [1, 2]


async def test_what_waits_is_prepared_for_while_it_is_written(engine: SqliteEngine) -> None:
    seen: list[tuple[str, int]] = []
    told = asyncio.Event()

    def tell(waiting: Sequence[Any], results: Sequence[int]) -> None:
        seen.append(("told", len(waiting)))
        told.set()

    batch = DriverBatch(store_all, tell, lambda waiting: seen.append(("meanwhile", len(waiting))))
    for value in range(3):
        engine.submit(batch, value, lambda result, error: None)
    await told.wait()
    assert seen == [("meanwhile", 3), ("told", 3)]


async def test_a_write_stands_and_is_announced_when_its_caller_goes_away(engine: SqliteEngine) -> None:
    announced = asyncio.Event()
    task = asyncio.ensure_future(engine.write_then(lambda result: announced.set(), insert, 7))
    await asyncio.sleep(0)
    task.cancel()
    await announced.wait()
    assert await engine.read(numbers) == [7]


async def test_readers_cannot_write(engine: SqliteEngine) -> None:
    with pytest.raises(sa.exc.OperationalError, match="readonly"):
        await engine.read(insert, 1)


async def test_close_finishes_what_was_accepted_and_refuses_the_rest(
    engine: SqliteEngine, tmp_path: Path
) -> None:
    accepted = [submit(engine, value) for value in range(10)]
    await engine.close()
    await asyncio.gather(*accepted)
    with pytest.raises(RuntimeError, match="closed"):
        await engine.write(insert, 11)
    driver = sqlite3.connect(tmp_path / "test.db")
    assert driver.execute("SELECT count(*) FROM number").fetchone() == (10,)
    driver.close()


def test_a_second_process_is_refused(tmp_path: Path) -> None:
    first = lock_file(tmp_path / "test.lock")
    with pytest.raises(DatabaseUnusable, match="in use by another"):
        lock_file(tmp_path / "test.lock")
    first.close()
    lock_file(tmp_path / "test.lock").close()
