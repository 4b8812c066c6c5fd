"""A chat stays at its newest message while pictures in it load, and leaves who reads further up where they are."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import OpenPhone
from tests.browser.kit import Bot, World, below_after_growing, scroll_up
from tests.browser.manager_kit import OpenPage, open_manager

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def chat(world: World, bot: Bot) -> str:
    """A user who has told more than a window shows."""
    user_id = await world.friend(bot)
    await world.say(user_id, bot.id, "A long story\n" * 60)
    await world.say(user_id, bot.id, "The end")
    return user_id


async def stays(page: Page, bot: Bot, user_id: str) -> None:
    log = page.get_by_role("log")
    await expect(log.get_by_text("The end")).to_be_in_viewport()
    assert await below_after_growing(page) < 2
    box = page.get_by_role("region", name="Conversation", exact=True)
    await scroll_up(box)
    await expect(log.get_by_text("The end")).not_to_be_in_viewport()
    await bot.say(user_id, "What happened then?")
    await expect(log.get_by_text("What happened then?")).to_have_count(1)
    assert await box.evaluate("box => box.scrollTop") == 0


async def test_on_the_phone(world: World, bot: Bot, open_phone: OpenPhone) -> None:
    user_id = await chat(world, bot)
    phone = await open_phone(user_id, bot.id)
    await stays(phone.page, bot, user_id)


async def test_in_the_manager(world: World, bot: Bot, open_page: OpenPage) -> None:
    user_id = await chat(world, bot)
    manager = await open_manager(open_page, bot, "chats", user_id)
    await stays(manager.page, bot, user_id)
