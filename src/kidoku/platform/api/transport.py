"""Requests and answers on the ASGI side: bodies in, answers and files out."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import IO

from starlette.types import Receive, Send

from kidoku.http.fastlane import CONTENT_TYPE, FastAnswer
from kidoku.platform.api.errors import MAX_BODY, TOO_LARGE, ApiError
from kidoku.platform.api.files import FileAnswer

CHUNK = 256 * 1024
"""Bytes of a file that are in memory at a time."""


class ClientGone(Exception):
    """The client went away before its request was complete."""


def too_large() -> ApiError:
    return ApiError(413, TOO_LARGE, cause="body_too_large", reason=f"A body may have {MAX_BODY:,} bytes.")


async def read_body(headers: Mapping[bytes, bytes], receive: Receive) -> bytes:
    """The request body. Raises ApiError 413, before it is read where its length is told, and ClientGone."""
    if int(headers.get(b"content-length", b"0")) > MAX_BODY:
        raise too_large()
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise ClientGone
        body += message.get("body", b"")
        if len(body) > MAX_BODY:
            raise too_large()
        if not message.get("more_body", False):
            return bytes(body)


async def send_answer(send: Send, answer: FastAnswer) -> None:
    length = (b"content-length", b"%d" % len(answer.body))
    headers = [CONTENT_TYPE, *answer.headers, length]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})


async def send_file(send: Send, answer: FileAnswer) -> None:
    """Send a file piece by piece. It may be unlinked meanwhile; what was opened is sent to its end."""
    file = await asyncio.to_thread(answer.path.open, "rb")
    with file:
        headers = [
            (b"content-type", answer.media_type.encode("latin-1")),
            *answer.headers,
            (b"content-length", b"%d" % answer.size),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send_pieces(send, file)


async def send_pieces(send: Send, file: IO[bytes]) -> None:
    while piece := await asyncio.to_thread(file.read, CHUNK):
        await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({"type": "http.response.body", "body": b""})
