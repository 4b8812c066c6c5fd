"""What a start needs from the database before it can answer, in the driver's own SQL."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import NamedTuple

from kidoku.platform.store.access_token import AccessToken, all_tokens
from kidoku.platform.store.account import Account, all_accounts
from kidoku.platform.store.seal_keys import ensure_seal_keys
from kidoku.platform.store.serials import newest_serial
from kidoku.storage.sqlite import connect


class Boot(NamedTuple):
    seal_keys: dict[int, bytes]
    newest_serial: int
    accounts: list[Account]
    tokens: list[AccessToken]


def boot(path: Path, entropy: bytes, now: int) -> Boot:
    """Read it from a migrated database that nobody writes to yet; `entropy` makes the first seal key."""
    with contextlib.closing(connect(path, read_only=False)) as driver:
        keys = ensure_seal_keys(driver, entropy, now)
        return Boot(keys, newest_serial(driver), all_accounts(driver), all_tokens(driver))
