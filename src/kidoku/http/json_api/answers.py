"""How answers leave: as JSON, or sent by the handler itself."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import msgspec
from starlette.types import Receive, Send

from kidoku.http.answers import send_whole

Headers = Iterable[tuple[bytes, bytes]]
Sender = Callable[[Receive, Send, Headers], Awaitable[None]]
"""An answer that is no JSON: it sends itself, with the headers of every answer."""

encode = msgspec.json.Encoder().encode


def send_json(send: Send, status: int, body: Any, headers: Headers = ()) -> Awaitable[None]:
    return send_whole(send, status, encode(body), b"application/json", headers)


def with_headers(body: Any, *more: tuple[bytes, bytes]) -> Sender:
    """JSON with headers of its own."""

    async def send_body(_receive: Receive, send: Send, headers: Headers) -> None:
        await send_json(send, 200, body, [*more, *headers])

    return send_body


def attachment(text: str, media_type: str, file_name: str) -> Sender:
    """A text for a browser to save."""
    disposition = (b"content-disposition", f'attachment; filename="{file_name}"'.encode())

    async def send_text(_receive: Receive, send: Send, headers: Headers) -> None:
        await send_whole(send, 200, text.encode(), media_type.encode(), [disposition, *headers])

    return send_text
