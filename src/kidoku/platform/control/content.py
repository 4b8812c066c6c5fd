"""The bytes of what users sent, for the phone's pictures, players and downloads."""

from __future__ import annotations

from kidoku.http.json_api.answers import Sender
from kidoku.http.json_api.files import file_sender
from kidoku.http.json_api.problems import Problem
from kidoku.platform.control.call import Call
from kidoku.platform.store.phone_content import PhoneContent, phone_content
from kidoku.storage.refused import Missing


async def get_content(call: Call) -> Sender:
    found = await look_up(call)
    download = found.file_name if found.kind == "file" else None
    path = call.platform.media.path(found.digest)
    return await file_sender(call.scope, path, found.media_type, download)


async def get_content_preview(call: Call) -> Sender:
    """A small image; an image without one stands for itself."""
    found = await look_up(call)
    if found.preview_digest is not None:
        return await file_sender(call.scope, call.platform.media.path(found.preview_digest), "image/jpeg")
    if found.kind != "image":
        raise Missing("no_preview", "Only images and videos have a preview.")
    return await file_sender(call.scope, call.platform.media.path(found.digest), found.media_type)


async def look_up(call: Call) -> PhoneContent:
    found = await call.platform.read(phone_content, call.params["userId"], call.message_id)
    if found.gone:
        raise Problem(410, "content_gone", "The message was unsent, and its content with it.")
    return found
