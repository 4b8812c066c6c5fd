"""Read on the phone: it appears under one's own messages as they are read, without a reload."""

from dataclasses import replace

import pytest
from playwright.async_api import Page, expect

from kidoku.platform.app import running
from kidoku.platform.config import PlatformConfig
from tests.browser.conftest import OpenPhone
from tests.browser.kit import Bot, Control, Phone, Relay, World

pytestmark = pytest.mark.asyncio(loop_scope="package")

ANNOUNCED = "p.visually-hidden[role=status]"


async def remember(page: Page) -> None:
    """Leave something in the window that a reload would lose."""
    await page.evaluate("window.neverReloaded = true")


async def assert_never_reloaded(page: Page) -> None:
    assert await page.evaluate("window.neverReloaded") is True


async def test_a_message_is_unread_until_the_bot_marks_it(
    world: World, bot: Bot, open_phone: OpenPhone
) -> None:
    phone = await open_phone(await world.friend(bot), bot.id)
    await remember(phone.page)
    await phone.write("Do you have a table at two?")
    message = await bot.message()
    await expect(phone.own.locator("time")).to_be_visible()
    await expect(phone.read_marks).to_have_count(0)
    await bot.mark(message)
    await expect(phone.read_marks).to_have_text("Read")
    await assert_never_reloaded(phone.page)


async def test_read_is_announced_once(world: World, bot: Bot, open_phone: OpenPhone) -> None:
    phone = await open_phone(await world.friend(bot), bot.id)
    await phone.write("one")
    await bot.message()
    await phone.write("two")
    latest = await bot.message()
    spoken = await phone.page.evaluate_handle(
        """(selector) => {
            const said = [];
            const region = document.querySelector(selector);
            new MutationObserver(() => region.textContent && said.push(region.textContent))
                .observe(region, {childList: true, characterData: true, subtree: true});
            return said;
        }""",
        ANNOUNCED,
    )
    await bot.mark(latest)
    await expect(phone.read_marks).to_have_count(2)
    await expect(phone.page.locator(ANNOUNCED)).to_have_text("Read")
    assert await spoken.json_value() == ["Read"]
    # The column itself is silent: else the log would say it again.
    await expect(phone.own.first.locator(".meta")).to_have_attribute("aria-live", "off")


async def test_a_mark_covers_what_came_before_and_nothing_after(
    world: World, bot: Bot, open_phone: OpenPhone
) -> None:
    phone = await open_phone(await world.friend(bot), bot.id)
    messages = []
    for text in ("one", "two", "three"):
        await phone.write(text)
        messages.append(await bot.message())
    await bot.mark(messages[1])
    await expect(phone.read_marks).to_have_count(2)
    await expect(phone.own.nth(2).locator(".meta__read")).to_have_count(0)
    await bot.mark(messages[0])
    await bot.say(phone_user(phone), "noted")
    await expect(phone.log).to_contain_text("noted")
    await expect(phone.read_marks).to_have_count(2)


def phone_user(phone: Phone) -> str:
    return phone.page.url.split("user=")[1].split("&")[0]


async def test_a_message_is_read_at_once_where_chat_is_off(world: World, open_phone: OpenPhone) -> None:
    async with world.bot(chat=False) as automatic:
        phone = await open_phone(await world.friend(automatic), automatic.id)
        await phone.write("hello")
        await expect(phone.read_marks).to_have_text("Read")


async def test_an_operator_who_opens_the_chat_reads_it(world: World, bot: Bot, open_phone: OpenPhone) -> None:
    user_id = await world.friend(bot)
    phone = await open_phone(user_id, bot.id)
    await phone.write("hello")
    await bot.message()
    await world.control.post(f"/chats/{bot.id}/{user_id}/open")
    await expect(phone.read_marks).to_have_text("Read")


async def test_what_was_read_while_the_phone_was_closed_is_read_when_it_opens(
    world: World, bot: Bot, open_phone: OpenPhone
) -> None:
    user_id = await world.friend(bot)
    await world.say(user_id, bot.id, "hello")
    await bot.mark(await bot.message())
    phone = await open_phone(user_id, bot.id)
    await expect(phone.read_marks).to_have_text("Read")


async def test_a_group_counts_its_readers(world: World, bot: Bot, open_phone: OpenPhone) -> None:
    hana, mei, som = [await world.user(name) for name in ("Hana", "Mei", "Som")]
    group = await world.group("Lunch", bot, hana, mei, som)
    phone = await open_phone(hana, group)
    await phone.write("Who is in?")
    message = await bot.message()
    await expect(phone.read_marks).to_have_count(0)
    await bot.mark(message)
    await expect(phone.read_marks).to_have_text("Read 1")
    other = await open_phone(mei, group)
    await expect(other.log).to_contain_text("Who is in?")
    await expect(phone.read_marks).to_have_text("Read 2")
    await open_phone(som, group)
    await expect(phone.read_marks).to_have_text("Read 3")
    await expect(phone.page.locator(ANNOUNCED)).to_have_text("Read 3")
    await expect(other.page.locator(".meta__read")).to_have_count(0)


async def test_a_lost_connection_loses_nothing(
    world: World, bot: Bot, control: Control, open_phone: OpenPhone
) -> None:
    relay = Relay(int(control.url.rpartition(":")[2]))
    await relay.mend()
    user_id = await world.friend(bot)
    phone = await open_phone(user_id, bot.id, base=f"http://127.0.0.1:{relay.port}")
    await remember(phone.page)
    await phone.write("Anybody there?")
    message = await bot.message()
    await relay.cut()
    await expect(phone.banner("Connection lost")).to_be_visible()
    await bot.mark(message)
    await bot.say(user_id, "Yes, while you were away")
    await relay.mend()
    await expect(phone.read_marks).to_have_text("Read")
    await expect(phone.log).to_contain_text("Yes, while you were away")
    await expect(phone.banner("Connection lost")).to_be_hidden()
    await expect(phone.page.locator(".message")).to_have_count(2)
    await assert_never_reloaded(phone.page)
    await relay.cut()


async def test_a_restarted_server_is_caught_up_with(
    tmp_path_factory: pytest.TempPathFactory, control: Control, open_phone: OpenPhone
) -> None:
    data_dir = tmp_path_factory.mktemp("restarted")
    async with running(PlatformConfig(data_dir=data_dir, port=0)) as (_, server):
        port, here = server.port, Control(server.url, control.http)
        provider = await here.post("/providers", name="Restarted")
        async with World(here, provider["providerId"]).bot() as bot:
            user_id = await World(here, provider["providerId"]).friend(bot)
            phone = await open_phone(user_id, bot.id, base=server.url)
            await phone.write("Before")
            await expect(phone.own.locator("time")).to_be_visible()
    await expect(phone.banner("Connection lost")).to_be_visible()
    async with running(PlatformConfig(data_dir=data_dir, port=port)):
        await here.post(f"/chats/{bot.id}/{user_id}/open")
        await expect(phone.read_marks).to_have_text("Read")
        await phone.write("After")
        await expect(phone.own).to_have_count(2)
        await expect(phone.banner("Connection lost")).to_be_hidden()


async def test_who_was_removed_while_away_is_led_out(
    tmp_path_factory: pytest.TempPathFactory, control: Control, open_phone: OpenPhone
) -> None:
    """A restarted server cannot say what happened before: the chat is read anew, and can't be."""
    config = PlatformConfig(data_dir=tmp_path_factory.mktemp("removed"), port=0)
    async with running(config) as (_, server):
        config = replace(config, port=server.port)
        here = Control(server.url, control.http)
        world = World(here, (await here.post("/providers", name="Removed"))["providerId"])
        async with world.bot() as bot:
            mei = await world.user("Mei")
            group = await world.group("Weekend", bot, mei, await world.user("Hana"))
            relay = Relay(server.port)
            await relay.mend()
            phone = await open_phone(mei, group, base=f"http://127.0.0.1:{relay.port}")
            await phone.write("Before")
            await expect(phone.own.locator("time")).to_be_visible()
            await relay.cut()
    async with running(config):
        await here.call("DELETE", f"/groups/{group}/members/{mei}")
        await relay.mend()
        await expect(phone.page.get_by_role("status").filter(has_text="no longer in Weekend")).to_be_visible()
        await expect(phone.page.get_by_role("heading", name="Chats", exact=True)).to_be_visible()
        await relay.cut()
