"""One platform and one browser for all browser tests of a process; each test has a provider and windows of its own."""

import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Browser, ConsoleMessage, Page, async_playwright, expect

from kidoku.platform.app import running
from kidoku.platform.config import PlatformConfig
from tests.browser.kit import PATIENCE_S, Bot, Control, Phone, World, names, phone_path
from tests.databases import migrated
from tests.passwords import hashed_lightly

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
# The headless shell opens a page in a quarter of the time, as it has no windows to draw around it.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
# A busy machine takes its time; what does not come at all is still told.
expect.set_options(timeout=PATIENCE_S * 1000)

shared = pytest_asyncio.fixture(scope="package", loop_scope="package")
own = pytest_asyncio.fixture(loop_scope="package")

OpenPhone = Callable[..., Awaitable[Phone]]


def chromium() -> str:
    """The system's Chromium. Without it the test is skipped; where everything has to run, it fails."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is not None:
        return found
    missing = "there is no Chromium: install your system's package `chromium`"
    if os.environ.get("CI", "").lower() in {"1", "true", "yes"}:
        pytest.fail(missing)
    pytest.skip(missing)


@pytest.fixture(scope="package", autouse=True)
def _light_passwords() -> Iterator[None]:
    with hashed_lightly():
        yield


@shared
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        yield browser
        await browser.close()


@shared
async def control(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Control]:
    config = migrated(PlatformConfig(data_dir=tmp_path_factory.mktemp("platform"), port=0))
    async with running(config) as (_, server), aiohttp.ClientSession() as http:
        yield Control(server.url, http)


@own
async def world(control: Control) -> World:
    made = await control.post("/providers", name=f"World {next(names)}")
    return World(control, made["providerId"])


@own
async def bot(world: World) -> AsyncIterator[Bot]:
    async with world.bot() as bot:
        yield bot


@own
async def open_page(browser: Browser, control: Control) -> AsyncIterator[Callable[..., Awaitable[Page]]]:
    """Open a window at a path. What the browser complains about in its console fails the test."""
    complaints: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not is_network(message):
            complaints.append(message.text)

    async with AsyncExitStack() as stack:

        async def open_(path: str, base: str = "", **options: Any) -> Page:
            context = await browser.new_context(
                base_url=base or control.url, **{"locale": "en-US", "viewport": PHONE_SIZE, **options}
            )
            stack.push_async_callback(context.close)
            context.set_default_timeout(PATIENCE_S * 1000)
            page = await context.new_page()
            page.on("console", listen)
            page.on("pageerror", lambda error: complaints.append(str(error)))
            await page.goto(path)
            return page

        yield open_
    assert complaints == []


PHONE_SIZE = {"width": 400, "height": 800}


def is_network(message: ConsoleMessage) -> bool:
    """Refused and broken requests are shown by the page itself; Chromium also writes them to the console."""
    return message.text.startswith("Failed to load resource")


@own
async def open_phone(open_page: Callable[..., Awaitable[Page]]) -> OpenPhone:
    async def open_(user_id: str | None = None, chat: str | None = None, **options: Any) -> Phone:
        query = options.pop("query", {})
        return Phone(await open_page(phone_path(user_id, chat, **query), **options))

    return open_
