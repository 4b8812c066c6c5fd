"""Probes and metrics, for whoever operates a server."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING

from starlette.types import ASGIApp, Receive, Scope, Send

from kidoku.http.answers import send_whole

if TYPE_CHECKING:
    from prometheus_client.registry import Collector

Answer = tuple[int, bytes, bytes]
"""Status, body and content type."""

Trouble = Callable[[], Awaitable[str | None]]
"""Why requests can't be served just now, in one line; None while they can."""

TEXT = b"text/plain; charset=utf-8"
READING = frozenset({"GET", "HEAD"})
ALLOW = (b"allow", b"GET, HEAD")


def probes(trouble: Trouble, collector: Collector) -> Mapping[str, ASGIApp]:
    """`/livez`: the process answers. `/readyz`: there is no trouble either. `/metrics`: for Prometheus."""

    async def livez() -> Answer:
        return 200, b"ok\n", TEXT

    async def readyz() -> Answer:
        why = await trouble()
        return (200, b"ready\n", TEXT) if why is None else (503, f"{why}\n".encode(), TEXT)

    async def metrics() -> Answer:
        text, media_type = render(collector)
        return 200, text, media_type.encode()

    return {"/livez": probe(livez), "/readyz": probe(readyz), "/metrics": probe(metrics)}


def probe(look: Callable[[], Awaitable[Answer]]) -> ASGIApp:
    """An application that answers GET and HEAD with what `look` finds."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] in READING:
            await send_whole(send, *await look())
        else:
            await send_whole(send, 405, b"only GET and HEAD\n", TEXT, [ALLOW])

    return app


def render(collector: Collector) -> tuple[bytes, str]:
    """The metrics of a server and its process as text, and its content type."""
    from prometheus_client import PROCESS_COLLECTOR, CollectorRegistry
    from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

    registry = CollectorRegistry()
    registry.register(collector)
    registry.register(PROCESS_COLLECTOR)
    return generate_latest(registry), CONTENT_TYPE_LATEST
