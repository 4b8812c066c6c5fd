"""A server as a process: what runs beside it, its memory, and its end by a signal."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import gc
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from kidoku.http.server import run_loop, stop_signals

log = logging.getLogger(__name__)

Background = Callable[[str], Awaitable[None]]
"""Something that runs beside a server, started once it is ready, with its address; cancelled when it stops."""


def run(server: AbstractAsyncContextManager[object]) -> int:
    """Hold `server` open until SIGINT or SIGTERM; the exit status. Raises what entering and leaving it raises."""

    async def main() -> int:
        with stop_signals() as stop:
            async with server:
                settle_memory()
                await stop.wait()
        return 0

    return run_loop(main())


def settle_memory() -> None:
    """What is loaded now stays, and requests leave no cycles: looking at all of it every few hundred objects costs
    more than it finds, and halts everything for milliseconds. What loading needed only for a while goes back to the
    system, where the C library knows how (glibc).
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    with contextlib.suppress(AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


@asynccontextmanager
async def beside(base_url: str, background: Sequence[Background]) -> AsyncIterator[None]:
    """Run the background while the block runs. One that fails is logged; the server goes on."""
    tasks = [asyncio.ensure_future(guarded(one, base_url)) for one in background]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def guarded(background: Background, base_url: str) -> None:
    try:
        await background(base_url)
    except Exception:
        log.exception("what runs beside the server has failed")
