"""The team's inbox in a browser: coming in, what arrives live, and the work on a chat."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Locator, expect

from kidoku.core.signature import sign
from tests.browser.desk_kit import PASSWORD, Desk, Inbox, OpenPage, desk_beside, open_desk
from tests.browser.kit import World, below_after_growing, scroll_up
from tests.browser.page_requests import Held
from tests.desk.kit import SECRET, message_event

pytestmark = pytest.mark.asyncio(loop_scope="package")


@pytest_asyncio.fixture(loop_scope="package")
async def desk(world: World, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Desk]:
    async with desk_beside(world, tmp_path_factory.mktemp("desk")) as desk:
        yield desk


async def test_without_an_agent_the_page_says_how_to_make_one(desk: Desk, open_page: OpenPage) -> None:
    page = await open_page("/", base=desk.url)
    await expect(page.get_by_role("heading", name="Make the first agent")).to_be_visible()
    await expect(page.locator("code")).to_contain_text("kidoku desk")


async def test_signing_in_leads_to_where_one_wanted_to_go(desk: Desk, open_page: OpenPage) -> None:
    await desk.agent()
    page = await open_page("/settings/me", base=desk.url)
    await page.get_by_label("Login").fill("mei")
    await page.get_by_label("Password").fill("battery staple")
    await page.get_by_label("Password").press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("do not belong together")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_label("Password").press("Enter")
    await expect(page.get_by_role("heading", name="This browser")).to_be_visible()
    await page.get_by_role("button", name="You", exact=True).click()
    await page.get_by_role("menuitem", name="Sign out").click()
    await expect(page.get_by_role("heading", name="Sign in to the desk")).to_be_visible()


async def test_a_message_appears_as_it_comes(desk: Desk, open_page: OpenPage) -> None:
    await desk.agent()
    channel = await desk.channel()
    user_id = await channel.friend()
    inbox = await open_desk(open_page, desk)
    await channel.say(user_id, "Anybody there?")
    await expect(inbox.row("Hana")).to_contain_text("Anybody there?")
    await expect(inbox.page).to_have_title("(1) Inbox · Kidoku")
    await inbox.open("Hana")
    await channel.say(user_id, "Hello?")
    await expect(inbox.log.locator(".message .bubble")).to_have_text(["Anybody there?", "Hello?"])
    await expect(inbox.page).to_have_title("Hana · Kidoku")


async def test_what_loads_above_the_newest_message_leaves_it_in_sight(
    desk: Desk, open_page: OpenPage
) -> None:
    await desk.agent()
    channel = await desk.channel()
    user_id = await channel.friend()
    await channel.say(user_id, "A long story\n" * 60)
    await channel.say(user_id, "The end")
    inbox = await open_desk(open_page, desk)
    await inbox.open("Hana")
    await expect(inbox.log.locator(".message .bubble")).to_have_count(2)
    await expect(inbox.log.get_by_text("The end")).to_be_in_viewport()
    assert await below_after_growing(inbox.page) < 2
    # Who reads further up is left there.
    box = inbox.page.locator(".conversation__box")
    await scroll_up(box)
    await expect(inbox.log.get_by_text("The end")).not_to_be_in_viewport()
    await channel.say(user_id, "Are you there?")
    await expect(inbox.log.locator(".message .bubble")).to_have_count(3)
    assert await box.evaluate("box => box.scrollTop") == 0


async def test_what_should_be_read_soon_and_what_is_late_stand_out(desk: Desk, open_page: OpenPage) -> None:
    await desk.agent()
    settings = {"name": "Shop", "channelSecret": SECRET, "channelAccessToken": "token", "readTargetS": 3_600}
    channel = await desk.call("POST", "/channels", {**settings, "apiBaseUrl": "http://127.0.0.1:9"})

    async def wrote(number: int, minutes_ago: int) -> None:
        at = desk.running.now - minutes_ago * 60_000
        event = message_event(number, user=f"U{number:032x}", at=at, text=f"{minutes_ago} minutes ago")
        body = json.dumps({"destination": "U", "events": [event]}).encode()
        url, headers = desk.url + channel["webhookPath"], {"x-line-signature": sign(SECRET, body)}
        async with desk.world.control.http.post(url, data=body, headers=headers) as answer:
            assert answer.status == 200

    inbox = await open_desk(open_page, desk)
    for number, minutes_ago in enumerate((6, 55, 65)):
        await wrote(number, minutes_ago)
    await expect(inbox.row("55 minutes ago").locator(".badge--warning")).to_contain_text("Due by ")
    await expect(inbox.row("65 minutes ago").locator(".badge--danger")).to_contain_text("Overdue since ")
    early = inbox.row("6 minutes ago")
    await expect(early).to_have_count(1)
    await expect(early.locator(".badge--warning, .badge--danger")).to_have_count(0)


async def test_the_wait_for_an_answer_goes_on_by_itself(desk: Desk, open_page: OpenPage) -> None:
    await desk.agent()
    channel = await desk.channel()
    await channel.say(await channel.friend(), "hello")
    inbox = await open_desk(open_page, desk)
    await inbox.peek("Hana")
    fact = inbox.page.locator(".details .facts > div").filter(has_text="Waits for an answer").locator("dd")
    for _ in range(3):
        await expect(fact).not_to_have_text(await fact.inner_text())


async def test_the_keyboard_does_the_work(desk: Desk, open_page: OpenPage) -> None:
    await desk.agent()
    channel = await desk.channel()
    for name in ("Hana", "Som"):
        await channel.say(await channel.friend(name), f"I am {name}")
    inbox = await open_desk(open_page, desk)
    await expect(inbox.page.locator(".chat-row")).to_have_count(2)
    press = inbox.page.keyboard.press
    await press("j")
    await press("j")
    await press("p")
    await expect(inbox.page.locator(".conversation--peek")).to_be_visible()
    await press("o")
    await expect(inbox.page.locator(".conversation--peek")).to_have_count(0)
    await press("e")
    await expect(inbox.page.get_by_text("Resolved.")).to_be_visible()
    await press("a")
    await inbox.page.get_by_role("menuitem", name="To me").click()
    await expect(inbox.page.locator(".conversation__head").first).to_contain_text("For Mei")
    await press("/")
    await inbox.page.keyboard.type("Som")
    await expect(inbox.page.locator(".chat-row")).to_have_count(1)
    await press("Escape")
    await press("?")
    await expect(inbox.dialog).to_contain_text("Keyboard shortcuts")


async def test_canned_answers_open_by_a_slash(desk: Desk, open_page: OpenPage) -> None:
    await desk.agent()
    channel = await desk.channel()
    await desk.call("POST", "/canned", {"title": "hours", "text": "{name}, we are open until 18."})
    await channel.say(await channel.friend(), "When do you close?")
    inbox = await open_desk(open_page, desk)
    await inbox.open("Hana")
    await inbox.input.press_sequentially("/ho")
    await expect(inbox.page.get_by_role("option")).to_have_count(1)
    await inbox.input.press("Enter")
    await expect(inbox.input).to_have_value("Hana, we are open until 18.")


async def test_the_language_of_a_user_has_its_name(desk: Desk, open_page: OpenPage) -> None:
    await desk.agent()
    channel = await desk.channel()
    user_id = await channel.friend()
    await desk.world.control.patch(f"/users/{user_id}", language="zh-TW")
    inbox = await open_desk(open_page, desk)
    await channel.say(user_id, "Anybody there?")
    await inbox.open("Hana")
    await expect(inbox.page.locator(".facts")).to_contain_text("Language")
    await expect(inbox.page.locator(".facts")).to_contain_text("Chinese (Taiwan)")


async def test_notes_stay_with_the_team(desk: Desk, open_page: OpenPage) -> None:
    await desk.agent()
    channel = await desk.channel()
    await channel.say(await channel.friend(), "hello")
    inbox = await open_desk(open_page, desk)
    await inbox.open("Hana")
    await inbox.page.get_by_role("textbox", name="A note for the team").fill("Likes the window seat")
    await inbox.button("Keep the note").click()
    await expect(inbox.page.locator(".note")).to_contain_text("Likes the window seat")
    await expect(inbox.page.locator(".note")).to_contain_text("You")


async def test_a_note_that_is_too_long_is_kept_whole_until_it_fits(desk: Desk, open_page: OpenPage) -> None:
    await desk.agent()
    channel = await desk.channel()
    await channel.say(await channel.friend(), "hello")
    inbox = await open_desk(open_page, desk)
    await inbox.open("Hana")
    note = inbox.page.get_by_role("textbox", name="A note for the team")
    length = inbox.page.locator(".details .text-length > [aria-hidden]")
    await expect(length).to_be_empty()
    await note.fill("a" * 5_001)
    await expect(length).to_have_text("Too long: 5,001 of at most 5,000 characters.")
    await expect(note).to_have_accessible_description("Too long: 5,001 of at most 5,000 characters.")
    await inbox.button("Keep the note").click()
    await expect(note).to_be_focused()
    await expect(note).to_have_value("a" * 5_001)
    [chat] = (await desk.call("GET", "/chats"))["chats"]
    assert (await desk.call("GET", f"/chats/{chat['chatId']}/notes"))["notes"] == []
    await note.fill("a" * 5_000)
    await expect(length).to_have_text("5,000 / 5,000")
    await inbox.button("Keep the note").click()
    await expect(inbox.page.locator(".note")).to_contain_text("a" * 5_000)
    await expect(note).to_have_value("")
    await expect(length).to_be_empty()


async def both_in_a_chat(desk: Desk, open_page: OpenPage) -> tuple[Locator, Inbox]:
    """What Mei is told of who else has her chat open, and the page of Ken, who has."""
    await desk.agent()
    await desk.agent("Ken")
    channel = await desk.channel()
    await channel.say(await channel.friend(), "hello")
    inbox = await open_desk(open_page, desk)
    await inbox.open("Hana")
    await expect(inbox.log).to_contain_text("hello")
    other = await open_desk(open_page, desk, login="ken")
    await other.open("Hana")
    told = inbox.page.locator(".presence")
    await expect(told).to_contain_text("Ken has this chat open")
    return told, other


async def test_another_agent_is_seen_in_the_chat(desk: Desk, open_page: OpenPage) -> None:
    told, other = await both_in_a_chat(desk, open_page)
    await other.input.press_sequentially("On my")
    await expect(told).to_contain_text("Ken is writing an answer")


async def test_who_closes_one_of_two_pages_is_still_there(desk: Desk, open_page: OpenPage) -> None:
    told, one = await both_in_a_chat(desk, open_page)
    other = await one.page.context.new_page()
    await other.goto(one.page.url)
    await expect(other.get_by_role("log")).to_contain_text("hello")
    await other.locator(".composer textarea").press_sequentially("On my")
    await expect(told).to_contain_text("Ken is writing an answer")
    await other.close(run_before_unload=False)
    await expect(told).to_contain_text("Ken has this chat open")
    await one.page.goto("about:blank")
    await expect(told).to_be_hidden()


async def test_what_an_agent_does_is_told_in_order(desk: Desk, open_page: OpenPage) -> None:
    told, one = await both_in_a_chat(desk, open_page)
    other, held = await one.page.context.new_page(), Held()
    await other.route("**/presence", held)
    await other.goto(one.page.url)
    arrived = await held.routes.get()
    await other.locator(".composer textarea").press_sequentially("On my")
    assert held.routes.empty()
    await arrived.continue_()
    await (await held.routes.get()).continue_()
    await expect(told).to_contain_text("Ken is writing an answer")


async def test_who_comes_later_sees_who_is_there(desk: Desk, open_page: OpenPage) -> None:
    await desk.agent()
    await desk.agent("Ken")
    channel = await desk.channel()
    await channel.say(await channel.friend(), "hello")
    first = await open_desk(open_page, desk)
    await first.open("Hana")
    await expect(first.log).to_contain_text("hello")
    later = await open_desk(open_page, desk, login="ken")
    await later.open("Hana")
    told = later.page.locator(".presence")
    await expect(told).to_contain_text("Mei has this chat open")
    await expect(told.locator(".avatar")).to_have_text("M")
    await expect(first.page.locator(".presence")).to_contain_text("Ken has this chat open")
    await first.page.goto("about:blank")
    await expect(told).to_be_hidden()


async def test_a_search_for_something_common_says_what_it_left_out(
    desk: Desk, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kidoku.desk.store.search.HITS", 1)
    await desk.agent()
    channel = await desk.channel()
    for name in ("Hana", "Som"):
        await channel.say(await channel.friend(name), f"hello from {name}")
    inbox = await open_desk(open_page, desk)
    await expect(inbox.page.locator(".chat-row")).to_have_count(2)
    told = inbox.page.get_by_text("Only the newest 1 messages were looked at")
    await expect(told).to_be_hidden()
    await inbox.page.get_by_role("searchbox", name="Search chats").fill("hello")
    await expect(told).to_be_visible()
    await expect(inbox.page.locator(".chat-row")).to_have_count(1)
