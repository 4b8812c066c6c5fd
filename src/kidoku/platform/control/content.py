"""The bytes of what users sent, for the phone's pictures, players and downloads."""

from __future__ import annotations

import asyncio
from pathlib import Path

from starlette.responses import FileResponse
from starlette.types import Receive, Send

from kidoku.http.json_api.answers import Headers, Sender
from kidoku.http.json_api.problems import Problem
from kidoku.platform.control.call import Call
from kidoku.platform.store.phone_content import PhoneContent, phone_content
from kidoku.storage.refused import Missing

SAFE = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "private, no-cache",
}
"""What a user sent is never run, whatever it is."""


async def get_content(call: Call) -> Sender:
    found = await look_up(call)
    download = found.file_name if found.kind == "file" else None
    return await file_sender(call, found.digest, found.media_type, download)


async def get_content_preview(call: Call) -> Sender:
    """A small image; an image without one stands for itself."""
    found = await look_up(call)
    if found.preview_digest is not None:
        return await file_sender(call, found.preview_digest, "image/jpeg")
    if found.kind != "image":
        raise Missing("no_preview", "Only images and videos have a preview.")
    return await file_sender(call, found.digest, found.media_type)


async def look_up(call: Call) -> PhoneContent:
    found = await call.platform.read(phone_content, call.params["userId"], call.message_id)
    if found.gone:
        raise Problem(410, "content_gone", "The message was unsent, and its content with it.")
    return found


async def file_sender(call: Call, digest: str, media_type: str, download: str | None = None) -> Sender:
    """An answer with a file, also in parts, as players ask for it."""
    path: Path = call.platform.media.path(digest)
    if not await asyncio.to_thread(path.exists):
        raise Missing("file_missing", "The file is not in the media folder any more.")
    response = FileResponse(path, media_type=media_type, headers=SAFE, filename=download)

    async def send_file(receive: Receive, send: Send, headers: Headers) -> None:
        response.raw_headers.extend(headers)
        await response(call.scope, receive, send)

    return send_file
