"""Where a control key is needed, a browser is asked for it once."""

from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Page, expect

from kidoku.platform.app import running
from kidoku.platform.config import PlatformConfig

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def test_signing_in_leads_to_the_page(
    tmp_path_factory: pytest.TempPathFactory, open_page: Callable[..., Awaitable[Page]]
) -> None:
    config = PlatformConfig(data_dir=tmp_path_factory.mktemp("keyed"), port=0, control_key="correct horse")
    async with running(config) as (_, server):
        page = await open_page("/phone?lang=en", base=server.url)
        key = page.get_by_label("Control key")
        await key.fill("battery staple")
        await key.press("Enter")
        await expect(page.get_by_role("alert")).to_contain_text("That is not the control key of this server.")
        await expect(key).to_have_attribute("aria-invalid", "true")
        await key.fill("correct horse")
        await key.press("Enter")
        await expect(page.get_by_role("heading", name="Whose phone is this?")).to_be_visible()
