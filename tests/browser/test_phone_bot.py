"""What bots send to a phone, and what a tap on it does."""

from typing import Any

import pytest
from playwright.async_api import expect

from tests.browser.conftest import OpenPhone
from tests.browser.kit import Bot, Phone, World

pytestmark = pytest.mark.asyncio(loop_scope="package")

Json = dict[str, Any]


def template(**body: Any) -> Json:
    return {"type": "template", "altText": "A choice", "template": body}


async def opened(world: World, bot: Bot, open_phone: OpenPhone, *messages: Json) -> Phone:
    user_id = await world.friend(bot)
    phone = await open_phone(user_id, bot.id)
    await expect(phone.page.get_by_text("No messages yet")).to_be_visible()
    await bot.push(user_id, *messages)
    return phone


async def test_a_postback_button(world: World, bot: Bot, open_phone: OpenPhone) -> None:
    yes = {"type": "postback", "label": "Yes", "data": "answer=yes", "displayText": "Yes, please"}
    no = {"type": "message", "label": "No", "text": "No, thank you"}
    phone = await opened(world, bot, open_phone, template(type="confirm", text="Tea?", actions=[yes, no]))
    await phone.button("Yes").click()
    assert (await bot.event("postback"))["postback"] == {"data": "answer=yes"}
    await expect(phone.own.last).to_contain_text("Yes, please")
    await phone.button("No").click()
    assert (await bot.message())["text"] == "No, thank you"
    await expect(phone.own.last).to_contain_text("No, thank you")


async def test_choosing_a_date(world: World, bot: Bot, open_phone: OpenPhone) -> None:
    when = {
        "type": "datetimepicker",
        "label": "When",
        "data": "w",
        "mode": "datetime",
        "initial": "2026-12-24t18:00",
    }
    phone = await opened(
        world, bot, open_phone, template(type="buttons", title="Table", text="For two", actions=[when])
    )
    await phone.button("When").click()
    picked = phone.page.get_by_role("dialog").get_by_label("When")
    await expect(picked).to_have_value("2026-12-24T18:00")
    await picked.fill("2026-12-31T20:30")
    await phone.dialog_button("Choose").click()
    postback = (await bot.event("postback"))["postback"]
    assert postback == {"data": "w", "params": {"datetime": "2026-12-31T20:30"}}


async def test_a_carousel_and_its_links(world: World, bot: Bot, open_phone: OpenPhone) -> None:
    def column(n: int) -> Json:
        link = {"type": "uri", "label": f"More {n}", "uri": f"https://example.com/{n}"}
        return {"title": f"Dish {n}", "text": "Fresh", "actions": [link]}

    phone = await opened(
        world, bot, open_phone, template(type="carousel", columns=[column(1), column(2), column(3)])
    )
    await expect(phone.log.locator(".template")).to_have_count(3)
    link = phone.page.get_by_role("link", name="More 2")
    await expect(link).to_have_attribute("href", "https://example.com/2")
    await expect(link).to_have_attribute("rel", "noopener nofollow noreferrer")


async def test_a_link_into_another_app_is_told(world: World, bot: Bot, open_phone: OpenPhone) -> None:
    link = {"type": "uri", "label": "Open", "uri": "line://app/1234"}
    phone = await opened(world, bot, open_phone, template(type="buttons", text="App", actions=[link]))
    await phone.button("Open").click()
    await expect(phone.page.get_by_role("status").filter(has_text="line://app/1234")).to_be_visible()


async def test_an_image_carousel(world: World, bot: Bot, open_phone: OpenPhone) -> None:
    choice = {"type": "message", "label": "Latte", "text": "One latte"}
    columns = [{"imageUrl": "https://127.0.0.1:9/latte.png", "action": choice}]
    phone = await opened(world, bot, open_phone, template(type="image_carousel", columns=columns))
    # The picture can't be had: its place stays, without the browser's own sign.
    await expect(phone.log.locator(".image-column .template__gap")).to_be_visible()
    await expect(phone.log.locator(".image-column img")).to_have_count(0)
    await phone.button("Latte").click()
    assert (await bot.message())["text"] == "One latte"


async def test_quick_replies_go_when_the_chat_goes_on(world: World, bot: Bot, open_phone: OpenPhone) -> None:
    def item(label: str) -> Json:
        return {"type": "action", "action": {"type": "message", "label": label, "text": f"{label}, please"}}

    question = {"type": "text", "text": "Size?", "quickReply": {"items": [item("Small"), item("Large")]}}
    phone = await opened(world, bot, open_phone, question)
    bar = phone.page.get_by_role("group", name="Quick replies")
    await expect(bar.get_by_role("button")).to_have_text(["Small", "Large"])
    await bar.get_by_role("button", name="Large").click()
    assert (await bot.message())["text"] == "Large, please"
    await expect(bar).to_be_hidden()


async def test_flex_shows_its_alternative_text_and_json(
    world: World, bot: Bot, open_phone: OpenPhone
) -> None:
    body = {"type": "box", "layout": "vertical", "contents": [{"type": "text", "text": "¥1,980"}]}
    flex = {"type": "flex", "altText": "Your receipt", "contents": {"type": "bubble", "body": body}}
    phone = await opened(world, bot, open_phone, flex)
    await expect(phone.log).to_contain_text("Your receipt")
    await phone.button("Show the JSON").click()
    await expect(phone.page.get_by_role("dialog").locator("pre")).to_contain_text('"text": "¥1,980"')


async def test_stickers_that_are_not_ours_have_a_stand_in(
    world: World, bot: Bot, open_phone: OpenPhone
) -> None:
    phone = await opened(world, bot, open_phone, {"type": "sticker", "packageId": "446", "stickerId": "1988"})
    picture = phone.log.locator("img.sticker")
    await expect(picture).to_have_attribute("alt", "Sticker 1988 of package 446, shown by a stand-in")
    assert await picture.evaluate("(image) => image.decode().then(() => image.naturalWidth)") > 0


async def test_the_loading_animation_ends_with_the_answer(
    world: World, bot: Bot, open_phone: OpenPhone
) -> None:
    phone = await opened(world, bot, open_phone, {"type": "text", "text": "Hello"})
    user_id = phone.page.url.split("user=")[1].split("&")[0]
    # Whoever is not looking yet never sees the animation: the chat must be live before it is asked for.
    await expect(phone.log).to_contain_text("Hello")
    await bot.show_loading(user_id)
    await expect(phone.page.locator(".typing")).to_be_visible()
    await bot.say(user_id, "Here is the answer")
    await expect(phone.log).to_contain_text("Here is the answer")
    await expect(phone.page.locator(".typing")).to_be_hidden()


async def test_another_name_and_picture_for_a_message(world: World, bot: Bot, open_phone: OpenPhone) -> None:
    sender = {"name": "Goma at the bar"}
    phone = await opened(world, bot, open_phone, {"type": "text", "text": "Hi", "sender": sender})
    await expect(phone.log.locator(".message__author")).to_have_text("Goma at the bar")


async def test_chats_show_what_is_unread(world: World, bot: Bot, open_phone: OpenPhone) -> None:
    user_id = await world.friend(bot)
    await bot.say(user_id, "one")
    await bot.say(user_id, "two")
    phone = await open_phone(user_id)
    row = phone.page.get_by_role("button", name="Café Hinoki")
    await expect(row).to_contain_text("two")
    await expect(row.get_by_role("img", name="2 unread")).to_be_visible()
    await bot.say(user_id, "three")
    await expect(row.get_by_role("img", name="3 unread")).to_be_visible()
    await expect(phone.page).to_have_title("(3) Chats · Kidoku")
    await row.click()
    await expect(phone.log).to_contain_text("three")
    await phone.button("Back").click()
    await expect(row.get_by_role("img", name="unread")).to_have_count(0)
