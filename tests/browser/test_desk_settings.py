"""A channel's settings in a browser."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests.browser.desk_kit import Desk, OpenPage, desk_beside, open_desk
from tests.browser.kit import World
from tests.platform.webhooks.receiver import http, receiving

pytestmark = pytest.mark.asyncio(loop_scope="package")


@pytest_asyncio.fixture(loop_scope="package")
async def desk(world: World, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Desk]:
    async with desk_beside(world, tmp_path_factory.mktemp("desk")) as desk:
        await desk.agent()
        yield desk


async def test_when_messages_show_read_and_should(desk: Desk, open_page: OpenPage) -> None:
    channel = await desk.channel(relayUrl="http://127.0.0.1:9/bot")
    inbox = await open_desk(open_page, desk, "/settings/channels")
    card, dialog = inbox.page.locator(".channel"), inbox.dialog
    await inbox.button("Read policy").click()
    await dialog.get_by_role("combobox", name="Messages that the bot has taken").select_option("On arrival")
    await dialog.get_by_role("spinbutton", name="Messages should be read within").fill("90")
    await dialog.get_by_role("button", name="Save").click()
    await expect(card).to_contain_text("On arrival")
    await expect(card.get_by_text("To be read within")).to_be_visible()
    await expect(card).to_contain_text("1.5 hr")
    told = await desk.call("GET", f"/channels/{channel.key}")
    assert (told["readPolicy"]["botHandled"], told["readTargetS"]) == ("on-receive", 5_400)
    await inbox.button("Read policy").click()
    bot = dialog.get_by_role("combobox", name="Messages that the bot has taken")
    await expect(bot).to_have_value("on-receive")
    await expect(dialog.get_by_role("spinbutton", name="Seconds to undo")).to_have_count(0)
    await bot.select_option("When somebody opens it")
    await expect(dialog.get_by_role("spinbutton", name="Seconds to undo")).to_be_visible()
    await expect(dialog.get_by_role("spinbutton", name="Messages should be read within")).to_have_value("90")
    await expect(dialog.get_by_role("combobox", name="Unit")).to_have_value("60")
    await bot.select_option("As everything else")
    await dialog.get_by_role("spinbutton", name="Messages should be read within").fill("")
    await dialog.get_by_role("button", name="Save").click()
    await expect(card.get_by_text("To be read within")).to_have_count(0)
    told = await desk.call("GET", f"/channels/{channel.key}")
    assert (told["readPolicy"]["botHandled"], told["readTargetS"]) == (None, None)


async def test_a_new_channel_has_its_target_from_the_start(desk: Desk, open_page: OpenPage) -> None:
    inbox = await open_desk(open_page, desk, "/settings/channels")
    await inbox.button("Add a channel").click()
    await inbox.dialog.get_by_label("Name").fill("Shop")
    await inbox.dialog.get_by_label("Channel secret").fill("0123456789abcdef0123456789abcdef")
    await inbox.dialog.get_by_label("Channel access token").fill("token")
    await expect(inbox.dialog.get_by_role("combobox", name="Messages that the bot")).to_have_value("")
    await inbox.dialog.get_by_role("spinbutton", name="Messages should be read within").fill("2")
    await inbox.dialog.get_by_role("combobox", name="Unit").select_option("days")
    await inbox.dialog.get_by_role("button", name="Add").click()
    await expect(inbox.page.locator(".channel")).to_contain_text("2 days")
    [told] = (await desk.call("GET", "/channels"))["channels"]
    assert told["readTargetS"] == 2 * 86_400


async def test_a_refusal_is_told_in_the_agents_language(desk: Desk, open_page: OpenPage) -> None:
    inbox = await open_desk(open_page, desk, "/settings/me", locale="ja-JP")
    dialog = inbox.dialog
    await inbox.button("パスワードを変更").click()
    for box in await dialog.locator("input").all():
        await box.fill("not my password")
    await dialog.get_by_role("button", name="保存").click()
    await expect(dialog.get_by_role("alert")).to_have_text("今までのパスワードが違います。")


async def test_removing_a_channel_names_it(desk: Desk, open_page: OpenPage) -> None:
    await desk.channel()
    inbox = await open_desk(open_page, desk, "/settings/channels", locale="ja-JP")
    await inbox.button("チャネルを削除").click()
    await expect(inbox.dialog).to_contain_text("チャネル「Café Hinoki」を削除しますか？")


async def test_what_a_bot_has_not_taken_is_sent_again(desk: Desk, open_page: OpenPage) -> None:
    async with receiving(http(503)) as bot:
        channel = await desk.channel(relayUrl=bot.url)
        user_id = await channel.friend()
        inbox = await open_desk(open_page, desk, "/settings/channels")
        card = inbox.page.locator(".channel")
        await channel.say(user_id, "Hello, bot")
        await expect(card).to_contain_text("webhooks wait for the bot.")
        await desk.call("PATCH", f"/channels/{channel.key}", {"relayUrl": None})
        await expect(card).to_contain_text("webhooks never reached the bot.")
        await expect(inbox.button("Send again")).to_be_disabled()
        bot.answer = http()
        await desk.call("PATCH", f"/channels/{channel.key}", {"relayUrl": bot.url})
        await inbox.button("Send again").click()
        await expect(card).not_to_contain_text("reached the bot")
        await expect(card).not_to_contain_text("for the bot")
