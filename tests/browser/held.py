"""Requests of a page that stay on their way."""

import asyncio

from playwright.async_api import Route


class Held:
    """Waits with the requests it is given, of `methods` if any are named, until a test lets each go or loses it."""

    def __init__(self, *methods: str) -> None:
        self.methods = methods
        self.routes: asyncio.Queue[Route] = asyncio.Queue()

    async def __call__(self, route: Route) -> None:
        if not self.methods or route.request.method in self.methods:
            self.routes.put_nowait(route)
        else:
            await route.continue_()
