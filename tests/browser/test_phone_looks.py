"""How the phone looks: languages, themes, small and large windows, frames, and for screen readers."""

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from kidoku.http.i18n import LANGUAGES
from tests.browser.conftest import OpenPhone
from tests.browser.kit import Bot, World
from tests.sdk.kit.node import FOLDER, require_packages

pytestmark = pytest.mark.asyncio(loop_scope="package")

READ = {"en": "Read", "ja": "既読", "th": "อ่านแล้ว", "zh-TW": "已讀"}
LARGE, SMALL = {"width": 1280, "height": 900}, {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def axe() -> str:
    """The source of axe-core."""
    require_packages()
    return Path(FOLDER, "node_modules", "axe-core", "axe.min.js").read_text(encoding="utf-8")


async def faults(page: Page, axe: str) -> list[Any]:
    """What axe finds fault with."""
    await page.evaluate(axe)
    found = await page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [(one["id"], [node["html"] for node in one["nodes"]]) for one in found["violations"]]


async def sideways(page: Page) -> bool:
    return bool(await page.evaluate("document.documentElement.scrollWidth > innerWidth"))


@pytest.mark.parametrize("language", LANGUAGES)
async def test_read_in_every_language(language: str, world: World, bot: Bot, open_phone: OpenPhone) -> None:
    user_id = await world.friend(bot)
    await world.say(user_id, bot.id, "hello")
    await bot.mark(await bot.message())
    phone = await open_phone(user_id, bot.id, query={"lang": language}, viewport=SMALL)
    await expect(phone.read_marks).to_have_text(READ[language])
    await expect(phone.page.locator("html")).to_have_attribute("lang", language)
    assert not await sideways(phone.page)


async def test_language_and_theme_are_kept(world: World, open_phone: OpenPhone) -> None:
    phone = await open_phone(await world.user())
    await phone.page.get_by_role("navigation").get_by_role("button", name="Settings").click()
    settings = phone.page.locator(".settings")
    await settings.get_by_role("button", name="Dark").click()
    await expect(phone.page.locator("html")).to_have_attribute("data-theme", "dark")
    await settings.get_by_label("Language").select_option("ja")
    await expect(phone.page.get_by_role("heading", name="トーク", exact=True)).to_be_visible()
    await expect(phone.page.locator("html")).to_have_attribute("data-theme", "dark")
    await phone.page.goto("/phone")
    await expect(phone.page.get_by_role("heading", name="誰のスマホですか？")).to_be_visible()


async def test_a_long_group_name_leaves_the_number_in_sight(
    world: World, bot: Bot, open_phone: OpenPhone
) -> None:
    hana = await world.user("Hana")
    group = await world.group("A very long name for a rather small group", bot, hana)
    for chat in (group, None):
        phone = await open_phone(hana, chat, viewport=SMALL)
        name = phone.page.locator(".counted")
        count = name.get_by_text("(1)")
        await expect(count).to_be_visible()
        # Both at once: the name is drawn anew with every answer of the server.
        ends = await name.evaluate(
            "(name) => [name, name.lastElementChild].map((one) => one.getBoundingClientRect().right)"
        )
        assert 0 < ends[1] <= ends[0] + 0.5


async def test_a_frame_of_another_page_holds_only_the_screen(world: World, open_phone: OpenPhone) -> None:
    phone = await open_phone(await world.user(), query={"embed": "1"}, viewport=LARGE)
    await expect(phone.page.get_by_role("heading", name="Chats", exact=True)).to_be_visible()
    await expect(phone.page.get_by_role("banner")).to_have_count(0)
    box = await phone.page.locator(".device__screen").bounding_box()
    assert box == {"x": 0, "y": 0, **LARGE}


async def test_phones_side_by_side(world: World, bot: Bot, open_phone: OpenPhone) -> None:
    hana = await world.friend(bot)
    await world.user("Mei at the second phone")
    phone = await open_phone(hana, bot.id, viewport=LARGE)
    await phone.button("Another phone").click()
    second = phone.page.frame_locator("iframe[title='Another phone']")
    await second.get_by_role("button", name="Mei at the second phone").click()
    await expect(second.get_by_role("heading", name="Chats", exact=True)).to_be_visible()
    await phone.button("Put this phone away").click()
    await expect(phone.page.locator("iframe")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [LARGE, SMALL], ids=["1280", "360"])
async def test_axe_finds_no_fault(
    scheme: str, size: dict[str, int], axe: str, world: World, bot: Bot, open_phone: OpenPhone
) -> None:
    user_id = await world.friend(bot)
    group = await world.group("Weekend", bot, user_id, await world.user("Mei"))
    await world.say(user_id, bot.id, "hello https://example.com/")
    await bot.mark(await bot.message())
    box = {"type": "box", "layout": "vertical", "contents": [{"type": "text", "text": "¥1,980"}]}
    flex = {"type": "flex", "altText": "Receipt", "contents": {"type": "bubble", "body": box}}
    choice = {"type": "message", "label": "Yes", "text": "Yes"}
    confirm = {"type": "confirm", "text": "Sure?", "actions": [choice, {**choice, "label": "No"}]}
    await bot.push(user_id, {"type": "sticker", "packageId": "446", "stickerId": "1988"}, flex)
    await bot.push(user_id, {"type": "template", "altText": "Sure?", "template": confirm})
    looks = {"viewport": size, "color_scheme": scheme, "reduced_motion": "reduce"}
    phone = await open_phone(user_id, bot.id, **looks)
    page = phone.page
    found: dict[str, list[Any]] = {}

    async def look(name: str) -> None:
        found[name] = await faults(page, axe)
        assert not await sideways(page), name

    await expect(phone.log).to_contain_text("Sure?")
    await look("chat")
    await phone.button("Stickers").click()
    await look("stickers")
    await phone.button("Send something else").click()
    await look("attachments")
    await phone.button("Location").click()
    await look("location")
    await phone.dialog_button("Cancel").click()
    await page.goto(f"/phone?user={user_id}&chat={group}&about=1")
    await expect(page.get_by_text("2 members")).to_be_visible()
    await look("group")
    await page.goto(f"/phone?user={user_id}")
    for tab in ("Chats", "Friends", "Settings"):
        await page.get_by_role("navigation").get_by_role("button", name=tab).click()
        await look(tab)
    await page.goto("/phone")
    await expect(phone.button("Create a user")).to_be_visible()
    await look("users")
    assert {name: faults for name, faults in found.items() if faults} == {}, json.dumps(found, indent=1)
