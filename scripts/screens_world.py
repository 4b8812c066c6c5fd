"""A small world to look at: two accounts with settings, chats, marks, deliveries and refused calls behind them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from kidoku.platform.app import running
from kidoku.platform.config import PlatformConfig
from kidoku.storage.clock import SystemClock

MINUTE_MS = 60_000
REFUSED, TOO_LATE = "หนังสือเด็ก", "大概多久"
Json = dict[str, Any]


class JumpingClock:
    """The time of day, some time ago; it goes on as it does, and jumps when it is told to."""

    def __init__(self, ago_ms: int) -> None:
        self._system = SystemClock()
        self._ago_ms = ago_ms

    def now(self) -> int:
        return self._system.now() - self._ago_ms

    def jump(self, ms: int) -> None:
        self._ago_ms -= ms


@dataclass
class Bot:
    """A bot that keeps what it gets. Messages with some words in them it answers with 500, or too late."""

    url: str
    tokens: dict[str, str] = field(default_factory=dict)
    arrived: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def webhook(self, request: web.Request) -> web.Response:
        body = await request.text()
        if TOO_LATE in body:
            await asyncio.sleep(1)
        if REFUSED in body:
            return web.json_response({"error": "out of stock"}, status=500)
        async with self.arrived:
            for event in (await request.json())["events"]:
                message = event.get("message", {})
                if "markAsReadToken" in message:
                    self.tokens[message["id"]] = message["markAsReadToken"]
            self.arrived.notify_all()
        return web.Response(text="ok")

    async def token(self, message_id: str) -> str:
        """The read token of a message, once its webhook has come."""
        async with self.arrived:
            await asyncio.wait_for(self.arrived.wait_for(lambda: message_id in self.tokens), 10)
        return self.tokens[message_id]


@dataclass
class World:
    """What there is, by name."""

    base_url: str
    account_id: str = ""
    quiet_id: str = ""
    users: dict[str, str] = field(default_factory=dict)
    group_id: str = ""
    failed_delivery: str = ""


class Builder:
    """Builds the world over the control API, as its people would, and lets time pass between."""

    def __init__(self, http: aiohttp.ClientSession, clock: JumpingClock, bot: Bot, world: World) -> None:
        self.http = http
        self.clock = clock
        self.bot = bot
        self.world = world
        self.access_token = ""
        self.cursor = ""

    async def call(self, method: str, path: str, body: Json | None = None) -> Json:
        async with self.http.request(method, "/_kidoku/v1" + path, json=body) as answer:
            told: Json = await answer.json()
            self.cursor = answer.headers["X-Kidoku-Cursor"]
            if answer.status >= 400:
                raise RuntimeError(f"{method} {path}: {told}")
            return told

    async def api(self, path: str, body: Json, token: str | None = None) -> int:
        headers = {"Authorization": f"Bearer {token or self.access_token}"}
        async with self.http.post(path, json=body, headers=headers) as answer:
            return answer.status

    async def person(self, name: str, language: str) -> None:
        user = await self.call("POST", "/users", {"displayName": name, "language": language})
        self.world.users[name] = user["userId"]
        await self.call("POST", f"/users/{user['userId']}/friends", {"accountId": self.world.account_id})

    async def says(self, name: str, text: str, after_ms: int = 40_000) -> str:
        await self.pass_time(after_ms)
        path = f"/users/{self.world.users[name]}/chats/{self.world.account_id}/messages"
        sent = await self.call("POST", path, {"type": "text", "text": text})
        return str(sent["messageId"])

    async def marks(self, message_id: str, after_ms: int = 2_300) -> None:
        token = await self.bot.token(message_id)
        await self.pass_time(after_ms)
        await self.api("/v2/bot/chat/markAsRead", {"markAsReadToken": token})

    async def pushes(self, name: str, text: str, after_ms: int = 4_000) -> None:
        await self.pass_time(after_ms)
        body = {"to": self.world.users[name], "messages": [{"type": "text", "text": text}]}
        await self.api("/v2/bot/message/push", body)

    async def pass_time(self, ms: int) -> None:
        """Let time pass, once all webhooks of before have been answered, so that they seem as quick as they are."""
        await self.settled()
        self.clock.jump(ms)

    async def settled(self) -> None:
        """Wait until no webhook is on its way."""
        for one in (await self.call("GET", "/deliveries?state=pending"))["deliveries"]:
            match = {"type": "delivery", "deliveryId": one["deliveryId"]}
            await self.call("POST", "/wait", {"match": match, "since": self.cursor})


async def build(one: Builder) -> None:
    """The world that every screen shows."""
    await make_accounts(one)
    await chat_with_bot(one)
    await chat_with_operator(one)
    await chat_waiting(one)
    await refused_calls(one)
    await group_chat(one)
    await one.settled()
    failed = (await one.call("GET", "/deliveries?state=failed&limit=1"))["deliveries"]
    one.world.failed_delivery = failed[0]["deliveryId"]


async def make_accounts(one: Builder) -> None:
    made = await one.call(
        "POST",
        "/accounts",
        {
            "displayName": "Sakura Books",
            "webhook": one.bot.url,
            "chat": True,
            "errorStatistics": True,
            "joinGroups": True,
            "greeting": {"text": "Hello {userName}, welcome to {accountName}. What would you like to read?"},
            "autoResponse": {
                "rules": [{"keywords": ["hours", "営業時間"], "text": "We are open from 9 to 18."}]
            },
        },
    )
    one.world.account_id = made["accountId"]
    one.access_token = made["channelAccessToken"]
    quiet = await one.call("POST", "/accounts", {"displayName": "喫茶 ひだまり", "chat": False})
    one.world.quiet_id = quiet["accountId"]
    for name, language in (("Alice", "en"), ("陽翔", "ja"), ("มาลี", "th"), ("怡君", "zh-TW")):
        await one.pass_time(20 * MINUTE_MS)
        await one.person(name, language)


async def chat_with_bot(one: Builder) -> None:
    await one.marks(await one.says("Alice", "Good morning! Do you have “The Sound of Waves”?"))
    await one.pushes("Alice", "Good morning, Alice. Yes, two copies: 2nd floor, shelf 14.")
    await one.says("Alice", "Great. Could you keep one for me until Friday?")
    await one.marks(await one.says("Alice", "The paperback please", 8_000), 1_400)
    await one.pushes("Alice", "Done: it waits for you at the counter under “Alice”.")
    await one.says("Alice", "Thank you!", 90_000)
    await one.says("Alice", "One more thing: is there a reading for children on Sunday?", 20_000)


async def chat_with_operator(one: Builder) -> None:
    account, peer = one.world.account_id, one.world.users["陽翔"]
    await one.says("陽翔", "予約した本は届いていますか？")
    await one.says("陽翔", "注文番号は 20418 です。", 9_000)
    await one.pass_time(4 * MINUTE_MS)
    await one.call("POST", f"/chats/{account}/{peer}/open")
    await one.pass_time(30_000)
    await one.call(
        "POST", f"/chats/{account}/{peer}/messages", {"text": "昨日届きました。お待ちしています。"}
    )
    await one.says("陽翔", "ありがとうございます。明日伺います。")
    await one.call("POST", f"/chats/{account}/{peer}/open")
    await one.call("PATCH", f"/chats/{account}/{peer}", {"label": "follow_up"})


async def chat_waiting(one: Builder) -> None:
    await one.says("มาลี", "มีหนังสือทำอาหารไทยไหมคะ")
    await one.says("มาลี", f"แล้ว{REFUSED}ล่ะคะ", 5_000)
    await one.says("怡君", "請問可以寄到台中嗎？", 70_000)
    await one.says("怡君", f"{TOO_LATE}會到呢？", 3_000)
    await one.settled()


async def refused_calls(one: Builder) -> None:
    await one.api("/v2/bot/chat/markAsRead", {"markAsReadToken": "made-up"})
    await one.api("/v2/bot/message/push", {"to": "U0", "messages": [{"type": "text"}]})
    await one.api("/v2/bot/message/markAsRead", {"chat": {"userId": one.world.users["Alice"]}})
    await one.api("/v2/bot/message/push", {}, token="a-token-that-nobody-issued")


async def group_chat(one: Builder) -> None:
    members = [one.world.users[name] for name in ("Alice", "陽翔")]
    made = await one.call("POST", "/groups", {"name": "Book club", "members": members})
    one.world.group_id = made["groupId"]
    await one.call("POST", f"/groups/{made['groupId']}/members", {"accountId": one.world.account_id})
    await one.pass_time(30_000)
    path = f"/users/{members[0]}/chats/{made['groupId']}/messages"
    sent = await one.call("POST", path, {"type": "text", "text": "Which book do we read in December?"})
    await one.marks(str(sent["messageId"]))


@asynccontextmanager
async def serving(data: Path, port: int = 0) -> AsyncIterator[World]:
    """A platform with the world on it, until the block ends."""
    clock = JumpingClock(95 * MINUTE_MS)
    config = PlatformConfig(data_dir=data, port=port, webhook_timeout_ms=400)
    async with running(config, clock=clock) as (_, server), listening() as bot:
        world = World(f"http://127.0.0.1:{server.port}")
        async with aiohttp.ClientSession(world.base_url) as http:
            await build(Builder(http, clock, bot, world))
        yield world


@asynccontextmanager
async def listening() -> AsyncIterator[Bot]:
    """The bot, on a free port."""
    bot = Bot("")
    app = web.Application()
    app.router.add_post("/webhook", bot.webhook)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    bot.url = f"http://{host}:{port}/webhook"
    try:
        yield bot
    finally:
        await runner.cleanup()
