"""Calling an ASGI application without a socket, for tests that make thousands of calls."""

from __future__ import annotations

import json
from typing import Any

from starlette.types import ASGIApp, Message


async def call(
    app: ASGIApp, method: str, path: str, body: Any = None, token: str | None = None
) -> tuple[int, Any]:
    """Status and decoded JSON of the answer."""
    headers = [(b"content-type", b"application/json"), (b"host", b"localhost")]
    if token is not None:
        headers.append((b"authorization", f"Bearer {token}".encode()))
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": headers,
        "client": ("127.0.0.1", 1),
    }
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"" if body is None else json.dumps(body).encode()}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    return sent[0]["status"], json.loads(b"".join(one.get("body", b"") for one in sent[1:]))
