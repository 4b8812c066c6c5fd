"""Users, friends and groups on the phone."""

import pytest
from playwright.async_api import expect

from kidoku.http.i18n import LANGUAGES, translator
from tests.browser.conftest import OpenPhone
from tests.browser.kit import Bot, World, names
from tests.browser.page_requests import two_users_at_a_time

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def test_creating_a_user(bot: Bot, open_phone: OpenPhone) -> None:
    phone = await open_phone()
    await phone.button("Create a user").click()
    await phone.page.get_by_role("textbox", name="Name").fill("Nadia")
    await phone.page.get_by_role("dialog").get_by_label("Language").select_option("th")
    await phone.dialog_button("Create").click()
    await expect(phone.page.get_by_text("No chats yet")).to_be_visible()
    user_id = phone.page.url.split("user=")[1]
    made = await bot.control.get(f"/users/{user_id}")
    assert (made["displayName"], made["language"]) == ("Nadia", "th")


async def test_choosing_a_user(world: World, open_phone: OpenPhone) -> None:
    await world.user("Somchai of the choosing")
    phone = await open_phone()
    await phone.page.get_by_role("button", name="Somchai of the choosing").click()
    await expect(phone.page.get_by_role("heading", name="Chats", exact=True)).to_be_visible()
    await phone.page.go_back()
    await expect(phone.page.get_by_role("heading", name="Whose phone is this?")).to_be_visible()


async def test_a_user_that_does_not_exist(open_phone: OpenPhone) -> None:
    phone = await open_phone("U" + "0" * 32)
    await expect(phone.page.get_by_role("alert")).to_be_visible()
    await phone.button("Choose another user").click()
    await expect(phone.page.get_by_role("heading", name="Whose phone is this?")).to_be_visible()


async def test_what_is_refused_is_told_in_the_readers_language(open_phone: OpenPhone) -> None:
    phone = await open_phone("U" + "0" * 32, query={"lang": "zh-TW"}, viewport={"width": 360, "height": 740})
    alert = phone.page.get_by_role("alert")
    await expect(alert.get_by_role("heading")).to_have_text("沒有這個使用者。")
    await expect(alert).not_to_contain_text("/_kidoku/")


async def test_adding_a_friend_brings_the_greeting(world: World, open_phone: OpenPhone) -> None:
    async with world.bot(greeting="Welcome to the café!") as bot:
        phone = await open_phone(await world.user())
        await phone.page.get_by_role("navigation").get_by_role("button", name="Friends").click()
        await phone.button("Add Café Hinoki as a friend").click()
        assert (await bot.event("follow"))["follow"] == {"isUnblocked": False}
        await expect(phone.log).to_contain_text("Welcome to the café!")


async def test_writing_to_somebody_who_is_no_friend(world: World, bot: Bot, open_phone: OpenPhone) -> None:
    phone = await open_phone(await world.user(), bot.id)
    await expect(phone.banner("is not your friend yet")).to_be_visible()
    await phone.write("Are you open today?")
    assert (await bot.message())["text"] == "Are you open today?"
    await phone.button("Add friend").click()
    await bot.event("follow")
    await expect(phone.banner("is not your friend yet")).to_have_count(0)


async def test_blocking_and_unblocking(world: World, bot: Bot, open_phone: OpenPhone) -> None:
    phone = await open_phone(await world.friend(bot), bot.id)
    await phone.button("About this chat").click()
    await phone.button("Block").click()
    await expect(phone.page.get_by_role("dialog")).to_contain_text("It is told that you left")
    await phone.dialog_button("Block").click()
    await bot.event("unfollow")
    await expect(phone.page.get_by_role("status").filter(has_text="is blocked")).to_be_visible()
    await phone.button("Chat").click()
    await expect(phone.banner("You have blocked Café Hinoki")).to_be_visible()
    await expect(phone.page.locator(".composer")).to_have_attribute("inert", "")
    await phone.button("Unblock").click()
    assert (await bot.event("follow"))["follow"] == {"isUnblocked": True}
    await phone.write("I am back")
    assert (await bot.message())["text"] == "I am back"


async def test_a_group_of_people_and_a_bot(world: World, bot: Bot, open_phone: OpenPhone) -> None:
    hana = await world.friend(bot)
    mei = await world.user("Mei")
    phone, other = await open_phone(hana), await open_phone(mei)
    await phone.button("Create a group").click()
    await phone.page.get_by_label("Group name").fill("Weekend")
    await phone.page.get_by_role("checkbox", name="Mei").check()
    await phone.page.get_by_role("radio", name="Café Hinoki").check()
    await phone.dialog_button("Create").click()
    await bot.event("join")
    await expect(phone.page.get_by_role("heading", name="Weekend (2)")).to_be_visible()
    await phone.write("Hello everybody")
    await other.page.get_by_role("button", name="Weekend").click()
    await expect(other.log).to_contain_text("Hello everybody")
    await other.write("Hi Hana")
    await expect(phone.log).to_contain_text("Hi Hana")
    await expect(phone.log.locator(".message__author")).to_have_text(["Mei"])


async def test_one_of_many_users_is_found_by_name(world: World, open_phone: OpenPhone) -> None:
    name = f"Nadia {next(names)}"
    user_id = await world.user(name)
    phone = await open_phone(await world.user())
    page = phone.page
    await two_users_at_a_time(page)
    await page.get_by_role("navigation").get_by_role("button", name="Settings").click()
    await phone.button("Use another user’s phone").click()
    await expect(page.get_by_text("Not all are shown.")).to_be_visible()
    search = page.get_by_role("searchbox", name="Search by name")
    await search.fill("nobody of this name")
    await expect(page.get_by_text("Nothing found.")).to_be_visible()
    await search.fill(name.lower())
    await expect(page.get_by_text("Not all are shown.")).to_be_hidden()
    await page.get_by_role("button", name=name).click()
    await expect(page.locator(".self__name, .screen__title").first).to_be_visible()
    assert f"user={user_id}" in page.url


async def test_members_are_chosen_from_many(world: World, bot: Bot, open_phone: OpenPhone) -> None:
    hana = await world.friend(bot)
    others = {name: await world.user(name) for name in ("Aki", "Ben", "Chai", "Dao")}
    phone = await open_phone(hana)
    await two_users_at_a_time(phone.page)
    await phone.button("Create a group").click()
    dialog = phone.page.get_by_role("dialog")
    await dialog.get_by_label("Group name").fill("Weekend")
    search = dialog.get_by_role("searchbox", name="Search by name")
    for name in ("Dao", "Chai"):
        await search.fill(name)
        await search.press("Enter")
        await dialog.get_by_role("checkbox", name=name).check()
    await search.fill("nobody")
    await expect(dialog.get_by_role("checkbox")).to_have_count(2)
    await phone.dialog_button("Create").click()
    await expect(phone.page.get_by_role("heading", name="Weekend (3)")).to_be_visible()
    [group] = (await world.control.get(f"/users/{hana}/home"))["chats"]
    members = (await world.control.get(f"/groups/{group['peer']['id']}"))["members"]
    assert {one["userId"] for one in members} == {hana, others["Chai"], others["Dao"]}


async def test_an_account_that_joins_no_groups_says_where_to_allow_it(
    world: World, bot: Bot, open_phone: OpenPhone
) -> None:
    await bot.control.patch(f"/accounts/{bot.id}/settings", joinGroups=False)
    phone = await open_phone(await world.friend(bot))
    await phone.button("Create a group").click()
    await phone.page.get_by_label("Group name").fill("Weekend")
    await phone.page.get_by_role("radio", name="Café Hinoki").check()
    await phone.dialog_button("Create").click()
    hint = "Allow it in the Manager: Response settings, Groups."
    await expect(phone.page.get_by_role("alert")).to_contain_text(hint)
    for language in LANGUAGES:
        words = translator(language)
        assert words("Response settings") in words(hint)
        assert words("Groups") in words(hint)


async def test_inviting_and_leaving(world: World, bot: Bot, open_phone: OpenPhone) -> None:
    hana, mei = await world.user("Hana"), await world.user("Mei")
    group = await world.group("Weekend", bot, hana)
    phone, other = await open_phone(hana, group), await open_phone(mei)
    await phone.button("About this chat").click()
    await phone.button("Invite").click()
    await phone.page.get_by_role("checkbox", name="Mei").check()
    await phone.dialog_button("Invite").click()
    joined = await bot.event("memberJoined")
    assert joined["joined"]["members"] == [{"type": "user", "userId": mei}]
    await other.page.get_by_role("button", name="Weekend").click()
    await other.button("About this chat").click()
    await other.button("Leave the group").click()
    await other.dialog_button("Leave").click()
    await bot.event("memberLeft")
    await expect(other.page.get_by_role("heading", name="Chats", exact=True)).to_be_visible()
    await expect(phone.page.get_by_text("1 member", exact=True)).to_be_visible()


async def test_somebody_who_is_removed_is_led_out(world: World, bot: Bot, open_phone: OpenPhone) -> None:
    hana, mei = await world.user("Hana"), await world.user("Mei")
    group = await world.group("Weekend", bot, hana, mei)
    phone, other = await open_phone(hana, group, query={"about": "1"}), await open_phone(mei, group)
    await expect(other.page.get_by_role("heading", name="Weekend")).to_be_visible()
    await phone.button("Menu for Mei").click()
    await phone.page.get_by_role("menuitem", name="Remove from the group").click()
    await phone.dialog_button("Remove").click()
    await expect(other.page.get_by_role("status").filter(has_text="no longer in Weekend")).to_be_visible()
    await expect(other.page.get_by_role("heading", name="Chats", exact=True)).to_be_visible()
