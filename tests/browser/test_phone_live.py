"""What changes elsewhere while a phone is open, and going from one phone to another."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import OpenPhone
from tests.browser.kit import Bot, World, names, phone_path
from tests.browser.manager_kit import OpenPage
from tests.browser.page_requests import Held

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def test_an_account_that_is_renamed(world: World, bot: Bot, open_phone: OpenPhone) -> None:
    user_id = await world.friend(bot)
    await bot.say(user_id, "Welcome")
    phone = await open_phone(user_id, bot.id)
    await expect(phone.log.locator(".message__author")).to_have_text("Café Hinoki")
    await world.control.patch(f"/accounts/{bot.id}", displayName="Bar Sugi")
    await expect(phone.page.get_by_role("heading", name="Bar Sugi")).to_be_visible()
    await expect(phone.log.locator(".message__author")).to_have_text("Bar Sugi")
    await expect(phone.page).to_have_title("Bar Sugi · Kidoku")


async def test_a_member_who_is_renamed(world: World, bot: Bot, open_phone: OpenPhone) -> None:
    hana, mei = await world.user("Hana"), await world.user("Mei")
    group = await world.group("Lunch", bot, hana, mei)
    await world.say(mei, group, "At noon")
    phone = await open_phone(hana, group)
    about = await open_phone(hana, group, query={"about": "1"})
    await expect(phone.log.locator(".message__author")).to_have_text("Mei")
    await expect(about.page.get_by_text("Mei", exact=True)).to_be_visible()
    await world.control.patch(f"/users/{mei}", displayName="Mei-Ling")
    await expect(phone.log.locator(".message__author")).to_have_text("Mei-Ling")
    await expect(about.page.get_by_text("Mei-Ling", exact=True)).to_be_visible()


async def test_a_user_who_is_renamed(world: World, open_phone: OpenPhone) -> None:
    user_id = await world.user("Hana")
    phone = await open_phone(user_id)
    for tab in ("Friends", "Settings"):
        await phone.page.get_by_role("navigation").get_by_role("button", name=tab).click()
        name = f"Hana at {tab}"
        await world.control.patch(f"/users/{user_id}", displayName=name)
        await expect(phone.page.locator(".self__name")).to_have_text(name)


async def test_a_user_who_is_added_elsewhere(world: World, open_phone: OpenPhone) -> None:
    phone, name = await open_phone(), f"Nadia {next(names)}"
    await expect(phone.button("Create a user")).to_be_visible()
    user_id = await world.user(name)
    await expect(phone.page.get_by_role("button", name=name)).to_be_visible()
    await world.control.patch(f"/users/{user_id}", displayName=f"Dr. {name}")
    await phone.page.get_by_role("button", name=f"Dr. {name}").click()
    await expect(phone.page.get_by_text("No chats yet")).to_be_visible()


async def test_the_phone_is_whose_the_address_says(world: World, open_phone: OpenPhone) -> None:
    name = f"Mei {next(names)}"
    hana, mei = await world.user("Hana"), await world.user(name)
    held = Held()
    phone = await open_phone(hana)
    page = phone.page
    await page.get_by_role("navigation").get_by_role("button", name="Settings").click()
    await page.route(f"**/users/{mei}/home", held)
    await phone.button("Use another user’s phone").click()
    await page.get_by_role("button", name=name).click()
    slow = await held.routes.get()
    await page.go_back()
    await page.go_back()
    await expect(page.locator(".self__name")).to_have_text("Hana")
    async with page.expect_response(f"**/users/{mei}/home"):
        await slow.continue_()
    await world.control.patch(f"/users/{hana}", displayName="Hanako")
    await expect(page.locator(".self__name")).to_have_text("Hanako")
    assert hana in page.url


async def test_a_page_is_shown_where_no_event_comes_through(
    world: World, bot: Bot, open_page: OpenPage
) -> None:
    """As behind a proxy that holds streams back."""
    user_id = await world.friend(bot)
    page, events = await open_page("/manager"), Held()
    await page.add_init_script("delete globalThis.SharedWorker")
    await page.route("**/_kidoku/v1/events*", events)
    await page.goto(phone_path(user_id, bot.id))
    await expect(page.get_by_text("No messages yet")).to_be_visible()
    await bot.say(user_id, "Good morning")
    await (await events.routes.get()).continue_()
    await expect(page.get_by_role("log")).to_contain_text("Good morning")
