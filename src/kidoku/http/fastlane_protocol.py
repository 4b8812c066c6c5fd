"""uvicorn's HTTP protocol with the fast lane in it. Written against the versions in `SUPPORTED_UVICORN`.

uvicorn keeps one cycle per request: `self.cycle` is the newest one, and as long as it is not complete,
requests that follow on the connection wait in `self.pipeline`. A hot request puts an `Exchange` in the
cycle's place, which has just the parts of a cycle that uvicorn looks at from outside. So uvicorn's own rules
for pipelining, flow control and shutdown hold for hot requests too, and the two kinds mix on one connection.
"""

from __future__ import annotations

import asyncio
import logging
from typing import ClassVar
from urllib.parse import quote

from kidoku.http import logs
from kidoku.http.fastlane import (
    ANSWERED_TWICE,
    FastAnswer,
    FastRequest,
    FastRoutes,
    LeftToAsgi,
    Params,
    request_id,
)
from kidoku.http.fastlane_heads import AnswerHeads, RequestHead, plain_head
from kidoku.http.no_upgrade import TRAILERS, NoUpgradeProtocol

_log = logging.getLogger("kidoku.http")
_SERVER_ERROR = (
    b"content-type: text/plain; charset=utf-8\r\ncontent-length: 21\r\nconnection: close\r\n\r\n"
    b"Internal Server Error"
)


MAX_KNOWN = 1000
MAX_KNOWN_HEAD = 4096
"""How many request heads are remembered, and of how many bytes at most."""


class FastLaneProtocol(NoUpgradeProtocol):
    """Answers hot requests itself and lets all others through to uvicorn's ASGI.

    A client's requests for one route mostly have the same head, byte for byte. What the parser once made of such a
    head is remembered: when the same bytes come again in one piece with their body, and nothing else is under way
    on the connection, they need not be parsed again. The parser, between two messages, never sees them.
    """

    routes: ClassVar[FastRoutes] = FastRoutes()
    max_body: ClassVar[int] = 0
    heads: ClassVar[AnswerHeads] = AnswerHeads()
    known: ClassVar[dict[bytes, RequestHead]] = {}

    usual: RequestHead | None = None
    """The known head of the newest request that had one: the next one's, as a rule."""
    between = True
    """Whether the parser stands between two messages."""
    piece: bytes | None = None
    """The data that is being parsed, if the connection was at rest when it came."""
    receiving: Exchange | None = None
    """The hot request whose body is still coming."""
    left = False
    """Whether a handler has left the request that is about to be parsed to ASGI."""
    held: Exchange | None = None
    """The hot request whose answer waits until the client reads again."""
    idle_since: float | None = None
    """Loop time of the last answer, as long as nothing came after it."""

    def data_received(self, data: bytes) -> None:
        if self.between and (self.cycle is None or self.cycle.response_complete):
            head = self.usual
            if head is None or len(data) != head.size or not data.startswith(head.data):
                head = self.known.get(data[: data.find(b"\r\n\r\n") + 4])
            if head is not None and len(data) == head.size and not self.transport.is_closing():
                self.usual = head
                self.idle_since = None
                self.cycle = exchange = Exchange(self, head, data[head.end :])  # type: ignore[assignment]
                if exchange.run():
                    return
                exchange.response_complete = self.left = True
            self.piece = data
        else:
            self.piece = None
        super().data_received(data)

    def _learn(self, exchange: Exchange, piece: bytes) -> None:
        """Remember the head of a request that came in one piece with its body, and with nothing else."""
        end = piece.find(b"\r\n\r\n") + 4
        if end > MAX_KNOWN_HEAD or piece[end:] != exchange.body:
            return
        if int(exchange.header(b"content-length") or 0) != len(exchange.body):
            return
        if len(self.known) >= MAX_KNOWN:
            self.known.clear()
        head, data = exchange.head, piece[:end]
        self.known[data] = RequestHead(
            head.route, head.path, head.params, head.headers, head.keep_alive, data, len(piece)
        )

    def on_message_begin(self) -> None:
        self.between = False
        # As uvicorn, but without the scope: only requests that go to ASGI need one.
        self.url = b""
        self.headers = []
        self.expect_100_continue = False

    def on_headers_complete(self) -> None:
        if self.transport.is_closing():
            return  # the answer before this one, given while the same data is being parsed, was the last
        if self.offers_upgrade():
            return
        self.idle_since = None  # set by an answer given in the same way
        head = self._hot_head()
        if head is None:
            self._let_through()
        else:
            self.receiving = exchange = Exchange(self, head, b"")
            self.cycle = exchange  # type: ignore[assignment]  # has what uvicorn uses of a cycle
            self.headers = TRAILERS

    def _hot_head(self) -> RequestHead | None:
        """The head that has just been parsed, if the fast lane takes it."""
        left, self.left = self.left, False
        found = None if left else self.routes.find(self.url)
        if found is None:
            return None
        methods, params = found
        route = methods.get(self.parser.get_method())
        if route is None or not self._is_usual():
            return None
        return RequestHead(route, self.url, params, self.headers, self.parser.should_keep_alive())

    def _is_usual(self) -> bool:
        parser = self.parser
        return (
            (self.cycle is None or self.cycle.response_complete)
            and not self.expect_100_continue
            and parser.get_method() != b"CONNECT"
            and parser.get_http_version() == "1.1"
        )

    def _let_through(self) -> None:
        url, headers, expect = self.url, self.headers, self.expect_100_continue
        super().on_message_begin()
        self.url, self.headers, self.expect_100_continue = url, headers, expect
        self.scope["headers"] = headers
        super().on_headers_complete()  # which drops what else would be taken for headers

    def on_body(self, body: bytes) -> None:
        exchange = self.receiving
        if exchange is None:
            super().on_body(body)
            return
        exchange.body += body  # one piece, as a rule
        if len(exchange.body) > self.max_body:
            self._let_through_late(exchange)

    def _let_through_late(self, exchange: Exchange) -> None:
        self.receiving = None
        exchange.response_complete = True  # so that uvicorn starts the new cycle instead of queueing it
        self.headers, self.expect_100_continue = exchange.headers, False
        self._let_through()
        super().on_body(exchange.body)

    def on_message_complete(self) -> None:
        if self.offered is not None:
            return
        self.between = True
        exchange = self.receiving
        if exchange is None:
            super().on_message_complete()
        else:
            self.receiving = None
            if self.piece is not None:
                self._learn(exchange, self.piece)
            if not exchange.run():
                self._let_through_late(exchange)
                super().on_message_complete()

    def resume_writing(self) -> None:
        super().resume_writing()
        if self.held is not None:
            held, self.held = self.held, None
            held.send()

    # Keep-alive. uvicorn cancels a timer and sets another for every request, which is a good part of what a hot
    # request costs. Here one timer runs on and looks, when it fires, how long the connection has been idle.

    def _unset_keepalive_if_required(self) -> None:
        self.idle_since = None

    def on_response_complete(self) -> None:
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        if self.flow.read_paused:
            self.flow.resume_reading()
        if self.pipeline:
            self._start_asgi_task(*self.pipeline.pop())
            return
        self.idle_since = self.loop.time()
        if self.timeout_keep_alive_task is None:
            self._look_in(self.timeout_keep_alive)

    def _look_in(self, seconds: float) -> None:
        self.timeout_keep_alive_task = self.loop.call_later(seconds, self.timeout_keep_alive_handler)

    def timeout_keep_alive_handler(self) -> None:
        self.timeout_keep_alive_task = None
        if self.idle_since is None:
            return  # busy: the next answer sets the timer
        left = self.idle_since + self.timeout_keep_alive - self.loop.time()
        if left > 0:
            self._look_in(left)
        else:
            super().timeout_keep_alive_handler()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        if self.timeout_keep_alive_task is not None:
            self.timeout_keep_alive_task.cancel()

    def log_access(self, head: RequestHead, answer: FastAnswer) -> None:
        client = "{}:{}".format(*self.client) if self.client else ""
        method, path = head.route.method.decode(), quote(head.path.decode("ascii"))
        with logs.request(request_id(answer)):
            self.access_logger.info('%s - "%s %s HTTP/%s" %d', client, method, path, "1.1", answer.status)


class Exchange(FastRequest):
    """A hot request and its answer. It takes the place of uvicorn's cycle while it is in flight."""

    __slots__ = (
        "answer",
        "disconnected",
        "head",
        "keep_alive",
        "prepared",
        "protocol",
        "rendered",
        "response_complete",
    )

    # uvicorn sets a cycle's event when the client goes away. Nobody waits for this one.
    message_event: ClassVar[asyncio.Event] = asyncio.Event()

    def __init__(self, protocol: FastLaneProtocol, head: RequestHead, body: bytes) -> None:
        self.head = head
        self.header = head.header
        self.keep_alive = head.keep_alive
        self.body = body
        self.protocol = protocol
        self.answer: FastAnswer | None = None
        self.prepared: FastAnswer | None = None
        self.disconnected = False
        self.response_complete = False

    @property
    def method(self) -> bytes:
        return self.head.route.method

    @property
    def path(self) -> bytes:
        return self.head.path

    @property
    def params(self) -> Params:
        return self.head.params

    @property
    def headers(self) -> list[tuple[bytes, bytes]]:
        return self.head.headers

    @property
    def client(self) -> tuple[str, int] | None:
        return self.protocol.client

    def run(self) -> bool:
        """Call the handler with the complete request; False when it leaves it to ASGI."""
        try:
            self.head.route.handler(self, self.reply)
        except Exception as exc:
            if isinstance(exc, LeftToAsgi) and self.answer is None:
                return False
            self._fail(exc)
        return True

    def reply(self, answer: FastAnswer) -> None:
        """Send the answer, as soon as the client reads."""
        if self.answer is not None:
            raise RuntimeError(ANSWERED_TWICE)
        self.answer = answer
        if self.protocol.flow.write_paused:
            self.protocol.held = self
        else:
            self.send()

    def prepare(self, answer: FastAnswer) -> None:
        if self.keep_alive:
            self.rendered = self._render(answer)
            self.prepared = answer

    def send(self) -> None:
        """Write the answer. If the client is gone, only count it."""
        answer = self.answer
        assert answer is not None
        # uvicorn takes keep_alive away when the server stops.
        is_prepared = answer is self.prepared and self.keep_alive
        self._finish(answer, self.rendered if is_prepared else self._render(answer))

    def _render(self, answer: FastAnswer) -> bytes:
        """The answer as it is sent."""
        protocol, body = self.protocol, answer.body
        head = protocol.heads.get(answer.status, protocol.server_state.default_headers)
        end = b"\r\n" if self.keep_alive else b"connection: close\r\n\r\n"
        return b"%b%bcontent-length: %d\r\n%b%b" % (head, answer.lines, len(body), end, body)

    def _fail(self, exc: Exception) -> None:
        # As uvicorn does when an ASGI application raises.
        _log.error("Exception in hot handler\n", exc_info=exc)
        if self.answer is None:
            self.answer = FastAnswer(500, b"")
            self.keep_alive = False
            self._finish(
                self.answer, plain_head(500, self.protocol.server_state.default_headers) + _SERVER_ERROR
            )

    def _finish(self, answer: FastAnswer, data: bytes) -> None:
        protocol = self.protocol
        transport = protocol.transport
        counts = self.head.route.answered
        counts[answer.status] = counts.get(answer.status, 0) + 1
        self.response_complete = True
        if self.disconnected or transport.is_closing():
            return
        if protocol.access_log:
            protocol.log_access(self.head, answer)
        transport.write(data)
        if not self.keep_alive:
            transport.close()
        protocol.on_response_complete()


def configured(fast: FastRoutes, limit: int) -> type[FastLaneProtocol]:
    """A protocol class for these routes."""

    class Configured(FastLaneProtocol):
        routes = fast
        max_body = limit
        heads = AnswerHeads()
        known: ClassVar[dict[bytes, RequestHead]] = {}

    return Configured
