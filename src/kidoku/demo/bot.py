"""The demo bot: verifies webhooks, marks messages as read after a moment, answers. What any bot on LINE could be."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from aiohttp import web

from kidoku.core import signature
from kidoku.demo.phrases import phrases

log = logging.getLogger(__name__)

PATH = "/webhook"
READ_AFTER_S = 1.5
ANSWER_AFTER_S = 0.7
BIGGEST_BODY = 2 * 1024 * 1024
CALL_TIMEOUT_S = 10.0

Event = dict[str, Any]


class Bot:
    """Answers the webhooks of one channel. `api` is a session whose base is the Messaging API, token included."""

    def __init__(
        self,
        api: aiohttp.ClientSession,
        channel_secret: str,
        read_after_s: float = READ_AFTER_S,
        answer_after_s: float = ANSWER_AFTER_S,
    ) -> None:
        self._api = api
        self._secret = channel_secret
        self._read_after_s = read_after_s
        self._answer_after_s = answer_after_s
        self._at_work: set[asyncio.Task[None]] = set()

    async def webhook(self, request: web.Request) -> web.Response:
        """Answer at once, act afterwards: LINE waits two seconds."""
        body = await request.read()
        if not signature.verify(self._secret, body, request.headers.get("x-line-signature", "")):
            return web.Response(status=web.HTTPBadRequest.status_code, text="bad signature")
        for event in json.loads(body)["events"]:
            if event["type"] == "message":
                self._start(self._attend(event))
        return web.Response(text="OK")

    async def close(self) -> None:
        for task in self._at_work:
            task.cancel()
        await asyncio.gather(*self._at_work, return_exceptions=True)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._at_work.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._at_work.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.warning("the demo bot could not act on a message: %s", error)

    async def _attend(self, event: Event) -> None:
        message, source = event["message"], event["source"]
        said = phrases(await self._language(source))
        await asyncio.sleep(self._read_after_s)
        if not said.wants_unread(message):
            await self._mark_as_read(message, source)
        # In a group it reads and keeps quiet, as nobody likes a bot that answers everything there.
        if source["type"] == "user" and "replyToken" in event:
            await asyncio.sleep(self._answer_after_s)
            body = {"replyToken": event["replyToken"], "messages": [said.answer(message)]}
            await self._call("/v2/bot/message/reply", body)

    async def _mark_as_read(self, message: Event, source: Event) -> None:
        """By token, the way that is open to every account; where that is refused, by the option API's endpoint."""
        token = message.get("markAsReadToken")
        if token and await self._call("/v2/bot/chat/markAsRead", {"markAsReadToken": token}):
            return
        if source["type"] == "user":
            await self._call("/v2/bot/message/markAsRead", {"chat": {"userId": source["userId"]}})

    async def _language(self, source: Event) -> str | None:
        if "userId" not in source:
            return None
        async with self._api.get(f"/v2/bot/profile/{source['userId']}") as answer:
            language: str | None = (await answer.json()).get("language") if answer.ok else None
            return language

    async def _call(self, path: str, body: dict[str, Any]) -> bool:
        async with self._api.post(path, json=body) as answer:
            if not answer.ok:
                log.info("the demo bot's call of %s was refused: %s", path, (await answer.text())[:300])
            return answer.ok


@asynccontextmanager
async def serving(
    listener: socket.socket, api_url: str, channel_secret: str, access_token: str, **delays_s: float
) -> AsyncIterator[None]:
    """Run the bot on `listener` for as long as the context lasts."""
    headers = {"Authorization": f"Bearer {access_token}"}
    timeout = aiohttp.ClientTimeout(total=CALL_TIMEOUT_S)
    async with aiohttp.ClientSession(api_url, headers=headers, timeout=timeout) as api:
        bot = Bot(api, channel_secret, **delays_s)
        application = web.Application(client_max_size=BIGGEST_BODY)
        application.router.add_post(PATH, bot.webhook)
        runner = web.AppRunner(application, access_log=None)
        await runner.setup()
        try:
            await web.SockSite(runner, listener).start()
            yield
        finally:
            await runner.cleanup()
            await bot.close()
