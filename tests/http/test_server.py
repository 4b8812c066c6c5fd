"""Starting, answering and stopping, with the fast lane and without."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Callable
from email.utils import parsedate_to_datetime

import pytest
import uvloop
from starlette.types import Message, Receive, Scope, Send

from kidoku.http.fastlane import FastAnswer
from kidoku.http.server import RunningServer, StartupError
from tests.http.fastlane_kit import PATIENCE_S, World, get, post, served, statuses, talk

DONE = FastAnswer(200, b"{}")
BOTH_WAYS = pytest.mark.parametrize("fast", [True, False], ids=["fast lane", "asgi"])


async def until(event: asyncio.Event) -> None:
    await asyncio.wait_for(event.wait(), PATIENCE_S)


def connects(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


async def test_port_0_picks_a_free_port() -> None:
    async with RunningServer(World().app) as one, RunningServer(World().app) as other:
        assert one.port != other.port
        assert one.url == f"http://127.0.0.1:{one.port}"
        assert statuses(await talk(other.port, get("/", close=True))) == [200]


@pytest.mark.parametrize(
    ("host", "url"),
    [("0.0.0.0", "http://127.0.0.1:"), ("", "http://127.0.0.1:"), ("localhost", "http://localhost:")],
)
async def test_the_url_can_be_reached(host: str, url: str) -> None:
    async with RunningServer(World().app, host=host) as server:
        assert server.url == f"{url}{server.port}"
        assert statuses(await talk(server.port, get("/", close=True))) == [200]


def test_an_ipv6_address_stands_in_brackets() -> None:
    assert RunningServer(World().app, host="::1", port=8400).url == "http://[::1]:8400"


async def test_a_port_in_use_is_one_clear_line() -> None:
    async with RunningServer(World().app) as server:
        with pytest.raises(
            StartupError, match=rf"^Cannot listen on 127.0.0.1:{server.port}: the port is in use"
        ):
            async with RunningServer(World().app, port=server.port):
                pass


async def test_answers_carry_the_date() -> None:
    async with RunningServer(World().app) as server:
        answer = await talk(server.port, get("/", close=True))
    date = answer.partition(b"date: ")[2].partition(b"\r\n")[0]
    assert parsedate_to_datetime(date.decode())


class Failing:
    """An application whose lifespan fails."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "lifespan.startup.failed", "message": "the database is newer than this program"})


async def test_an_application_that_does_not_start() -> None:
    server = RunningServer(Failing())
    with pytest.raises(StartupError, match="did not start"):
        await server.__aenter__()
    assert server.port
    assert not connects(server.port)


async def test_the_application_is_closed_after_the_last_answer() -> None:
    world = World()
    order: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        while (message := await receive())["type"] == "lifespan.startup":
            await send({"type": "lifespan.startup.complete"})
        order.append("closed")
        await send({"type": f"{message['type']}.complete"})

    async with RunningServer(app, fast_routes=world.routes) as server:
        answer = asyncio.create_task(talk(server.port, post("/gate")))
        await until(world.arrived)

        def commit() -> None:
            order.append("answered")
            world.waiting[0](DONE)

        asyncio.get_running_loop().call_soon(commit)
    assert statuses(await answer) == [200]
    assert order == ["answered", "closed"]


@BOTH_WAYS
async def test_a_commit_in_flight_is_answered_before_the_stop(fast: bool) -> None:
    world = World()
    stopping = asyncio.Event()
    server = RunningServer(world.app, fast_routes=world.routes, fast_lane=fast, on_stopping=[stopping.set])
    await server.__aenter__()
    answer = asyncio.create_task(talk(server.port, post("/gate")))
    await until(world.arrived)
    stop = asyncio.create_task(server.__aexit__(None, None, None))
    await until(stopping)
    assert not connects(server.port)
    assert not stop.done()
    world.waiting[0](DONE)
    answered = await answer
    assert statuses(answered) == [200]
    assert b"connection: close\r\n" in answered
    await asyncio.wait_for(stop, PATIENCE_S)


@BOTH_WAYS
async def test_pipelined_requests_are_answered_before_the_stop(fast: bool) -> None:
    world = World()
    async with served(world, fast=fast) as server:
        answer = asyncio.create_task(talk(server.port, post("/gate") + get("/a") + post("/now")))
        await until(world.arrived)
        asyncio.get_running_loop().call_soon(world.waiting[0], DONE)
    assert statuses(await answer) == [200, 200, 200]
    assert world.calls == ["/gate", "/a", "/now"]


@BOTH_WAYS
async def test_an_asgi_request_in_flight_is_answered_before_the_stop(fast: bool) -> None:
    world = World()
    async with served(world, fast=fast) as server:
        answer = asyncio.create_task(talk(server.port, get("/slow")))
        await until(world.arrived)
        asyncio.get_running_loop().call_soon(world.gate.set)
    assert statuses(await answer) == [200]


@BOTH_WAYS
async def test_idle_connections_are_closed_at_once(fast: bool) -> None:
    world = World()
    async with served(world, fast=fast) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(post("/now"))
        await reader.readuntil(b"\r\n\r\n")
    assert (await asyncio.wait_for(reader.read(), PATIENCE_S)).endswith(b"}")
    writer.close()


@BOTH_WAYS
async def test_an_idle_connection_is_closed_after_its_time(fast: bool) -> None:
    async with served(World(), fast=fast, keep_alive_s=1) as server:
        assert statuses(await talk(server.port, post("/now"))) == [200]


@BOTH_WAYS
async def test_stopping_gives_up_after_its_time(fast: bool, caplog: pytest.LogCaptureFixture) -> None:
    world = World()
    server = RunningServer(world.app, fast_routes=world.routes, fast_lane=fast, graceful_s=0.05)
    await server.__aenter__()
    answers = [asyncio.create_task(talk(server.port, sent)) for sent in (post("/gate"), get("/slow"))]
    await until(world.arrived)
    while len(world.calls) < 2:
        await asyncio.sleep(0)
    with caplog.at_level(logging.WARNING):
        await asyncio.wait_for(server.__aexit__(None, None, None), PATIENCE_S)
    assert "Stopping without" in caplog.text
    for answer in answers:
        with pytest.raises((ConnectionError, AssertionError)):
            assert statuses(await answer) == [200]
    world.waiting[0](DONE)


@BOTH_WAYS
async def test_a_client_that_goes_away_leaves_no_trace(fast: bool) -> None:
    errors: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: errors.append(context))
    world = World()
    async with served(world, fast=fast) as server:
        _, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(post("/gate"))
        await until(world.arrived)
        writer.transport.abort()
        # A whole exchange on another connection: the server has seen the end of the first one by then.
        assert statuses(await talk(server.port, post("/later", close=True))) == [200]
        world.waiting[0](DONE)
        assert statuses(await talk(server.port, post("/now", close=True))) == [200]
    assert errors == []


@BOTH_WAYS
@pytest.mark.parametrize("loop", [asyncio.new_event_loop, uvloop.new_event_loop], ids=["asyncio", "uvloop"])
def test_a_client_that_does_not_read_is_not_served_on_and_on(
    fast: bool, loop: Callable[[], asyncio.AbstractEventLoop]
) -> None:
    with asyncio.Runner(loop_factory=loop) as runner:
        runner.run(read_late(fast))


async def read_late(fast: bool) -> None:
    world = World()
    number, size = 60, 500_000
    async with served(world, fast=fast) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port, limit=1000)
        for _ in range(number - 1):
            writer.write(post("/big", b"%d" % size))
        writer.write(post("/big", b"%d" % size, close=True))
        # A whole exchange beside it: the first connection has been served as far as it will be.
        await talk(server.port, post("/later", close=True))
        assert world.calls.count("/big") < number
        received = 0
        while data := await asyncio.wait_for(reader.read(1_000_000), PATIENCE_S):
            received += len(data)
        writer.close()
    assert world.calls.count("/big") == number
    assert received > number * size


async def test_a_failing_message_does_not_stop_the_server() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        start: Message = {"type": "http.response.start", "status": 200, "headers": []}
        await send(start)
        raise ValueError("broken")

    async with RunningServer(app, lifespan="off") as server:
        await talk(server.port, get("/"))
        assert statuses(await talk(server.port, get("/"))) == [200]
