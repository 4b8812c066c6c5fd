"""Read in the Manager: opening shows it to the user, looking does not, and each advance says when and by what."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import OpenPhone
from tests.browser.kit import Bot, Control, Relay, World
from tests.browser.manager_kit import Manager, OpenPage, open_manager, path

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def read_seq(bot: Bot, user_id: str) -> int:
    found = await bot.control.get(f"/chats/{bot.id}/{user_id}/timeline")
    seq: int = found["readSeq"]
    return seq


async def test_opening_a_chat_shows_read_on_the_phone(
    world: World, bot: Bot, open_phone: OpenPhone, open_page: OpenPage
) -> None:
    phone = await open_phone(await world.friend(bot), bot.id)
    await phone.write("Is anybody there?")
    manager = await open_manager(open_page, bot, "chats")
    await expect(manager.chat("Hana")).to_contain_text("1 not Read")
    await expect(phone.read_marks).to_have_count(0)
    await manager.chat("Hana").get_by_role("link").click()
    await expect(phone.read_marks).to_have_text("Read")
    await expect(manager.messages.locator(".meta__cause")).to_have_text("Operator")
    await expect(manager.chat("Hana")).to_contain_text("All Read")
    await expect(manager.page.locator(".read-line")).to_have_text("Read since you opened this chat")


async def test_looking_into_a_chat_shows_nothing(world: World, bot: Bot, open_page: OpenPage) -> None:
    user_id = await world.friend(bot)
    await world.say(user_id, bot.id, "Is anybody there?")
    manager = await open_manager(open_page, bot, "chats")
    await manager.chat("Hana").hover()
    await manager.button("Look into the chat with Hana without opening it").click()
    await expect(manager.log).to_contain_text("Is anybody there?")
    await expect(manager.page.get_by_text("You are only looking")).to_be_visible()
    await expect(manager.answer).to_be_hidden()
    assert await read_seq(bot, user_id) == 0
    await manager.button("Open: shows Read").click()
    await expect(manager.messages.locator(".meta__read")).to_contain_text("Read")
    await expect(manager.answer).to_be_focused()
    assert await read_seq(bot, user_id) == 1


async def test_what_arrives_in_an_open_chat_is_read(
    world: World, bot: Bot, open_phone: OpenPhone, open_page: OpenPage
) -> None:
    user_id = await world.friend(bot)
    await world.say(user_id, bot.id, "one")
    phone = await open_phone(user_id, bot.id)
    manager = await open_manager(open_page, bot, "chats", user_id)
    await expect(phone.read_marks).to_have_count(1)
    await phone.write("two")
    await expect(manager.log).to_contain_text("two")
    await expect(phone.read_marks).to_have_count(2)


async def test_a_bots_mark_appears_with_its_cause_and_leaves_the_badge(
    world: World, bot: Bot, open_page: OpenPage
) -> None:
    user_id = await world.friend(bot)
    manager = await open_manager(open_page, bot, "chats", f"{user_id}?peek=1")
    await expect(manager.page.get_by_text("No message from the user yet.")).to_be_visible()
    await world.say(user_id, bot.id, "one")
    await world.say(user_id, bot.id, "two")
    first = await bot.message()
    await expect(manager.page.locator(".read-line")).to_have_text("Not Read yet (2)")
    await bot.mark(first)
    await expect(manager.messages.first.locator(".meta__cause")).to_have_text("Read token")
    await expect(manager.messages.nth(1).locator(".meta__unread")).to_have_text("Unread")
    await expect(manager.page.locator(".read-line")).to_have_text("Not Read yet (1)")
    await expect(manager.page.locator(".timeline__status")).to_contain_text("Read up to message 1 of 2.")
    await expect(manager.page.locator(".story-box .story__step")).to_have_count(1)
    await expect(manager.badge).to_contain_text("1 chat not seen by operators")
    await expect(manager.chat("Hana")).to_contain_text("1 not Read")
    await manager.button("Open: shows Read").click()
    await expect(manager.badge).to_be_hidden()


async def test_the_timeline_tells_the_same_as_a_table(world: World, bot: Bot, open_page: OpenPage) -> None:
    user_id = await world.friend(bot)
    await world.say(user_id, bot.id, "one")
    await bot.mark(await bot.message())
    await bot.say(user_id, "noted")
    manager = await open_manager(open_page, bot, "chats", f"{user_id}?peek=1")
    await manager.button("Table").click()
    rows = manager.page.get_by_role("region", name="Timeline as a table").locator("tbody tr")
    await expect(rows).to_have_count(3)
    await expect(rows.nth(0)).to_contain_text("Sent by the account: noted")
    await expect(rows.nth(1)).to_contain_text("Message 1")
    await expect(rows.nth(1)).to_contain_text("Read token")
    await expect(rows.nth(2)).to_contain_text("Message 1: one")


async def test_marks_of_the_timeline_are_reached_by_keyboard(
    world: World, bot: Bot, open_page: OpenPage
) -> None:
    user_id = await world.friend(bot)
    await world.say(user_id, bot.id, "one")
    await bot.mark(await bot.message())
    manager = await open_manager(open_page, bot, "chats", f"{user_id}?peek=1")
    await manager.page.locator(".story-box .story__step").focus()
    await expect(manager.page.locator(".tip")).to_contain_text("1 message became Read")
    await manager.page.keyboard.press("ArrowLeft")
    await expect(manager.page.locator(".tip")).to_contain_text("Message 1 · Read")
    await manager.page.keyboard.press("Enter")
    await expect(manager.messages.first).to_have_class("message message--flash")


async def test_an_operator_answers_and_files_the_chat(
    world: World, bot: Bot, open_phone: OpenPhone, open_page: OpenPage
) -> None:
    user_id = await world.friend(bot)
    await world.say(user_id, bot.id, "Is anybody there?")
    phone = await open_phone(user_id, bot.id)
    manager = await open_manager(open_page, bot, "chats", user_id)
    await manager.answer.fill("Yes, good morning!")
    await manager.answer.press("Enter")
    await expect(phone.log).to_contain_text("Yes, good morning!")
    await expect(manager.messages.last.locator(".meta__via")).to_have_text("Operator")
    await expect(manager.answer).to_have_value("")
    await manager.button("Move to another folder").click()
    await manager.page.get_by_role("menuitem", name="Follow-up").click()
    await expect(manager.chat("Hana")).to_contain_text("Follow-up")
    await manager.page.get_by_role("group", name="Which chats").get_by_role("button", name="Spam").click()
    await expect(manager.page.get_by_text("No chat is like that.")).to_be_visible()
    await (
        manager.page.get_by_role("group", name="Which chats").get_by_role("button", name="Follow-up").click()
    )
    await expect(manager.chat("Hana")).to_be_visible()


async def test_an_answer_that_is_too_long_is_neither_cut_nor_sent(
    world: World, bot: Bot, open_page: OpenPage
) -> None:
    user_id = await world.friend(bot)
    await world.say(user_id, bot.id, "Is anybody there?")
    manager = await open_manager(open_page, bot, "chats", user_id)
    await manager.answer.fill("a" * 5_001)
    await expect(manager.page.locator(".answer .text-length [role=status]")).to_have_text(
        "Too long: 5,001 of at most 5,000 characters."
    )
    await expect(manager.button("Send")).to_be_disabled()
    await manager.answer.press("Enter")
    await expect(manager.answer).to_have_value("a" * 5_001)
    await manager.answer.press("Backspace")
    await manager.answer.press("Enter")
    await expect(manager.messages.last).to_contain_text("a" * 5_000)


async def test_chats_are_found_by_name(world: World, bot: Bot, open_page: OpenPage) -> None:
    for name in ("Hana", "Mei"):
        await world.say(await world.friend(bot, name), bot.id, "hello")
    manager = await open_manager(open_page, bot, "chats")
    await expect(manager.page.locator(".chat-row")).to_have_count(2)
    await manager.page.get_by_role("searchbox").fill("mei")
    await expect(manager.page.locator(".chat-row")).to_have_count(1)
    await expect(manager.chat("Mei")).to_be_visible()


async def test_without_chat_one_can_only_look(world: World, open_page: OpenPage) -> None:
    async with world.bot(chat=False) as automatic:
        user_id = await world.friend(automatic)
        await world.say(user_id, automatic.id, "hello")
        manager = await open_manager(open_page, automatic, "chats")
        await manager.chat("Hana").get_by_role("link").click()
        await expect(manager.messages.locator(".meta__cause")).to_have_text("On arrival")
        await expect(manager.page.get_by_text("operators cannot open or answer chats")).to_be_visible()
        await expect(manager.answer).to_be_hidden()


async def test_a_group_has_its_members_names(world: World, bot: Bot, open_page: OpenPage) -> None:
    hana, mei = await world.user("Hana"), await world.user("Mei")
    group = await world.group("Book club", bot, hana, mei)
    await world.say(hana, group, "Which book?")
    await world.say(mei, group, "A short one")
    manager = await open_manager(open_page, bot, "chats", group)
    await expect(manager.page.locator(".message__author")).to_have_text(["Hana", "Mei"])
    await expect(manager.messages.locator(".meta__cause")).to_have_text(["Operator", "Operator"])


async def test_a_new_name_is_seen_wherever_it_stands(world: World, bot: Bot, open_page: OpenPage) -> None:
    hana, mei = await world.friend(bot), await world.friend(bot, "Mei")
    group = await world.group("Book club", bot, hana, mei)
    await world.say(hana, bot.id, "hello")
    await world.say(mei, group, "Which book?")
    manager = await open_manager(open_page, bot, "chats", hana)
    in_group = await open_manager(open_page, bot, "chats", group)
    author = in_group.log.locator(".message__author")
    await expect(manager.log.locator(".message__author")).to_have_text("Hana")
    await expect(author).to_have_text("Mei")
    await bot.control.patch(f"/users/{hana}", displayName="Hanako")
    await bot.control.patch(f"/users/{mei}", displayName="Mei-Ling")
    await expect(manager.log.locator(".message__author")).to_have_text("Hanako")
    await expect(manager.chat("Hanako")).to_be_visible()
    await expect(manager.page.get_by_role("heading", name="Hanako")).to_be_visible()
    await expect(author).to_have_text("Mei-Ling")


async def test_unsent_and_edited_messages_change_in_place(
    world: World, bot: Bot, open_page: OpenPage
) -> None:
    hana = await world.user("Hana")
    group = await world.group("Book club", bot, hana)
    first = await world.say(hana, group, "Whcih book?")
    second = await world.say(hana, group, "Forget it")
    manager = await open_manager(open_page, bot, "chats", f"{group}?peek=1")
    await expect(manager.messages).to_have_count(2)
    chat = f"/users/{hana}/chats/{group}/messages"
    await world.control.patch(f"{chat}/{first['messageId']}", text="Which book?")
    await world.control.call("DELETE", f"{chat}/{second['messageId']}")
    await expect(manager.messages.first).to_contain_text("Which book?")
    await expect(manager.messages.first).to_contain_text("Edited")
    await expect(manager.messages.nth(1)).to_have_text("Hana unsent a message.")


async def test_a_lost_connection_loses_nothing(
    world: World, bot: Bot, control: Control, open_page: OpenPage
) -> None:
    relay = Relay(int(control.url.rpartition(":")[2]))
    await relay.mend()
    user_id = await world.friend(bot)
    await world.say(user_id, bot.id, "one")
    message = await bot.message()
    page = await open_page(
        f"{path(bot, 'chats', user_id)}?peek=1",
        base=f"http://127.0.0.1:{relay.port}",
        viewport={"width": 1280, "height": 900},
    )
    manager = Manager(page)
    await expect(manager.messages).to_have_count(1)
    banner = page.get_by_text("Connection lost. Trying again…")
    await relay.cut()
    await expect(banner).to_be_visible()
    await bot.mark(message)
    await world.say(user_id, bot.id, "two")
    await relay.mend()
    await expect(manager.messages.first.locator(".meta__cause")).to_have_text("Read token")
    await expect(manager.messages).to_have_count(2)
    await expect(banner).to_be_hidden()
    await relay.cut()


async def test_icons_are_there_while_the_server_is_not(
    bot: Bot, control: Control, open_page: OpenPage
) -> None:
    relay = Relay(int(control.url.rpartition(":")[2]))
    await relay.mend()
    manager = await open_manager(open_page, bot, base=f"http://127.0.0.1:{relay.port}")
    await expect(manager.mode).to_be_visible()
    await relay.cut()
    await manager.go("Webhook deliveries")
    drawing = manager.page.get_by_role("alert").locator(".icon use").first
    await expect(drawing).to_be_attached()
    assert await drawing.evaluate("(drawing) => drawing.getBBox().width > 0")


async def test_panes_stack_in_a_small_window(world: World, bot: Bot, open_page: OpenPage) -> None:
    user_id = await world.friend(bot)
    await world.say(user_id, bot.id, "hello")
    manager = await open_manager(open_page, bot, "chats", viewport={"width": 360, "height": 740})
    await manager.chat("Hana").get_by_role("link").click()
    await expect(manager.log).to_contain_text("hello")
    await expect(manager.chat("Hana")).to_be_hidden()
    await manager.button("Show the timeline").click()
    await expect(manager.page.locator(".story-box")).to_be_visible()
    await expect(manager.log).to_be_hidden()
    await manager.button("Back to the conversation").click()
    await expect(manager.log).to_be_visible()
    await manager.button("Back to the chats").click()
    await expect(manager.chat("Hana")).to_be_visible()
    await manager.page.go_back()
    await expect(manager.log).to_contain_text("hello")
