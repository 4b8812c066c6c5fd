"""The data folder as a start makes it."""

from __future__ import annotations

from pathlib import Path

from kidoku.platform.config import PlatformConfig
from kidoku.platform.runtime import Platform


async def test_a_new_data_folder_is_for_its_owner_alone(tmp_path: Path) -> None:
    """Channel secrets, access tokens and messages are in it."""
    folder = tmp_path / "new" / "kidoku-data"
    platform = await Platform.open(PlatformConfig(data_dir=folder, port=0))
    await platform.close()
    assert folder.stat().st_mode & 0o777 == 0o700


async def test_what_we_put_into_a_folder_that_is_there_is_for_its_owner_alone(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "shared"
    folder.mkdir()
    folder.chmod(0o750)
    platform = await Platform.open(PlatformConfig(data_dir=folder, port=0))
    modes = {one.name: one.stat().st_mode & 0o777 for one in folder.iterdir()}
    await platform.close()
    assert folder.stat().st_mode & 0o777 == 0o750
    del modes["kidoku.lock"]  # there is nothing in it
    assert modes == {"kidoku.db": 0o600, "kidoku.db-wal": 0o600, "kidoku.db-shm": 0o600, "media": 0o700}
