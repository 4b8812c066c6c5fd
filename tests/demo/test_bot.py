"""The demo bot as a client on the wire, against a Messaging API that only writes down what it is asked."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from kidoku.core.signature import sign
from kidoku.demo.bot import PATH, serving
from kidoku.demo.phrases import ENGLISH, phrases

SECRET = "0123456789abcdef0123456789abcdef"
USER = {"type": "user", "userId": "U0123456789abcdef0123456789abcdef"}
GROUP = {"type": "group", "groupId": "C0123456789abcdef0123456789abcdef", "userId": USER["userId"]}
PATIENCE_S = 20

Call = tuple[str, dict[str, Any]]


@dataclass
class Line:
    """What the bot asks of LINE's side, in order, and how that answers."""

    calls: asyncio.Queue[Call] = field(default_factory=asyncio.Queue)
    language: str = "en"
    refuses: set[str] = field(default_factory=set)
    url: str = ""

    async def post(self, request: web.Request) -> web.Response:
        assert request.headers["authorization"] == "Bearer token"
        await self.calls.put((request.path, await request.json()))
        if request.path in self.refuses:
            return web.json_response({"message": "no"}, status=400)
        return web.json_response({})

    async def profile(self, _request: web.Request) -> web.Response:
        return web.json_response({"language": self.language})

    async def next(self) -> Call:
        return await asyncio.wait_for(self.calls.get(), PATIENCE_S)


@pytest.fixture
async def line() -> AsyncIterator[Line]:
    line = Line()
    application = web.Application()
    application.router.add_get("/v2/bot/profile/{id}", line.profile)
    application.router.add_post("/{path:.*}", line.post)
    runner = web.AppRunner(application)
    await runner.setup()
    listener = socket.create_server(("127.0.0.1", 0))
    await web.SockSite(runner, listener).start()
    line.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    yield line
    await runner.cleanup()


@dataclass
class Sender:
    """Sends webhooks to the bot as LINE does."""

    session: aiohttp.ClientSession

    async def send(self, *events: dict[str, Any], secret: str = SECRET, status: int = 200) -> None:
        body = json.dumps({"destination": "U", "events": events}).encode()
        headers = {"x-line-signature": sign(secret, body)}
        async with self.session.post(PATH, data=body, headers=headers) as answer:
            assert answer.status == status


@pytest.fixture
async def bot(line: Line) -> AsyncIterator[Sender]:
    listener = socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    async with (
        serving(listener, line.url, SECRET, "token", read_after_s=0.0, answer_after_s=0.0),
        aiohttp.ClientSession(url) as session,
    ):
        yield Sender(session)


def event(text: str | None = "hi", source: dict[str, str] = USER, **more: Any) -> dict[str, Any]:
    message = {"type": "text", "text": text} if text is not None else {"type": "sticker"}
    return {
        "type": "message",
        "source": source,
        "replyToken": "reply",
        "message": {**message, "markAsReadToken": "t", **more},
    }


async def test_marks_as_read_then_answers(line: Line, bot: Sender) -> None:
    await bot.send(event("hello"))
    assert await line.next() == ("/v2/bot/chat/markAsRead", {"markAsReadToken": "t"})
    path, body = await line.next()
    assert (path, body["replyToken"]) == ("/v2/bot/message/reply", "reply")
    (message,) = body["messages"]
    assert message["text"] == ENGLISH.echo.format(text="hello")
    assert [item["action"]["text"] for item in message["quickReply"]["items"]] == list(ENGLISH.asks)


@pytest.mark.parametrize("language", ["ja", "th", "zh-TW"])
async def test_answers_in_the_users_language(line: Line, bot: Sender, language: str) -> None:
    line.language = language
    await bot.send(event(None))
    await line.next()
    _path, body = await line.next()
    assert body["messages"][0]["text"] == phrases(language).thanks != ENGLISH.thanks


async def test_an_answer_alone_marks_nothing(line: Line, bot: Sender) -> None:
    await bot.send(event(ENGLISH.ask_unread))
    path, body = await line.next()
    assert path == "/v2/bot/message/reply"
    assert body["messages"][0]["text"] == ENGLISH.left_unread
    assert line.calls.empty()


async def test_reads_by_the_option_api_where_tokens_are_refused(line: Line, bot: Sender) -> None:
    line.refuses.add("/v2/bot/chat/markAsRead")
    await bot.send(event())
    await line.next()
    assert await line.next() == ("/v2/bot/message/markAsRead", {"chat": {"userId": USER["userId"]}})


async def test_in_a_group_it_reads_and_keeps_quiet(line: Line, bot: Sender) -> None:
    await bot.send(event(source=GROUP), event("for me"))
    paths = [(await line.next())[0] for _ in range(3)]
    assert sorted(paths) == ["/v2/bot/chat/markAsRead", "/v2/bot/chat/markAsRead", "/v2/bot/message/reply"]


async def test_other_events_are_let_pass(line: Line, bot: Sender) -> None:
    await bot.send()
    await bot.send({"type": "follow", "source": USER, "replyToken": "r"}, event("after"))
    assert (await line.next())[0] == "/v2/bot/chat/markAsRead"


async def test_a_wrong_signature_is_refused(line: Line, bot: Sender) -> None:
    await bot.send(event(), secret="f" * 32, status=400)
    assert line.calls.empty()


async def test_a_refused_call_does_not_stop_it(line: Line, bot: Sender) -> None:
    line.refuses |= {"/v2/bot/chat/markAsRead", "/v2/bot/message/markAsRead", "/v2/bot/message/reply"}
    await bot.send(event())
    for _ in range(3):
        await line.next()
    line.refuses.clear()
    await bot.send(event())
    assert (await line.next())[0] == "/v2/bot/chat/markAsRead"


async def test_what_is_under_way_ends_with_it(line: Line) -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    async with (
        serving(listener, line.url, SECRET, "token", read_after_s=3600.0),
        aiohttp.ClientSession(url) as session,
    ):
        await Sender(session).send(event())
    assert line.calls.empty()


def test_an_unknown_language_is_english() -> None:
    assert phrases("fr") is ENGLISH
    assert phrases(None) is ENGLISH
