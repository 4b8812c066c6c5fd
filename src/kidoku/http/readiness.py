"""Whether a server can serve requests just now."""

from __future__ import annotations

import sqlite3
from typing import Protocol

from kidoku.storage.engine import Engine


class Closing(Protocol):
    """What closes when the server begins to stop: its bus."""

    @property
    def closed(self) -> bool: ...


async def trouble(bus: Closing, engine: Engine) -> str | None:
    """Why it can't: it is stopping, or the database can't be read."""
    if bus.closed:
        return "stopping"
    try:
        await engine.ping()
    except sqlite3.Error as error:
        return f"the database can't be read: {error}"
    return None
