"""Any number of pages of one browser is live over one connection, so that there are always some left for the rest."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import FrameLocator, Page, expect

from tests.browser.conftest import own
from tests.browser.kit import Bot, Control, Phone, Relay, World, phone_path
from tests.browser.manager_kit import LARGE, OpenPage, path

pytestmark = pytest.mark.asyncio(loop_scope="package")

WITHOUT_WORKERS = "delete globalThis.SharedWorker"


@own
async def relay(control: Control) -> AsyncIterator[Relay]:
    """A line to the platform that only this test's browser uses."""
    relay = Relay(int(control.url.rpartition(":")[2]))
    await relay.mend()
    yield relay
    await relay.cut()


def base(relay: Relay) -> dict[str, Any]:
    return {"base": f"http://127.0.0.1:{relay.port}", "viewport": LARGE}


async def beside(page: Page, where: str) -> Page:
    """Another window of the same browser."""
    other = await page.context.new_page()
    await other.goto(where)
    return other


async def phones_beside(page: Page, number: int) -> FrameLocator:
    """Phones in frames; the last of them."""
    for _ in range(number):
        await page.get_by_role("button", name="Another phone").click()
    return page.frame_locator("iframe").last


async def test_many_pages_are_live_at_once(world: World, bot: Bot, relay: Relay, open_page: OpenPage) -> None:
    names = ["Hana", "Mei", "Ben", "Ploy"]
    users = [await world.friend(bot, name) for name in names]
    first = Phone(await open_page(phone_path(users[0], bot.id), **base(relay)))
    phones = [first, *[Phone(await beside(first.page, phone_path(user, bot.id))) for user in users[1:]]]
    managers = [await beside(first.page, path(bot, "chats", user)) for user in users]
    await phones_beside(first.page, 2)
    for manager in managers:
        await expect(manager.get_by_role("log")).to_be_visible()
    for phone, name in zip(phones, names, strict=True):
        await phone.write(f"Hello from {name}")
        await bot.message()
        await expect(phone.read_marks).to_have_text(["Read"])
    for manager, name in zip(managers, names, strict=True):
        await expect(manager.get_by_role("log")).to_contain_text(f"Hello from {name}")
    await managers[0].get_by_role("textbox", name="Answer").fill("Welcome")
    await managers[0].get_by_role("textbox", name="Answer").press("Enter")
    await expect(first.log).to_contain_text("Welcome")


async def test_every_page_catches_up_with_what_it_missed(
    world: World, bot: Bot, relay: Relay, open_page: OpenPage
) -> None:
    users = [await world.friend(bot, name) for name in ("Hana", "Mei")]
    first = Phone(await open_page(phone_path(users[0], bot.id), **base(relay)))
    second = Phone(await beside(first.page, phone_path(users[1], bot.id)))
    manager = await beside(first.page, f"{path(bot, 'chats', users[0])}?peek=1")
    pages = [first.page, second.page, manager]
    for user in users:
        await bot.say(user, "Hello")
    for page in pages:
        await expect(page.get_by_role("log")).to_contain_text("Hello")
    await relay.cut()
    for page in pages:
        await expect(page.get_by_text("Connection lost. Trying again…")).to_be_visible()
    for user in users:
        await world.say(user, bot.id, "meanwhile")
        await bot.mark(await bot.message())
    await relay.mend()
    for page in pages:
        await expect(page.get_by_role("log")).to_contain_text("meanwhile")
        await expect(page.get_by_text("Connection lost. Trying again…")).to_be_hidden()
    for phone in (first, second):
        await expect(phone.read_marks).to_have_text(["Read"])


async def test_a_page_that_is_closed_takes_no_other_with_it(
    world: World, bot: Bot, relay: Relay, open_page: OpenPage
) -> None:
    users = [await world.friend(bot, name) for name in ("Hana", "Mei")]
    first = Phone(await open_page(phone_path(users[0], bot.id), **base(relay)))
    second = Phone(await beside(first.page, phone_path(users[1], bot.id)))
    await expect(second.input).to_be_visible()
    await first.page.goto("/manager")
    await bot.say(users[1], "Are you there?")
    await expect(second.log).to_contain_text("Are you there?")
    await second.page.reload()
    await bot.say(users[1], "Still there?")
    await expect(second.log).to_contain_text("Still there?")


async def test_an_account_that_does_not_exist_keeps_nobody_waiting(
    world: World, bot: Bot, relay: Relay, open_page: OpenPage
) -> None:
    user_id = await world.friend(bot)
    phone = Phone(await open_page(phone_path(user_id, bot.id), **base(relay)))
    await beside(phone.page, "/manager/nobody")
    await bot.say(user_id, "Hello")
    await expect(phone.log).to_contain_text("Hello")
    await expect(phone.page.get_by_text("Connection lost. Trying again…")).to_be_hidden()


async def test_without_shared_workers_a_page_is_live_by_itself(
    world: World, bot: Bot, relay: Relay, open_page: OpenPage
) -> None:
    page = await open_page("/manager", **base(relay))
    await page.add_init_script(WITHOUT_WORKERS)
    user_id = await world.friend(bot)
    await page.goto(phone_path(user_id, bot.id))
    await expect(Phone(page).input).to_be_visible()
    await bot.say(user_id, "Hello")
    await expect(page.get_by_role("log")).to_contain_text("Hello")
