"""The interface of the fast lane."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest
import uvicorn
from starlette.types import Message
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from kidoku.http.fastlane import (
    SUPPORTED_UVICORN,
    FastAnswer,
    FastRequest,
    FastRoutes,
    Reply,
    fast_protocol,
    hot_asgi,
    lookup,
)
from kidoku.http.server import RunningServer
from tests.http.fastlane_kit import World, post, seen, served, statuses, talk


def echo(request: FastRequest, reply: Reply) -> None:
    reply(seen(request))


def test_the_installed_uvicorn_is_supported() -> None:
    assert uvicorn.__version__ in SUPPORTED_UVICORN


def test_an_unknown_uvicorn_gets_its_own_protocol(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(uvicorn, "__version__", "99.0")
    with caplog.at_level(logging.WARNING):
        assert fast_protocol(FastRoutes(), 10) is HttpToolsProtocol
    assert "uvicorn 99.0" in caplog.text


async def test_an_unknown_uvicorn_serves_hot_routes_by_asgi(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uvicorn, "__version__", "99.0")
    world = World()
    async with served(world, fast=True) as server:
        assert statuses(await talk(server.port, post("/now", close=True))) == [200]
    assert (world.calls, world.hot) == (["/now"], 0)


async def test_a_route_may_be_added_while_the_server_runs() -> None:
    world = World()
    async with served(world, fast=True) as server:
        assert statuses(await talk(server.port, post("/new", close=True))) == [200]
        world.routes.add(b"POST", b"/new", echo)
        assert statuses(await talk(server.port, post("/new", close=True))) == [200]
    assert (world.calls, world.hot) == (["/new"], 1)


def test_one_path_may_be_hot_for_several_methods() -> None:
    routes = FastRoutes({(b"POST", b"/now"): echo, (b"PUT", b"/now"): echo})
    assert [(route.method, route.path) for route in routes] == [(b"POST", b"/now"), (b"PUT", b"/now")]
    assert list(routes.answered()) == []


async def test_answers_are_counted_by_route_and_status() -> None:
    world = World()
    async with served(world, fast=True) as server:
        await talk(
            server.port, post("/now") * 2 + post("/now", b"", "X-Status: 400") + post("/later", close=True)
        )
    assert sorted(world.routes.answered()) == [
        ("POST", "/later", 200, 1),
        ("POST", "/now", 200, 2),
        ("POST", "/now", 400, 1),
    ]


def test_the_first_header_of_a_name_counts() -> None:
    header = lookup([(b"a", b"1"), (b"a", b"2")])
    assert header(b"a") == b"1"
    assert header(b"b") is None


async def run(handler: Any, *received: Message, max_body: int = 10) -> list[Message]:
    """What `hot_asgi` sends for these messages, under a server that gives no raw path."""
    sent: list[Message] = []
    messages = iter(received)

    async def receive() -> Message:
        return next(messages)

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/now", "headers": [(b"a", b"b")]}
    await hot_asgi(handler, max_body)(scope, receive, send)
    return sent


def request_message(body: bytes, more: bool = False) -> Message:
    return {"type": "http.request", "body": body, "more_body": more}


async def test_asgi_gives_the_handler_the_whole_request() -> None:
    start, body = await run(echo, request_message(b"ab", more=True), request_message(b"cd"))
    assert start["status"] == 200
    assert body["body"] == (
        b'{"method": "POST", "path": "/now", "headers": [["a", "b"]], "body": "abcd", "client": null}'
    )


async def test_asgi_says_in_lines_shape_that_a_body_is_too_big() -> None:
    start, body = await run(echo, request_message(b"x" * 11, more=True))
    assert (start["status"], body["body"]) == (413, b'{"message":"The request body is too large"}')


async def test_asgi_drops_a_request_that_breaks_off() -> None:
    assert await run(echo, request_message(b"ab", more=True), {"type": "http.disconnect"}) == []


async def test_asgi_refuses_a_second_answer(caplog: pytest.LogCaptureFixture) -> None:
    def twice(request: FastRequest, reply: Reply) -> None:
        reply(FastAnswer(200, b"{}"))
        reply(FastAnswer(200, b"[]"))

    with caplog.at_level(logging.ERROR):
        _, body = await run(twice, request_message(b""))
    assert body["body"] == b"{}"
    assert "answered once" in caplog.text


async def test_asgi_lets_an_answer_come_after_its_task_was_cancelled() -> None:
    replies: list[Reply] = []
    arrived = asyncio.Event()

    def gate(request: FastRequest, reply: Reply) -> None:
        replies.append(reply)
        arrived.set()

    task = asyncio.create_task(run(gate, request_message(b"")))
    await arrived.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    replies[0](FastAnswer(200, b"{}"))


@pytest.mark.parametrize("fast", [True, False])
async def test_one_answer_even_if_the_handler_gives_two(fast: bool, caplog: pytest.LogCaptureFixture) -> None:
    world = World()
    async with served(world, fast=fast) as server:
        with caplog.at_level(logging.ERROR):
            assert statuses(await talk(server.port, post("/twice") + post("/now", close=True))) == [200, 200]
    assert "answered once" in caplog.text


class Lines(logging.Handler):
    """Collects records; the log capture of pytest misses loggers whose propagation changes meanwhile."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


async def access_log(fast: bool) -> list[str]:
    world = World()
    routes = world.routes
    routes.add(b"POST", b"/n~w", echo)
    lines = Lines()
    async with RunningServer(world.app, fast_routes=routes, fast_lane=fast, access_log=True) as server:
        logging.getLogger("uvicorn.access").addHandler(lines)
        sent = (
            post("/now", b"", "X-Status: 404")
            + post("/later")
            + post("/n~w")
            + post("/of/U1/and/@b")
            + post("/now?a=1", close=True)
        )
        await talk(server.port, sent)
        logging.getLogger("uvicorn.access").removeHandler(lines)
    assert all(isinstance(record.args, tuple) and len(record.args) == 5 for record in lines.records)
    return [record.getMessage().partition(" - ")[2] for record in lines.records]


async def test_the_access_log_is_the_same_both_ways() -> None:
    fast = await access_log(True)
    assert fast == await access_log(False)
    assert fast == [
        '"POST /now HTTP/1.1" 404',
        '"POST /later HTTP/1.1" 200',
        '"POST /n~w HTTP/1.1" 200',
        '"POST /of/U1/and/%40b HTTP/1.1" 200',
        '"POST /now?a=1 HTTP/1.1" 200',
    ]


async def test_no_access_log_unless_asked_for() -> None:
    async with served(World(), fast=True):
        assert not logging.getLogger("uvicorn.access").hasHandlers()
