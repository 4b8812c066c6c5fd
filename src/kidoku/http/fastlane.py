"""The fast lane: a few hot routes answered without ASGI's scope and task, by a handler that serves both ways.

A hot handler is a plain function of a complete request and of `reply`, which it calls once: at once, or later
from the event loop, when its commit is on disk. `hot_asgi` serves it as an ASGI application; `fast_protocol`
makes the protocol class that lets uvicorn answer the hot routes directly. Everything unusual about a request
goes to ASGI, so that both ways give the same answer.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable, Iterator, Mapping
from itertools import chain

import uvicorn
from msgspec import Struct
from starlette.types import ASGIApp, Receive, Scope, Send

from kidoku.http import logs
from kidoku.http.request_ids import REQUEST_ID as OUR_REQUEST_ID

SUPPORTED_UVICORN = frozenset({"0.54.0"})
"""Versions of uvicorn that the fast lane was tested with. It overrides parts of uvicorn's protocol that are
no public interface, so that with any other version every request goes to ASGI."""

REQUEST_ID = b"x-line-request-id"
"""Header of every answer on LINE's paths; log lines about the request have its value too."""

REQUEST_IDS = {REQUEST_ID, OUR_REQUEST_ID}

CONTENT_TYPE = (b"content-type", b"application/json")
ANSWERED_TWICE = "A hot request is answered once."

_log = logging.getLogger("kidoku.http")


Params = Mapping[str, str]
"""What stands in a path where its route has `{names}`."""
NO_PARAMS: Params = {}


class LeftToAsgi(Exception):
    """A handler raises it, before it has answered, in the fast lane only: ASGI is to answer the request."""


class FastRequest:
    """A complete request. `header(name)`, of a name in lower case, is the first value of a header, or None."""

    __slots__ = ("body", "header")

    body: bytes
    header: Callable[[bytes], bytes | None]

    @property
    def method(self) -> bytes:
        raise NotImplementedError

    @property
    def path(self) -> bytes:
        raise NotImplementedError

    @property
    def headers(self) -> list[tuple[bytes, bytes]]:
        """All headers as they came, names in lower case."""
        raise NotImplementedError

    @property
    def client(self) -> tuple[str, int] | None:
        """The peer's address and port."""
        raise NotImplementedError

    @property
    def params(self) -> Params:
        return NO_PARAMS

    def prepare(self, answer: FastAnswer) -> None:
        """Do now what sending this answer will need, as far as possible. Another may be given after all."""


def lookup(headers: list[tuple[bytes, bytes]]) -> Callable[[bytes], bytes | None]:
    """What finds the first value of a header by its name."""
    return dict(reversed(headers)).get


class FastAnswer(Struct, frozen=True, gc=False):
    """A JSON answer. `lines` are its headers on top of content-type and content-length, each as `header_lines` has
    it. They are sent as they are: build them from the server's own values, never from a client's."""

    status: int
    body: bytes
    lines: bytes = b""

    @property
    def headers(self) -> list[tuple[bytes, bytes]]:
        """The headers of `lines`, by name and value."""
        pairs = (line.partition(b": ") for line in self.lines.splitlines())
        return [(name, value) for name, _, value in pairs]


def header_lines(*headers: tuple[bytes, bytes]) -> bytes:
    """Headers as they stand in an answer."""
    return b"".join([b"%b: %b\r\n" % header for header in headers])


Reply = Callable[[FastAnswer], None]
HotHandler = Callable[[FastRequest, Reply], None]
Oversize = Callable[[FastRequest], FastAnswer]


class Route:
    """One hot route, with all that is known of it before a request comes. `answered` counts by status what the fast
    lane answered; requests for the route that went to ASGI are not in it.
    """

    __slots__ = ("answered", "handler", "method", "path")

    def __init__(self, method: bytes, path: bytes, handler: HotHandler) -> None:
        self.method = method
        self.path = path
        self.handler = handler
        self.answered: dict[int, int] = {}


Methods = dict[bytes, Route]
"""The routes of one path, by method."""
NAME = re.compile(rb"\\\{(\w+)\\\}")
ONE_PART = rb"(?P<\1>[\\w.~@-]+)"
"""What may stand for a name in the fast lane: what is the same with and without percent-encoding."""


class FastRoutes:
    """Hot routes by path and method. More can be added while the server runs. A path may have `{names}` for parts of
    it; those with anything unusual in such a part are left to ASGI.
    """

    def __init__(self, handlers: Mapping[tuple[bytes, bytes], HotHandler] | None = None) -> None:
        self._by_path: dict[bytes, Methods] = {}
        self._with_names: dict[bytes, tuple[re.Pattern[bytes], Methods]] = {}
        self.add_all(handlers or {})

    def add_all(self, handlers: Mapping[tuple[bytes, bytes], HotHandler]) -> None:
        for (method, path), handler in handlers.items():
            self.add(method, path, handler)

    def add(self, method: bytes, path: bytes, handler: HotHandler) -> None:
        if b"{" in path:
            pattern = re.compile(NAME.sub(ONE_PART, re.escape(path)))
            methods = self._with_names.setdefault(path, (pattern, {}))[1]
        else:
            methods = self._by_path.setdefault(path, {})
        methods[method] = Route(method, path, handler)

    def find(self, url: bytes) -> tuple[Methods, Params] | None:
        """The routes of a path as it came, and what stands in it for their names."""
        methods = self._by_path.get(url)
        if methods is not None:
            return methods, NO_PARAMS
        for pattern, named in self._with_names.values():
            found = pattern.fullmatch(url)
            if found is not None:
                return named, {name: value.decode() for name, value in found.groupdict().items()}
        return None

    def __iter__(self) -> Iterator[Route]:
        named = (methods for _, methods in self._with_names.values())
        return (route for methods in chain(self._by_path.values(), named) for route in methods.values())

    def answered(self) -> Iterator[tuple[str, str, int, int]]:
        """Method, path, status and number of requests, for metrics."""
        for route in self:
            for status, number in route.answered.items():
                yield route.method.decode(), route.path.decode(), status, number


def request_id(answer: FastAnswer) -> str | None:
    """The request ID that an answer carries, for log lines."""
    return next((value.decode() for name, value in answer.headers if name in REQUEST_IDS), None)


def too_large(request: FastRequest) -> FastAnswer:
    """413 in the shape of LINE's errors; the text is our decision. Says no request ID."""
    return FastAnswer(413, b'{"message":"The request body is too large"}')


def hot_asgi(handler: HotHandler, max_body: int, oversize: Oversize = too_large) -> ASGIApp:
    """`handler` as an ASGI application. A body of more than `max_body` bytes gets the answer of `oversize`
    (whose request has an empty body) and never reaches the handler; nor does a request that breaks off."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        request = AsgiRequest(scope)
        try:
            if announced(request) > max_body:
                raise _TooLarge
            request.body = await _body(receive, max_body)
        except _BrokenOff:
            return
        except _TooLarge:
            await _send(send, oversize(request))
        else:
            await _send(send, await _answer(handler, request))

    return app


def announced(request: FastRequest) -> int:
    """Bytes of the body as Content-Length has them; 0 without one. The server has refused what is no number."""
    return int(request.header(b"content-length") or 0)


def fast_protocol(routes: FastRoutes, max_body: int) -> type[asyncio.Protocol]:
    """The protocol class for uvicorn's `Config(http=…)` that answers `routes` in the fast lane.

    `max_body` (bytes) is what the lane collects of a body before it leaves the request to ASGI, where the
    limits of the application hold. With a version of uvicorn that is not in `SUPPORTED_UVICORN` this is
    uvicorn's own class.
    """
    if uvicorn.__version__ not in SUPPORTED_UVICORN:
        _log.warning(
            "No fast lane: it is not tested with uvicorn %s. All requests go to ASGI.", uvicorn.__version__
        )
        return plain_protocol()
    # Imported only here: the module reaches into uvicorn and may not even load with another version.
    from kidoku.http.fastlane_protocol import configured

    return configured(routes, max_body)


def plain_protocol() -> type[asyncio.Protocol]:
    """uvicorn's protocol class without a fast lane: every request goes to ASGI."""
    if uvicorn.__version__ in SUPPORTED_UVICORN:
        from kidoku.http.no_upgrade import NoUpgradeProtocol

        return NoUpgradeProtocol
    from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

    return HttpToolsProtocol


class _BrokenOff(Exception):
    """The client went away before its request was complete."""


class _TooLarge(Exception):
    """The body is bigger than allowed."""


class AsgiRequest(FastRequest):
    """A request that ASGI brought."""

    __slots__ = ("_scope",)

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self.header = lookup(scope["headers"])
        self.body = b""

    @property
    def method(self) -> bytes:
        method: str = self._scope["method"]
        return method.encode()

    @property
    def path(self) -> bytes:
        path: bytes = self._scope.get("raw_path") or self._scope["path"].encode()
        return path

    @property
    def headers(self) -> list[tuple[bytes, bytes]]:
        headers: list[tuple[bytes, bytes]] = self._scope["headers"]
        return headers

    @property
    def client(self) -> tuple[str, int] | None:
        client: tuple[str, int] | None = self._scope.get("client")
        return client


async def _body(receive: Receive, max_body: int) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise _BrokenOff
        body += message.get("body", b"")
        if len(body) > max_body:
            raise _TooLarge
        if not message.get("more_body", False):
            return bytes(body)


async def _answer(handler: HotHandler, request: FastRequest) -> FastAnswer:
    answered: asyncio.Future[FastAnswer] = asyncio.get_running_loop().create_future()

    def reply(answer: FastAnswer) -> None:
        if answered.cancelled():
            return  # its task was, at shutdown; the commit came later
        if answered.done():
            raise RuntimeError(ANSWERED_TWICE)
        answered.set_result(answer)

    try:
        handler(request, reply)
    except Exception as exc:
        if not answered.done():
            raise
        _log.error("Exception in hot handler\n", exc_info=exc)
    return await answered


async def _send(send: Send, answer: FastAnswer) -> None:
    length = (b"content-length", b"%d" % len(answer.body))
    headers = [CONTENT_TYPE, *answer.headers, length]
    with logs.request(request_id(answer)):
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": answer.body})
