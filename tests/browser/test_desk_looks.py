"""How the desk looks: languages, themes, window sizes and screen readers."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from kidoku.http.i18n import LANGUAGES
from tests.browser.desk_kit import LARGE, SMALL, Desk, OpenPage, desk_beside, open_desk
from tests.browser.kit import World
from tests.browser.manager_kit import axe_source, faults

pytestmark = pytest.mark.asyncio(loop_scope="package")

PLACES = (
    "/",
    "/chats/1?peek=1",
    "/chats/1",
    "/reports",
    "/settings",
    "/settings/agents",
    "/settings/canned",
    "/settings/me",
)
SETTLED = "() => !document.querySelector('[aria-busy=true], .skeleton, .desk__wait')"
SIDEWAYS = """() => [document.documentElement, ...document.querySelectorAll('.pane, .settings, .reports')]
    .some((box) => box.scrollWidth > box.clientWidth + 1)"""


@pytest.fixture(scope="module")
def axe() -> str:
    return axe_source()


@pytest_asyncio.fixture(loop_scope="package")
async def desk(world: World, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Desk]:
    """A desk with something to see on every page."""
    async with desk_beside(world, tmp_path_factory.mktemp("desk")) as desk:
        await desk.agent()
        channel = await desk.channel()
        await channel.say(await channel.friend(), "hello https://example.com/" + "x" * 120)
        await desk.call("POST", "/canned", {"title": "hours", "text": "We are open from 9 to 18."})
        yield desk


async def lived_in(desk: Desk, open_page: OpenPage, **options: Any) -> Page:
    """The desk once the message has come, with a note."""
    inbox = await open_desk(open_page, desk, **options)
    await expect(inbox.row("Hana").locator(".count")).to_have_text("1")
    await desk.call("POST", "/chats/1/notes", {"text": "Likes the window seat"})
    return inbox.page


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", [LARGE, SMALL], ids=["1280", "360"])
async def test_every_page_in_every_language(
    language: str, size: dict[str, int], desk: Desk, open_page: OpenPage
) -> None:
    page = await lived_in(desk, open_page, path=f"/?lang={language}", viewport=size)
    for place in PLACES:
        await page.goto(place)
        await page.wait_for_function(SETTLED)
        await expect(page.locator("html")).to_have_attribute("lang", language)
        assert not await page.evaluate(SIDEWAYS), place


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [LARGE, SMALL], ids=["1280", "360"])
async def test_axe_finds_no_fault(
    scheme: str, size: dict[str, int], axe: str, desk: Desk, open_page: OpenPage
) -> None:
    page = await lived_in(desk, open_page, viewport=size, color_scheme=scheme, reduced_motion="reduce")
    found: dict[str, Any] = {}
    for place in PLACES:
        await page.goto(place)
        await page.wait_for_function(SETTLED)
        found[place] = await faults(page, axe)
    await page.goto("/settings")
    await page.get_by_role("button", name="Add a channel").click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    found["dialog"] = await faults(page, axe)
    assert {name: one for name, one in found.items() if one} == {}, json.dumps(found, indent=1)


async def test_on_a_phone_one_pane_shows_at_a_time(desk: Desk, open_page: OpenPage) -> None:
    page = await lived_in(desk, open_page, viewport=SMALL)
    await page.locator(".chat-row a").click()
    await expect(page.get_by_role("log")).to_contain_text("hello")
    await expect(page.locator(".pane--list")).to_be_hidden()
    await page.get_by_role("button", name="Show the details").click()
    await expect(page.locator(".note")).to_contain_text("Likes the window seat")
    await page.get_by_role("button", name="Back to the conversation").click()
    await page.get_by_role("button", name="Back to the chats").click()
    await expect(page.locator(".pane--list")).to_be_visible()
