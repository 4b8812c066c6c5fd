"""SIGKILL under load, again and again: every 200 is still true after the restart, and nothing is Read unasked."""

from __future__ import annotations

import asyncio
import itertools
import random
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from tests.model.kit import Server, listening, server

KILLS = 50
WRITERS = 4
USERS = 4
CONTROL = "/_kidoku/v1"
IMPORTS = [
    "kidoku.cli.main",
    "kidoku.cli.serve",
    "kidoku.platform.app",
    "kidoku.platform.webhooks.transport",  # a life is too short to load the client first
    "alembic.command",
]


class Bot:
    """A webhook endpoint that remembers the read token of each text."""

    def __init__(self) -> None:
        self.tokens: dict[str, str] = {}

    async def webhook(self, request: web.Request) -> web.Response:
        for event in (await request.json())["events"]:
            if event["type"] == "message":
                self.tokens[event["message"]["text"]] = event["message"]["markAsReadToken"]
        return web.Response()


class Load:
    """Users that write and a bot that marks, until the server is gone; and what they were promised."""

    def __init__(self, url: str, bot: Bot, seed: int) -> None:
        self.url = url
        self.bot = bot
        self.dice = random.Random(seed)
        self.users: list[str] = []
        self.account: dict[str, str] = {}
        self.sent: dict[str, str] = {}
        """Text → message ID of every message that was answered 200."""
        self.marked: set[str] = set()
        """Texts whose mark was answered 200."""
        self.asked: set[str] = set()
        """Texts whose mark was asked for, answered or not."""
        self.answers = 0
        self._numbers = itertools.count()

    async def control(self, client: aiohttp.ClientSession, method: str, path: str, body: Any = None) -> Any:
        async with client.request(method, self.url + CONTROL + path, json=body) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()

    async def prepare(self, webhook: str) -> None:
        async with aiohttp.ClientSession() as client:
            self.account = await self.control(
                client, "POST", "/accounts", {"displayName": "Crash", "webhook": webhook, "chat": True}
            )
            for number in range(USERS):
                user = await self.control(client, "POST", "/users", {"displayName": f"User {number}"})
                self.users.append(user["userId"])

    async def until_killed(self, platform: Server) -> None:
        """Run the writers; kill the server after a random number of answers, of which the first life's hold a mark."""
        last = self.answers + self.dice.randrange(5, 60)
        async with aiohttp.ClientSession() as client:
            writers = [asyncio.create_task(self._write(client, last)) for _ in range(WRITERS)]
            # Whoever gives the last answer ends its work; the others are in the middle of theirs.
            await asyncio.wait(writers, return_when=asyncio.FIRST_COMPLETED)
            await platform.kill()
            for outcome in await asyncio.gather(*writers, return_exceptions=True):
                assert outcome is None or isinstance(outcome, aiohttp.ClientError), outcome

    async def _write(self, client: aiohttp.ClientSession, last: int) -> None:
        while self.answers < last or not self.marked:
            open_texts = [text for text in self.bot.tokens if text not in self.marked]
            if open_texts and self.dice.random() < 0.5:
                await self._mark(client, self.dice.choice(open_texts))
            else:
                await self._send(client, self.dice.choice(self.users))
            self.answers += 1

    async def _send(self, client: aiohttp.ClientSession, user: str) -> None:
        text = f"{user} {next(self._numbers)}"
        path = f"/users/{user}/chats/{self.account['accountId']}/messages"
        sent = await self.control(client, "POST", path, {"type": "text", "text": text})
        self.sent[text] = sent["messageId"]

    async def _mark(self, client: aiohttp.ClientSession, text: str) -> None:
        self.asked.add(text)
        headers = {"Authorization": f"Bearer {self.account['channelAccessToken']}"}
        body = {"markAsReadToken": self.bot.tokens[text]}
        async with client.post(f"{self.url}/v2/bot/chat/markAsRead", json=body, headers=headers) as answer:
            assert answer.status == 200, await answer.text()
        self.marked.add(text)

    async def check(self) -> None:
        """Hold what the phones show against what was promised."""
        async with aiohttp.ClientSession() as client:
            shown = [one for user in self.users for one in await self._phone(client, user)]
        by_text = {one["text"]: one for one in shown}
        for text, message_id in self.sent.items():
            assert by_text[text]["id"] == message_id, f"lost: {text}"
        for text in self.marked:
            assert by_text[text]["read"], f"no longer Read: {text}"
        for user in self.users:
            frontier = max((by_text[text]["seq"] for text in self.asked if text.startswith(user)), default=0)
            for one in shown:
                if one["text"].startswith(user):
                    assert one["read"] <= (one["seq"] <= frontier), f"Read, but nobody asked: {one}"

    async def _phone(self, client: aiohttp.ClientSession, user: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        before = ""
        while True:
            path = f"/users/{user}/chats/{self.account['accountId']}?limit=100{before}"
            page = await self.control(client, "GET", path)
            found = page["messages"] + found
            if not page["hasMore"]:
                seqs = [one["seq"] for one in found]
                assert seqs == list(range(1, len(seqs) + 1)), "seq is not dense"
                return found
            before = f"&before={page['messages'][0]['id']}"


async def test_fifty_kills_break_no_promise(tmp_path: Path, kept_port: int) -> None:
    url, data = f"http://127.0.0.1:{kept_port}", tmp_path / "data"
    command = ["platform", "--data", str(data), "--port", str(kept_port)]
    bot = Bot()
    load = Load(url, bot, seed=20251105)
    app = web.Application()
    app.router.add_post("/webhook", bot.webhook)
    async with listening(app) as bots, server(url, *command, imports=IMPORTS) as platform:
        await platform.start()
        await load.prepare(f"{bots}/webhook")
        for _ in range(KILLS):
            await load.until_killed(platform)
            await platform.start()
            await load.check()
    assert len(load.marked) > KILLS
    assert len(load.sent) > KILLS
