"""A running desk with one channel, a scripted LINE before it, and LINE's webhooks into it, all over real HTTP."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from kidoku.core.read_policy import Occasion, ReadPolicy
from kidoku.core.signature import sign
from kidoku.desk.app import running
from kidoku.desk.config import DeskConfig
from kidoku.desk.runtime import Desk
from kidoku.desk.store.channels import Channel, ChannelSettings, add_channel, change_channel
from kidoku.desk.store.chats import Chat, find_chat
from kidoku.desk.store.marks import Mark, ask_mark, find_mark
from kidoku.live.bus import Subscription
from kidoku.storage.clock import Clock
from tests.databases import migrated
from tests.desk.line import ScriptedLine

SECRET = "0123456789abcdef0123456789abcdef"
USER = "U" + "1" * 32
START = 1_763_800_000_000


def message_event(
    number: int, *, user: str = USER, at: int | None = None, text: str | None = None, **more: Any
) -> dict[str, Any]:
    """A text message's event as LINE sends it; `number` makes its IDs and its time."""
    return {
        "type": "message",
        "message": {
            "type": "text",
            "id": str(500_000_000_000_000_000 + number),
            "quoteToken": f"q{number}",
            "markAsReadToken": f"token-{number}",
            "text": text or f"message {number}",
        },
        "webhookEventId": f"01K{number:023d}",
        "deliveryContext": {"isRedelivery": False},
        "timestamp": START + number * 1_000 if at is None else at,
        "source": {"type": "user", "userId": user},
        "replyToken": f"{number:032x}",
        "mode": "active",
        **more,
    }


@dataclass
class World:
    """`moved` waits for what the desk says it did."""

    desk: Desk
    url: str
    channel: Channel
    session: aiohttp.ClientSession
    events: Subscription
    seen: list[dict[str, Any]] = field(default_factory=list)

    async def post(
        self, body: bytes, *, signature: str | None = None, key: str | None = None, method: str = "POST"
    ) -> tuple[int, Any]:
        """A raw request to the webhook path."""
        headers = {"Content-Type": "application/json; charset=utf-8"}
        headers["x-line-signature"] = sign(SECRET, body) if signature is None else signature
        path = f"/webhook/{self.channel.channel_key if key is None else key}"
        data = io.BytesIO(body)
        async with self.session.request(method, self.url + path, data=data, headers=headers) as answer:
            return answer.status, await answer.json(content_type=None)

    async def webhook(self, *events: dict[str, Any]) -> None:
        """Events as LINE sends them; the desk has to take them."""
        body = json.dumps({"destination": "U" + "0" * 32, "events": events}, ensure_ascii=False).encode()
        assert await self.post(body) == (200, {})

    async def settings(self, **values: Any) -> None:
        settings = ChannelSettings(**values)
        self.channel = await self.desk.apply(change_channel, self.channel.channel_id, {"settings": settings})

    async def policy(self, policy: ReadPolicy, **values: Any) -> None:
        await self.settings(read_policy=policy, **values)

    async def until(self, holds: Callable[[dict[str, Any]], bool], seconds: float = 20) -> dict[str, Any]:
        """The first live event, from the start of the test, for which `holds` is true."""
        async with asyncio.timeout(seconds):
            while True:
                found = next((one for one in self.seen if holds(one)), None)
                if found is not None:
                    return found
                await self.events.wait()
                while self.events.queue:
                    self.seen.append(dict(self.events.queue.popleft().data))

    async def received(self, number: int) -> int:
        """The chat of a message, once it was processed."""
        message_id = str(500_000_000_000_000_000 + number)
        event = await self.until(lambda one: one["type"] == "message" and one["messageId"] == message_id)
        return int(event["chatId"])

    async def ask(self, chat_id: int, occasion: Occasion = Occasion.ASKED, delay_ms: int = 0) -> int | None:
        """Ask for a chat to be marked, as the inbox does."""
        mark_id = await self.desk.apply(
            ask_mark, self.channel, chat_id, occasion, "agent:1", self.desk.now, delay_ms
        )
        self.desk.marker.wake()
        return mark_id

    async def mark_becomes(self, mark_id: int, state: str) -> Mark:
        def holds(one: dict[str, Any]) -> bool:
            told = one.get("markId"), one.get("state")
            return told == (str(mark_id), state)

        await self.until(holds)
        return await self.desk.read(find_mark, mark_id)

    async def chat(self, chat_id: int) -> Chat:
        return await self.desk.read(find_chat, chat_id)


@asynccontextmanager
async def desk_world(
    data: Path, line: ScriptedLine, *, clock: Clock | None = None, **config: Any
) -> AsyncIterator[World]:
    """A desk on `data`; the first one on it makes the channel."""
    settings = migrated(DeskConfig(port=0, data_dir=data, **config))
    async with running(settings, clock=clock) as (desk, serving), aiohttp.ClientSession() as session:
        channel = next(iter(desk.directory.by_id.values()), None)
        if channel is None:
            made = ("shop", "Shop", SECRET, "token", ChannelSettings())
            channel = await desk.apply(add_channel, *made, desk.now, line.url, line.url)
        yield World(desk, serving.url, channel, session, desk.bus.subscribe(None))
