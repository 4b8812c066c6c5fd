"""Answers with what users sent: never run, whatever it is, and in parts where a player asks for them."""

from __future__ import annotations

import asyncio
from pathlib import Path

from starlette.responses import FileResponse
from starlette.types import Receive, Scope, Send

from kidoku.http.json_api.answers import Headers, Sender
from kidoku.storage.refused import Missing

SAFE = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "private, no-cache",
}


async def file_sender(scope: Scope, path: Path, media_type: str, download: str | None = None) -> Sender:
    """An answer with a file; with `download`, one to be saved under that name. Raises Missing."""
    if not await asyncio.to_thread(path.exists):
        raise Missing("file_missing", "The file is not in the media folder any more.")
    response = FileResponse(path, media_type=media_type, headers=SAFE, filename=download)

    async def send_file(receive: Receive, send: Send, headers: Headers) -> None:
        response.raw_headers.extend(headers)
        await response(scope, receive, send)

    return send_file
