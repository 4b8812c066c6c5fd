"""What tests do to the requests of pages."""

import asyncio
import re

from playwright.async_api import Page, Route


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


async def two_users_at_a_time(page: Page) -> None:
    """Let the server list two users at a time, where it lists a thousand."""

    async def shorten(route: Route) -> None:
        if route.request.method == "GET":
            await route.continue_(url=f"{route.request.url}&limit=2")
        else:
            await route.continue_()

    await page.route(re.compile(r"/_kidoku/v1/users(\?|$)"), shorten)
