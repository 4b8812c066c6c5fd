"""A backup is whole, checked, and overwrites nothing."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from kidoku.cli.backup import size
from tests.cli.conftest import Run, as_json


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder as a running server leaves it: with a write-ahead log that is not in the main file yet."""
    folder = tmp_path / "data"
    (folder / "media" / "ab").mkdir(parents=True)
    (folder / "media" / "ab" / "picture").write_bytes(b"x" * 1500)
    (folder / "demo.json").write_text("{}")
    return folder


def test_a_copy_of_a_database_in_use(run: Run, data: Path) -> None:
    with closing(sqlite3.connect(data / "kidoku.db")) as live:
        live.execute("PRAGMA journal_mode = WAL")
        live.execute("CREATE TABLE message (text)")
        live.executemany("INSERT INTO message VALUES (?)", [(str(i),) for i in range(1000)])
        live.commit()
        live.execute("INSERT INTO message VALUES ('not yet committed')")
        printed = run("backup", "copy", "--data", "data").stdout
    assert "Backed up to copy: database " in printed
    assert "1 media files 1.5 kB" in printed
    with closing(sqlite3.connect("copy/kidoku.db")) as copy:
        assert copy.execute("SELECT count(*) FROM message").fetchone() == (1000,)
    assert Path("copy/media/ab/picture").read_bytes() == b"x" * 1500
    assert Path("copy/demo.json").exists()
    assert {file.name for file in Path("copy").iterdir()} == {"kidoku.db", "media", "demo.json"}
    assert Path("copy").stat().st_mode & 0o077 == 0
    assert Path("copy/kidoku.db").stat().st_mode & 0o077 == 0


def test_the_desk_is_copied_too(run: Run, data: Path) -> None:
    for name in ("kidoku.db", "desk.db"):
        with closing(sqlite3.connect(data / name)) as live:
            live.execute("CREATE TABLE message (text)")
    (data / "desk-media").mkdir()
    (data / "desk-media" / "picture").write_bytes(b"x" * 500)
    (data / "desk.key").write_text("key")
    told = as_json(run("backup", "copy", "--data", "data", "--json"))
    assert (told["mediaBytes"], told["mediaFiles"]) == (2000, 2)
    assert told["databaseBytes"] == sum(
        Path("copy", name).stat().st_size for name in ("kidoku.db", "desk.db")
    )
    kept = {"kidoku.db", "desk.db", "media", "desk-media", "demo.json", "desk.key"}
    assert {file.name for file in Path("copy").iterdir()} == kept


def test_a_desk_alone(run: Run, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    with closing(sqlite3.connect("data/desk.db")) as live:
        live.execute("CREATE TABLE message (text)")
    run("backup", "copy", "--data", "data")
    assert {file.name for file in Path("copy").iterdir()} == {"desk.db"}


def test_json(run: Run, data: Path) -> None:
    with closing(sqlite3.connect(data / "kidoku.db")) as live:
        live.execute("CREATE TABLE message (text)")
    told = as_json(run("backup", "copy", "--data", "data", "--json"))
    bytes_ = Path("copy/kidoku.db").stat().st_size
    assert told == {"target": "copy", "databaseBytes": bytes_, "mediaBytes": 1500, "mediaFiles": 1}


def test_links_out_of_the_folder_are_not_followed(run: Run, data: Path) -> None:
    with closing(sqlite3.connect(data / "kidoku.db")) as live:
        live.execute("CREATE TABLE message (text)")
    (data / "media" / "passwd").symlink_to("/etc/passwd")
    run("backup", "copy", "--data", "data")
    assert not Path("copy/media/passwd").exists()


def test_nothing_is_overwritten(run: Run, data: Path) -> None:
    with closing(sqlite3.connect(data / "kidoku.db")) as live:
        live.execute("CREATE TABLE message (text)")
    run("backup", "copy", "--data", "data")
    before = Path("copy/kidoku.db").stat().st_mtime_ns
    result = run("backup", "copy", "--data", "data", status=1)
    assert "copy is there already and is not empty." in result.stderr
    assert "name a new folder" in result.stderr
    assert Path("copy/kidoku.db").stat().st_mtime_ns == before


def test_no_database(run: Run) -> None:
    result = run("backup", "copy", "--data", "nowhere", status=1)
    assert result.stderr == "Error: There is no database in nowhere.\nName the data folder with --data.\n"
    assert not Path("copy").exists()


def test_a_damaged_database_is_told(run: Run, data: Path) -> None:
    (data / "kidoku.db").write_bytes(b"SQLite format 3\0" + os.urandom(4096))
    result = run("backup", "copy", "--data", "data", status=1)
    assert "The copy of the database is damaged" in result.stderr


def test_another_database_is_not_ours_to_copy(run: Run) -> None:
    env = {"KIDOKU_DATABASE_URL": "postgresql://db/kidoku"}
    assert "Use the tools of that database" in run("backup", "copy", env=env, status=1).stderr


def test_a_target_that_cannot_be_made(run: Run, data: Path) -> None:
    with closing(sqlite3.connect(data / "kidoku.db")) as live:
        live.execute("CREATE TABLE message (text)")
    result = run("backup", "/proc/nothing/here", "--data", "data", status=1)
    assert "The backup failed: " in result.stderr
    assert "Nothing in the data folder was changed" in result.stderr


def test_sizes_for_people() -> None:
    assert [size(n) for n in (0, 999, 1000, 1_500_000, 2.5e9, 3e12)] == [
        "0 B",
        "999 B",
        "1.0 kB",
        "1.5 MB",
        "2.5 GB",
        "3.0 TB",
    ]
