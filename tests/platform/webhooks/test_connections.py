"""Connections to bots' servers: what answers look like on the wire, and when a connection is used again."""

from __future__ import annotations

import asyncio
import gc
import socket
from collections.abc import AsyncIterator, Iterator
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kidoku.http.server import run_loop
from kidoku.platform.webhooks import transport as module
from kidoku.platform.webhooks.connection import HEAD_LIMIT, READ_LIMIT, Connection
from kidoku.platform.webhooks.outcome import Outcome
from kidoku.platform.webhooks.targets import Targets
from kidoku.platform.webhooks.transport import Transport, target_of
from tests.platform.webhooks.receiver import Behaviour, Receiver, Request, close_early, http, receiving

HEADERS = {"user-agent": "LineBotWebhook/2.0", "content-length": "2"}


@pytest.fixture
async def transport() -> AsyncIterator[Transport]:
    made = Transport(Targets((), True), 20_000)
    yield made
    await made.close()


def closing(answer: bytes) -> Behaviour:
    """An answer after which the server closes the connection."""

    async def behave(_: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(answer)
        await writer.drain()
        writer.close()

    return behave


async def ask(transport: Transport, bot: Receiver) -> Outcome:
    return await transport.post(bot.url, b"{}", HEADERS)


INTERIM = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n"
CHUNKED = (
    b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3;a=b\r\none\r\n4\r\n two\r\n0\r\nx-sum: 1\r\n\r\n"
)
UPGRADE = b"HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n\x81\x00"
UNASKED = b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nlate"


@pytest.mark.parametrize(
    ("answer", "status", "body", "again"),
    [
        (http(200, b"fine"), 200, b"fine", True),
        (INTERIM + http(200, b"fine"), 200, b"fine", True),
        (CHUNKED, 200, b"one two", True),
        (b"HTTP/1.1 204 No Content\r\n\r\n", 204, b"", True),
        (b"HTTP/1.1 304 Not Modified\r\n\r\n", 304, b"", True),
        (http(200, b"fine", "connection: close\r\n"), 200, b"fine", False),
        (b"HTTP/1.0 200 OK\r\ncontent-length: 4\r\n\r\nfine", 200, b"fine", False),
        (b"HTTP/1.0 200 OK\r\nconnection: keep-alive\r\ncontent-length: 4\r\n\r\nfine", 200, b"fine", True),
        (http(200, b"y" * 5_000), 200, b"y" * 4_096, True),
        (http(200, b"y" * READ_LIMIT), 200, b"y" * 4_096, False),
        (http(200) + UNASKED, 200, b"", False),
        (UPGRADE, 101, b"", False),
        (b"HTTP/1.1 200\r\ncontent-length: 0\r\n\r\n", 200, b"", True),
        (b"HTTP/1.1 200 OK\ncontent-length: 4\n\nfine", 200, b"fine", True),
        (b"HTTP/1.1 200 OK\r\nx: a\ncontent-length: 4\r\n\r\nfine", 200, b"fine", True),
        (b"HTTP/1.1 200 OK\r\nx: a\r\n b\r\ncontent-length: 4\r\n\r\nfine", 200, b"fine", True),
        (b"HTTP/1.1 200 OK\r\nx: \x01\r\ncontent-length: 4\r\n\r\nfine", 200, b"fine", True),
        (CHUNKED.replace(b"\r\n4\r\n", b"\r\n4  \r\n"), 200, b"one two", True),
        (b"HTTP/1.1 099 Odd\r\ncontent-length: 0\r\n\r\n", 99, b"", True),
    ],
)
async def test_answers(transport: Transport, answer: bytes, status: int, body: bytes, again: bool) -> None:
    async with receiving(answer) as bot:
        for _ in range(2):
            outcome = await ask(transport, bot)
            assert (outcome.status, outcome.body) == (status, body)
            assert outcome.ok == (200 <= status < 300)
            await asyncio.sleep(0)  # what the server has sent besides is seen
    assert len(bot.requests) == 2
    assert bot.connections == (1 if again else 2)


@pytest.mark.parametrize("head", ["1.0 200 OK", "1.1 200 OK", "1.1 200 OK\r\ntransfer-encoding: gzip"])
async def test_a_body_that_ends_with_the_connection(transport: Transport, head: str) -> None:
    async with receiving(closing(f"HTTP/{head}\r\n\r\nuntil the end".encode())) as bot:
        outcome = await ask(transport, bot)
    assert (outcome.status, outcome.reason, outcome.body) == (200, None, b"until the end")


@pytest.mark.parametrize(
    ("answer", "detail"),
    [
        (closing(b""), "Session closed unexpectedly"),
        (closing(b"HTTP/1.1 200 OK\r\ncontent-le"), "Session closed unexpectedly"),
        (closing(INTERIM), "Session closed unexpectedly"),
        (closing(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf"), "Stream closed unexpectedly"),
        (closing(CHUNKED[:-10]), "Stream closed unexpectedly"),
        (b"SSH-2.0-OpenSSH\r\n", "Unclassified webhook dispatch error"),
        (b"HTTP/1.1 200 OK\r\ncontent-length: x\r\n\r\n", "Unclassified webhook dispatch error"),
        (
            b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n",
            "Unclassified webhook dispatch error",
        ),
        (b"HTTP/1.1 200 OK\r\nx: " + b"y" * HEAD_LIMIT * 8, "Unclassified webhook dispatch error"),
        (b"HTTP/1.1 200 OK\r\n" + b"x: y\r\n" * HEAD_LIMIT, "Unclassified webhook dispatch error"),
        (CHUNKED[:-2] + b"x: y\r\n" * HEAD_LIMIT, "Unclassified webhook dispatch error"),
        (CHUNKED[:-2] + b"x: " + b"y" * HEAD_LIMIT * 8, "Unclassified webhook dispatch error"),
        (CHUNKED[:46] + b"3;x=" + b"y" * HEAD_LIMIT * 8, "Unclassified webhook dispatch error"),
    ],
)
async def test_what_is_no_answer(transport: Transport, answer: Behaviour, detail: str) -> None:
    async with receiving(answer, http(200), answer) as bot:
        assert (await ask(transport, bot)).ok
        for _ in range(2):
            outcome = await ask(transport, bot)
            assert (outcome.status, outcome.detail) == (None, detail)


async def test_a_server_that_closes_what_rests(transport: Transport) -> None:
    async with receiving(closing(http(200))) as bot:
        for _ in range(3):
            assert (await ask(transport, bot)).ok
            async with asyncio.timeout(10):
                while transport._open:
                    await asyncio.sleep(0)
    assert bot.connections == 3


async def test_a_connection_rests_for_a_while_only(
    transport: Transport, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with receiving() as bot:
        await ask(transport, bot)
        monkeypatch.setattr(module, "KEEP_ALIVE_S", 0.0)
        await ask(transport, bot)
        async with asyncio.timeout(10):
            while transport._open:  # the one that rests is closed without being asked for
                await asyncio.sleep(0)
        assert not transport._resting
    assert bot.connections == 2


async def test_as_many_connections_as_requests_at_once(transport: Transport) -> None:
    async with receiving() as bot:
        for _ in range(2):
            outcomes = await asyncio.gather(*(ask(transport, bot) for _ in range(5)))
            assert all(outcome.ok for outcome in outcomes)
    assert bot.connections == 5


async def test_a_request_that_is_cancelled_ends_its_connection(transport: Transport) -> None:
    async def wait(_: Request, __: asyncio.StreamWriter) -> None:
        await asyncio.Event().wait()

    async with receiving(http(200), wait) as bot:
        asking = asyncio.ensure_future(ask(transport, bot))
        await bot.received(1)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        assert (await ask(transport, bot)).ok
    assert bot.connections == 2


async def test_nothing_is_left_open(transport: Transport) -> None:
    async with receiving(http(200), http(200), close_early) as bot:
        for _ in range(3):
            await ask(transport, bot)
        await transport.close()
        assert not transport._open
        gc.collect()  # a socket that was forgotten would warn


async def test_a_name_with_several_addresses(transport: Transport, monkeypatch: pytest.MonkeyPatch) -> None:
    async with receiving() as bot:
        found = [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, bot.port))
            for address in ("127.0.0.2", "169.254.1.1", "127.0.0.1")
        ]

        async def several(*_: object, **__: object) -> object:
            return found

        monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", several)
        outcome = await transport.post(f"http://bot.test:{bot.port}/", b"{}", HEADERS)
    assert outcome.ok
    assert bot.requests[0].header("host") == f"bot.test:{bot.port}"


@pytest.mark.parametrize(
    ("url", "line", "host"),
    [
        ("http://bot.test", "POST / HTTP/1.1", "bot.test"),
        ("http://bot.test:80/a?b=c#d", "POST /a?b=c HTTP/1.1", "bot.test"),
        ("https://bot.test:443/a%20b/%E6%97%A2", "POST /a%20b/%E6%97%A2 HTTP/1.1", "bot.test"),
        ("https://bot.test:8443/既読?読=1", "POST /%E6%97%A2%E8%AA%AD?%E8%AA%AD=1 HTTP/1.1", "bot.test:8443"),
        ("http://既読.test/", "POST / HTTP/1.1", "xn--tgvy23f.test"),
        ("http://[::1]:8080/x", "POST /x HTTP/1.1", "[::1]:8080"),
    ],
)
def test_how_an_url_is_asked(url: str, line: str, host: str) -> None:
    assert target_of(url).head.split("\r\n") == [line, f"Host: {host}", ""]


@pytest.mark.parametrize(("known", "code"), [("a:b%40c", "YTpiQGM="), (":b", "OmI="), ("a", "YTo=")])
def test_a_name_and_a_password_in_an_url(known: str, code: str) -> None:
    assert target_of(f"https://{known}@bot.test/").head.split("\r\n")[1:3] == [
        "Host: bot.test",
        f"authorization: Basic {code}",
    ]


async def test_a_name_is_looked_up_once_for_all(
    transport: Transport, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    answer = asyncio.Event()

    async def slow(host: str, port: int, **_: object) -> list[object]:
        asked.append(host)
        await answer.wait()
        if host == "none.test":
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", slow)
    async with receiving(closing(http(200))) as bot:
        url = f"http://bot.test:{bot.port}/"
        impatient = Transport(Targets((), True), 1)
        impatient._names = transport._names
        assert (await impatient.post(url, b"{}", HEADERS)).detail == "DNS Query timeout"
        none = asyncio.ensure_future(transport.post("http://none.test/", b"{}", HEADERS))
        asking = [asyncio.ensure_future(transport.post(url, b"{}", HEADERS)) for _ in range(5)]
        while len(asked) < 2:
            await asyncio.sleep(0)
        answer.set()
        assert all([(await one).ok for one in asking])
        assert (await transport.post(url, b"{}", HEADERS)).ok
        assert asked == ["bot.test", "none.test"]
        assert (await none).detail == "Unknown host"
        await transport.post("http://none.test/", b"{}", HEADERS)
        assert len(asked) == 3, "what is not found is asked again"


class Memory(asyncio.Transport):
    """The other end of a connection that is fed by hand."""

    def __init__(self) -> None:
        super().__init__()
        self.closed = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        pass

    def get_write_buffer_size(self) -> int:
        return 0

    def is_closing(self) -> bool:
        return self.closed

    def close(self) -> None:
        self.closed = True

    abort = close


def connected() -> tuple[Connection, Memory]:
    connection, memory = Connection("", lambda _: None, lambda _: None), Memory()
    connection.connection_made(memory)
    return connection, memory


def pieces_of(data: bytes, cuts: list[int]) -> Iterator[bytes]:
    edges = [0, *sorted(cut % (len(data) + 1) for cut in cuts), len(data)]
    return (data[start:end] for start, end in pairwise(edges) if start < end)


ANSWERS = {
    http(200, b"fine"): (200, b"fine"),
    INTERIM + http(500, b"no"): (500, b"no"),
    CHUNKED: (200, b"one two"),
    b"HTTP/1.1 204 No Content\r\n\r\n": (204, b""),
    UPGRADE: (101, b""),
}
answers = st.sampled_from(list(ANSWERS))


async def test_any_number_of_interim_answers_in_one_piece() -> None:
    connection, memory = connected()
    asking = asyncio.ensure_future(connection.ask(b"", asyncio.get_running_loop().time() + 60))
    await asyncio.sleep(0)
    for _ in range(3):
        connection.data_received(INTERIM * (HEAD_LIMIT // 20) + b"HTTP/1.1 1")
        connection.data_received(b"02 Processing\r\n\r\n")
    assert not memory.closed
    connection.data_received(http(200, b"fine"))
    assert (await asking).body == b"fine"


async def test_the_deadline_of_a_request_is_not_the_next_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    loop = asyncio.get_running_loop()
    deadlines = []

    def call_at(_: float, *call: Any) -> asyncio.TimerHandle:
        deadlines.append(call)
        return asyncio.TimerHandle(0, call[0], call[1:], loop)

    monkeypatch.setattr(loop, "call_at", call_at)
    connection, memory = connected()
    first = asyncio.ensure_future(connection.ask(b"", 0))
    await asyncio.sleep(0)
    connection.data_received(http(200))
    second = asyncio.ensure_future(connection.ask(b"", 0))
    await asyncio.wait([first])
    while len(deadlines) < 2:
        await asyncio.sleep(0)
    too_late, *given = deadlines[0]
    too_late(*given)
    assert not memory.closed
    connection.data_received(http(204))
    assert ((await first).status, (await second).status) == (200, 204)


@settings(deadline=None)
@given(st.lists(answers, min_size=1, max_size=4), st.lists(st.integers(0, 500), max_size=6), st.booleans())
def test_answers_cut_anywhere(sent: list[bytes], cuts: list[int], lost: bool) -> None:
    """However an answer is cut it is the same one; and each request gets exactly one outcome, whatever happens."""

    async def play() -> list[Outcome]:
        connection, memory = connected()
        seen = []
        for data in sent:
            asking = asyncio.ensure_future(connection.ask(b"", asyncio.get_running_loop().time() + 60))
            await asyncio.sleep(0)
            for piece in pieces_of(data, cuts):
                if not memory.closed:
                    connection.data_received(piece)
            if lost:
                connection.connection_lost(None)
                memory.closed = True
            seen.append(await asking)
        return seen

    for outcome, data in zip(run_loop(play()), sent, strict=True):
        if outcome.status is None:
            assert outcome.detail == "Session closed unexpectedly"
        else:
            assert (outcome.status, outcome.body) == ANSWERS[data]
