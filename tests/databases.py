"""Databases with tables and nothing in them: to make one takes longer than most tests, to copy one takes no time."""

from __future__ import annotations

import functools
import tempfile
from pathlib import Path
from typing import TypeVar

from kidoku.desk.config import DeskConfig
from kidoku.desk.store import migrations as desk
from kidoku.platform.config import PlatformConfig
from kidoku.platform.store import migrations as platform
from kidoku.storage.migrate import migrate

Config = TypeVar("Config", PlatformConfig, DeskConfig)


@functools.cache
def empty(scripts: Path, head: str) -> bytes:
    """What is in the file after the migrations that a first start runs."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "empty.db")
        migrate(path, scripts, head)
        return path.read_bytes()


def migrated(config: Config) -> Config:
    """The settings as they were given; a data folder without a database has one now."""
    of = platform if isinstance(config, PlatformConfig) else desk
    if not config.database_path.exists():
        config.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        config.database_path.write_bytes(empty(of.SCRIPTS, of.HEAD))
    return config
