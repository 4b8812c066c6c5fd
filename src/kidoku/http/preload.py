"""Importing what takes long without holding up the event loop."""

from __future__ import annotations

import asyncio
import importlib

_loaded: set[str] = set()
"""What has been imported to its end: a module stands in `sys.modules` as soon as that begins."""


async def preload(module: str) -> None:
    """Import a module in a thread, unless that is done. What imports it afterwards finds it loaded."""
    if module not in _loaded:
        await asyncio.to_thread(importlib.import_module, module)
        _loaded.add(module)
