"""Answers in a browser: what became of one that did not arrive, and sending it again."""

from __future__ import annotations

import io
import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from PIL import Image
from playwright.async_api import FilePayload, Locator, Route, expect

from tests.browser.conftest import OpenPhone
from tests.browser.desk_kit import Desk, Inbox, OpenPage, desk_beside, open_desk
from tests.browser.kit import World, phone_path
from tests.desk.line import Step, scripted_line, status

pytestmark = pytest.mark.asyncio(loop_scope="package")


@pytest_asyncio.fixture(loop_scope="package")
async def desk(world: World, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Desk]:
    async with desk_beside(world, tmp_path_factory.mktemp("desk")) as desk:
        await desk.agent()
        yield desk


async def test_an_answer_that_failed_says_why_and_is_sent_again(
    desk: Desk, open_page: OpenPage, open_phone: OpenPhone
) -> None:
    channel = await desk.channel()
    user_id = await channel.friend()
    phone = await open_phone(user_id, channel.account_id)
    await phone.write("Do you have a table at two?")
    inbox = await open_desk(open_page, desk)
    await inbox.open("Hana")
    await expect(inbox.states).to_have_text("Unread")
    right = await channel.token("wrong")
    await inbox.answer("We do")
    told = inbox.log.locator(".delivery")
    await expect(told).to_contain_text("LINE refuses the channel’s access token")
    await expect(told.locator("code")).to_contain_text("401")
    await channel.token(right)
    await told.get_by_role("button", name="Send again").click()
    await expect(phone.log).to_contain_text("We do")
    await expect(told).to_have_count(0)


async def test_what_perhaps_arrived_is_not_sent_twice_unasked(desk: Desk, open_page: OpenPage) -> None:
    async with scripted_line() as line:
        channel = await desk.channel(readPolicy="manual")
        await channel.say(await channel.friend(), "hello")
        inbox = await open_desk(open_page, desk)
        await inbox.open("Hana")
        await expect(inbox.states).to_have_text("Unread")
        await desk.call("PATCH", f"/channels/{channel.key}", {"apiBaseUrl": line.url})
        line.script.extend([Step(None), Step(status(400, "May not be this long"))])
        await inbox.answer("Hello to you")
        told = inbox.log.locator(".delivery")
        await expect(told).to_contain_text("they may see it twice")
        await expect(inbox.log.locator(".meta__failed")).to_have_text("Perhaps not sent")
        again = told.get_by_role("button", name="Send again")
        await again.click()
        await expect(inbox.dialog).to_contain_text("the user sees it twice")
        await inbox.dialog.get_by_role("button", name="Cancel").click()
        assert len(line.calls) == 2
        await again.click()
        await inbox.dialog.get_by_role("button", name="Send again").click()
        calls = await line.calls_become(3)
        assert [call.path for call in calls[:2]] == ["/v2/bot/message/reply"] * 2
        await expect(told).to_have_count(0)
        assert len(line.calls) == 3


async def test_what_very_likely_arrived_says_so(desk: Desk, open_page: OpenPage) -> None:
    async with scripted_line() as line:
        channel = await desk.channel(readPolicy="manual")
        await channel.say(await channel.friend(), "hello")
        inbox = await open_desk(open_page, desk)
        await inbox.open("Hana")
        await expect(inbox.states).to_have_text("Unread")
        await desk.call("PATCH", f"/channels/{channel.key}", {"apiBaseUrl": line.url})
        line.script.extend([Step(None), Step(status(400, "Invalid reply token"))])
        await inbox.answer("Hello to you")
        told = inbox.log.locator(".delivery")
        await expect(told).to_contain_text("has very likely sent it")
        await expect(inbox.log.locator(".meta__failed")).to_have_count(0)
        assert len(line.calls) == 2


PUBLIC = "https://desk.example.com"
TRANSFER = """([bytes, type]) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([new Uint8Array(bytes)], 'table.jpg', { type }));
    return transfer;
}"""
LOADED = "image => image.complete && image.naturalWidth > 0"


def photo(size: tuple[int, int] = (640, 480)) -> FilePayload:
    file = io.BytesIO()
    Image.new("RGB", size, "teal").save(file, "JPEG")
    return {"name": "table.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()}


@pytest_asyncio.fixture(loop_scope="package")
async def public_desk(world: World, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Desk]:
    """A desk that LINE's clients could reach."""
    async with desk_beside(world, tmp_path_factory.mktemp("public"), public_url=PUBLIC) as desk:
        await desk.agent()
        yield desk


async def opened(desk: Desk, open_page: OpenPage) -> tuple[Inbox, str, str]:
    """The inbox with a chat that is open, who wrote in it, and to which account."""
    channel = await desk.channel()
    user_id = await channel.friend()
    await channel.say(user_id, "What does it look like?")
    inbox = await open_desk(open_page, desk)
    await inbox.open("Hana")
    await expect(inbox.states).to_have_text("Unread")
    return inbox, user_id, channel.account_id


async def reach(desk: Desk, route: Route) -> None:
    """Lead a request to the desk's public address to where it runs."""
    await route.fulfill(response=await route.fetch(url=desk.url + route.request.url.removeprefix(PUBLIC)))


def file_input(inbox: Inbox) -> Locator:
    return inbox.dialog.locator("input[type=file]")


async def test_a_picture_of_ones_own_is_seen_before_and_after_it_is_sent(
    public_desk: Desk, open_page: OpenPage, open_phone: OpenPhone
) -> None:
    inbox, user_id, account_id = await opened(public_desk, open_page)
    await inbox.button("Send a picture").click()
    await file_input(inbox).set_input_files(photo())
    await expect(inbox.dialog.get_by_role("img", name="Preview of table.jpg")).to_be_visible()
    await inbox.dialog.get_by_role("button", name="Send").click()
    shown = inbox.log.locator(".message--own .picture img")
    await inbox.page.wait_for_function(LOADED, arg=await shown.element_handle())
    await expect(inbox.log.locator(".message--own .meta")).to_contain_text("You")
    phone = await open_phone(user_id)
    await phone.page.route(f"{PUBLIC}/**", lambda route: reach(public_desk, route))
    await phone.page.goto(phone_path(user_id, account_id))
    arrived = phone.log.locator(".picture img")
    await phone.page.wait_for_function(LOADED, arg=await arrived.element_handle())
    source = await arrived.get_attribute("src")
    assert source is not None
    assert source.startswith(f"{PUBLIC}/pictures/")
    async with public_desk.world.control.http.get(public_desk.url + source.removeprefix(PUBLIC)) as answer:
        assert Image.open(io.BytesIO(await answer.read())).size == (640, 480)


@pytest.mark.parametrize(("event", "field"), [("paste", "clipboardData"), ("drop", "dataTransfer")])
async def test_a_picture_can_be_pasted_and_dropped(
    event: str, field: str, public_desk: Desk, open_page: OpenPage
) -> None:
    inbox, _, _ = await opened(public_desk, open_page)
    data = photo()
    transfer = await inbox.page.evaluate_handle(TRANSFER, [list(data["buffer"]), data["mimeType"]])
    if event == "paste":
        await inbox.input.evaluate(
            "(box, clipboardData) => box.dispatchEvent(new ClipboardEvent('paste', "
            "{ clipboardData, bubbles: true, cancelable: true }))",
            transfer,
        )
    else:
        await inbox.log.dispatch_event(event, {field: transfer})
    await expect(inbox.dialog.get_by_role("img", name="Preview of table.jpg")).to_be_visible()
    await inbox.page.keyboard.press("Escape")
    await expect(inbox.dialog).to_have_count(0)


async def test_what_line_does_not_take_is_said_before(public_desk: Desk, open_page: OpenPage) -> None:
    inbox, _, _ = await opened(public_desk, open_page)
    await inbox.button("Send a picture").click()
    await file_input(inbox).set_input_files({"name": "a.gif", "mimeType": "image/gif", "buffer": b"GIF89a"})
    await expect(inbox.dialog.get_by_role("alert").first).to_have_text("LINE takes only JPEG and PNG.")
    await file_input(inbox).set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": b"no"})
    await inbox.dialog.get_by_role("button", name="Send").click()
    await expect(inbox.dialog).to_contain_text("That is no JPEG or PNG")


async def test_without_a_public_address_it_says_why(desk: Desk, open_page: OpenPage) -> None:
    inbox, _, _ = await opened(desk, open_page)
    await inbox.button("Send a picture").click()
    await expect(inbox.dialog).to_contain_text("An admin sets it as public_url")
    await expect(file_input(inbox)).to_be_disabled()
    await inbox.dialog.get_by_role("textbox").fill("https://example.com/table.jpg")
    await inbox.dialog.get_by_role("button", name="Send").click()
    await expect(inbox.log.locator(".message--own .meta")).to_contain_text("You")


async def test_nothing_is_written_to_who_has_blocked_the_account(desk: Desk, open_page: OpenPage) -> None:
    inbox, user_id, account_id = await opened(desk, open_page)
    control = desk.world.control
    await inbox.input.fill("See you")
    await control.call("DELETE", f"/users/{user_id}/friends/{account_id}")
    await expect(inbox.page.locator(".conversation .peek-notice")).to_contain_text("has blocked the account")
    await expect(inbox.input).to_be_disabled()
    await expect(inbox.input).to_have_accessible_description(re.compile("has blocked the account"))
    for name in ("Send", "Send a picture", "Stickers and emoji", "Quick replies", "Canned answers"):
        await expect(inbox.button(name)).to_be_disabled()
    await control.post(f"/users/{user_id}/friends", accountId=account_id)
    await expect(inbox.input).to_be_enabled()
    await expect(inbox.input).to_have_value("See you")
    await expect(inbox.log).to_contain_text("Unblocked the account")
    await inbox.button("Send").click()
    await expect(inbox.log.locator(".message--own")).to_contain_text("See you")


async def test_a_long_text_goes_as_several_messages(
    desk: Desk, open_page: OpenPage, open_phone: OpenPhone
) -> None:
    channel = await desk.channel()
    user_id = await channel.friend()
    phone = await open_phone(user_id, channel.account_id)
    await phone.write("What do you have?")
    inbox = await open_desk(open_page, desk)
    await inbox.open("Hana")
    note = inbox.page.locator("#answer-length")
    first, second = "Tea and cake. " * 300, "Cake and tea. " * 300
    await inbox.input.fill("short enough")
    await expect(note).to_be_empty()
    await inbox.input.fill(f"{first}\n\n{second}")
    await expect(note).to_have_text(
        "Longer than 5,000 characters: the user gets 2 messages, one after the other."
    )
    await inbox.input.press("Enter")
    await expect(phone.page.locator(".message:not(.message--own) .bubble")).to_have_text(
        [first.strip(), second.strip()]
    )
    await expect(inbox.input).to_have_value("")
    await expect(note).to_be_empty()


async def test_a_text_that_is_too_long_is_kept_whole(desk: Desk, open_page: OpenPage) -> None:
    channel = await desk.channel(readPolicy="manual")
    await channel.say(await channel.friend(), "hello")
    inbox = await open_desk(open_page, desk)
    await inbox.open("Hana")
    text = "あ" * 25_001
    await inbox.input.fill(text)
    await expect(inbox.page.locator("#answer-length")).to_contain_text("More than an answer holds")
    await expect(inbox.button("Send")).to_be_disabled()
    await inbox.input.press("Enter")
    await expect(inbox.input).to_have_value(text)
    await inbox.input.fill(text[:-1])
    await expect(inbox.page.locator("#answer-length")).to_contain_text("the user gets 5 messages")
    await inbox.input.press("Enter")
    await expect(inbox.log.locator(".message--own .bubble")).to_have_text(["あ" * 5_000] * 5)


SPLIT = """async (texts) => {
    const { split } = await import(document.querySelector('script[type=module]').src + '/../inbox/split_text.js');
    return texts.map((text) => split(text).map((part) => part.length));
}"""


async def test_where_a_long_text_is_broken(desk: Desk, open_page: OpenPage) -> None:
    inbox = await open_desk(open_page, desk)
    texts = {
        "": [],
        " \n ": [],
        "x" * 5_000: [5_000],
        # A pair of surrogates is one character.
        "x" * 4_999 + "😀": [4_999, 2],
        # A paragraph's end, unless the message were less than half full; else a line, a sentence, a word.
        "x" * 3_000 + "\n\n" + "y" * 1_000 + "\n" + "z" * 2_000: [3_000, 3_001],
        "x" * 100 + "\n\n" + "y" * 4_000 + "\n" + "z" * 2_000: [4_102, 2_000],
        "あ" * 4_000 + "。" + "い" * 2_000: [4_001, 2_000],
        "x" * 4_000 + " " + "y" * 2_000: [4_000, 2_000],
        # No more than it takes to know that it is too long.
        "x" * 100_000: [5_000] * 5 + [75_000],
    }
    found = await inbox.page.evaluate(SPLIT, list(texts))
    assert dict(zip(texts, found, strict=True)) == texts
