"""Webhook deliveries, error statistics and API calls: live, with what went wrong and why."""

import re
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser.kit import Bot, World
from tests.browser.manager_kit import OpenPage, open_manager

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def test_a_delivery_appears_as_it_happens(world: World, bot: Bot, open_page: OpenPage) -> None:
    manager = await open_manager(open_page, bot, "deliveries")
    await expect(manager.page.get_by_text("No deliveries yet")).to_be_visible()
    user_id = await world.friend(bot)
    await world.say(user_id, bot.id, "hello")
    records = manager.page.locator(".record")
    await expect(records).to_have_count(2)
    await expect(records.first).to_contain_text("message")
    await expect(records.first).to_contain_text("Delivered")
    await expect(manager.page.locator(".bars__bar--delivered")).to_have_count(2)


async def test_a_delivery_shows_all_of_itself_and_is_sent_again(
    world: World, bot: Bot, open_page: OpenPage
) -> None:
    user_id = await world.friend(bot)
    await world.say(user_id, bot.id, "hello")
    await bot.message()
    manager = await open_manager(open_page, bot, "deliveries")
    await manager.page.locator(".record").first.click()
    await expect(manager.page.get_by_role("region", name="Request body")).to_contain_text("markAsReadToken")
    await manager.page.get_by_text("Request headers").click()
    await expect(manager.page.locator(".attempt")).to_contain_text("x-line-signature")
    await expect(manager.page.locator(".attempt")).to_contain_text("200")
    await manager.button("Send again").click()
    await expect(manager.dialog).to_contain_text("isRedelivery true")
    await manager.agree("Send again")
    await expect(manager.page.locator(".attempt")).to_have_count(2)
    await expect(manager.page.locator(".attempt").nth(1)).to_contain_text("sent again by hand")
    again = await bot.event("message")
    assert again["deliveryContext"] == {"isRedelivery": True}
    await manager.page.get_by_role("link", name="All deliveries").click()
    await expect(manager.page.locator(".record").first).to_contain_text("2 attempts")


async def test_a_failure_says_why_and_is_counted(world: World, open_page: OpenPage, tmp_path: Path) -> None:
    async with world.bot(errorStatistics=True) as bot:
        account = f"/accounts/{bot.id}/settings"
        hook = (await bot.control.get(account))["webhook"]
        await bot.control.patch(account, webhook=f"{hook}/elsewhere")
        manager = await open_manager(open_page, bot, "deliveries")
        await world.say(await world.friend(bot), bot.id, "hello")
        await expect(manager.page.locator(".record").first).to_contain_text("Refused by the bot (404)")
        which = manager.page.get_by_role("group", name="Which deliveries")
        await which.get_by_role("button", name="Delivered").click()
        await expect(manager.page.get_by_text("No delivery is like that.")).to_be_visible()
        await which.get_by_role("button", name="Failed").click()
        await expect(manager.page.locator(".record")).to_have_count(2)
        await manager.page.get_by_role("link", name="Error statistics").click()
        rows = manager.page.get_by_role("region", name="Error statistics").locator("tbody tr")
        await expect(rows.first).to_contain_text("error_status_code")
        await expect(rows.first).to_contain_text("404")
        async with manager.page.expect_download() as download:
            await manager.page.get_by_role("link", name="Download as TSV").click()
        file = tmp_path / "errors.tsv"
        await (await download.value).save_as(file)
        assert "error_status_code\t404" in file.read_text(encoding="utf-8")


async def test_statistics_that_are_off_can_be_turned_on(bot: Bot, open_page: OpenPage) -> None:
    manager = await open_manager(open_page, bot, "deliveries", "errors")
    await expect(manager.page.get_by_text("failures are not counted")).to_be_visible()
    await manager.button("Turn on").click()
    await expect(manager.page.get_by_text("failures are not counted")).to_be_hidden()


async def test_without_a_webhook_the_next_step_is_taught(world: World, open_page: OpenPage) -> None:
    async with world.bot() as bot:
        await bot.control.patch(f"/accounts/{bot.id}/settings", webhook=None)
        manager = await open_manager(open_page, bot, "deliveries")
        await manager.page.get_by_role("link", name="Set the webhook URL").click()
        await expect(manager.page.get_by_label("Webhook URL")).to_be_visible()


async def test_bars_are_reached_by_keyboard(world: World, bot: Bot, open_page: OpenPage) -> None:
    await world.say(await world.friend(bot), bot.id, "hello")
    await bot.message()
    manager = await open_manager(open_page, bot, "deliveries")
    await expect(manager.page.locator(".bars__bar--delivered")).to_have_count(2)
    await manager.page.locator(".bars__bar").last.focus()
    await expect(manager.page.locator(".chart__tip")).to_contain_text("message · Delivered")
    await manager.page.keyboard.press("ArrowLeft")
    await expect(manager.page.locator(".chart__tip")).to_contain_text("follow · Delivered")
    await manager.page.keyboard.press("Enter")
    await expect(manager.page.get_by_role("heading", name="follow")).to_be_visible()


async def test_calls_appear_with_the_reason_of_each_refusal(
    world: World, bot: Bot, open_page: OpenPage
) -> None:
    user_id = await world.friend(bot)
    await world.say(user_id, bot.id, "hello")
    message = await bot.message()
    manager = await open_manager(open_page, bot, "calls")
    await expect(manager.page.get_by_text("No calls yet")).to_be_visible()
    await bot.mark(message)
    calls = manager.page.locator(".call")
    await expect(calls).to_have_count(1)
    await expect(calls.first).to_contain_text("markMessagesAsReadByToken")
    with pytest.raises(AssertionError):
        await bot.api("/v2/bot/chat/markAsRead", markAsReadToken="made-up")
    await expect(calls).to_have_count(2)
    why = calls.first.locator(".record__why")
    await expect(why).to_contain_text("via Webhook. No such read token of this channel")
    await calls.first.click()
    await expect(calls.first.get_by_role("region", name="Request body")).to_contain_text("made-up")
    await expect(calls.first).to_contain_text("Request ID")
    which = manager.page.get_by_role("group", name="Which calls")
    await which.get_by_role("button", name="Refused").click()
    await expect(calls).to_have_count(1)
    await manager.page.get_by_label("Language").select_option("ja")
    await expect(why).to_have_text(re.compile("^このチャネルの既読トークンではありません。"))


async def test_calls_without_a_valid_token_are_found(world: World, bot: Bot, open_page: OpenPage) -> None:
    manager = await open_manager(open_page, bot, "calls")
    headers = {"Authorization": "Bearer somebody-elses"}
    async with bot.control.http.post(
        f"{bot.control.url}/v2/bot/chat/markAsRead", json={}, headers=headers
    ) as answer:
        assert answer.status == 401
    which = manager.page.get_by_role("group", name="Which calls")
    await which.get_by_role("button", name="Without a valid token").click()
    await expect(manager.page.locator(".call").first).to_contain_text("401")
