"""What users sent besides text, in the inbox: shown once it is here, and what became of it where it is not."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator

import aiohttp
import pytest
import pytest_asyncio
from PIL import Image
from playwright.async_api import expect

from kidoku.desk.store.media import expire_media
from tests.browser.desk_kit import Channel, Desk, OpenPage, desk_beside, open_desk
from tests.browser.kit import World
from tests.browser.manager_kit import axe_source, faults

pytestmark = pytest.mark.asyncio(loop_scope="package")

LOADED = "image => image.complete && image.naturalWidth > 0"


@pytest_asyncio.fixture(loop_scope="package")
async def desk(world: World, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Desk]:
    async with desk_beside(world, tmp_path_factory.mktemp("desk")) as desk:
        await desk.agent()
        yield desk


async def send_photo(channel: Channel, user_id: str) -> None:
    """A user sends a photo."""
    file = io.BytesIO()
    Image.new("RGB", (64, 48), "teal").save(file, "JPEG")
    form = aiohttp.FormData({"type": "image"})
    form.add_field("file", file.getvalue(), filename="photo.jpg", content_type="image/jpeg")
    control = channel.desk.world.control
    url = f"{control.url}/_kidoku/v1/users/{user_id}/chats/{channel.account_id}/messages"
    async with control.http.post(url, data=form) as answer:
        assert answer.status == 200, await answer.text()


async def test_a_photo_that_could_not_be_fetched_is_fetched_again(desk: Desk, open_page: OpenPage) -> None:
    channel = await desk.channel()
    user_id = await channel.friend()
    await channel.say(user_id, "Look")
    inbox = await open_desk(open_page, desk)
    await inbox.open("Hana")
    await expect(inbox.log).to_contain_text("Look")
    await channel.token("wrong")
    await send_photo(channel, user_id)
    told = inbox.log.locator(".tile--absent")
    await expect(told).to_contain_text("could not be fetched from LINE")
    assert await faults(inbox.page, axe_source()) == []
    await channel.token(channel.access_token)
    await told.get_by_role("button", name="Fetch again").click()
    shown = inbox.log.locator(".picture img")
    await inbox.page.wait_for_function(LOADED, arg=await shown.element_handle())
    await expect(told).to_have_count(0)


async def test_a_photo_that_was_kept_long_enough_says_so(desk: Desk, open_page: OpenPage) -> None:
    channel = await desk.channel()
    user_id = await channel.friend()
    inbox = await open_desk(open_page, desk)
    await send_photo(channel, user_id)
    await expect(inbox.row("Hana")).to_be_visible()
    await inbox.open("Hana")
    await expect(inbox.log.locator(".picture img")).to_be_visible()
    await desk.running.apply(expire_media, desk.running.now + 1)
    await expect(inbox.log.locator(".tile--absent")).to_contain_text("keeps files for some days only")
