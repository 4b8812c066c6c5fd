"""Read at the desk and on the phone side by side: looking shows nothing, opening does and can be taken back."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Route, expect

from tests.browser.conftest import OpenPhone
from tests.browser.desk_kit import Channel, Desk, Inbox, OpenPage, desk_beside, open_desk
from tests.browser.kit import Phone, World
from tests.platform.webhooks.receiver import receiving

pytestmark = pytest.mark.asyncio(loop_scope="package")

QUICK: dict[str, Any] = {"policy": "on-open", "undoS": 0.5}
SLOW: dict[str, Any] = {"policy": "on-open", "undoS": 60}


@pytest_asyncio.fixture(loop_scope="package")
async def desk(world: World, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Desk]:
    async with desk_beside(world, tmp_path_factory.mktemp("desk")) as desk:
        await desk.agent()
        yield desk


async def said_hello(
    channel: Channel, desk: Desk, open_page: OpenPage, open_phone: OpenPhone
) -> tuple[Phone, Inbox]:
    """A user's phone with a message to the channel's account, and the inbox opened afterwards."""
    phone = await open_phone(await channel.friend(), channel.account_id)
    await phone.write("hello")
    return phone, await open_desk(open_page, desk)


async def test_peeking_shows_nothing_and_opening_shows_read(
    desk: Desk, open_page: OpenPage, open_phone: OpenPhone
) -> None:
    channel = await desk.channel(readPolicy=QUICK)
    user_id = await channel.friend()
    inbox = await open_desk(open_page, desk)
    phone = await open_phone(user_id, channel.account_id)
    await phone.write("Do you have a table at two?")
    await expect(inbox.row("Hana")).to_contain_text("Do you have a table at two?")
    await expect(inbox.row("Hana").locator(".count")).to_have_text("1")
    await inbox.peek("Hana")
    await expect(inbox.log).to_contain_text("Do you have a table at two?")
    await expect(inbox.page.get_by_text("the user sees nothing")).to_be_visible()
    await expect(inbox.states).to_have_text("Unread")
    await expect(inbox.input).to_be_hidden()
    await expect(inbox.row("Hana").locator(".count")).to_have_text("1")
    await expect(phone.read_marks).to_have_count(0)
    await inbox.button("Open: shows Read").click()
    await expect(phone.read_marks).to_have_text("Read")
    await expect(inbox.states).to_contain_text("Read")
    await expect(inbox.log.locator(".read-state__cause")).to_have_text("Opened")
    await expect(inbox.row("Hana").locator(".count")).to_have_count(0)


async def test_opening_while_the_peek_is_on_its_way_opens(
    desk: Desk, open_page: OpenPage, open_phone: OpenPhone
) -> None:
    channel = await desk.channel(readPolicy=QUICK)
    phone, inbox = await said_hello(channel, desk, open_page, open_phone)
    released = asyncio.Event()

    async def hold(route: Route) -> None:
        await released.wait()
        await route.continue_()

    await inbox.page.route("**/peek", hold)
    await inbox.peek("Hana")
    await inbox.button("Open: shows Read").click()
    released.set()
    await expect(phone.read_marks).to_have_text("Read")


async def test_opening_by_mistake_can_be_undone(
    desk: Desk, open_page: OpenPage, open_phone: OpenPhone
) -> None:
    channel = await desk.channel(readPolicy=SLOW)
    phone, inbox = await said_hello(channel, desk, open_page, open_phone)
    await inbox.open("Hana")
    await expect(inbox.page.get_by_text("Hana sees Read in")).to_be_visible()
    await expect(inbox.states).to_have_text("Soon Read")
    await inbox.button("Undo").click()
    await expect(inbox.states).to_have_text("Unread")
    await expect(inbox.page.get_by_text("Hana sees Read in")).to_be_hidden()
    await expect(inbox.page.locator(".journal")).to_contain_text("Undone")
    await expect(phone.read_marks).to_have_count(0)


async def test_who_leaves_a_chat_has_not_kept_it_open(
    desk: Desk, open_page: OpenPage, open_phone: OpenPhone
) -> None:
    channel = await desk.channel(readPolicy={"policy": "on-open-after", "afterS": 60})
    phone, inbox = await said_hello(channel, desk, open_page, open_phone)
    await inbox.open("Hana")
    await expect(inbox.states).to_have_text("Soon Read")
    await inbox.page.keyboard.press("Escape")
    await expect(inbox.row("Hana")).not_to_contain_text("Soon Read")
    await inbox.peek("Hana")
    await expect(inbox.states).to_have_text("Unread")
    await expect(inbox.page.locator(".journal")).to_contain_text("Kept open")
    await expect(inbox.page.locator(".journal")).to_contain_text("Undone")
    await expect(phone.read_marks).to_have_count(0)


async def test_what_the_bot_took_shows_read_by_a_policy_of_its_own(
    desk: Desk, open_page: OpenPage, open_phone: OpenPhone
) -> None:
    async with receiving() as bot:
        policy = {"policy": "manual", "botHandled": "on-open", "undoS": 0.5}
        channel = await desk.channel(readPolicy=policy, relayUrl=bot.url)
        user_id = await channel.friend()
        phone = await open_phone(user_id, channel.account_id)
        await phone.write("Are you open today?")
        await bot.received(1)
        inbox = await open_desk(open_page, desk)
        await expect(inbox.row("Hana")).to_contain_text("Are you open today?")
        await inbox.peek("Hana")
        await inbox.button("Open: shows Read").click()
        await expect(phone.read_marks).to_have_text("Read")
        hint = inbox.page.locator(".pane__hint")
        await expect(hint).to_contain_text("What the bot has taken: Opening shows Read")
        await desk.call("PATCH", f"/channels/{channel.key}", {"relayUrl": None})
        await phone.write("Is anybody there?")
        await expect(inbox.states).to_contain_text(["Read", "Unread"])
        await inbox.log.locator(".read-state").first.click()
        await expect(inbox.dialog).to_contain_text("Taken by")
        await inbox.dialog.get_by_role("button", name="Close").click()
        await inbox.log.locator(".read-state").last.click()
        await expect(inbox.dialog).to_contain_text("Nobody has asked for it")
        await expect(inbox.dialog).not_to_contain_text("Taken by")
        await expect(phone.read_marks).to_have_count(1)


async def test_an_answer_shows_after_read(desk: Desk, open_page: OpenPage, open_phone: OpenPhone) -> None:
    channel = await desk.channel()
    user_id = await channel.friend()
    phone = await open_phone(user_id, channel.account_id)
    await phone.write("Do you have a table at two?")
    inbox = await open_desk(open_page, desk)
    await inbox.open("Hana")
    await expect(inbox.states).to_have_text("Unread")
    await inbox.answer("We do")
    await expect(phone.log).to_contain_text("We do")
    await expect(phone.read_marks).to_have_text("Read")
    await expect(inbox.log.locator(".message--own")).to_contain_text("You")
    await expect(inbox.log.locator(".read-state__cause")).to_have_text("Answered")


async def test_marking_by_hand_says_who_and_when(
    desk: Desk, open_page: OpenPage, open_phone: OpenPhone
) -> None:
    channel = await desk.channel(readPolicy="manual")
    phone, inbox = await said_hello(channel, desk, open_page, open_phone)
    await inbox.open("Hana")
    await expect(inbox.states).to_have_text("Unread")
    await inbox.page.keyboard.press("m")
    await expect(phone.read_marks).to_have_text("Read")
    await expect(inbox.states).to_have_text(re.compile("^Read "))
    await inbox.log.locator(".read-state").click()
    await expect(inbox.dialog).to_contain_text("LINE has confirmed it")
    await expect(inbox.dialog).to_contain_text("By hand")


async def test_what_line_refuses_is_said_with_what_to_do(
    desk: Desk, open_page: OpenPage, open_phone: OpenPhone
) -> None:
    channel = await desk.channel(readPolicy="manual")
    phone, inbox = await said_hello(channel, desk, open_page, open_phone)
    await inbox.open("Hana")
    await expect(inbox.states).to_have_text("Unread")
    token = await desk.call("PATCH", f"/channels/{channel.key}", {"channelAccessToken": "wrong"})
    assert token["channelKey"] == channel.key
    await inbox.button("Mark as read").click()
    banner = inbox.page.locator(".parked")
    await expect(banner).to_contain_text("Issue a new one in the LINE Developers Console")
    await expect(inbox.states).to_have_text("Not marked")
    await expect(phone.read_marks).to_have_count(0)
