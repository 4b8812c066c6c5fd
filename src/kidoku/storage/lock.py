"""Who may write to a database file: one process alone, or several that have said that they share it."""

from __future__ import annotations

import fcntl
import time
from pathlib import Path
from typing import IO

from kidoku.core.sentence import Sentence
from kidoku.storage.engine import DatabaseUnusable

STARTING_S = 20.0
"""Seconds for which the first of several processes may have the database to itself, to migrate it and clear up."""
LOOK_AGAIN_S = 0.02
ALONE = Sentence("Stop that process, or start this one with another --data folder.")


class InUse(DatabaseUnusable):
    """Another process has the database."""

    def __init__(self, folder: Path, hint: Sentence = ALONE) -> None:
        super().__init__(Sentence("{path} is in use by another Kidoku process.", path=folder), hint)
        self.folder = folder


class Lock:
    """A lock on a file next to the database; it ends with `close`, or with the process."""

    def __init__(self, handle: IO[str], *, alone: bool) -> None:
        self._handle = handle
        self.alone = alone
        """Whether no other process has the database."""

    def share(self) -> None:
        """Let others in that share, too. Raises InUse when one that doesn't came in between."""
        if self.alone:
            # The system gives the old lock back before it gives the new one.
            if not taken(self._handle, fcntl.LOCK_SH):
                raise InUse(Path(self._handle.name).parent)
            self.alone = False

    def close(self) -> None:
        self._handle.close()


def lock_file(path: Path) -> Lock:
    """Take the lock that makes this process the only one. Raises InUse when another one has it."""
    handle = path.open("w")
    if taken(handle, fcntl.LOCK_EX):
        return Lock(handle, alone=True)
    handle.close()
    raise InUse(path.parent)


def share_file(path: Path, wait_s: float = STARTING_S) -> Lock:
    """Take a lock that others who share may have, too. The first one has it alone until it calls `share`; others wait
    for that. Raises InUse when a process that doesn't share has it.
    """
    handle = path.open("w")
    until = time.monotonic() + wait_s
    while True:
        for kind in (fcntl.LOCK_EX, fcntl.LOCK_SH):
            if taken(handle, kind):
                return Lock(handle, alone=kind == fcntl.LOCK_EX)
        if time.monotonic() >= until:
            handle.close()
            raise InUse(path.parent)
        time.sleep(LOOK_AGAIN_S)


def taken(handle: IO[str], kind: int) -> bool:
    try:
        fcntl.flock(handle, kind | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
