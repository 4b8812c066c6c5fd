"""Write a migration from the difference between the newest revision and the tables in `schema.py`.

Usage: python scripts/new_migration.py SIDE NUMBER "What changes", SIDE being `platform` or `desk`; HEAD in
`store/migrations/__init__.py` is then to name it. The revision is the number with something random: one that is made
anew before its release is another one, and a database of the former is refused instead of half understood.
"""

from __future__ import annotations

import secrets
import sys
import tempfile
from importlib import import_module
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config


def main(side: str, number: str, message: str) -> None:
    revision = f"{number}_{secrets.token_hex(3)}"
    scripts = import_module(f"kidoku.{side}.store.migrations").SCRIPTS
    config = Config()
    config.set_main_option("script_location", str(scripts))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    with tempfile.TemporaryDirectory() as folder:
        engine = sa.create_engine(f"sqlite:///{Path(folder) / 'empty.db'}")
        with engine.begin() as conn:
            config.attributes["connection"] = conn
            command.upgrade(config, "head")
            command.revision(config, message, autogenerate=True, rev_id=revision)


if __name__ == "__main__":
    main(*sys.argv[1:])
