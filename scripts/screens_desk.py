"""The picture of a phone beside the inbox, as `kidoku up` shows them on its start page."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Final

from playwright.async_api import Browser, Page
from scripts.screens_picture import picture

from kidoku.cli.up import Up, bot_socket, origins_of
from kidoku.desk.config import DeskConfig
from kidoku.platform.config import PlatformConfig

ANSWER: Final = "Yes, from 10 to 18. See you on Sunday!"
THANKS: Final = "Great, thank you. May I bring my dog?"


async def desk_picture(browser: Browser, file: Path) -> None:
    """A question that was answered, and so Read, and one that still waits."""
    with tempfile.TemporaryDirectory() as folder:
        config = PlatformConfig(data_dir=Path(folder), port=0)
        desk = DeskConfig(
            data_dir=Path(folder), port=0, api_key="key-of-the-picture", frame_ancestors=origins_of(config)
        )
        async with Up(config, desk, bot_socket(0)).running() as url, picture(browser, url, file) as page:
            await play(page)


async def play(page: Page) -> None:
    """Answer on the right, write again on the left."""
    await page.goto("/")
    phone = page.frame_locator("iframe").first
    inbox = page.frame_locator("iframe").last
    await inbox.locator(".chat-row", has_text="Sunday").get_by_role("link").click()
    await inbox.get_by_role("textbox", name="Answer").fill(ANSWER)
    await inbox.get_by_role("textbox", name="Answer").press("Enter")
    await phone.locator(".meta__read").wait_for()
    await phone.get_by_role("textbox", name="Message").fill(THANKS)
    await phone.get_by_role("textbox", name="Message").press("Enter")
    await inbox.get_by_role("log").get_by_text(THANKS).wait_for()
    await phone.get_by_role("log").get_by_text(THANKS).wait_for()
