"""The desk's reports: numbers as drawings and as tables, for a period and a channel."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import expect

from tests.browser.desk_kit import SMALL, OpenPage, desk_beside, open_desk
from tests.browser.kit import World
from tests.browser.manager_kit import axe_source, faults

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def test_from_a_message_to_the_report(world: World, open_page: OpenPage, tmp_path: Path) -> None:
    async with desk_beside(world, tmp_path / "desk") as desk:
        await desk.agent()
        channel = await desk.channel()
        user_id = await channel.friend()
        await channel.say(user_id, "hello")
        await channel.say(user_id, "anybody there?")
        inbox = await open_desk(open_page, desk)
        await expect(inbox.row("Hana").locator(".count")).to_have_text("2")
        await inbox.open("Hana")
        await inbox.answer("Here we are")
        await expect(inbox.states.last).to_contain_text("Read ")
        page = inbox.page

        await page.get_by_role("link", name="Reports").click()
        await expect(page.get_by_role("heading", name="Reports", level=1)).to_be_visible()
        read = page.locator("section", has=page.get_by_role("heading", name="Time to read"))
        await expect(read.locator(".facts").first).to_contain_text("Number2")
        await expect(read.locator(".bars__bar")).to_have_count(7)
        await read.get_by_text("As a table").click()
        await expect(read.get_by_role("row")).to_have_count(8)

        # Keys go through the columns, each told in words.
        await read.locator(".bars__bar").last.focus()
        await expect(read.get_by_role("status")).to_contain_text("2 messages")
        await page.keyboard.press("ArrowLeft")
        await expect(read.get_by_role("status")).to_contain_text("none")

        agents = page.locator("section", has=page.get_by_role("heading", name="By agent"))
        await expect(agents.get_by_role("row").last).to_contain_text("You")
        await expect(agents.get_by_role("columnheader", name="99 %")).to_have_count(2)
        await expect(page.get_by_role("heading", name="By channel")).to_have_count(0)

        spread = page.locator("section", has=page.get_by_role("heading", name="How times to read spread"))
        await expect(spread.locator(".bars__bar")).to_have_count(17)
        await spread.locator(".bars__bar").last.focus()
        await expect(spread.get_by_role("status")).to_contain_text(
            "longer than 3 days · 0 messages · 100% took no longer"
        )
        await spread.get_by_text("As a table").click()
        await expect(spread.get_by_role("row")).to_have_count(18)

        week = page.locator(
            "section", has=page.get_by_role("heading", name="Times to read by weekday and hour")
        )
        await expect(week.locator(".heat__field")).to_have_count(7 * 24)
        await expect(week.locator(".heat__field:not(.heat--none)").first).to_be_visible()
        await week.locator(".heat__field").last.focus()
        await expect(week.get_by_role("status")).to_contain_text("Sunday 11")
        await page.keyboard.press("ArrowUp")
        await page.keyboard.press("ArrowLeft")
        await expect(week.get_by_role("status")).to_contain_text("Saturday 10")
        await week.get_by_text("As a table").click()
        assert await week.get_by_role("row").count() in (2, 3)  # an hour may end between two messages
        causes = page.locator("section", has=page.get_by_role("heading", name="Marks by cause"))
        await expect(
            causes.get_by_role("rowheader", name="Opened").or_(
                causes.get_by_role("rowheader", name="Answered")
            )
        ).not_to_have_count(0)

        await page.get_by_role("button", name="24 hours").click()
        await expect(page).to_have_url(f"{desk.url}/reports?period=1")
        await expect(read.locator(".bars__bar")).not_to_have_count(7)
        await page.get_by_label("Channel").select_option("Café Hinoki")
        await expect(page).to_have_url(f"{desk.url}/reports?period=1&channel={channel.key}")

        async with page.expect_download() as download:
            await read.get_by_role("link", name="Download as CSV").click()
        saved = Path(await (await download.value).path()).read_text("utf-8")
        assert saved.startswith("hour,read_count,read_median_ms")


async def test_several_channels_are_told_apart(world: World, open_page: OpenPage, tmp_path: Path) -> None:
    async with desk_beside(world, tmp_path / "desk") as desk:
        await desk.agent()
        busy = await desk.channel(readPolicy="on-receive")
        await desk.channel(name="Quiet")
        await busy.say(await busy.friend(), "hello")
        inbox = await open_desk(open_page, desk, path="/reports")
        channels = inbox.page.locator(
            "section", has=inbox.page.get_by_role("heading", name="By channel", exact=True)
        )
        await expect(
            channels.get_by_role("row").filter(has_text="Quiet").get_by_role("cell").first
        ).to_have_text("0")
        await expect(
            channels.get_by_role("row").filter(has_text="Hinoki").get_by_role("cell").first
        ).to_have_text("1")
        await inbox.page.get_by_label("Channel", exact=True).select_option("Quiet")
        await expect(channels).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_no_fault_in_the_drawings(
    scheme: str, world: World, open_page: OpenPage, tmp_path: Path
) -> None:
    async with desk_beside(world, tmp_path / "desk") as desk:
        await desk.agent()
        channel = await desk.channel(readPolicy="on-receive")
        await channel.say(await channel.friend(), "hello")
        options: dict[str, Any] = {"viewport": SMALL, "color_scheme": scheme, "reduced_motion": "reduce"}
        page = (await open_desk(open_page, desk, path="/reports", **options)).page
        await expect(page.locator(".heat__map")).to_be_visible()
        await page.get_by_text("As a table").last.click()
        assert await faults(page, axe_source()) == []
        assert await page.evaluate("document.documentElement.scrollWidth") == SMALL["width"]


async def test_a_message_that_waits_too_long_is_shown(
    world: World, open_page: OpenPage, tmp_path: Path
) -> None:
    async with desk_beside(world, tmp_path / "desk") as desk:
        await desk.agent()
        channel = await desk.channel(readTargetS=1)
        inbox = await open_desk(open_page, desk, path="/reports")
        await expect(inbox.page.get_by_text("Nothing was read in this period.")).to_be_visible()
        await channel.say(await channel.friend(), "hello")
        await expect(inbox.page.get_by_text("Messages have waited too long")).to_be_visible(timeout=20_000)
