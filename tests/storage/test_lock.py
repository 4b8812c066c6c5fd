"""Locks on a database: for one process, or for several that share it."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from kidoku.storage.lock import InUse, lock_file, share_file


def test_one_process_alone_keeps_all_others_out(tmp_path: Path) -> None:
    path = tmp_path / "test.lock"
    lock = lock_file(path)
    with pytest.raises(InUse, match="in use by another Kidoku process"):
        lock_file(path)
    with pytest.raises(InUse):
        share_file(path, wait_s=0)
    lock.close()
    lock_file(path).close()


def test_those_who_share_keep_out_who_does_not(tmp_path: Path) -> None:
    path = tmp_path / "test.lock"
    first = share_file(path)
    first.share()
    second = share_file(path)
    assert [first.alone, second.alone] == [False, False]
    first.close()
    with pytest.raises(InUse):
        lock_file(path)
    second.close()
    lock_file(path).close()


def test_who_comes_second_waits_until_the_first_has_started(tmp_path: Path) -> None:
    path = tmp_path / "test.lock"
    first = share_file(path)
    with pytest.raises(InUse):
        share_file(path, wait_s=0)
    starting = threading.Timer(0, first.share)
    starting.start()
    second = share_file(path)
    starting.join()
    assert not second.alone
    first.close()
    second.close()
