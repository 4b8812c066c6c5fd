"""Applications that are loaded when they are first asked for."""

from __future__ import annotations

from collections.abc import Callable

from starlette.types import ASGIApp, Receive, Scope, Send

from kidoku.http.preload import preload


class Later:
    """An application that is made by the first request for it, from a module that is loaded just then."""

    def __init__(self, module: str, make: Callable[[], ASGIApp]) -> None:
        self._module = module
        self._make = make
        self._app: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._app is None:
            await preload(self._module)
            self._app = self._app or self._make()
        await self._app(scope, receive, send)
