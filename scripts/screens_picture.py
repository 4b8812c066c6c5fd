"""A picture for the README: what stands side by side on the start page."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from PIL import Image
from playwright.async_api import Browser, Page

COLOURS: Final = 255
"""More only make the file larger."""


@asynccontextmanager
async def picture(browser: Browser, base_url: str, file: Path) -> AsyncIterator[Page]:
    """A page to bring to what the picture shows; it is taken when the block ends."""
    context = await browser.new_context(
        base_url=base_url,
        viewport={"width": 1320, "height": 1000},
        device_scale_factor=1.5,
        color_scheme="light",
        locale="en",
        timezone_id="Asia/Tokyo",
        reduced_motion="reduce",
    )
    page = await context.new_page()
    yield page
    file.parent.mkdir(parents=True, exist_ok=True)
    await page.locator(".stage-pair").screenshot(path=file)
    await context.close()
    Image.open(file).convert("RGB").quantize(COLOURS).save(file, optimize=True)
