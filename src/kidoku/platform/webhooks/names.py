"""Where names lead, looked up once for all who ask at a time.

A look-up that hangs can't be stopped: it keeps a thread of a small pool. Many of one name would leave none for others.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence
from typing import Any

Address = tuple[Any, Any, int, str, tuple[Any, ...]]
"""As getaddrinfo gives it."""

KNOWN_S = 10.0
"""How long an answer is kept: servers that close each connection would have it looked up for each webhook."""
MAX_KNOWN = 1_000


class Names:
    """Belongs to the running loop. End it with `close`."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._asking: dict[tuple[str, int], asyncio.Task[Sequence[Address]]] = {}
        self._known: dict[tuple[str, int], tuple[float, Sequence[Address]]] = {}

    async def addresses(self, host: str, port: int) -> Sequence[Address]:
        """Addresses of a host; an address is its own. Raises OSError, UnicodeError."""
        try:
            return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
        except socket.gaierror:
            pass  # a name
        found = self._known.get((host, port))
        if found is not None and self._loop.time() - found[0] < KNOWN_S:
            return found[1]
        asking = self._asking.get((host, port))
        if asking is None:
            asking = self._asking[host, port] = self._loop.create_task(self._look_up(host, port))
            asking.add_done_callback(_retrieve)
        # Who waits no longer leaves the look-up to others.
        return await asyncio.shield(asking)

    def close(self) -> None:
        for asking in self._asking.values():
            asking.cancel()

    async def _look_up(self, host: str, port: int) -> Sequence[Address]:
        try:
            found = await self._loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        finally:
            del self._asking[host, port]
        if len(self._known) >= MAX_KNOWN:
            self._known.clear()
        self._known[host, port] = self._loop.time(), found
        return found


def _retrieve(asking: asyncio.Task[Sequence[Address]]) -> None:
    """Nobody may wait for the failure any more."""
    if not asking.cancelled():
        asking.exception()
