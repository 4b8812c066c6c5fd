"""Desktop notifications: only when wanted, allowed and out of sight, and nothing becomes Read by them."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from tests.browser.desk_kit import Desk, Inbox, OpenPage, desk_beside, open_desk
from tests.browser.kit import World

pytestmark = pytest.mark.asyncio(loop_scope="package")

# A browser without a window has no notifications, whatever is granted to a page.
RECORDED = """(answer) => {
    globalThis.told = [];
    globalThis.Notification = class extends EventTarget {
        static permission = 'default';
        static async requestPermission() { return (this.permission = answer); }
        constructor(title, { body, tag }) {
            super();
            told.push({ title, body, tag });
            globalThis.note = this;
        }
        close() { told.push('closed'); }
    };
}"""
SEEN = """(hidden) => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
    document.dispatchEvent(new Event('visibilitychange'));
}"""


@pytest_asyncio.fixture(loop_scope="package")
async def desk(world: World, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Desk]:
    async with desk_beside(world, tmp_path_factory.mktemp("desk")) as desk:
        await desk.agent()
        yield desk


async def told(page: Page, number: int) -> list[object]:
    await page.wait_for_function("(number) => told.length >= number", arg=number)
    found: list[object] = await page.evaluate("told")
    return found


async def turn_on(inbox: Inbox, answer: str = "granted") -> None:
    await inbox.page.evaluate(RECORDED, answer)
    await inbox.button("Desktop notifications").click()


async def test_a_message_that_comes_out_of_sight_is_told(desk: Desk, open_page: OpenPage) -> None:
    channel = await desk.channel(readPolicy="on-open")
    user_id = await channel.friend()
    inbox = await open_desk(open_page, desk)
    page = inbox.page
    await turn_on(inbox)
    await expect(inbox.button("Desktop notifications")).to_have_attribute("aria-pressed", "true")

    await channel.say(user_id, "in sight")
    await expect(inbox.row("Hana").locator(".count")).to_have_text("1")
    await page.evaluate(SEEN, True)
    await channel.say(user_id, "out of sight")
    # What came in sight was not told, or it would be the first.
    (note,) = await told(page, 1)
    assert note == {"title": "Hana", "body": "out of sight", "tag": "1"}

    # It leads to a look into the chat, which shows nothing to the user.
    await page.evaluate(SEEN, False)
    await page.evaluate("note.dispatchEvent(new Event('click'))")
    await expect(page).to_have_url(f"{desk.url}/chats/1?peek=1")
    assert (await told(page, 2))[1] == "closed"
    await expect(inbox.log).to_contain_text("out of sight")
    assert (await desk.call("GET", "/marks"))["marks"] == []


async def test_who_turns_them_off_is_told_nothing(desk: Desk, open_page: OpenPage) -> None:
    channel = await desk.channel()
    user_id = await channel.friend()
    inbox = await open_desk(open_page, desk)
    await turn_on(inbox)
    await inbox.button("Desktop notifications").click()
    await expect(inbox.button("Desktop notifications")).to_have_attribute("aria-pressed", "false")
    await inbox.page.evaluate(SEEN, True)
    await channel.say(user_id, "one")
    await expect(inbox.row("Hana").locator(".count")).to_have_text("1")
    await inbox.page.evaluate(SEEN, False)
    await inbox.button("Desktop notifications").click()
    await inbox.page.evaluate(SEEN, True)
    await channel.say(user_id, "two")
    (note,) = await told(inbox.page, 1)
    assert note == {"title": "Hana", "body": "two", "tag": "1"}


async def test_a_browser_that_refuses_them_says_so(desk: Desk, open_page: OpenPage) -> None:
    inbox = await open_desk(open_page, desk)
    await turn_on(inbox, "denied")
    await expect(inbox.page.get_by_text("The browser does not allow notifications")).to_be_visible()
    await expect(inbox.button("Desktop notifications")).to_have_attribute("aria-pressed", "false")
