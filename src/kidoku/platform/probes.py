"""Probes and metrics, for whoever operates the platform."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable, Mapping

from starlette.types import ASGIApp, Receive, Scope, Send

from kidoku.platform.metrics import Collector, render
from kidoku.platform.runtime import Platform

Answer = tuple[int, bytes, bytes]
"""Status, body and content type."""

TEXT = b"text/plain; charset=utf-8"
READING = frozenset({"GET", "HEAD"})
ALLOW = (b"allow", b"GET, HEAD")


def probes(platform: Platform) -> Mapping[str, ASGIApp]:
    """`/livez`: the process answers. `/readyz`: the database does too. `/metrics`: for Prometheus."""
    collector = Collector(platform)

    async def livez() -> Answer:
        return 200, b"ok\n", TEXT

    async def readyz() -> Answer:
        return *await readiness(platform), TEXT

    async def metrics() -> Answer:
        text, media_type = render(collector)
        return 200, text, media_type.encode()

    return {"/livez": probe(livez), "/readyz": probe(readyz), "/metrics": probe(metrics)}


def probe(look: Callable[[], Awaitable[Answer]]) -> ASGIApp:
    """An application that answers GET and HEAD with what `look` finds."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] in READING:
            await answer(send, *await look())
        else:
            await answer(send, 405, b"only GET and HEAD\n", TEXT, ALLOW)

    return app


async def readiness(platform: Platform) -> tuple[int, bytes]:
    """200 while requests are served: not when the database can't be read, nor when stopping."""
    if platform.bus.closed:
        return 503, b"stopping\n"
    try:
        await platform.engine.ping()
    except sqlite3.Error as error:
        return 503, f"the database can't be read: {error}\n".encode()
    return 200, b"ready\n"


async def answer(send: Send, status: int, body: bytes, media_type: bytes, *more: tuple[bytes, bytes]) -> None:
    """Answer with a body, which the server leaves out where HEAD was asked."""
    headers = [
        (b"content-type", media_type),
        (b"content-length", b"%d" % len(body)),
        (b"cache-control", b"no-store"),
        *more,
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
