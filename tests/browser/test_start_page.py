"""The start page: phone and Manager side by side, live, and what a bot needs to take part."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Page, expect

from kidoku.cli.up import Up, bot_socket, origins_of
from kidoku.desk.config import DeskConfig
from kidoku.http.i18n import LANGUAGES
from kidoku.platform.app import running
from kidoku.platform.config import PlatformConfig
from tests.browser.conftest import own
from tests.browser.kit import PATIENCE_S, Bot, World
from tests.browser.manager_kit import LARGE, SMALL, OpenPage, axe_source, faults, settings, sideways
from tests.browser.page_requests import two_users_at_a_time

pytestmark = pytest.mark.asyncio(loop_scope="package")

HEADINGS = {
    "en": "Connect your bot",
    "ja": "ボットを接続する",
    "th": "เชื่อมต่อบอทของคุณ",
    "zh-TW": "連接您的機器人",
}


def address(bot: Bot, user_id: str = "", **query: str) -> str:
    more = "".join(f"&{name}={value}" for name, value in query.items())
    return f"/?account={bot.id}&user={user_id}{more}"


@own
async def empty(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """The address of a platform on which there is nothing yet."""
    config = PlatformConfig(data_dir=tmp_path_factory.mktemp("empty"), port=0)
    async with running(config) as (_, server):
        yield server.url


async def test_a_message_becomes_read_on_both_sides(world: World, bot: Bot, open_page: OpenPage) -> None:
    user_id = await world.friend(bot)
    page = await open_page(address(bot, user_id), viewport=LARGE)
    phone = page.frame_locator("iframe[title='Phone of Hana']")
    manager = page.frame_locator("iframe[title='Manager of Café Hinoki']")
    await phone.get_by_role("textbox", name="Message").fill("Is anybody there?")
    await phone.get_by_role("textbox", name="Message").press("Enter")
    message = await bot.message()
    await expect(manager.get_by_role("log")).to_contain_text("Is anybody there?")
    await expect(manager.locator(".meta__unread")).to_have_text("Unread")
    await expect(phone.locator(".meta__read")).to_have_count(0)
    await bot.mark(message)
    await expect(phone.locator(".message--own .meta__read")).to_have_text("Read")
    await expect(manager.locator(".meta__cause")).to_have_text("Read token")
    await expect(manager.locator(".story-box .story__step")).to_have_count(1)


async def test_another_pair_is_chosen(world: World, bot: Bot, open_page: OpenPage) -> None:
    hana, mei = await world.friend(bot, "Hana"), await world.friend(bot, "Mei")
    page = await open_page(address(bot, hana), viewport=LARGE)
    await page.get_by_label("Whose phone").select_option(mei)
    await expect(page.locator("iframe[title='Phone of Mei']")).to_be_visible()
    assert f"user={mei}" in page.url


async def test_one_of_many_users_is_shown(world: World, bot: Bot, open_page: OpenPage) -> None:
    _, _, som = [await world.friend(bot, name) for name in ("Hana", "Mei", "Som")]
    page = await open_page("/manager", viewport=LARGE)
    await two_users_at_a_time(page)
    await page.goto(address(bot, som))
    await expect(page.locator("iframe[title='Phone of Som']")).to_be_visible()
    await expect(page.get_by_label("Whose phone").locator("option")).to_have_text(["Hana", "Mei", "Som"])


async def test_somebody_is_made_to_write(bot: Bot, open_page: OpenPage) -> None:
    page = await open_page(address(bot), viewport=LARGE)
    await page.get_by_role("button", name="Create a user").click()
    phone = page.frame_locator("iframe[title='Phone of Alice']")
    await expect(phone.get_by_role("textbox", name="Message")).to_be_visible()


async def test_a_bot_is_connected(world: World, bot: Bot, open_page: OpenPage) -> None:
    hook = (await settings(bot))["webhook"]
    await bot.control.patch(f"/accounts/{bot.id}/settings", webhook=None)
    page = await open_page(address(bot, await world.friend(bot)), viewport=LARGE)
    connect = page.get_by_role("region", name="Connect your bot")
    await expect(connect).to_contain_text(bot.control.url)
    await expect(connect).to_contain_text(bot.account["channelId"])
    await expect(connect).to_contain_text("a message stays unread until your bot sends its read token")
    await connect.get_by_label("Webhook URL").fill(f"{hook}/elsewhere")
    await connect.get_by_role("button", name="Save and verify").click()
    await expect(connect).to_contain_text("the bot did not answer as it should: 404")
    await connect.get_by_label("Webhook URL").fill(hook)
    await connect.get_by_role("button", name="Save and verify").click()
    await expect(connect).to_contain_text("Your bot answers with 200.")
    assert (await settings(bot))["webhook"] == hook


async def test_first_steps_where_there_is_nothing_yet(empty: str, open_page: OpenPage) -> None:
    page = await open_page("/", base=empty, viewport=LARGE)
    await expect(page.get_by_role("heading", name="Three steps to the first message")).to_be_visible()
    await page.get_by_role("button", name="Create an account").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Name").fill("Café Momiji")
    await dialog.get_by_role("button", name="Create", exact=True).click()
    await expect(page.locator("iframe[title='Phone of Alice']")).to_be_visible()
    await expect(page.locator("iframe[title='Manager of Café Momiji']")).to_be_visible()
    await expect(page.get_by_role("heading", name="Connect your bot")).to_be_visible()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", [LARGE, SMALL], ids=["1280", "360"])
async def test_in_every_language_and_size(
    language: str, size: dict[str, int], world: World, bot: Bot, open_page: OpenPage
) -> None:
    page = await open_page(address(bot, await world.friend(bot), lang=language), viewport=size)
    await expect(page.get_by_role("heading", name=HEADINGS[language])).to_be_visible()
    assert not await sideways(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_no_fault(
    scheme: str, empty: str, world: World, bot: Bot, open_page: OpenPage
) -> None:
    axe = axe_source()
    found: dict[str, list[Any]] = {}
    user_id = await world.friend(bot)
    await world.say(user_id, bot.id, "hello")
    still = {"color_scheme": scheme, "reduced_motion": "reduce"}
    page = await open_page(address(bot, user_id), viewport=LARGE, **still)
    await both_are_there(page)
    found["pair"] = await faults(page, axe)
    nothing = await open_page("/", base=empty, viewport=SMALL, **still)
    await expect(nothing.get_by_role("heading", name="Three steps to the first message")).to_be_visible()
    found["first steps"] = await faults(nothing, axe)
    assert {name: one for name, one in found.items() if one} == {}, json.dumps(found, indent=1)


async def both_are_there(page: Page) -> None:
    await expect(page.frame_locator("iframe").first.get_by_role("log")).to_contain_text("hello")
    await expect(page.frame_locator("iframe").last.get_by_role("log")).to_contain_text("hello")


@own
async def up(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[str]:
    """The start page of `kidoku up` once it is announced, which is when all of the demo is there."""
    announced = asyncio.Event()

    async def announce(*_: object) -> None:
        announced.set()

    monkeypatch.setattr("kidoku.cli.up.announce", announce)
    data = tmp_path_factory.mktemp("up")
    config = PlatformConfig(data_dir=data, port=0)
    desk = DeskConfig(data_dir=data, port=0, api_key="key-of-the-demo", frame_ancestors=origins_of(config))
    async with Up(config, desk, bot_socket(0)).running() as url:
        await asyncio.wait_for(announced.wait(), PATIENCE_S)
        yield url


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
async def test_the_circle_through_the_inbox(name: str, up: str, open_page: OpenPage) -> None:
    page = await open_page("/", base=up.replace("127.0.0.1", name), viewport=LARGE)
    phone = page.frame_locator("iframe[title='Phone of Alice']")
    inbox = page.frame_locator("iframe[title='Inbox']")
    await expect(phone.get_by_role("log")).to_contain_text("Are you open on Sunday?")
    await expect(phone.locator(".meta__read")).to_have_count(0)
    await inbox.get_by_role("link", name="Alice").click()
    await expect(inbox.get_by_role("log")).to_contain_text("Are you open on Sunday?")
    await expect(phone.locator(".meta__read")).to_have_count(0)
    await inbox.get_by_role("textbox", name="Answer").fill("From 9 to 18.")
    await inbox.get_by_role("textbox", name="Answer").press("Enter")
    await expect(phone.get_by_role("log")).to_contain_text("From 9 to 18.")
    await expect(phone.locator(".message--own .meta__read")).to_have_text("Read")
    await page.get_by_role("button", name="Manager", exact=True).click()
    manager = page.frame_locator("iframe[title='Manager of Kidoku Support']")
    await expect(manager.locator(".meta__cause")).to_have_text("Read token")


async def test_the_bot_of_the_demo_is_one_choice_away(up: str, open_page: OpenPage) -> None:
    page = await open_page("/", base=up, viewport=SMALL)
    await expect(
        page.frame_locator("iframe[title='Inbox']").get_by_role("link", name="Alice")
    ).to_be_visible()
    assert not await sideways(page)
    await page.get_by_label("Which account").select_option(label="Kidoku Demo")
    await expect(page.locator("iframe[title='Manager of Kidoku Demo']")).to_be_visible()
    phone = page.frame_locator("iframe[title='Phone of Alice']")
    await phone.get_by_role("textbox", name="Message").fill("Is anybody there?")
    await phone.get_by_role("textbox", name="Message").press("Enter")
    await expect(phone.locator(".message--own .meta__read")).to_have_text("Read")


async def test_what_changes_elsewhere_is_seen_beside_the_pair(
    world: World, bot: Bot, open_page: OpenPage
) -> None:
    user_id = await world.friend(bot)
    page = await open_page(address(bot, user_id), viewport=LARGE)
    connect = page.get_by_role("region", name="Connect your bot")
    phone = page.frame_locator("iframe[title='Phone of Hana']")
    await phone.get_by_role("textbox", name="Message").fill("Being written")
    await expect(connect).to_contain_text("Chat is on for this account")
    await bot.control.patch(f"/accounts/{bot.id}/settings", chat=False, webhook="http://127.0.0.1:9/new")
    await expect(connect).to_contain_text("Chat is off for this account")
    await expect(connect.get_by_label("Webhook URL")).to_have_value("http://127.0.0.1:9/new")
    await connect.get_by_label("Webhook URL").fill("http://127.0.0.1:9/typed")
    mei = await world.user("Mei")
    await expect(page.get_by_label("Whose phone").get_by_role("option", name="Mei")).to_be_attached()
    await bot.control.patch(f"/users/{mei}", displayName="Mei-Ling")
    await bot.control.patch(f"/accounts/{bot.id}", displayName="Café Sakura")
    await expect(page.get_by_label("Whose phone").get_by_role("option", name="Mei-Ling")).to_be_attached()
    await expect(page.get_by_label("Which account").locator("option:checked")).to_have_text("Café Sakura")
    await expect(connect.get_by_label("Webhook URL")).to_have_value("http://127.0.0.1:9/typed")
    await expect(phone.get_by_role("textbox", name="Message")).to_have_value("Being written")
