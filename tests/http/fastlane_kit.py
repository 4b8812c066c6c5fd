"""An application with hot routes that is served both ways, and a client that speaks raw bytes."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterable

from msgspec.structs import replace
from starlette.types import ASGIApp, Receive, Scope, Send

from kidoku.http.fastlane import (
    FastAnswer,
    FastRequest,
    FastRoutes,
    HotHandler,
    LeftToAsgi,
    Reply,
    header_lines,
    hot_asgi,
    too_large,
)
from kidoku.http.server import RunningServer

MAX_BODY = 100_000
PATIENCE_S = 10.0
OF = b"/of/{whom}/and/{what}"


class World:
    """Hot routes: `/now` answers at once, `/later` in a later turn of the loop, `/gate` when told to. `/left` leaves
    what begins with "ab" to ASGI. `/of/{whom}/and/{what}` has names in its path.
    """

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.waiting: list[Reply] = []
        self.asked: list[FastRequest] = []
        self.arrived = asyncio.Event()
        self.gate = asyncio.Event()
        handlers: dict[bytes, HotHandler] = {
            b"/now": self._now,
            b"/later": self._later,
            b"/gate": self._at_gate,
            b"/raise": self._raise,
            b"/twice": self._twice,
            b"/big": self._big,
            b"/left": self._left,
            OF: self._named,
        }
        self.routes = FastRoutes({(b"POST", path): handler for path, handler in handlers.items()})
        served: dict[bytes, HotHandler] = {**handlers, b"/left": self._not_left, OF: self._by_path}
        self._hot = {path.decode(): hot_asgi(h, MAX_BODY, self._oversize) for path, h in served.items()}

    @property
    def hot(self) -> int:
        """Requests that the fast lane answered."""
        return sum(number for _, _, _, number in self.routes.answered())

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise RuntimeError("no lifespan here")
        is_named = re.fullmatch("/of/[^/]+/and/[^/]+", scope["path"])
        hot = self._hot.get(OF.decode() if is_named else scope["path"])
        if hot is None:
            await self._plain(scope, receive, send)
        elif scope["method"] != "POST":
            await _text(send, 405, b"only POST")
        else:
            await hot(scope, receive, send)

    async def _plain(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = b""
        while (message := await receive())["type"] == "http.request":
            body += message["body"]
            if not message["more_body"]:
                break
        self.calls.append(scope["path"])
        if scope["path"] == "/slow":
            self.arrived.set()
            await self.gate.wait()
        await _text(send, 200, b"%b %b %d" % (scope["method"].encode(), scope["raw_path"], len(body)))

    def _now(self, request: FastRequest, reply: Reply) -> None:
        self.calls.append("/now")
        reply(seen(request))

    def _later(self, request: FastRequest, reply: Reply) -> None:
        self.calls.append("/later")
        asyncio.get_running_loop().call_soon(reply, seen(request))

    def _left(self, request: FastRequest, reply: Reply) -> None:
        if request.body.startswith(b"ab"):
            raise LeftToAsgi
        self._not_left(request, reply)

    def _not_left(self, request: FastRequest, reply: Reply) -> None:
        self.calls.append("/left")
        reply(seen(request))

    def _named(self, request: FastRequest, reply: Reply) -> None:
        self.calls.append("{whom} {what}".format_map(request.params))
        reply(seen(request))

    def _by_path(self, request: FastRequest, reply: Reply) -> None:
        _, _, whom, _, what = request.path.decode().split("/")
        self.calls.append(f"{whom} {what}")
        reply(seen(request))

    def _at_gate(self, request: FastRequest, reply: Reply) -> None:
        self.calls.append("/gate")
        self.waiting.append(reply)
        self.asked.append(request)
        self.arrived.set()

    def _raise(self, request: FastRequest, reply: Reply) -> None:
        raise ValueError("broken handler")

    def _twice(self, request: FastRequest, reply: Reply) -> None:
        reply(seen(request))
        reply(seen(request))

    def _big(self, request: FastRequest, reply: Reply) -> None:
        self.calls.append("/big")
        reply(FastAnswer(200, b"x" * int(request.body)))

    def _oversize(self, request: FastRequest) -> FastAnswer:
        return replace(too_large(request), lines=header_lines((b"x-line-request-id", b"0")))


def seen(request: FastRequest) -> FastAnswer:
    """An answer that says all that the handler was given; the `x-status` header asks for a status."""
    client = request.client
    body = {
        "method": request.method.decode(),
        "path": request.path.decode(),
        "headers": [[name.decode(), value.decode("latin-1")] for name, value in request.headers],
        "body": request.body.decode("latin-1"),
        "client": client and client[0],
    }
    status = int(request.header(b"x-status") or 200)
    return FastAnswer(
        status, json.dumps(body).encode(), header_lines((b"x-line-request-id", b"1"), (b"x-more", b"2"))
    )


async def _text(send: Send, status: int, body: bytes) -> None:
    headers = [(b"content-type", b"text/plain"), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def served(world: World, *, fast: bool, app: ASGIApp | None = None, keep_alive_s: int = 5) -> RunningServer:
    """The world's application on a free port, with or without the fast lane."""
    return RunningServer(
        app or world.app,
        fast_routes=world.routes,
        fast_lane=fast,
        max_body=MAX_BODY,
        keep_alive_s=keep_alive_s,
    )


async def talk(port: int, data: bytes | Iterable[bytes]) -> bytes:
    """Send `data` (in pieces, if there are several) and return all that comes until the server closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for piece in [data] if isinstance(data, bytes) else data:
            writer.write(piece)
            await asyncio.sleep(0)
        return await asyncio.wait_for(reader.read(), PATIENCE_S)
    finally:
        writer.close()
        await writer.wait_closed()


def post(path: str, body: bytes = b"", *headers: str, close: bool = False) -> bytes:
    """A request with a Content-Length."""
    return _head(f"POST {path} HTTP/1.1", f"Content-Length: {len(body)}", *headers, close=close) + body


def get(path: str, *, close: bool = False) -> bytes:
    """A request without a body."""
    return _head(f"GET {path} HTTP/1.1", close=close)


def _head(*lines: str, close: bool) -> bytes:
    first, *rest = lines
    return "\r\n".join([first, "Host: x", *rest, *["Connection: close"] * close, "", ""]).encode()


def chunked(path: str, chunks: Iterable[bytes], *headers: str, trailer: str = "") -> bytes:
    """A request with a chunked body, the last one on its connection."""
    head = _head(f"POST {path} HTTP/1.1", "Transfer-Encoding: chunked", *headers, close=True)
    body = b"".join(b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks)
    return head + body + b"0\r\n" + trailer.encode() + b"\r\n"


def statuses(answers: bytes) -> list[int]:
    """The status of each answer, 100 included."""
    return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d\d\d) ", answers)]


def undated(answers: bytes) -> bytes:
    """`answers` without the time."""
    return re.sub(rb"date: [^\r]*\r\n", b"date: -\r\n", answers)
