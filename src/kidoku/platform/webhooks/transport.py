"""The HTTP client behind deliveries: one pool of connections, guarded. Loads aiohttp: import it late."""

from __future__ import annotations

import asyncio
import functools
import socket
from contextvars import ContextVar
from typing import Any

import aiohttp
import msgspec
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver
from yarl import URL

from kidoku.platform.webhooks.failures import NameTimeout, TargetRefused, failure
from kidoku.platform.webhooks.outcome import INVALID_URL, Outcome, Reason, answered, failed
from kidoku.platform.webhooks.targets import Targets

READ_LIMIT = 65_536
"""Bytes of an answer's body that are read; a longer one costs its connection."""
KEEP_LIMIT = 4_096
HEADERS_LIMIT = 32

KEEP_ALIVE_S = 1.5
"""Common servers close idle connections after 2 or 5 s. Ours must be gone before, since a POST that meets a closing
connection can't be repeated without asking whether the first one arrived."""

CONNECT_PART = 0.95
"""Part of the deadline that connecting may take, so that a timeout can say which of both it was."""

encode = msgspec.json.Encoder().encode
parsed = functools.lru_cache(4_096)(URL)


class Connecting:
    """What the guard has to know of the request for which a connection is made."""

    __slots__ = ("host", "scheme")

    def __init__(self, url: URL) -> None:
        self.scheme = url.scheme
        self.host = url.host or ""


connecting: ContextVar[Connecting] = ContextVar("kidoku_connecting")


class Resolver(AbstractResolver):
    """The system's resolver with a time limit of its own."""

    def __init__(self, limit_s: float) -> None:
        self._system = ThreadedResolver()
        self._limit_s = limit_s

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        try:
            return await asyncio.wait_for(self._system.resolve(host, port, family), self._limit_s)
        except TimeoutError as error:
            raise NameTimeout(f"no answer about {host} in {self._limit_s} s") from error
        except UnicodeError as error:  # a label that is empty or too long
            raise socket.gaierror(socket.EAI_NONAME, "not a host name") from error

    async def close(self) -> None:
        await self._system.close()


class Transport:
    """Sends requests as LINE does, to where `targets` lets them, within `timeout_ms`."""

    def __init__(self, targets: Targets, timeout_ms: int) -> None:
        self._targets = targets
        limit_s = timeout_ms / 1_000
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=0,  # the dispatcher has its own limit
                keepalive_timeout=KEEP_ALIVE_S,
                resolver=Resolver(limit_s * CONNECT_PART**2),
                socket_factory=self._socket,
            ),
            timeout=aiohttp.ClientTimeout(total=limit_s, connect=limit_s * CONNECT_PART),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            skip_auto_headers=("Accept", "User-Agent"),
            trust_env=False,
        )

    async def post(self, url: str, body: bytes, headers: dict[str, str]) -> Outcome:
        """Send one request; its outcome. Raises nothing but CancelledError."""
        try:
            where = parsed(url)
        except ValueError:
            return failed(Reason.COULD_NOT_CONNECT, INVALID_URL)
        connecting.set(Connecting(where))
        try:
            async with self._session.post(
                where, data=body, headers=headers, allow_redirects=False
            ) as response:
                return answered(response.status, kept_headers(response), await kept_body(response))
        except Exception as error:  # whatever a server makes the client raise is that server's outcome
            return failure(error)

    async def close(self) -> None:
        await self._session.close()

    def _socket(self, address: tuple[Any, ...]) -> socket.socket:
        """A socket for an address that is about to be connected to. Raises TargetRefused."""
        family, kind, protocol, _, where = address
        of = connecting.get()
        why = self._targets.refusal(of.scheme, of.host, where[0])
        if why is not None:
            raise TargetRefused(why)
        return socket.socket(family, kind, protocol)


async def kept_body(response: aiohttp.ClientResponse) -> bytes:
    """The first bytes of the answer's body, as sent (compressed, if it is). The deadline covers it all: a body that
    doesn't come to its end in time is no answer [our decision]."""
    kept, size = b"", 0
    async for chunk in response.content.iter_any():
        if len(kept) < KEEP_LIMIT:
            kept += chunk[: KEEP_LIMIT - len(kept)]
        size += len(chunk)
        if size >= READ_LIMIT:
            response.close()
            break
    return kept


def kept_headers(response: aiohttp.ClientResponse) -> str:
    headers = response.raw_headers[:HEADERS_LIMIT]
    return encode([(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers]).decode()
