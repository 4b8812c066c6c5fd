"""Stickers from the inbox: those that LINE lets bots send, and none that it refuses."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Page, Route, expect

import kidoku.desk
from kidoku.platform.messages.stickers import SENDABLE
from tests.browser.conftest import OpenPhone
from tests.browser.desk_kit import Desk, Inbox, OpenPage, desk_beside, open_desk
from tests.browser.kit import World

pytestmark = pytest.mark.asyncio(loop_scope="package")

SCRIPT = Path(kidoku.desk.__file__).parent / "pages/static/desk/inbox/line_stickers.js"
PICTURES = "https://stickershop.line-scdn.net/**"
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>'


@pytest_asyncio.fixture(loop_scope="package")
async def desk(world: World, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Desk]:
    async with desk_beside(world, tmp_path_factory.mktemp("desk")) as desk:
        await desk.agent()
        yield desk


async def test_the_packages_are_those_of_lines_list() -> None:
    rows = re.findall(r"\['(\d+)', (\d+), (\d+), '", SCRIPT.read_text("utf-8"))
    offered = {int(package): range(int(first), int(first) + int(n)) for package, first, n in rows}
    assert offered == SENDABLE


async def with_panel(desk: Desk, open_page: OpenPage, **options: Any) -> tuple[Inbox, str, str]:
    channel = await desk.channel()
    user_id = await channel.friend()
    await channel.say(user_id, "Thank you!")
    inbox = await open_desk(open_page, desk, **options)
    await inbox.open("Hana")
    await expect(inbox.states).to_have_text("Unread")
    await inbox.button("Stickers and emoji").click()
    return inbox, user_id, channel.account_id


async def test_a_sticker_arrives_as_it_was_chosen(
    desk: Desk, open_page: OpenPage, open_phone: OpenPhone
) -> None:
    inbox, user_id, account_id = await with_panel(desk, open_page)
    phone = await open_phone(user_id, account_id)
    choice = inbox.page.get_by_role("combobox", name="Stickers and emoji")
    await expect(choice).to_be_focused()
    await choice.select_option("446")
    tile = inbox.page.locator(".sticker-tile").filter(has_text="1990")
    chosen = await tile.locator("img").get_attribute("src")
    await tile.click()
    shown = phone.log.locator("img.sticker")
    await expect(shown).to_have_attribute("src", chosen or "")
    await expect(shown).to_have_attribute("alt", re.compile("1990 of package 446"))
    await expect(inbox.log.locator(".message--own .meta")).to_contain_text("You")
    sources = await inbox.page.locator("img").evaluate_all("found => found.map(one => one.src)")
    assert all(one.startswith(desk.url) for one in sources)
    await inbox.button("Stickers and emoji").click()
    await expect(choice).to_have_value("446")


async def at_line(page: Page) -> None:
    """Let the page take its channels for LINE's."""

    async def answer(route: Route) -> None:
        told = await (await route.fetch()).json()
        for channel in told["channels"]:
            channel["apiBaseUrl"] = "https://api.line.me"
        await route.fulfill(json=told)

    await page.route("**/api/v1/channels", answer)


@pytest.mark.parametrize("reachable", [True, False], ids=["reachable", "unreachable"])
async def test_at_line_its_own_pictures_are_shown(reachable: bool, desk: Desk, open_page: OpenPage) -> None:
    inbox, _, _ = await with_panel(desk, open_page)
    stand_in = await inbox.page.locator(".sticker-tile img").first.get_attribute("src")

    async def answer(route: Route) -> None:
        if reachable:
            await route.fulfill(body=DRAWING, content_type="image/svg+xml")
        else:
            await route.abort()

    await inbox.page.route(PICTURES, answer)
    await at_line(inbox.page)
    await inbox.page.reload()
    await inbox.button("Stickers and emoji").click()
    first = inbox.page.locator(".sticker-tile img").first
    wanted = "/52002734/android/sticker.png" if reachable else str(stand_in)
    await expect(first).to_have_attribute("src", re.compile(re.escape(wanted) + "$"))


async def test_an_emoji_goes_into_the_text(desk: Desk, open_page: OpenPage) -> None:
    inbox, _, _ = await with_panel(desk, open_page)
    await inbox.page.get_by_role("combobox", name="Stickers and emoji").select_option("emoji")
    await inbox.page.get_by_role("button", name="(heart)").click()
    await expect(inbox.input).to_have_value("❤️")
