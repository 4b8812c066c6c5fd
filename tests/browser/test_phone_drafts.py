"""What is written on the phone and not sent yet is kept: texts, edits, answers, and messages that did not arrive."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import OpenPhone
from tests.browser.kit import Bot, Phone, World
from tests.browser.page_requests import Held

pytestmark = pytest.mark.asyncio(loop_scope="package")

MESSAGES = "**/messages"
ONE_MESSAGE = "**/messages/*"


async def leave_and_come_back(phone: Phone) -> None:
    await phone.button("Back").click()
    await phone.page.get_by_role("button", name="Café Hinoki").click()
    await expect(phone.page.get_by_role("heading", name="Café Hinoki")).to_be_visible()


async def in_a_group(world: World, bot: Bot, open_phone: OpenPhone, said: str = "At noon") -> Phone:
    """A group in which the phone's user has said something."""
    hana = await world.user("Hana")
    group = await world.group("Lunch", bot, hana)
    await world.say(hana, group, said)
    phone = await open_phone(hana, group)
    await expect(phone.own.locator("time")).to_be_visible()
    return phone


async def test_a_message_that_was_not_sent_outlives_the_screen(
    world: World, bot: Bot, open_phone: OpenPhone
) -> None:
    user_id = await world.friend(bot)
    await world.say(user_id, bot.id, "hello")
    phone = await open_phone(user_id, bot.id)
    await phone.page.route(MESSAGES, lambda route: route.abort())
    await phone.write("Are you open?")
    await expect(phone.own.last).to_contain_text("Not sent")
    await leave_and_come_back(phone)
    await expect(phone.own.last).to_contain_text("Are you open?")
    await expect(phone.own.last).to_contain_text("The server cannot be reached.")
    await phone.page.unroute(MESSAGES)
    await phone.button("Send again").click()
    assert (await bot.message())["text"] == "hello"
    assert (await bot.message())["text"] == "Are you open?"
    await expect(phone.page.get_by_text("Not sent")).to_have_count(0)
    await expect(phone.own).to_have_count(2)


async def test_a_message_on_its_way_is_followed_by_the_next_screen(
    world: World, bot: Bot, open_phone: OpenPhone
) -> None:
    user_id = await world.friend(bot)
    await world.say(user_id, bot.id, "hello")
    phone, held = await open_phone(user_id, bot.id), Held()
    await expect(phone.own).to_have_count(1)
    await phone.page.route(MESSAGES, held)
    await phone.write("one")
    await phone.write("two")
    first, second = await held.routes.get(), await held.routes.get()
    await leave_and_come_back(phone)
    await expect(phone.own.get_by_text("Sending", exact=True)).to_have_count(2)
    await first.continue_()
    await expect(phone.own.locator("time")).to_have_count(2)
    await second.abort()
    await expect(phone.own.last).to_contain_text("Not sent")
    await expect(phone.own.locator(".bubble")).to_have_text(["hello", "one", "two"])


async def test_a_message_on_its_way_arrives_after_the_phone_was_given_away(
    world: World, bot: Bot, open_phone: OpenPhone
) -> None:
    user_id = await world.friend(bot)
    await bot.say(user_id, "hello")
    phone, held = await open_phone(user_id, bot.id), Held()
    await expect(phone.log).to_contain_text("hello")
    await phone.page.route(MESSAGES, held)
    await phone.write("one")
    sending = await held.routes.get()
    await phone.page.evaluate(
        "history.pushState(null, '', '/phone'); dispatchEvent(new PopStateEvent('popstate'))"
    )
    await expect(phone.button("Create a user")).to_be_visible()
    async with phone.page.expect_response(MESSAGES):
        await sending.continue_()
    assert (await bot.message())["text"] == "one"
    await phone.page.go_back()
    await expect(phone.own.locator(".bubble")).to_have_text("one")


async def test_a_half_written_answer_is_still_there(world: World, bot: Bot, open_phone: OpenPhone) -> None:
    user_id = await world.friend(bot)
    await bot.say(user_id, "Window or terrace?")
    phone = await open_phone(user_id, bot.id)
    await phone.menu(phone.page.locator(".message").first, "Reply")
    await phone.input.fill("Terr")
    await leave_and_come_back(phone)
    await expect(phone.input).to_have_value("Terr")
    await expect(phone.page.locator(".composer__above")).to_contain_text("Window or terrace?")
    await phone.input.press("End")
    await phone.input.press_sequentially("ace")
    await phone.input.press("Enter")
    message = await bot.message()
    assert message["text"] == "Terrace"
    assert message["quotedMessageId"]
    await leave_and_come_back(phone)
    await expect(phone.input).to_have_value("")
    await expect(phone.page.locator(".composer__above")).to_be_hidden()


async def test_a_draft_stays_with_its_chat_and_through_adding_a_friend(
    world: World, bot: Bot, open_phone: OpenPhone
) -> None:
    user_id = await world.user()
    async with world.bot(name="Bakery") as other:
        phone = await open_phone(user_id, bot.id)
        await phone.input.fill("Are you open")
        await phone.button("Add friend").click()
        await bot.event("follow")
        await expect(phone.banner("is not your friend yet")).to_have_count(0)
        await expect(phone.input).to_have_value("Are you open")
        await phone.page.goto(f"{phone.page.url.split('&')[0]}&chat={other.id}")
        await expect(phone.input).to_have_value("")


async def test_leaving_an_edit_gives_back_what_was_being_written(
    world: World, bot: Bot, open_phone: OpenPhone
) -> None:
    phone = await in_a_group(world, bot, open_phone)
    await phone.input.press_sequentially("See you @h")
    await phone.input.press("Escape")
    await phone.menu(phone.own, "Edit")
    await expect(phone.input).to_have_value("At noon")
    await phone.input.press("Escape")
    await expect(phone.input).to_have_value("See you @h")
    await expect(phone.page.locator(".composer__above")).to_be_hidden()
    await phone.menu(phone.own, "Edit")
    await phone.write("At one")
    await expect(phone.own).to_contain_text("Edited")
    await expect(phone.input).to_have_value("See you @h")


async def test_what_is_typed_while_an_edit_is_on_its_way_stays(
    world: World, bot: Bot, open_phone: OpenPhone
) -> None:
    phone, held = await in_a_group(world, bot, open_phone), Held()
    await phone.page.route(ONE_MESSAGE, held)
    await phone.input.press("ArrowUp")
    await phone.write("At one")
    edit = await held.routes.get()
    await phone.input.press_sequentially("I bring cake")
    await edit.continue_()
    await expect(phone.own).to_contain_text("At one")
    await expect(phone.input).to_have_value("I bring cake")


async def test_an_edit_that_was_not_saved_can_be_tried_again(
    world: World, bot: Bot, open_phone: OpenPhone
) -> None:
    phone, held = await in_a_group(world, bot, open_phone), Held()
    await phone.page.route(ONE_MESSAGE, held)
    await phone.input.press("ArrowUp")
    await phone.write("At one")
    await (await held.routes.get()).abort()
    await expect(phone.page.get_by_role("status").filter(has_text="cannot be reached")).to_be_visible()
    await expect(phone.input).to_have_value("At one")
    await phone.input.press("Enter")
    edit = await held.routes.get()
    await phone.input.press_sequentially("I bring cake")
    await edit.abort()
    await expect(phone.input).to_have_value("I bring cake")
    await phone.menu(phone.own, "Edit")
    await expect(phone.input).to_have_value("At one")
    await phone.page.unroute(ONE_MESSAGE)
    await phone.input.press("Enter")
    await expect(phone.own).to_contain_text("At one")
    await expect(phone.input).to_have_value("I bring cake")


async def test_a_message_that_is_unsent_can_no_longer_be_answered(
    world: World, bot: Bot, open_phone: OpenPhone
) -> None:
    hana, mei = await world.user("Hana"), await world.user("Mei")
    group = await world.group("Lunch", bot, hana, mei)
    sent = await world.say(mei, group, "At noon")
    phone = await open_phone(hana, group)
    await phone.menu(phone.page.locator(".message").first, "Reply")
    await phone.input.fill("Fine")
    above = phone.page.locator(".composer__above")
    await expect(above).to_contain_text("At noon")
    await world.control.call("DELETE", f"/users/{mei}/chats/{group}/messages/{sent['messageId']}")
    await expect(phone.log).to_contain_text("Mei unsent a message.")
    await expect(above).to_be_hidden()
    await phone.input.press("Enter")
    await bot.message()
    message = await bot.message()
    assert message["text"] == "Fine"
    assert "quotedMessageId" not in message


PASTE = """(input, {text, html, name}) => {
    const data = new DataTransfer();
    if (text) data.setData('text/plain', text);
    if (html) data.setData('text/html', html);
    data.items.add(new File([new Uint8Array(8)], name, {type: 'image/png'}));
    const event = new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true});
    return input.dispatchEvent(event);
}"""


async def test_a_pasted_table_is_text_and_a_pasted_file_is_a_file(
    world: World, bot: Bot, open_phone: OpenPhone
) -> None:
    phone = await open_phone(await world.friend(bot), bot.id)
    table = {"text": "Latte\t480\r\n", "html": "<table></table>", "name": "image.png"}
    assert await phone.input.evaluate(PASTE, table), "the browser pastes the text"
    await expect(phone.own).to_have_count(0)
    assert not await phone.input.evaluate(PASTE, {"text": "menu.png", "name": "menu.png"})
    await expect(phone.own).to_have_count(1)
    assert not await phone.input.evaluate(PASTE, {"html": "<img src='x'>", "name": "copied.png"})
    await expect(phone.own).to_have_count(2)


async def test_a_file_dropped_on_a_blocked_chat_goes_nowhere(
    world: World, bot: Bot, open_phone: OpenPhone
) -> None:
    user_id = await world.friend(bot)
    await world.control.call("DELETE", f"/users/{user_id}/friends/{bot.id}")
    phone = await open_phone(user_id, bot.id)
    await expect(phone.banner("You have blocked")).to_be_visible()
    await expect(phone.page.locator("[role=log]")).to_be_attached()
    left = await phone.page.evaluate(
        """() => {
            const dataTransfer = new DataTransfer();
            dataTransfer.items.add(new File(['x'], 'x.txt', {type: 'text/plain'}));
            const event = new DragEvent('drop', {dataTransfer, bubbles: true, cancelable: true});
            return document.querySelector('[role=log]').dispatchEvent(event);
        }"""
    )
    assert not left
    await expect(phone.own).to_have_count(0)
