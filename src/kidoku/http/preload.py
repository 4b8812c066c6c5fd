"""Importing what takes long without holding up the event loop."""

from __future__ import annotations

import asyncio
import importlib
import sys


async def preload(module: str) -> None:
    """Import a module in a thread, unless it is there already. What imports it afterwards finds it loaded."""
    if module not in sys.modules:
        await asyncio.to_thread(importlib.import_module, module)
