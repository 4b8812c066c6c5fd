"""The data folder of an embedded database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kidoku.core.sentence import Sentence
from kidoku.storage.engine import DatabaseUnusable
from kidoku.storage.lock import Lock, lock_file, share_file


@contextmanager
def claimed(folder: Path, lock_name: str, *inside: Path, shared: bool = False) -> Iterator[Lock]:
    """The lock on `folder`, which is made if it is missing, as are the folders `inside`. Raises DatabaseUnusable.

    `shared`: other processes that say so may have it, too.

    The block opens the engine, which gives the lock back when it closes; if the block fails that happens at once.
    """
    try:
        # Secrets, tokens and what people wrote are in it: nothing for other users of the machine.
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for each in inside:
            each.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = (share_file if shared else lock_file)(folder / lock_name)
    except OSError as error:
        raise DatabaseUnusable(
            Sentence(
                "The data folder {folder} can't be used: {reason}.",
                folder=folder,
                reason=error.strerror or error,
            ),
            Sentence("Choose a folder that you may write to with --data."),
        ) from error
    try:
        yield lock
    except BaseException:
        lock.close()
        raise
