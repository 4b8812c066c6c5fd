"""Probes and metrics, for whoever operates the platform."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from starlette.types import ASGIApp, Receive, Scope, Send

from kidoku.platform.metrics import Collector, render
from kidoku.platform.runtime import Platform


def probes(platform: Platform) -> Mapping[str, ASGIApp]:
    """`/livez`: the process answers. `/readyz`: the database does too. `/metrics`: for Prometheus."""
    collector = Collector(platform)

    async def livez(scope: Scope, receive: Receive, send: Send) -> None:
        await answer(send, 200, b"ok\n")

    async def readyz(scope: Scope, receive: Receive, send: Send) -> None:
        await answer(send, *await readiness(platform))

    async def metrics(scope: Scope, receive: Receive, send: Send) -> None:
        text, media_type = render(collector)
        await answer(send, 200, text, media_type.encode())

    return {"/livez": livez, "/readyz": readyz, "/metrics": metrics}


async def readiness(platform: Platform) -> tuple[int, bytes]:
    """200 while requests are served: not when the database can't be read, nor when stopping."""
    if platform.bus.closed:
        return 503, b"stopping\n"
    try:
        await platform.engine.ping()
    except sqlite3.Error as error:
        return 503, f"the database can't be read: {error}\n".encode()
    return 200, b"ready\n"


async def answer(
    send: Send, status: int, body: bytes, media_type: bytes = b"text/plain; charset=utf-8"
) -> None:
    headers = [
        (b"content-type", media_type),
        (b"content-length", b"%d" % len(body)),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
