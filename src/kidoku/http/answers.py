"""Sending an answer whose body is there."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.types import Send

NO_STORE = (b"cache-control", b"no-store")


async def send_whole(
    send: Send, status: int, body: bytes, media_type: bytes, headers: Iterable[tuple[bytes, bytes]] = ()
) -> None:
    """Send a body that nobody is to keep. The server leaves it out where HEAD was asked."""
    fields = [
        (b"content-type", media_type),
        (b"content-length", b"%d" % len(body)),
        NO_STORE,
        *headers,
    ]
    await send({"type": "http.response.start", "status": status, "headers": fields})
    await send({"type": "http.response.body", "body": body})
