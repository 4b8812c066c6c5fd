"""Answers in a browser: what became of one that did not arrive, and sending it again."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests.browser.conftest import OpenPhone
from tests.browser.desk_kit import Desk, OpenPage, desk_beside, open_desk
from tests.browser.kit import World
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
        await expect(told).to_have_count(0)
        assert [call.path for call in line.calls[:2]] == ["/v2/bot/message/reply"] * 2
        assert len(line.calls) == 3
