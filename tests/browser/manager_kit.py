"""The Manager in a browser, and what axe finds on a page."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.async_api import Locator, Page

from tests.browser.kit import Bot, Json
from tests.sdk.kit.node import FOLDER, require_packages

LARGE = {"width": 1280, "height": 900}
MIDDLE = {"width": 900, "height": 800}
SMALL = {"width": 360, "height": 740}

SECTIONS = ("home", "chats", "response", "messaging-api", "deliveries", "calls", "option")

OpenPage = Callable[..., Awaitable[Page]]


@dataclass(frozen=True)
class Manager:
    """The Manager of one account in a browser window."""

    page: Page

    @property
    def log(self) -> Locator:
        return self.page.get_by_role("log")

    @property
    def messages(self) -> Locator:
        return self.log.locator(".message")

    @property
    def mode(self) -> Locator:
        return self.page.get_by_label("What users see")

    @property
    def badge(self) -> Locator:
        return self.page.locator("[data-unread]")

    @property
    def answer(self) -> Locator:
        return self.page.get_by_role("textbox", name="Answer")

    @property
    def dialog(self) -> Locator:
        return self.page.get_by_role("dialog")

    def chat(self, name: str) -> Locator:
        """A chat's row in the list."""
        return self.page.locator(".chat-row").filter(has_text=name)

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def switch(self, name: str) -> Locator:
        return self.page.get_by_role("switch", name=name, exact=True)

    async def agree(self, name: str) -> None:
        """Press a dialog's button."""
        await self.dialog.get_by_role("button", name=name, exact=True).click()

    async def save(self, form: Locator) -> None:
        """Press a form's Save and wait until what it holds is kept."""
        async with self.kept():
            await form.get_by_role("button", name="Save").click()

    async def flip(self, name: str) -> None:
        """Turn a switch and wait until that is kept."""
        async with self.kept():
            await self.switch(name).click()

    def kept(self) -> AbstractAsyncContextManager[object]:
        """What is done in this context changes settings; it ends when they are stored."""
        return self.page.expect_response(lambda answer: answer.request.method == "PATCH")

    async def go(self, section: str) -> None:
        """Choose a section in the rail."""
        await self.page.get_by_role("navigation", name="Manager").get_by_role("link", name=section).click()


def path(bot: Bot, *parts: str) -> str:
    """The address of a place in an account's Manager."""
    return "/".join(("/manager", bot.id, *parts))


async def open_manager(open_page: OpenPage, bot: Bot, *parts: str, **options: Any) -> Manager:
    """The Manager at a place, in a large window unless told otherwise."""
    return Manager(await open_page(path(bot, *parts), **{"viewport": LARGE, **options}))


async def settings(bot: Bot) -> Json:
    found: Json = await bot.control.get(f"/accounts/{bot.id}/settings")
    return found


def axe_source() -> str:
    """The source of axe-core, which looks for what keeps people out."""
    require_packages()
    return Path(FOLDER, "node_modules", "axe-core", "axe.min.js").read_text(encoding="utf-8")


async def faults(page: Page, axe: str) -> list[Any]:
    """What axe finds fault with."""
    await page.evaluate(axe)
    found = await page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [(one["id"], [node["html"] for node in one["nodes"]]) for one in found["violations"]]


async def sideways(page: Page) -> bool:
    """Whether the page, or what scrolls in it, is wider than its window."""
    return bool(
        await page.evaluate(
            """() => [document.documentElement, document.querySelector('.content')]
                .some((box) => box && box.scrollWidth > box.clientWidth)"""
        )
    )
