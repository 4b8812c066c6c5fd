"""How answering looks in each of its states: languages, themes, window sizes, screen readers, and by keyboard."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import expect

from kidoku.http.i18n import LANGUAGES
from tests.browser.desk_kit import LARGE, SMALL, Channel, Desk, Inbox, OpenPage, desk_beside, open_desk
from tests.browser.kit import World
from tests.browser.manager_kit import axe_source, faults

pytestmark = pytest.mark.asyncio(loop_scope="package")

SIDEWAYS = """() => [document.documentElement, ...document.querySelectorAll('.pane, .conversation__box, dialog')]
    .filter((box) => box.scrollWidth > box.clientWidth + 1).map((box) => box.className)"""


@pytest.fixture(scope="module")
def axe() -> str:
    return axe_source()


@pytest_asyncio.fixture(loop_scope="package")
async def desk(world: World, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Desk]:
    async with desk_beside(world, tmp_path_factory.mktemp("desk")) as desk:
        await desk.agent()
        yield desk


async def failed(desk: Desk, open_page: OpenPage, **options: Any) -> tuple[Inbox, Channel, str]:
    """The inbox with the chat open, after an answer that failed."""
    channel = await desk.channel(readTargetS=3_600)
    user_id = await channel.friend()
    await channel.say(user_id, "hello")
    inbox = await open_desk(open_page, desk, **options)
    await expect(inbox.page.locator(".chat-row")).to_have_count(1)
    await channel.token("wrong")
    await desk.call("POST", "/chats/1/reply", {"messages": [{"type": "text", "text": "hello"}]})
    await inbox.page.goto("/chats/1")
    await expect(inbox.log.locator(".delivery")).to_be_visible()
    return inbox, channel, user_id


async def states(inbox: Inbox, channel: Channel, user_id: str) -> AsyncIterator[str]:
    """The pages one after the other as they look in each state."""
    page = inbox.page
    yield "failed answer"
    await page.locator(".composer__tools button").nth(0).click()
    await expect(page.locator(".sticker-tile").first).to_be_visible()
    yield "stickers"
    await page.keyboard.press("Escape")
    await page.locator(".composer__tools button").nth(1).click()
    await expect(inbox.dialog).to_be_visible()
    yield "picture"
    await page.keyboard.press("Escape")
    control = channel.desk.world.control
    await control.call("DELETE", f"/users/{user_id}/friends/{channel.account_id}")
    await expect(inbox.page.locator(".answer__input")).to_be_disabled()
    yield "blocked"
    await page.goto("/settings/channels")
    await page.locator(".channel .button:has(use[href='#icon-eye'])").click()
    await expect(inbox.dialog).to_be_visible()
    yield "read policy"


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_state_fits_in_every_language(language: str, desk: Desk, open_page: OpenPage) -> None:
    inbox, channel, user_id = await failed(desk, open_page, path=f"/?lang={language}", viewport=SMALL)
    async for state in states(inbox, channel, user_id):
        assert await inbox.page.evaluate(SIDEWAYS) == [], state


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [LARGE, SMALL], ids=["1280", "360"])
async def test_axe_finds_no_fault(
    scheme: str, size: dict[str, int], axe: str, desk: Desk, open_page: OpenPage
) -> None:
    options = {"viewport": size, "color_scheme": scheme, "reduced_motion": "reduce"}
    inbox, channel, user_id = await failed(desk, open_page, **options)
    found: dict[str, Any] = {}
    async for state in states(inbox, channel, user_id):
        found[state] = await faults(inbox.page, axe)
    assert {name: one for name, one in found.items() if one} == {}, json.dumps(found, indent=1)


async def test_a_failed_answer_is_sent_again_by_keyboard(desk: Desk, open_page: OpenPage) -> None:
    inbox, channel, _ = await failed(desk, open_page)
    await channel.token(channel.access_token)
    again = inbox.log.get_by_role("button", name="Send again")
    await inbox.page.locator(".conversation__box").focus()
    for _ in range(12):
        await inbox.page.keyboard.press("Tab")
        if await again.evaluate("button => button === document.activeElement"):
            break
    await expect(again).to_be_focused()
    await inbox.page.keyboard.press("Enter")
    await expect(inbox.log.locator(".delivery")).to_have_count(0)


async def test_stickers_and_pictures_are_chosen_by_keyboard(desk: Desk, open_page: OpenPage) -> None:
    inbox, _, _ = await failed(desk, open_page)
    press = inbox.page.keyboard.press
    await inbox.button("Stickers and emoji").press("Enter")
    await expect(inbox.page.get_by_role("combobox", name="Stickers and emoji")).to_be_focused()
    await press("Tab")
    await press("Tab")
    await expect(inbox.page.locator(".sticker-tile").first).to_be_focused()
    await press("Escape")
    await expect(inbox.page.locator(".sticker-tile")).to_have_count(0)
    await expect(inbox.input).to_be_focused()
    await inbox.button("Send a picture").press("Enter")
    await expect(inbox.dialog).to_be_visible()
    await press("Escape")
    await expect(inbox.button("Send a picture")).to_be_focused()
