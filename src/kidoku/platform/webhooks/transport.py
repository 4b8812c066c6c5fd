"""The HTTP client behind deliveries: one pool of connections, guarded. Loads aiohttp: import it late."""

from __future__ import annotations

import functools
import socket
from collections import Counter
from collections.abc import Coroutine
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

import aiohttp
import msgspec
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver
from multidict import istr
from yarl import URL

from kidoku.platform.webhooks.failures import Phase, TargetRefused, failure
from kidoku.platform.webhooks.outcome import INVALID_URL, Outcome, Reason, answered, failed
from kidoku.platform.webhooks.targets import Targets

if TYPE_CHECKING:
    from aiohttp.connector import Connection

READ_LIMIT = 65_536
"""Bytes of an answer's body that are read; a longer one costs its connection."""
KEEP_LIMIT = 4_096
HEADERS_LIMIT = 32

KEEP_ALIVE_S = 1.5
"""Common servers close idle connections after 2 or 5 s. Ours must be gone before, since a POST that meets a closing
connection can't be repeated without asking whether the first one arrived."""

encode = msgspec.json.Encoder().encode


class Target:
    """A webhook URL, taken apart: what a request needs, and what the guard has to know when it connects."""

    __slots__ = ("host", "scheme", "url")

    def __init__(self, url: str) -> None:
        self.url = URL(url)
        self.scheme = self.url.scheme
        self.host = self.url.host or ""


target_of = functools.lru_cache(4_096)(Target)

connecting: ContextVar[Target | None] = ContextVar("kidoku_connecting")
"""Where this request is about to connect to; None once it has its connection."""


class WebhookRequest(aiohttp.ClientRequest):
    """Sends the headers it is given and `Host`, no others."""

    DEFAULT_HEADERS: dict[istr, str] = {}  # noqa: RUF012 - the base class has it as a plain attribute

    def send(self, conn: Connection) -> Coroutine[Any, Any, aiohttp.ClientResponse]:
        connecting.set(None)
        return super().send(conn)


class Resolver(AbstractResolver):
    """The system's resolver; `asking` holds the names for which it has no answer yet."""

    def __init__(self) -> None:
        self._system = ThreadedResolver()
        self.asking: Counter[str] = Counter()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        self.asking[host] += 1
        try:
            return await self._system.resolve(host, port, family)
        except UnicodeError as error:  # a label that is empty or too long
            raise socket.gaierror(socket.EAI_NONAME, "not a host name") from error
        finally:
            self.asking[host] -= 1
            if not self.asking[host]:
                del self.asking[host]

    async def close(self) -> None:
        await self._system.close()


class Transport:
    """Sends requests as LINE does, to where `targets` lets them, within `timeout_ms`."""

    def __init__(self, targets: Targets, timeout_ms: int) -> None:
        self._targets = targets
        self._resolver = Resolver()
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=0,  # the dispatcher has its own limit
                keepalive_timeout=KEEP_ALIVE_S,
                resolver=self._resolver,
                socket_factory=self._socket,
            ),
            timeout=aiohttp.ClientTimeout(total=timeout_ms / 1_000),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            request_class=WebhookRequest,
            trust_env=False,
        )

    async def post(self, url: str, body: bytes, headers: dict[str, str]) -> Outcome:
        """Send one request; its outcome. Raises nothing but CancelledError."""
        try:
            target = target_of(url)
        except ValueError:
            return failed(Reason.COULD_NOT_CONNECT, INVALID_URL)
        connecting.set(target)
        try:
            response = await self._session.post(target.url, data=body, headers=headers, allow_redirects=False)
            kept = b"" if response.content.at_eof() else await kept_body(response)
        except Exception as error:  # whatever a server makes the client raise is that server's outcome
            return failure(error, self._phase(target))
        return answered(response.status, kept_headers(response.raw_headers), kept)

    async def close(self) -> None:
        await self._session.close()

    def _phase(self, target: Target) -> Phase:
        """How far this task's request has come."""
        if connecting.get() is None:
            return Phase.SENT
        return Phase.RESOLVING if target.host in self._resolver.asking else Phase.CONNECTING

    def _socket(self, address: tuple[Any, ...]) -> socket.socket:
        """A socket for an address that is about to be connected to. Raises TargetRefused."""
        family, kind, protocol, _, where = address
        of = connecting.get()
        assert of is not None
        why = self._targets.refusal(of.scheme, of.host, where[0])
        if why is not None:
            raise TargetRefused(why)
        return socket.socket(family, kind, protocol)


async def kept_body(response: aiohttp.ClientResponse) -> bytes:
    """The first bytes of the answer's body, as sent (compressed, if it is). The deadline covers it all: a body that
    doesn't come to its end in time is no answer [our decision]."""
    kept, size = b"", 0
    try:
        while size < READ_LIMIT and (chunk := await response.content.readany()):
            if len(kept) < KEEP_LIMIT:
                kept += chunk[: KEEP_LIMIT - len(kept)]
            size += len(chunk)
    finally:
        response.release()  # which ends the connection if the body has not come to its end
    return kept


@functools.lru_cache(4_096)
def kept_headers(headers: tuple[tuple[bytes, bytes], ...]) -> str:
    """Headers as JSON. A server's are the same for a while: its clock is what changes in them."""
    kept = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers[:HEADERS_LIMIT]]
    return encode(kept).decode()
