"""Listening sockets, and what is said when there are none to be had."""

from __future__ import annotations

import contextlib
import errno
import os
import socket

from kidoku.core.sentence import Sentence

_BACKLOG = 2048


class StartupError(Exception):
    """The server cannot start: `message` says why in one line for the person who started it, `hint` what to do."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


def listen(host: str, port: int, *, share: bool = False) -> list[socket.socket]:
    """Sockets that listen on every address of `host`; port 0 picks a free one, the same for all.

    An address this machine does not have (`::1` for `localhost` where IPv6 is off) is left out, as long as
    another one is left. `share`: other processes that say so too may listen on the same port. Raises `StartupError`.
    """
    sockets: list[socket.socket] = []
    missing: OSError | None = None
    try:
        for family, address in _addresses(host, port):
            try:
                sockets.append(_listen(family, (address, port), share=share))
            except OSError as exc:
                if exc.errno not in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT):
                    raise
                missing = exc
            else:
                port = sockets[-1].getsockname()[1]
        if not sockets:
            raise missing or OSError(errno.EADDRNOTAVAIL, os.strerror(errno.EADDRNOTAVAIL))
    except (OSError, OverflowError) as exc:
        close(sockets)
        raise StartupError(_explain(host, port, exc)) from exc
    return sockets


def close(sockets: list[socket.socket]) -> None:
    """Stop listening."""
    for sock in sockets:
        sock.close()


def _addresses(host: str, port: int) -> list[tuple[socket.AddressFamily, str]]:
    found = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    return list(dict.fromkeys((family, str(address[0])) for family, _, _, _, address in found))


def _listen(family: socket.AddressFamily, address: tuple[str, int], *, share: bool) -> socket.socket:
    # With the protocol named, asyncio turns Nagle's algorithm off, as uvloop always does.
    sock = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    with contextlib.ExitStack() as undo:
        undo.callback(sock.close)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if share:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        if family == socket.AF_INET6:  # IPv4 has a socket of its own
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        sock.bind(address)
        # Listening here, before the application starts, is what makes sure of the port: two sockets may be
        # bound to it as long as neither listens. Early connections wait in the backlog.
        sock.listen(_BACKLOG)
        sock.setblocking(False)
        undo.pop_all()
    return sock


def _explain(host: str, port: int, exc: OSError | OverflowError) -> Sentence:
    shown = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    if isinstance(exc, socket.gaierror):
        return Sentence("Cannot listen on {address}: the host name is not known.", address=shown)
    if isinstance(exc, OverflowError):
        return Sentence("Cannot listen on {address}: a port is a number from 0 to 65535.", address=shown)
    if exc.errno == errno.EADDRINUSE:
        return Sentence(
            "Cannot listen on {address}: the port is in use. Stop what uses it or choose another --port.",
            address=shown,
        )
    if exc.errno == errno.EACCES:
        return Sentence(
            "Cannot listen on {address}: not permitted. Choose a --port from 1024 on.", address=shown
        )
    if exc.errno == errno.EADDRNOTAVAIL:
        return Sentence("Cannot listen on {address}: this machine has no such address.", address=shown)
    return Sentence("Cannot listen on {address}: {reason}.", address=shown, reason=exc.strerror or exc)
