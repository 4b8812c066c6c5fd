"""How the Manager looks: languages, themes, window sizes, frames, keyboards and screen readers."""

import json
from typing import Any

import pytest
from playwright.async_api import Page, expect

from kidoku.http.i18n import LANGUAGES
from tests.browser.kit import Bot, World
from tests.browser.manager_kit import (
    LARGE,
    MIDDLE,
    SECTIONS,
    SMALL,
    Manager,
    OpenPage,
    axe_source,
    faults,
    open_manager,
    path,
    sideways,
)

pytestmark = pytest.mark.asyncio(loop_scope="package")

NAMES = {"en": "Response settings", "ja": "応答設定", "th": "การตั้งค่าการตอบกลับ", "zh-TW": "回應設定"}
SETTLED = "() => !document.querySelector('[aria-busy=true], .skeleton, .content__wait')"


@pytest.fixture(scope="module")
def axe() -> str:
    return axe_source()


async def lived_in(world: World, bot: Bot) -> str:
    """Something to see in every section; the user's ID."""
    user_id = await world.friend(bot)
    await world.say(user_id, bot.id, "hello https://example.com/")
    await bot.mark(await bot.message())
    await bot.say(user_id, "good morning")
    await world.say(user_id, bot.id, "one more thing")
    await world.say(user_id, bot.id, "a rather long message without any space: " + "x" * 120)
    async with bot.control.http.post(
        f"{bot.control.url}/v2/bot/chat/markAsRead",
        json={"markAsReadToken": "made-up"},
        headers={"Authorization": f"Bearer {bot.account['channelAccessToken']}"},
    ) as answer:
        assert answer.status == 400
    return user_id


def places(bot: Bot, user_id: str) -> list[str]:
    extra = [path(bot, "chats", f"{user_id}?peek=1"), path(bot, "deliveries", "errors"), "/manager"]
    return [path(bot, section) for section in SECTIONS] + extra


async def settled(page: Page) -> None:
    await page.wait_for_function(SETTLED)


@pytest.mark.parametrize(
    ("language", "size"),
    [*((language, SMALL) for language in LANGUAGES), ("th", MIDDLE), ("th", LARGE), ("en", LARGE)],
    ids=lambda one: str(one["width"]) if isinstance(one, dict) else one,
)
async def test_every_section_in_every_language(
    language: str, size: dict[str, int], world: World, bot: Bot, open_page: OpenPage
) -> None:
    user_id = await lived_in(world, bot)
    manager = await open_manager(open_page, bot, f"response?lang={language}", viewport=size)
    await expect(manager.page.get_by_role("heading", name=NAMES[language], level=1)).to_be_visible()
    for place in places(bot, user_id):
        await manager.page.goto(place)
        await settled(manager.page)
        assert not await sideways(manager.page), place


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [LARGE, SMALL], ids=["1280", "360"])
async def test_axe_finds_no_fault(
    scheme: str, size: dict[str, int], axe: str, world: World, bot: Bot, open_page: OpenPage
) -> None:
    user_id = await lived_in(world, bot)
    page = await open_page("/manager", viewport=size, color_scheme=scheme, reduced_motion="reduce")
    found: dict[str, list[Any]] = {}
    for place in places(bot, user_id):
        await page.goto(place)
        await settled(page)
        found[place] = await faults(page, axe)
    await page.goto(path(bot, "deliveries"))
    await page.locator(".record").first.click()
    await expect(page.locator(".attempt")).to_be_visible()
    found["delivery"] = await faults(page, axe)
    await page.goto(path(bot, "chats", user_id))
    await expect(page.get_by_role("textbox", name="Answer")).to_be_visible()
    found["open chat"] = await faults(page, axe)
    await page.goto(path(bot, "response"))
    await page.get_by_role("switch", name="Use chat").click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    found["dialog"] = await faults(page, axe)
    assert {name: one for name, one in found.items() if one} == {}, json.dumps(found, indent=1)


async def test_sections_change_without_loading_the_page(bot: Bot, open_page: OpenPage) -> None:
    manager = await open_manager(open_page, bot)
    await manager.page.evaluate("window.neverReloaded = true")
    for name in ("Response settings", "Messaging API", "Webhook deliveries", "API calls", "Option API"):
        await manager.go(name)
        await expect(manager.page.get_by_role("heading", name=name, level=1)).to_be_visible()
        await expect(manager.page).to_have_title(f"{name} · Café Hinoki · Kidoku")
        current = manager.page.locator(".rail [aria-current=page]")
        await expect(current).to_contain_text(name)
    await manager.page.go_back()
    await expect(manager.page.get_by_role("heading", name="API calls", level=1)).to_be_visible()
    assert await manager.page.evaluate("window.neverReloaded") is True


async def test_every_sdk_can_be_seen_in_a_small_window(bot: Bot, open_page: OpenPage) -> None:
    manager = await open_manager(open_page, bot, "messaging-api", viewport=SMALL)
    for name in ("Python", "Node.js", "Java", "Go", "PHP", "Ruby"):
        tab = manager.page.get_by_role("tab", name=name, exact=True)
        await tab.scroll_into_view_if_needed()
        await expect(tab).to_be_in_viewport(ratio=1)
    tabs = manager.page.get_by_role("tablist", name="SDK")
    assert await tabs.evaluate("box => box.scrollWidth <= box.clientWidth")


async def test_the_rail_is_a_drawer_in_a_small_window(bot: Bot, open_page: OpenPage) -> None:
    manager = await open_manager(open_page, bot, viewport=SMALL)
    link = manager.page.get_by_role("link", name="Response settings")
    await expect(link).to_be_hidden()
    await manager.button("Menu").click()
    await expect(link).to_be_visible()
    await manager.page.keyboard.press("Escape")
    await expect(link).to_be_hidden()
    await expect(manager.button("Menu")).to_be_focused()
    await manager.button("Menu").click()
    await link.click()
    await expect(manager.page.get_by_role("heading", name="Response settings", level=1)).to_be_visible()
    await expect(link).to_be_hidden()


async def test_language_and_theme_are_kept_in_every_window(bot: Bot, open_page: OpenPage) -> None:
    manager = await open_manager(open_page, bot, viewport=MIDDLE)
    await manager.button("Dark").click()
    await expect(manager.page.locator("html")).to_have_attribute("data-theme", "dark")
    await manager.page.get_by_label("Language").select_option("ja")
    await expect(manager.page.get_by_role("heading", name="ホーム", level=1)).to_be_visible()
    await expect(manager.page.locator("html")).to_have_attribute("data-theme", "dark")


async def test_one_goes_to_another_account(world: World, bot: Bot, open_page: OpenPage) -> None:
    async with world.bot(name="Tea House") as other:
        manager = await open_manager(open_page, bot)
        await manager.page.get_by_role("button", name="Café Hinoki").click()
        await expect(manager.page.get_by_role("menuitem", name="All accounts")).to_be_visible()
        await manager.page.goto(path(other))
        await expect(manager.page).to_have_title("Home · Tea House · Kidoku")


async def test_in_a_frame_there_is_only_the_content(world: World, bot: Bot, open_page: OpenPage) -> None:
    user_id = await world.friend(bot)
    await world.say(user_id, bot.id, "hello")
    page = await open_page(f"{path(bot, 'chats', user_id)}?embed=1&peek=1", viewport=MIDDLE)
    await expect(Manager(page).log).to_contain_text("hello")
    await expect(page.locator(".story-box")).to_be_visible()
    await expect(page.get_by_role("banner")).to_have_count(0)
    await expect(page.get_by_role("navigation")).to_have_count(0)


async def test_what_cannot_be_loaded_can_be_tried_again(bot: Bot, open_page: OpenPage) -> None:
    manager = await open_manager(open_page, bot)
    await manager.page.route("**/_kidoku/v1/deliveries**", lambda route: route.abort())
    await manager.go("Webhook deliveries")
    await expect(manager.page.get_by_text("The server cannot be reached.").first).to_be_visible()
    await manager.page.unroute("**/_kidoku/v1/deliveries**")
    await manager.button("Try again").first.click()
    await expect(manager.page.locator(".records, .empty").first).to_be_visible()


BESIDE_PICTURE = """(box, name) => {
    const range = document.createRange();
    range.selectNodeContents(box.querySelector(name));
    return range.getBoundingClientRect().left - box.querySelector('.avatar').getBoundingClientRect().right;
}"""


async def test_a_name_from_the_right_stands_beside_its_picture(
    world: World, bot: Bot, open_page: OpenPage
) -> None:
    user_id = await world.friend(bot, "ليلى")
    await world.say(user_id, bot.id, "hello")
    manager = await open_manager(open_page, bot, "chats", user_id)
    for box, name in (
        (manager.chat("ليلى"), ".row-name"),
        (manager.page.locator(".conversation__head"), "h2"),
        (manager.messages.filter(has_text="hello"), ".message__author"),
    ):
        await expect(box).to_contain_text("ليلى")
        assert 0 <= await box.evaluate(BESIDE_PICTURE, name) <= 24


@pytest.mark.parametrize("size", [LARGE, SMALL], ids=["1280", "360"])
async def test_the_name_of_an_account_is_shown_whole(
    size: dict[str, int], world: World, open_page: OpenPage
) -> None:
    name = "Kidoku Demonstration"
    async with world.bot(name=name) as bot:
        page = await open_page("/manager", viewport=size)
        tile = page.locator(".account-tile").filter(has_text=bot.account["basicId"])
        await expect(tile.locator(".row-name")).to_have_text(name)
        shown = await tile.locator(".row-name").evaluate("(name) => name.scrollWidth <= name.clientWidth")
        assert shown
        room = await tile.evaluate("(tile) => tile.querySelector('.row-name').clientWidth / tile.clientWidth")
        assert room > 0.6
        assert not await sideways(page)
