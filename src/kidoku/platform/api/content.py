"""What users sent: content, preview and state of preparation (LINE: reference, "Message", on api-data.line.me)."""

from __future__ import annotations

import asyncio
from pathlib import Path

from kidoku.http.fastlane import REQUEST_ID, FastAnswer
from kidoku.platform.api.answers import answered
from kidoku.platform.api.errors import ApiError, not_found
from kidoku.platform.api.files import FileAnswer
from kidoku.platform.api.operation import Call
from kidoku.platform.media import media_path
from kidoku.platform.store.contents import StoredContent, content_of
from kidoku.wire.answers import Transcoding

GONE = "The content is gone"
NO_PREVIEW = "The content can not be previewed"
NO_TRANSCODING = "Transcoding status doesn't support this type of content"

PREVIEW_TYPE = "image/jpeg"


async def get_content(call: Call) -> FastAnswer | FileAnswer:
    found = await stored(call)
    if call.now < found.ready_at:
        return answered(call.request_id, status=202)
    return await file_answer(call, found.digest, found.media_type)


async def get_preview(call: Call) -> FastAnswer | FileAnswer:
    """A small image; of an image without one, the image itself."""
    found = await stored(call)
    if found.kind not in ("image", "video"):
        reason = f"Only images and videos have a preview; this is {found.media_type}."
        raise ApiError(400, NO_PREVIEW, cause="no_preview", reason=reason)
    if call.now < found.ready_at:
        return answered(call.request_id, status=202)
    if found.preview_digest is not None:
        return await file_answer(call, found.preview_digest, PREVIEW_TYPE)
    if found.kind == "image":
        return await file_answer(call, found.digest, found.media_type)
    raise not_found("no_video_preview", "The video was sent without a preview image.", "not found")


async def get_transcoding(call: Call) -> FastAnswer:
    found = await stored(call)
    if found.kind not in ("video", "audio"):
        reason = f"Only video and audio are prepared; this is {found.media_type}."
        raise ApiError(400, NO_TRANSCODING, cause="no_transcoding", reason=reason)
    return answered(call.request_id, Transcoding("processing" if call.now < found.ready_at else "succeeded"))


async def stored(call: Call) -> StoredContent:
    """The content of the message in the path. Raises ApiError 404 or 410."""
    text = call.params["messageId"]
    # A longer number is no message ID, and more than the database could take.
    message_id = int(text) if text.isascii() and text.isdecimal() and len(text) <= 18 else -1
    found = await call.platform.read(content_of, call.channel_id, message_id)
    if found is None:
        raise not_found("no_content", "No message to this channel with this ID has a content.", "not found")
    if found.gone:
        raise ApiError(410, GONE, cause="already_unsent", reason="The user has unsent the message.")
    return found


async def file_answer(call: Call, digest: str, media_type: str) -> FileAnswer:
    path = media_path(call.platform.config.media_dir, digest)
    size = await asyncio.to_thread(file_size, path)
    if size is None:
        raise not_found("file_missing", f"The file {path} is missing.", "not found")
    return FileAnswer(path, media_type, size, ((REQUEST_ID, call.request_id.encode()),))


def file_size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return None
