"""Migrations at start: new, current, newer and broken databases."""

import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from kidoku.platform.store.migrations import HEAD, SCRIPTS
from kidoku.platform.store.schema import metadata
from kidoku.storage.engine import DatabaseUnusable
from kidoku.storage.migrate import current_revision, migrate


def test_a_new_database_gets_the_schema_the_statements_expect(tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    migrate(path, SCRIPTS, HEAD)
    engine = sa.create_engine(f"sqlite:///{path}")
    with engine.connect() as conn:
        assert compare_metadata(MigrationContext.configure(conn), metadata) == []
    engine.dispose()
    assert current_revision(path) == HEAD
    migrate(path, SCRIPTS, HEAD)


def test_head_names_the_newest_file() -> None:
    assert ScriptDirectory(str(SCRIPTS)).get_heads() == [HEAD]


def test_a_database_of_another_version_is_refused_untouched(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    migrate(path, SCRIPTS, HEAD)
    with sqlite3.connect(path) as driver:
        driver.execute("UPDATE alembic_version SET version_num = '9999'")
    driver.close()
    before = path.read_bytes()
    with pytest.raises(DatabaseUnusable, match="another version of Kidoku"):
        migrate(path, SCRIPTS, HEAD)
    assert path.read_bytes() == before


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    path.write_text("not a database at all, but long enough to be looked at as if it were one\n" * 20)
    with pytest.raises(DatabaseUnusable, match="can't be opened as a database"):
        migrate(path, SCRIPTS, HEAD)
