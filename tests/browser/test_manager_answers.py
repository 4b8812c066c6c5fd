"""What an operator types is kept until it has been sent, and what keeps it from being sent is said beside it."""

import pytest
from playwright.async_api import expect

from tests.browser.kit import Bot, World
from tests.browser.manager_kit import OpenPage, open_manager
from tests.browser.page_requests import Held

pytestmark = pytest.mark.asyncio(loop_scope="package")

MESSAGES = "**/_kidoku/v1/chats/*/*/messages"


async def test_an_answer_waits_in_its_chat(world: World, bot: Bot, open_page: OpenPage) -> None:
    for name in ("Hana", "Mei"):
        await world.say(await world.friend(bot, name), bot.id, "hello")
    manager = await open_manager(open_page, bot, "chats")
    await manager.chat("Hana").get_by_role("link").click()
    await manager.answer.fill("Dear Hana")
    await manager.chat("Mei").get_by_role("link").click()
    await expect(manager.answer).to_have_value("")
    await manager.answer.fill("Dear Mei")
    await manager.go("Home")
    await manager.go("Chats")
    await manager.chat("Hana").get_by_role("link").click()
    await expect(manager.answer).to_have_value("Dear Hana")
    await manager.answer.press("Enter")
    await expect(manager.log).to_contain_text("Dear Hana")
    await manager.chat("Mei").get_by_role("link").click()
    await expect(manager.answer).to_have_value("Dear Mei")
    await manager.chat("Hana").get_by_role("link").click()
    await expect(manager.answer).to_have_value("")


async def test_an_answer_that_fails_is_kept_with_the_reason_above_it(
    world: World, bot: Bot, open_page: OpenPage
) -> None:
    user_id = await world.friend(bot)
    await world.say(user_id, bot.id, "hello")
    manager = await open_manager(open_page, bot, "chats", user_id)
    await expect(manager.log).to_contain_text("hello")
    await manager.page.route(MESSAGES, lambda route: route.abort(), times=1)
    await manager.answer.fill("Good morning")
    await manager.answer.press("Enter")
    told = manager.page.locator(".answer").get_by_role("alert")
    await expect(told).to_contain_text("The server cannot be reached.")
    await expect(manager.answer).to_have_value("Good morning")
    await expect(manager.page.locator(".toast")).to_have_count(0)
    await manager.answer.press("Enter")
    await expect(manager.log).to_contain_text("Good morning")
    await expect(told).to_be_hidden()


async def test_an_answer_that_fails_after_its_chat_was_left_is_kept(
    world: World, bot: Bot, open_page: OpenPage
) -> None:
    for name in ("Hana", "Mei"):
        await world.say(await world.friend(bot, name), bot.id, "hello")
    manager = await open_manager(open_page, bot, "chats")
    await manager.chat("Hana").get_by_role("link").click()
    await manager.answer.fill("Dear Hana")
    held = Held("POST")
    await manager.page.route(MESSAGES, held)
    await manager.answer.press("Enter")
    route = await held.routes.get()
    await manager.chat("Mei").get_by_role("link").click()
    await manager.chat("Hana").get_by_role("link").click()
    await expect(manager.answer).to_have_value("")
    await manager.answer.fill("and family")
    await route.abort()
    await expect(manager.answer).to_have_value("Dear Hana\nand family")
    await expect(manager.page.locator(".answer").get_by_role("alert")).to_be_visible()


async def test_who_has_blocked_the_account_is_not_answered(
    world: World, bot: Bot, open_page: OpenPage
) -> None:
    user_id = await world.friend(bot)
    await world.say(user_id, bot.id, "hello")
    await bot.control.call("DELETE", f"/users/{user_id}/friends/{bot.id}")
    manager = await open_manager(open_page, bot, "chats", user_id)
    await manager.answer.fill("Good morning")
    await manager.answer.press("Enter")
    told = manager.page.locator(".answer").get_by_role("alert")
    await expect(told).to_have_text("This user has blocked the account: answers do not arrive.")
    await expect(manager.answer).to_have_value("Good morning")


async def test_a_notice_does_not_cover_what_is_typed(world: World, bot: Bot, open_page: OpenPage) -> None:
    user_id = await world.friend(bot)
    await world.say(user_id, bot.id, "hello")
    manager = await open_manager(open_page, bot, "chats", user_id)
    await expect(manager.log).to_contain_text("hello")
    await manager.page.route("**/open", lambda route: route.abort())
    await manager.answer.fill("Good")
    await world.say(user_id, bot.id, "Are you there?")
    notice = await manager.page.locator(".toast").bounding_box()
    box = await manager.answer.bounding_box()
    assert notice is not None
    assert box is not None
    assert notice["y"] + notice["height"] <= box["y"]
