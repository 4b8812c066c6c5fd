"""The HTTP client behind deliveries: finds a connection to the bot's server, or makes one where that is allowed.

Ours, as webhook delivery is what Kidoku is for: requests are exactly those of LINE, what fails is told in LINE's
words, and a delivery costs a fraction of what it does with a general client. Names, addresses, TLS and the parsing of
answers are left to libraries.
"""

from __future__ import annotations

import asyncio
import functools
import socket
import ssl
from base64 import b64encode
from collections.abc import Sequence

from aiohappyeyeballs import start_connection
from yarl import URL

from kidoku.platform.webhooks import outcome as o
from kidoku.platform.webhooks.connection import Connection
from kidoku.platform.webhooks.failures import NotConnected, not_connected
from kidoku.platform.webhooks.names import Address, Names
from kidoku.platform.webhooks.outcome import INVALID_URL, Outcome, Reason, failed
from kidoku.platform.webhooks.targets import Targets

KEEP_ALIVE_S = 1.5
"""Common servers close idle connections after 2 or 5 s. Ours must be gone before, since a POST that meets a closing
connection can't be repeated without asking whether the first one arrived."""
NEXT_ADDRESS_S = 0.25
"""How long an address is tried alone before the next one is tried beside it (RFC 8305)."""


class Target:
    """A webhook URL, taken apart. `host` is what is looked up, `name` the same as people write it. Requests for one
    `place` share connections. Raises ValueError where no request can go.
    """

    __slots__ = ("head", "host", "name", "place", "port", "scheme")

    def __init__(self, url: str) -> None:
        parts = URL(url)
        if parts.scheme not in {"http", "https"} or not parts.raw_host or not parts.port:
            raise ValueError("no webhook URL")
        self.scheme = parts.scheme
        self.host = parts.raw_host
        self.name = parts.host or ""
        self.port = parts.port
        self.place = f"{parts.scheme}://{parts.raw_host}:{parts.port}"
        self.head = f"POST {parts.raw_path_qs} HTTP/1.1\r\nHost: {parts.host_port_subcomponent}\r\n"
        if parts.user is not None or parts.password is not None:
            known = f"{parts.user or ''}:{parts.password or ''}".encode()
            self.head += f"authorization: Basic {b64encode(known).decode()}\r\n"


target_of = functools.lru_cache(4_096)(Target)


@functools.cache
def tls_context() -> ssl.SSLContext:
    """Trusts whom the system trusts."""
    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])
    return context


class Transport:
    """Sends requests as LINE does, to where `targets` lets them, within `timeout_ms`."""

    def __init__(self, targets: Targets, timeout_ms: int) -> None:
        self._targets = targets
        self._timeout_s = timeout_ms / 1_000
        self._loop = asyncio.get_running_loop()
        self._names = Names()
        self._open: set[Connection] = set()
        self._resting: dict[str, list[Connection]] = {}
        self._sweeping: asyncio.TimerHandle | None = None

    async def post(self, url: str, body: bytes, headers: dict[str, str]) -> Outcome:
        """Send one request; its outcome. Raises nothing but CancelledError."""
        try:
            target = target_of(url)
        except ValueError:
            return failed(Reason.COULD_NOT_CONNECT, INVALID_URL)
        until = self._loop.time() + self._timeout_s
        connection = self._rested(target)
        if connection is None:
            try:
                connection = await self._connect(target, until)
            except NotConnected as error:
                return failed(Reason.COULD_NOT_CONNECT, error.detail)
        lines = "".join([f"{name}: {value}\r\n" for name, value in headers.items()])
        return await connection.ask(f"{target.head}{lines}\r\n".encode("latin-1") + body, until)

    async def close(self) -> None:
        """End all connections."""
        self._names.close()
        if self._sweeping is not None:
            self._sweeping.cancel()
        for connection in list(self._open):
            connection.close()
        await asyncio.sleep(0)  # most are told in the loop's next turn

    # -- connections at rest

    def _rested(self, target: Target) -> Connection | None:
        """A connection that may take a request."""
        resting = self._resting.get(target.place)
        while resting:
            connection = resting.pop()
            if not connection.closing and self._is_fresh(connection):
                return connection
            connection.close()
        return None

    def _is_fresh(self, connection: Connection) -> bool:
        return self._loop.time() - connection.resting_since < KEEP_ALIVE_S

    def _rests(self, connection: Connection) -> None:
        connection.resting_since = self._loop.time()
        self._resting.setdefault(connection.place, []).append(connection)
        if self._sweeping is None:
            self._sweeping = self._loop.call_later(KEEP_ALIVE_S, self._sweep)

    def _sweep(self) -> None:
        """Close those that have rested for too long: the oldest of a place stand first."""
        self._sweeping = None
        for place, resting in list(self._resting.items()):
            while resting and not self._is_fresh(resting[0]):
                resting.pop(0).close()
            if not resting:
                del self._resting[place]
        if self._resting:
            self._sweeping = self._loop.call_later(KEEP_ALIVE_S, self._sweep)

    def _ended(self, connection: Connection) -> None:
        self._open.discard(connection)
        resting = self._resting.get(connection.place, [])
        if connection in resting:
            resting.remove(connection)

    # -- new ones

    async def _connect(self, target: Target, until: float) -> Connection:
        """Raises NotConnected."""
        late = o.DNS_TIMEOUT
        try:
            async with asyncio.timeout_at(until):
                addresses = await self._addresses(target)
                late = o.CONNECTION_TIMEOUT
                connected = await start_connection(addresses, happy_eyeballs_delay=NEXT_ADDRESS_S)
                return await self._greet(target, connected)
        except TimeoutError:
            raise NotConnected(late) from None
        except (OSError, UnicodeError, RuntimeError) as error:  # the last is how uvloop tells of some
            raise not_connected(error) from error

    async def _addresses(self, target: Target) -> Sequence[Address]:
        """Where the name leads, as far as a webhook may go there: these addresses are connected to, and no others.

        Raises OSError, UnicodeError and NotConnected.
        """
        found = await self._names.addresses(target.host, target.port)
        why = [self._targets.refusal(target.scheme, target.name, str(one[4][0])) for one in found]
        allowed = [one for one, refusal in zip(found, why, strict=True) if refusal is None]
        if not allowed:
            raise NotConnected(why[0] or o.UNKNOWN_HOST)
        return allowed

    async def _greet(self, target: Target, connected: socket.socket) -> Connection:
        """Agree on TLS, if the URL asks for it. Raises OSError."""
        tls = target.scheme == "https"
        try:
            _, connection = await self._loop.create_connection(
                lambda: Connection(target.place, self._rests, self._ended),
                sock=connected,
                ssl=tls_context() if tls else None,
                server_hostname=target.host.rstrip(".") if tls else None,
            )
        except BaseException:
            connected.close()
            raise
        self._open.add(connection)
        return connection
