"""The desk beside a real platform: a channel of the team's, a user who writes to it, and an agent's browser."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.async_api import Locator, Page

from kidoku.desk import runtime
from kidoku.desk.app import running
from kidoku.desk.config import DeskConfig
from tests.browser.kit import Json, World
from tests.databases import migrated

KEY = "key-of-the-desk"
PASSWORD = "correct horse"
LARGE = {"width": 1280, "height": 860}
SMALL = {"width": 360, "height": 740}

OpenPage = Callable[..., Awaitable[Page]]


@dataclass
class Desk:
    """A running desk with one agent, and what is played around it."""

    url: str
    world: World
    running: runtime.Desk

    async def call(self, method: str, path: str, body: Any = None) -> Any:
        headers = {"Authorization": f"Bearer {KEY}"}
        http = self.world.control.http
        async with http.request(method, f"{self.url}/api/v1{path}", json=body, headers=headers) as answer:
            assert answer.status < 300, f"{method} {path}: {answer.status} {await answer.text()}"
            return await answer.json()

    async def agent(self, name: str = "Mei", **fields: Any) -> Json:
        body = {"login": name.lower(), "name": name, "password": PASSWORD, "role": "admin", **fields}
        made: Json = await self.call("POST", "/agents", body)
        return made

    async def channel(self, *, chat: bool = True, **fields: Any) -> Channel:
        """An Official Account of the platform, whose webhooks the desk gets."""
        control = self.world.control
        account = await control.post(
            "/accounts", displayName="Café Hinoki", providerId=self.world.provider_id, chat=chat
        )
        body = {
            "name": "Café Hinoki",
            "channelSecret": account["channelSecret"],
            "channelAccessToken": account["channelAccessToken"],
            "apiBaseUrl": control.url,
            **fields,
        }
        made = await self.call("POST", "/channels", body)
        settings = {
            "webhook": self.url + made["webhookPath"],
            "useWebhook": True,
            "greeting": {"enabled": False},
            "autoResponse": {"enabled": False},
        }
        await control.patch(f"/accounts/{account['accountId']}/settings", **settings)
        return Channel(self, account["accountId"], made["channelKey"], account["channelAccessToken"])


@dataclass
class Channel:
    """A channel at the desk, and its account on the platform."""

    desk: Desk
    account_id: str
    key: str
    access_token: str

    async def token(self, access_token: str) -> str:
        """Let the desk use another access token; the one that the channel really has."""
        await self.desk.call("PATCH", f"/channels/{self.key}", {"channelAccessToken": access_token})
        return self.access_token

    async def friend(self, name: str = "Hana") -> str:
        user_id = await self.desk.world.user(name)
        await self.desk.world.control.post(f"/users/{user_id}/friends", accountId=self.account_id)
        return user_id

    async def say(self, user_id: str, text: str) -> None:
        await self.desk.world.say(user_id, self.account_id, text)


@asynccontextmanager
async def desk_beside(world: World, data_dir: Path, **more: Any) -> AsyncIterator[Desk]:
    config = migrated(DeskConfig(data_dir=data_dir, port=0, api_key=KEY, **more))
    async with running(config) as (desk, server):
        yield Desk(server.url, world, desk)


@dataclass(frozen=True)
class Inbox:
    """The desk in an agent's browser."""

    page: Page

    @property
    def log(self) -> Locator:
        return self.page.get_by_role("log")

    @property
    def states(self) -> Locator:
        """What stands beside the user's messages."""
        return self.log.locator(".read-state__word")

    @property
    def input(self) -> Locator:
        return self.page.get_by_role("textbox", name="Answer", exact=True)

    @property
    def dialog(self) -> Locator:
        return self.page.get_by_role("dialog")

    def row(self, name: str) -> Locator:
        return self.page.locator(".chat-row").filter(has_text=name)

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    async def open(self, name: str) -> None:
        await self.row(name).get_by_role("link").click()

    async def peek(self, name: str) -> None:
        await self.row(name).get_by_role("link").click(modifiers=["Shift"])

    async def answer(self, text: str) -> None:
        await self.input.fill(text)
        await self.input.press("Enter")


async def open_desk(
    open_page: OpenPage, desk: Desk, path: str = "/", login: str = "mei", **options: Any
) -> Inbox:
    """The desk with an agent signed in, in a large window unless told otherwise."""
    page = await open_page("/sign-in", base=desk.url, **{"viewport": LARGE, **options})
    signed = await page.request.post("/api/v1/session", data={"login": login, "password": PASSWORD})
    assert signed.ok, await signed.text()
    await page.goto(path)
    return Inbox(page)
