"""Whether the platform can serve requests just now."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kidoku.platform.runtime import Platform


async def trouble(platform: Platform) -> str | None:
    """Why it can't: the database can't be read, or it is stopping."""
    if platform.bus.closed:
        return "stopping"
    try:
        await platform.engine.ping()
    except sqlite3.Error as error:
        return f"the database can't be read: {error}"
    return None
