"""Pictures of the pages, from a real browser on a real platform with a small world on it.

`python -m scripts.screens` makes the pictures of the README. With `--all` it also renders every page in two widths,
both themes and all languages into `build/screens`, to be looked at; `--only NAME` and `--language TAG` choose some.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Final, Literal

from playwright.async_api import Browser, Page, async_playwright
from scripts.screens_desk import desk_picture
from scripts.screens_picture import picture
from scripts.screens_world import World, serving

from kidoku.http.i18n import LANGUAGES

ROOT: Final = Path(__file__).resolve().parent.parent
README_PICTURE: Final = ROOT / "docs" / "screens" / "phone-and-manager.png"
DESK_PICTURE: Final = ROOT / "docs" / "screens" / "phone-and-inbox.png"
FOLDER: Final = ROOT / "build" / "screens"
WIDTHS: Final = {1280: 900, 360: 780}
"""Widths of a window with their heights."""

BROWSERS: Final = ("chromium", "google-chrome", "chromium-headless-shell")

Theme = Literal["light", "dark"]
THEMES: Final[tuple[Theme, Theme]] = ("light", "dark")

SETTLED: Final = """() => {
  const waits = (root) => root.querySelector('[aria-busy="true"], .skeleton, .spinner') !== null;
  const frames = [...document.querySelectorAll('iframe')].map((frame) => frame.contentDocument);
  const loaded = (inner) => inner?.URL !== 'about:blank' && inner?.readyState === 'complete' && !waits(inner);
  return document.readyState === 'complete' && !waits(document) && frames.every(loaded);
}"""

HIDDEN: Final = """() => {
  const box = document.querySelector('.content');
  return box ? box.scrollHeight - box.clientHeight : 0;
}"""
"""Pixels of the Manager's content that do not fit into the window."""


@dataclass(frozen=True)
class Shot:
    """One picture: which page, how wide, in which theme and language."""

    name: str
    path: str
    width: int
    theme: Theme
    language: str

    @property
    def file(self) -> Path:
        return FOLDER / self.language / f"{self.name}-{self.width}-{self.theme}.png"


def pages(world: World) -> dict[str, str]:
    """Every page by name, as its path."""
    manager, alice = f"/manager/{world.account_id}", world.users["Alice"]
    return {
        "start": f"/?account={world.account_id}&user={alice}",
        "phone-users": "/phone",
        "phone-chats": f"/phone?user={alice}",
        "phone-chat": f"/phone?user={alice}&chat={world.account_id}",
        "phone-details": f"/phone?user={alice}&chat={world.account_id}&about=1",
        "accounts": "/manager",
        "home": manager,
        "chats": f"{manager}/chats",
        "chat-looked-at": f"{manager}/chats/{alice}?peek=1",
        "chat-open": f"{manager}/chats/{world.users['陽翔']}",
        "chat-off": f"/manager/{world.quiet_id}/chats",
        "response": f"{manager}/response",
        "messaging-api": f"{manager}/messaging-api",
        "deliveries": f"{manager}/deliveries",
        "delivery": f"{manager}/deliveries/{world.failed_delivery}",
        "errors": f"{manager}/deliveries/errors",
        "calls": f"{manager}/calls",
        "option": f"{manager}/option",
        "not-found": "/manager/nobody",
    }


def shots(world: World, only: str | None, language: str | None) -> Iterator[Shot]:
    """All pictures that were asked for."""
    for (name, path), width, theme, tag in product(pages(world).items(), WIDTHS, THEMES, LANGUAGES):
        if only in {None, name} and language in {None, tag}:
            yield Shot(name, path, width, theme, tag)


async def take(browser: Browser, base_url: str, shot: Shot) -> str | None:
    """Take a picture of a whole page; what is wrong with the page, if anything."""
    context = await browser.new_context(
        base_url=base_url,
        viewport={"width": shot.width, "height": WIDTHS[shot.width]},
        color_scheme=shot.theme,
        locale=shot.language,
        timezone_id="Asia/Tokyo",
        reduced_motion="reduce",
    )
    try:
        page = await context.new_page()
        await page.goto(shot.path)
        await page.wait_for_function(SETTLED)
        await grow(page)
        shot.file.parent.mkdir(parents=True, exist_ok=True)
        await page.screenshot(path=shot.file, full_page=True)
        wide: bool = await page.evaluate("document.documentElement.scrollWidth > innerWidth")
        return f"{shot.file.relative_to(ROOT)}: the page scrolls sideways" if wide else None
    finally:
        await context.close()


async def grow(page: Page) -> None:
    """Make the window as high as what scrolls in it, so that all of it is in the picture."""
    hidden: int = await page.evaluate(HIDDEN)
    size = page.viewport_size
    if hidden > 0 and size is not None:
        await page.set_viewport_size({"width": size["width"], "height": size["height"] + hidden})


async def readme_picture(browser: Browser, base_url: str, world: World) -> None:
    """Phone and Manager side by side, as the start page shows them."""
    async with picture(browser, base_url, README_PICTURE) as page:
        await page.goto(pages(world)["start"])
        await page.wait_for_function(SETTLED)
        for frame in page.frames[1:]:
            await frame.wait_for_selector(".message")


async def main(arguments: argparse.Namespace) -> int:
    with tempfile.TemporaryDirectory() as data:
        async with serving(Path(data)) as world, async_playwright() as playwright:
            browser = await playwright.chromium.launch(
                executable_path=next(filter(None, map(shutil.which, BROWSERS)), None),
                args=["--no-sandbox", "--disable-gpu"],
            )
            faults: list[str] = []
            if not arguments.only:
                await readme_picture(browser, world.base_url, world)
                await desk_picture(browser, DESK_PICTURE)
            if arguments.all or arguments.only:
                for shot in shots(world, arguments.only, arguments.language):
                    fault = await take(browser, world.base_url, shot)
                    faults += [fault] if fault else []
            await browser.close()
    print("\n".join(faults) or "Done.")
    return 1 if faults else 0


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--all", action="store_true", help="render every page into build/screens as well")
    parser.add_argument("--only", metavar="NAME", help="render only this page into build/screens")
    parser.add_argument("--language", metavar="TAG", choices=list(LANGUAGES), help="only in this language")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(asyncio.run(main(parse(sys.argv[1:]))))
