"""Bringing a database to the schema this version knows, at start.

The usual start finds the newest revision in place and imports nothing more; only a real migration loads Alembic.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from pathlib import Path

from kidoku.core.sentence import Sentence
from kidoku.storage.engine import DatabaseUnusable


def migrate(path: Path, scripts: Path, head: str) -> None:
    """Create or upgrade the database at `path` to revision `head` of the Alembic scripts.

    Raises DatabaseUnusable when the file isn't ours, can't be opened, or has a schema that this version doesn't know.
    """
    try:
        make_private(path)
        found = current_revision(path)
    except (sqlite3.Error, OSError) as error:
        told = error.strerror if isinstance(error, OSError) else error
        raise DatabaseUnusable(
            Sentence("{path} can't be opened as a database: {reason}.", path=path, reason=told),
            Sentence("Check the file and its permissions, or restore a backup."),
        ) from error
    if found != head:
        upgrade(path, scripts, head, found)


def make_private(path: Path) -> None:
    """Make the file if it is missing: for its owner only, since secrets, tokens and what people wrote will be in it.
    SQLite gives the files that it makes beside it the same mode.
    """
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))


def require(path: Path, head: str) -> None:
    """Make sure that a database that others are at work on is of revision `head`. Raises DatabaseUnusable."""
    if current_revision(path) != head:
        raise DatabaseUnusable(
            Sentence(
                "{path} is in use by another version of Kidoku, whose schema is not that of this one.",
                path=path,
            ),
            Sentence("Stop all that share it, then start this version."),
        )


def current_revision(path: Path) -> str | None:
    with contextlib.closing(sqlite3.connect(path, timeout=30)) as driver:
        known = driver.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone()
        row = driver.execute("SELECT version_num FROM alembic_version").fetchone() if known else None
        return None if row is None else str(row[0])


def upgrade(path: Path, scripts: Path, head: str, found: str | None) -> None:
    import sqlalchemy as sa
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(scripts))
    if found is not None and found not in {
        script.revision for script in ScriptDirectory.from_config(config).walk_revisions()
    }:
        raise DatabaseUnusable(
            Sentence(
                "{path} was written by another version of Kidoku (schema {found}, this version knows {known}).",
                path=path,
                found=found,
                known=head,
            ),
            Sentence("Install that version, or start with another --data folder."),
        )
    engine = sa.create_engine(f"sqlite:///{path}", poolclass=sa.NullPool)
    with engine.begin() as conn:
        config.attributes["connection"] = conn
        command.upgrade(config, "head")
    engine.dispose()
