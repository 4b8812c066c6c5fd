"""The world that the pages are looked at in: a real platform, a bot, and somebody's phone in a real browser."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import aiohttp
from playwright.async_api import Locator, Page
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kidoku.http.server import RunningServer

Json = dict[str, Any]
PATIENCE_S = 15.0
names = itertools.count(1)


@dataclass(frozen=True)
class Control:
    """The control API of the running platform."""

    url: str
    http: aiohttp.ClientSession

    async def call(self, method: str, path: str, body: Any = None) -> Any:
        async with self.http.request(method, f"{self.url}/_kidoku/v1{path}", json=body) as answer:
            content = await answer.read()
            assert answer.status < 300, f"{method} {path}: {answer.status} {content.decode()}"
        return json.loads(content)

    async def get(self, path: str) -> Any:
        return await self.call("GET", path)

    async def post(self, path: str, **body: Any) -> Any:
        return await self.call("POST", path, body)

    async def patch(self, path: str, **body: Any) -> Any:
        return await self.call("PATCH", path, body)


@dataclass
class Bot:
    """An Official Account and the program behind it. Every webhook event is kept until it is asked for."""

    control: Control
    account: Json
    events: asyncio.Queue[Json] = field(default_factory=asyncio.Queue)

    @property
    def id(self) -> str:
        account_id: str = self.account["accountId"]
        return account_id

    async def hear(self, request: Request) -> Response:
        for event in (await request.json())["events"]:
            self.events.put_nowait(event)
        return Response()

    async def event(self, kind: str) -> Json:
        """The next event of a kind; those before it are passed over."""
        async with asyncio.timeout(PATIENCE_S):
            while (event := await self.events.get())["type"] != kind:
                pass
        return event

    async def message(self) -> Json:
        """The next message's object."""
        message: Json = (await self.event("message"))["message"]
        return message

    async def api(self, path: str, **body: Any) -> None:
        headers = {"Authorization": f"Bearer {self.account['channelAccessToken']}"}
        async with self.control.http.post(f"{self.control.url}{path}", json=body, headers=headers) as answer:
            assert answer.status < 300, await answer.text()

    async def mark(self, message: Json) -> None:
        await self.api("/v2/bot/chat/markAsRead", markAsReadToken=message["markAsReadToken"])

    async def push(self, to: str, *messages: Json) -> None:
        await self.api("/v2/bot/message/push", to=to, messages=messages)

    async def say(self, to: str, text: str) -> None:
        await self.push(to, {"type": "text", "text": text})

    async def show_loading(self, to: str, seconds: int = 5) -> None:
        await self.api("/v2/bot/chat/loading/start", chatId=to, loadingSeconds=seconds)


@dataclass
class World:
    """A provider of the test's own."""

    control: Control
    provider_id: str

    async def user(self, name: str = "Hana", **fields: Any) -> str:
        made = await self.control.post("/users", displayName=name, providerId=self.provider_id, **fields)
        user_id: str = made["userId"]
        return user_id

    async def friend(self, bot: Bot, name: str = "Hana") -> str:
        user_id = await self.user(name)
        await self.control.post(f"/users/{user_id}/friends", accountId=bot.id)
        return user_id

    async def group(self, name: str, bot: Bot, *members: str) -> str:
        made = await self.control.post(
            "/groups", name=name, providerId=self.provider_id, accountId=bot.id, members=members
        )
        group_id: str = made["groupId"]
        return group_id

    async def say(self, user_id: str, peer_id: str, text: str) -> Json:
        """A user writes, without a browser."""
        sent: Json = await self.control.post(
            f"/users/{user_id}/chats/{peer_id}/messages", type="text", text=text
        )
        return sent

    @asynccontextmanager
    async def bot(
        self, *, name: str = "Café Hinoki", greeting: str = "", **fields: Any
    ) -> AsyncIterator[Bot]:
        """An Official Account with Chat on, and its bot listening. It greets nobody unless told how."""
        bot = Bot(self.control, {})
        app = Starlette(routes=[Route("/hook", bot.hear, methods=["POST"])])
        async with RunningServer(app, lifespan="off", graceful_s=2) as server:
            asked = {"chat": True, "joinGroups": True, **fields, "webhook": f"{server.url}/hook"}
            bot.account = await self.control.post(
                "/accounts", displayName=name, providerId=self.provider_id, **asked
            )
            said = {"enabled": bool(greeting), **({"text": greeting} if greeting else {})}
            await self.control.patch(
                f"/accounts/{bot.id}/settings", greeting=said, autoResponse={"enabled": False}
            )
            yield bot


@dataclass(frozen=True)
class Phone:
    """Somebody's phone in a browser."""

    page: Page

    @property
    def input(self) -> Locator:
        return self.page.get_by_role("textbox", name="Message")

    @property
    def log(self) -> Locator:
        return self.page.get_by_role("log")

    @property
    def own(self) -> Locator:
        return self.page.locator(".message--own")

    @property
    def read_marks(self) -> Locator:
        return self.page.locator(".message--own .meta__read")

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def dialog_button(self, name: str) -> Locator:
        return self.page.get_by_role("dialog").get_by_role("button", name=name, exact=True)

    def banner(self, text: str) -> Locator:
        return self.page.locator(".banner").filter(has_text=text)

    async def write(self, text: str) -> None:
        await self.input.fill(text)
        await self.input.press("Enter")

    async def menu(self, message: Locator, choice: str) -> None:
        await message.hover()
        await message.get_by_role("button", name="Message menu").click()
        await self.page.get_by_role("menuitem", name=choice).click()


GROWS_WHILE_IT_SCROLLS = """async (box) => {
    const drawn = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    box.scrollTop -= 5;
    await drawn();
    // As when a picture loads after the page went to the end, and before it is told that it has scrolled.
    box.scrollTop = box.scrollHeight;
    box.querySelector('.bubble').style.paddingBottom = '600px';
    await drawn();
    await drawn();
    return box.scrollHeight - box.scrollTop - box.clientHeight;
}"""


async def scroll_up(box: Locator) -> None:
    """Scroll to the top, as often as it takes: a page that is being drawn may go to its end once more before it learns
    that somebody has scrolled.
    """
    await box.evaluate(
        """async box => {
            const frame = () => new Promise(requestAnimationFrame);
            do { box.scrollTop = 0; await frame(); await frame(); } while (box.scrollTop > 0);
        }"""
    )


async def below_after_growing(page: Page) -> float:
    """How far the end of a chat is below what is in sight once its first message has grown while it was scrolled."""
    box = page.get_by_role("region", name="Conversation", exact=True)
    below: float = await box.evaluate(GROWS_WHILE_IT_SCROLLS)
    return below


def phone_path(user_id: str | None = None, chat: str | None = None, **query: str) -> str:
    wanted = {"user": user_id, "chat": chat, **query}
    return "/phone?" + urlencode({name: value for name, value in wanted.items() if value})


class Relay:
    """A line to the server that can be cut and mended, while the server knows nothing of it."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._server: asyncio.Server | None = None
        self._lines: set[asyncio.Task[None]] = set()
        self.port = 0

    async def mend(self) -> None:
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def cut(self) -> None:
        assert self._server is not None
        self._server.close()
        for line in self._lines:
            line.cancel()
        await asyncio.gather(*self._lines, return_exceptions=True)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._lines.add(task)
        there, back = await asyncio.open_connection("127.0.0.1", self._to)
        try:
            await asyncio.gather(pour(reader, back), pour(there, writer))
        finally:
            self._lines.discard(task)
            for end in (writer, back):
                end.close()


async def pour(source: asyncio.StreamReader, into: asyncio.StreamWriter) -> None:
    try:
        while data := await source.read(65_536):
            into.write(data)
            await into.drain()
        into.write_eof()
    except (ConnectionError, OSError):
        into.close()
