"""A server that listens before all of it is loaded."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from starlette.types import ASGIApp, Receive, Scope, Send


class Opening:
    """The application from the moment the port is open: `first` answers its paths at once, all else waits until the
    rest is there.
    """

    def __init__(self, first: Mapping[str, ASGIApp]) -> None:
        self._first = first
        self._rest: ASGIApp | None = None
        self._loaded = asyncio.Event()

    def opened(self, rest: ASGIApp) -> None:
        self._rest = rest
        self._loaded.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        app = self._first.get(scope["path"]) or self._rest or await self._wait()
        await app(scope, receive, send)

    async def _wait(self) -> ASGIApp:
        await self._loaded.wait()
        assert self._rest is not None
        return self._rest
