"""When quick replies go and come back (LINE: "Use quick replies", "Quick reply buttons disappear")."""

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Locator, expect

from tests.browser.conftest import OpenPhone
from tests.browser.kit import Bot, Phone, World

pytestmark = pytest.mark.asyncio(loop_scope="package")

Json = dict[str, Any]


def question(*actions: Json) -> Json:
    items = [{"type": "action", "action": action} for action in actions]
    return {"type": "text", "text": "How?", "quickReply": {"items": items}}


async def asked(world: World, bot: Bot, open_phone: OpenPhone, *actions: Json) -> tuple[Phone, Locator]:
    """A phone on which a bot has asked something, and its quick replies."""
    user_id = await world.friend(bot)
    await bot.push(user_id, question(*actions))
    phone = await open_phone(user_id, bot.id)
    bar = phone.page.get_by_role("group", name="Quick replies")
    await expect(bar).to_be_visible()
    return phone, bar


async def test_they_stay_until_a_place_is_sent(world: World, bot: Bot, open_phone: OpenPhone) -> None:
    phone, bar = await asked(world, bot, open_phone, {"type": "location", "label": "Where"})
    await bar.get_by_role("button", name="Where").click()
    await phone.dialog_button("Cancel").click()
    await expect(bar).to_be_visible()
    await bar.get_by_role("button", name="Where").click()
    await phone.dialog_button("Send").click()
    assert (await bot.message())["type"] == "location"
    await expect(bar).to_be_hidden()


async def test_they_stay_until_a_photo_is_sent(
    world: World, bot: Bot, open_phone: OpenPhone, tmp_path: Path
) -> None:
    phone, bar = await asked(world, bot, open_phone, {"type": "cameraRoll", "label": "Show"})
    async with phone.page.expect_file_chooser() as chooser:
        await bar.get_by_role("button", name="Show").click()
    await expect(bar).to_be_visible()
    photo = tmp_path / "a.txt"
    photo.write_text("x")
    await (await chooser.value).set_files(str(photo))
    await bot.message()
    await expect(bar).to_be_hidden()


async def test_they_stay_until_a_date_is_sent(world: World, bot: Bot, open_phone: OpenPhone) -> None:
    when = {"type": "datetimepicker", "label": "When", "data": "w", "mode": "date", "initial": "2026-12-24"}
    phone, bar = await asked(world, bot, open_phone, when)
    await bar.get_by_role("button", name="When").click()
    await phone.page.keyboard.press("Escape")
    await expect(bar).to_be_visible()
    await bar.get_by_role("button", name="When").click()
    await phone.page.route("**/postback", lambda route: route.abort())
    await phone.dialog_button("Choose").click()
    await expect(phone.page.get_by_role("dialog")).to_contain_text("cannot be reached")
    await phone.page.unroute("**/postback")
    await phone.dialog_button("Choose").click()
    assert (await bot.event("postback"))["postback"]["params"] == {"date": "2026-12-24"}
    await expect(bar).to_be_hidden()


async def test_a_link_that_was_followed_hides_them(world: World, bot: Bot, open_phone: OpenPhone) -> None:
    phone, bar = await asked(
        world, bot, open_phone, {"type": "uri", "label": "Menu", "uri": f"{bot.control.url}/phone"}
    )
    async with phone.page.expect_popup():
        await bar.get_by_role("link", name="Menu").click()
    await expect(bar).to_be_hidden()


async def test_a_postback_without_a_text_hides_them_for_good(
    world: World, bot: Bot, open_phone: OpenPhone
) -> None:
    phone, bar = await asked(world, bot, open_phone, {"type": "postback", "label": "Yes", "data": "yes"})
    await phone.page.route("**/postback", lambda route: route.abort())
    await bar.get_by_role("button", name="Yes").click()
    await expect(phone.page.get_by_role("status").filter(has_text="cannot be reached")).to_be_visible()
    await expect(bar).to_be_visible()
    await phone.page.unroute("**/postback")
    await bar.get_by_role("button", name="Yes").click()
    assert (await bot.event("postback"))["postback"] == {"data": "yes"}
    await expect(bar).to_be_hidden()
    await phone.page.reload()
    await expect(phone.log).to_contain_text("How?")
    await expect(bar).to_be_hidden()
    user_id = phone.page.url.split("user=")[1].split("&")[0]
    await bot.push(user_id, question({"type": "postback", "label": "No", "data": "no"}))
    await expect(bar.get_by_role("button", name="No")).to_be_visible()


async def test_they_come_back_when_the_newer_message_is_unsent(
    world: World, bot: Bot, open_phone: OpenPhone
) -> None:
    phone, bar = await asked(world, bot, open_phone, {"type": "message", "label": "Tea", "text": "Tea"})
    await bar.get_by_role("button", name="Tea").click()
    assert (await bot.message())["text"] == "Tea"
    await expect(phone.own.locator("time")).to_be_visible()
    await expect(bar).to_be_hidden()
    await phone.menu(phone.own, "Unsend")
    await phone.dialog_button("Unsend").click()
    await expect(bar.get_by_role("button", name="Tea")).to_be_visible()
