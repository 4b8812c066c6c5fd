"""Response settings and the option contract: what is set works, and what users will see is said beforehand."""

import pytest
from playwright.async_api import Route, expect

from tests.browser.conftest import OpenPhone
from tests.browser.kit import Bot, World
from tests.browser.manager_kit import Manager, OpenPage, open_manager, path, settings
from tests.browser.page_requests import Held

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def test_turning_chat_off_says_what_users_will_see(
    world: World, bot: Bot, open_phone: OpenPhone, open_page: OpenPage
) -> None:
    phone = await open_phone(await world.friend(bot), bot.id)
    for text in ("one", "two"):
        await phone.write(text)
        await bot.message()
    manager = await open_manager(open_page, bot, "response")
    await manager.switch("Use chat").click()
    await expect(manager.dialog).to_contain_text("Turning Chat off marks 2 unread messages Read")
    await manager.agree("Cancel")
    await expect(manager.switch("Use chat")).to_be_checked()
    await expect(phone.read_marks).to_have_count(0)
    await manager.switch("Use chat").click()
    await manager.agree("Turn Chat off")
    await expect(manager.mode).to_contain_text("Automatic reading")
    await expect(phone.read_marks).to_have_count(2)
    await expect(manager.switch("Use chat")).not_to_be_checked()
    await manager.switch("Use chat").click()
    await expect(manager.dialog).to_contain_text("What was Read stays Read.")
    await manager.agree("Turn Chat on")
    await expect(manager.mode).to_contain_text("Reading by hand")


async def test_webhook_off_stops_events_and_says_what_that_means(
    world: World, bot: Bot, open_page: OpenPage
) -> None:
    manager = await open_manager(open_page, bot, "response")
    await manager.flip("Use webhook")
    await expect(manager.mode).to_contain_text("Webhook is off: your bot gets no read tokens.")
    assert (await settings(bot))["useWebhook"] is False


async def test_what_is_set_elsewhere_appears_but_not_over_what_one_types(
    bot: Bot, open_page: OpenPage
) -> None:
    manager = await open_manager(open_page, bot, "response")
    greeting = manager.page.locator("form").filter(has_text="Greeting message")
    text = greeting.get_by_label("Text")
    await bot.control.patch(f"/accounts/{bot.id}/settings", greeting={"text": "From elsewhere"})
    await expect(text).to_have_value("From elsewhere")
    await text.fill("Typed here")
    await bot.control.patch(f"/accounts/{bot.id}/settings", greeting={"text": "From elsewhere again"})
    await expect(greeting).to_contain_text("Somebody changed these settings meanwhile.")
    await expect(text).to_have_value("Typed here")
    await greeting.get_by_role("button", name="Undo changes").click()
    await expect(text).to_have_value("From elsewhere again")


async def test_what_one_types_while_it_is_saved_stays(bot: Bot, open_page: OpenPage) -> None:
    manager, held = await open_manager(open_page, bot, "response"), Held("PATCH")
    greeting = manager.page.locator("form").filter(has_text="Greeting message")
    text, save = greeting.get_by_label("Text"), greeting.get_by_role("button", name="Save")
    await text.fill("Welcome")
    await manager.page.route("**/settings", held)
    await save.click()
    going = await held.routes.get()
    await text.fill("Welcome to the café")
    await expect(save).to_be_disabled()
    await going.continue_()
    await expect(manager.page.locator(".toast")).to_have_text("Saved")
    await expect(text).to_have_value("Welcome to the café")
    await expect(greeting).to_contain_text("Not saved yet.")
    await expect(greeting.get_by_text("Somebody changed these settings")).to_be_hidden()
    await manager.page.unroute("**/settings")
    await manager.save(greeting)
    assert (await settings(bot))["greeting"]["text"] == "Welcome to the café"
    await expect(save).to_be_disabled()


SETTINGS_TOLD = """async ([account, since]) => {
  const answer = await fetch(`/_kidoku/v1/events?account=${account}&since=${since}`);
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let text = ''; !text.includes('"settings"'); text += (await reader.read()).value);
  await reader.cancel();
}"""


async def test_what_changes_while_the_account_is_read_is_not_missed(bot: Bot, open_page: OpenPage) -> None:
    """The event overtakes the answer, which was made before the change."""
    page = await open_page("/manager")

    async def slowly(route: Route) -> None:
        answer = await route.fetch()
        since = answer.headers["x-kidoku-cursor"]
        await bot.control.patch(f"/accounts/{bot.id}/settings", greeting={"text": "From elsewhere"})
        await page.evaluate(SETTINGS_TOLD, [bot.id, since])
        await route.fulfill(response=answer)

    await page.route(f"**/_kidoku/v1/accounts/{bot.id}", slowly, times=1)
    await page.goto(path(bot, "response"))
    greeting = page.locator("form").filter(has_text="Greeting message")
    await expect(greeting.get_by_label("Text")).to_have_value("From elsewhere")


async def test_a_greeting_is_sent_to_new_friends(
    world: World, bot: Bot, open_phone: OpenPhone, open_page: OpenPage
) -> None:
    manager = await open_manager(open_page, bot, "response")
    greeting = manager.page.locator("form").filter(has_text="Greeting message")
    await greeting.get_by_label("Send a greeting").check()
    await greeting.get_by_label("Text").fill("Welcome, ")
    await greeting.get_by_role("button", name="Insert the user’s name").click()
    await expect(greeting.locator(".preview")).to_contain_text("Welcome, Alice")
    await greeting.get_by_role("button", name="Save").click()
    await expect(manager.page.get_by_text("Saved", exact=True)).to_be_visible()
    phone = await open_phone(await world.friend(bot), bot.id)
    await expect(phone.log).to_contain_text("Welcome, Hana")


async def test_a_greeting_that_is_too_long_is_not_cut(bot: Bot, open_page: OpenPage) -> None:
    manager = await open_manager(open_page, bot, "response")
    greeting = manager.page.locator("form").filter(has_text="Greeting message")
    await greeting.get_by_label("Send a greeting").check()
    await greeting.get_by_label("Text").fill("a" * 495)
    await expect(greeting.locator(".text-length")).to_have_text("495 / 500")
    await greeting.get_by_role("button", name="Insert the user’s name").click()
    await expect(greeting.locator(".text-length")).to_contain_text("Too long: ")
    await greeting.get_by_role("button", name="Save").click()
    await expect(greeting.get_by_label("Text")).to_be_focused()
    await expect(greeting.get_by_label("Text")).to_have_value("a" * 495 + "{userName}")
    assert "aaa" not in (await settings(bot))["greeting"]["text"]
    await greeting.get_by_label("Text").fill("\U0001f600" * 500)
    await greeting.get_by_role("button", name="Save").click()
    await expect(manager.page.get_by_text("Saved", exact=True)).to_be_visible()
    assert (await settings(bot))["greeting"]["text"] == "\U0001f600" * 500


async def test_a_keyword_is_answered(
    world: World, bot: Bot, open_phone: OpenPhone, open_page: OpenPage
) -> None:
    manager = await open_manager(open_page, bot, "response")
    auto = manager.page.locator("form").filter(has_text="Auto-response messages")
    await auto.get_by_label("Answer automatically").check()
    await auto.get_by_role("button", name="Add a rule").click()
    await auto.get_by_label("Keywords").fill("hours, 営業時間")
    await auto.get_by_label("Answer", exact=True).fill("From 9 to 18.")
    await auto.get_by_label("Answer to anything else").fill("A person will answer.")
    await manager.save(auto)
    phone = await open_phone(await world.friend(bot), bot.id)
    await phone.write("営業時間")
    await expect(phone.log).to_contain_text("From 9 to 18.")
    await phone.write("hello")
    await expect(phone.log).to_contain_text("A person will answer.")


async def test_a_rule_without_a_keyword_is_not_saved(bot: Bot, open_page: OpenPage) -> None:
    manager = await open_manager(open_page, bot, "response")
    auto = manager.page.locator("form").filter(has_text="Auto-response messages")
    await auto.get_by_role("button", name="Add a rule").click()
    await auto.get_by_label("Keywords").fill(" , ")
    await auto.get_by_label("Answer", exact=True).fill("From 9 to 18.")
    await auto.get_by_role("button", name="Save").click()
    await expect(auto.get_by_role("alert")).to_have_text("Every rule needs a keyword and an answer.")
    assert (await settings(bot))["autoResponse"]["rules"] == []


async def test_response_hours_are_kept(bot: Bot, open_page: OpenPage) -> None:
    manager = await open_manager(open_page, bot, "response")
    hours = manager.page.locator("form").filter(has_text="Response hours").last
    await hours.get_by_label("Use response hours").check()
    await hours.get_by_label("Time zone").select_option("Asia/Bangkok")
    await hours.get_by_label("Outside of them").select_option("chat_and_auto")
    for day in ("Monday", "Tuesday", "Wednesday", "Thursday"):
        await (
            hours.get_by_role("group", name=day, exact=True)
            .get_by_role("button", name="Remove these hours")
            .click()
        )
    await hours.get_by_role("button", name="Add hours on Sunday").click()
    sunday = hours.get_by_role("group", name="Sunday", exact=True)
    await sunday.get_by_label("From", exact=True).fill("22:00")
    await sunday.get_by_label("To", exact=True).fill("02:00")
    await manager.save(hours)
    kept = (await settings(bot))["responseHours"]
    assert kept == {
        "enabled": True,
        "timeZone": "Asia/Bangkok",
        "windows": [
            {"day": 4, "start": "09:00", "end": "18:00"},
            {"day": 6, "start": "22:00", "end": "02:00"},
        ],
        "inHours": "chat",
        "outOfHours": "chat_and_auto",
    }


@pytest.mark.parametrize(
    ("at", "inside"),
    [
        ("2026-11-22T21:59:00+07:00", False),
        ("2026-11-22T22:00:00+07:00", True),
        ("2026-11-23T01:59:00+07:00", True),
        ("2026-11-23T02:00:00+07:00", False),
        ("2026-11-25T12:00:00+07:00", True),
        ("2026-11-27T12:00:00+07:00", False),
    ],
)
async def test_the_page_knows_the_hours_as_the_platform_does(
    at: str, inside: bool, bot: Bot, open_page: OpenPage
) -> None:
    manager = await open_manager(open_page, bot, "response")
    windows = [
        {"day": 6, "start": "22:00", "end": "02:00"},
        {"day": 2, "start": "00:00", "end": "00:00"},
    ]
    found = await manager.page.evaluate(
        """async ([windows, at]) => {
            const week = await import('/_kidoku/static/manager/settings/week.js');
            return week.inHours(windows, 'Asia/Bangkok', Date.parse(at));
        }""",
        [windows, at],
    )
    assert found is inside


async def test_the_option_contract_goes_round(
    world: World, bot: Bot, open_phone: OpenPhone, open_page: OpenPage
) -> None:
    user_id = await world.friend(bot)
    phone = await open_phone(user_id, bot.id)
    manager = await open_manager(open_page, bot, "option")
    await manager.button("Apply").click()
    await manager.button("Approve, as LINE would").click()
    await manager.button("Take into use").click()
    await expect(manager.dialog).to_contain_text("Chat is turned off, and read tokens are refused.")
    await manager.agree("Take into use")
    await expect(manager.mode).to_contain_text("Reading by the option API")
    await phone.write("one")
    await bot.message()
    await expect(phone.own.locator("time")).to_be_visible()
    await expect(phone.read_marks).to_have_count(0)
    await bot.api("/v2/bot/message/markAsRead", chat={"userId": user_id})
    await expect(phone.read_marks).to_have_count(1)
    await phone.write("two")
    await bot.message()
    await chat_is_locked(manager)
    await manager.button("Withdraw").click()
    await expect(manager.dialog).to_contain_text("1 unread message becomes Read at once")
    await manager.agree("Withdraw")
    await expect(manager.page.locator(".step--now")).to_contain_text("Withdrawn")
    await expect(phone.read_marks).to_have_count(2)
    await expect(manager.button("Apply")).to_be_visible()


async def chat_is_locked(manager: Manager) -> None:
    await manager.go("Response settings")
    await expect(manager.switch("Use chat")).to_be_disabled()
    await expect(manager.page.get_by_text("Chat stays off while the option API is in use.")).to_be_visible()
    await manager.go("Option API")


async def test_home_tells_the_mode_and_what_became_read(world: World, bot: Bot, open_page: OpenPage) -> None:
    user_id = await world.friend(bot)
    await world.say(user_id, bot.id, "one")
    message = await bot.message()
    manager = await open_manager(open_page, bot)
    await expect(manager.mode).to_contain_text(
        "A message stays unread until your bot or an operator reads it."
    )
    await expect(manager.page.get_by_role("link", name="1 Messages not yet Read")).to_be_visible()
    await bot.mark(message)
    await expect(manager.page.locator(".reads")).to_contain_text("1 message became Read")
    await expect(manager.page.locator(".reads")).to_contain_text("Read token")
    await expect(manager.page.get_by_text("Everything has been read.")).to_be_visible()


async def test_an_account_is_created(open_page: OpenPage) -> None:
    page = await open_page("/manager", viewport={"width": 1280, "height": 900})
    await page.get_by_role("button", name="Create an account").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Name").fill("Café Momiji")
    await dialog.get_by_role("button", name="Create", exact=True).click()
    await expect(page).to_have_title("Home · Café Momiji · Kidoku")
    await expect(page.get_by_label("What users see")).to_contain_text("Reading by hand")
    await expect(page.get_by_text("No webhook URL is set, so no bot hears of messages.")).to_be_visible()


async def test_an_account_is_renamed_everywhere(
    world: World, bot: Bot, open_phone: OpenPhone, open_page: OpenPage
) -> None:
    manager = await open_manager(open_page, bot)
    await manager.button("Edit name and picture").click()
    await manager.dialog.get_by_label("Name").fill("Café Momiji")
    await manager.dialog.get_by_label("Status message").fill("Open until nine")
    await manager.agree("Save")
    await expect(manager.page).to_have_title("Home · Café Momiji · Kidoku")
    await expect(manager.page.locator(".rail__account")).to_contain_text("Café Momiji")
    phone = await open_phone(await world.friend(bot), bot.id)
    await expect(phone.page.get_by_role("heading", name="Café Momiji")).to_be_visible()


async def test_addresses_that_lead_nowhere_say_so(bot: Bot, open_page: OpenPage) -> None:
    for address, heading in (
        ("/manager/U0", "There is no such Official Account"),
        (f"/manager/{bot.id}/nothing", "There is no such page"),
        (f"/manager/{bot.id}/option/1", "There is no such page"),
    ):
        page = await open_page(address)
        await expect(page.get_by_role("heading", name=heading)).to_be_visible()


async def test_what_is_not_saved_yet_is_there_when_one_comes_back(bot: Bot, open_page: OpenPage) -> None:
    manager = await open_manager(open_page, bot, "response")
    forms = manager.page.locator("form")
    greeting, auto = (
        forms.filter(has_text="Greeting message"),
        forms.filter(has_text="Auto-response messages"),
    )
    hours = forms.filter(has_text="Response hours")
    await greeting.get_by_label("Text").fill("Welcome to our café")
    await auto.get_by_role("button", name="Add a rule").click()
    await auto.get_by_label("Keywords").fill("hours")
    await hours.get_by_role("button", name="Add hours on Sunday").click()
    for form in (greeting, auto, hours):
        await expect(form.get_by_text("Not saved yet.")).to_be_visible()
    await manager.go("Home")
    await bot.control.patch(f"/accounts/{bot.id}/settings", responseHours={"timeZone": "Asia/Bangkok"})
    await manager.go("Messaging API")
    await manager.go("Response settings")
    await expect(greeting.get_by_label("Text")).to_have_value("Welcome to our café")
    await expect(auto.get_by_label("Keywords")).to_have_value("hours")
    await expect(hours.get_by_role("group", name="Sunday").get_by_label("From")).to_have_value("09:00")
    await expect(hours).to_contain_text("Somebody changed these settings meanwhile.")
    await manager.save(greeting)
    await expect(greeting.get_by_text("Not saved yet.")).to_be_hidden()
    assert (await settings(bot))["greeting"]["text"] == "Welcome to our café"


async def test_closing_the_window_asks_while_something_is_not_saved(bot: Bot, open_page: OpenPage) -> None:
    manager = await open_manager(open_page, bot, "response")
    greeting = manager.page.locator("form").filter(has_text="Greeting message")
    await greeting.get_by_label("Text").press_sequentially("Welcome")
    await manager.go("Home")
    async with manager.page.expect_event("dialog") as asked:
        await manager.page.close(run_before_unload=True)
    dialog = await asked.value
    assert dialog.type == "beforeunload"
    await dialog.dismiss()
    await manager.go("Response settings")
    await greeting.get_by_role("button", name="Undo changes").click()
    async with manager.page.expect_event("close"):
        await manager.page.close(run_before_unload=True)


async def test_a_greeting_that_is_not_sent_needs_no_text(bot: Bot, open_page: OpenPage) -> None:
    before = (await settings(bot))["greeting"]["text"]
    await bot.control.patch(f"/accounts/{bot.id}/settings", greeting={"enabled": True})
    manager = await open_manager(open_page, bot, "response")
    greeting = manager.page.locator("form").filter(has_text="Greeting message")
    await greeting.get_by_label("Text").fill("")
    await greeting.get_by_label("Send a greeting").uncheck()
    await manager.save(greeting)
    await expect(greeting.get_by_text("Not saved yet.")).to_be_hidden()
    assert (await settings(bot))["greeting"] == {"enabled": False, "text": before}
    await expect(greeting.get_by_label("Text")).to_have_value(before)
    await greeting.get_by_label("Send a greeting").check()
    await greeting.get_by_label("Text").fill("")
    await greeting.get_by_role("button", name="Save").click()
    assert await greeting.get_by_label("Text").evaluate("field => field.validity.valueMissing")
    assert (await settings(bot))["greeting"]["enabled"] is False


async def test_accounts_appear_as_they_are_made(world: World, bot: Bot, open_page: OpenPage) -> None:
    page = await open_page("/manager")
    tiles = page.locator(".account-tile")
    await expect(tiles.filter(has_text=bot.account["basicId"])).to_contain_text("Reading by hand")
    async with world.bot(name="Café Momiji of the list") as other:
        await expect(tiles.filter(has_text="Café Momiji of the list")).to_be_visible()
        await bot.control.patch(f"/accounts/{other.id}/settings", chat=False)
        await expect(tiles.filter(has_text=other.account["basicId"])).to_contain_text("Automatic reading")
