"""Pictures to send: uploaded here, and shown to whoever knows their address."""

from __future__ import annotations

import asyncio
from base64 import urlsafe_b64encode
from typing import TYPE_CHECKING

from starlette.responses import FileResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from kidoku.desk.api.call import Call
from kidoku.desk.api.shapes.media import PictureTold
from kidoku.desk.pictures import (
    KEY_BYTES,
    MOST_BYTES,
    PREFIX,
    TYPES,
    NotSendable,
    find,
    keep,
    prepare,
    public_base,
)
from kidoku.http.guard import nothing_here
from kidoku.http.json_api.problems import Problem, bad
from kidoku.http.json_api.route import Route, post

if TYPE_CHECKING:
    from kidoku.desk.runtime import Desk

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    # A picture never changes, and its address is known only to those who are to see it.
    "Cache-Control": "private, max-age=31536000, immutable",
    "X-Robots-Tag": "noindex",
}

NO_ADDRESS = Problem(
    409,
    "no_public_url",
    "LINE could not load the picture: the desk has no public address that begins with https://.",
    "Set public_url, or send a picture that is on the web already.",
)


async def post_picture(call: Call) -> PictureTold:
    """Keep a picture; the addresses are for an image message."""
    desk = call.desk
    base = public_base(desk.config)
    if base is None:
        raise NO_ADDRESS
    data = await call.body(MOST_BYTES)
    try:
        picture = await asyncio.to_thread(prepare, data)
    except NotSendable as error:
        raise bad(error.code, error.message, "LINE takes JPEG and PNG up to 10 MB.") from None
    key = urlsafe_b64encode(desk.entropy(KEY_BYTES)).decode()
    original, preview = await asyncio.to_thread(keep, desk.config.media_dir, key, picture, desk.now)
    at = base + PREFIX
    return PictureTold(original_content_url=at + original, preview_image_url=at + preview)


def pictures(desk: Desk) -> ASGIApp:
    """Serves what was uploaded, to LINE's clients too: whoever knows an address may see the picture."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        found = find(desk.config.media_dir, scope["path"].removeprefix(PREFIX))
        readable = found is not None and scope["method"] in {"GET", "HEAD"}
        if found is None or not readable or not await asyncio.to_thread(found[0].is_file):
            await nothing_here(scope, receive, send)
            return
        await FileResponse(found[0], media_type=found[1], headers=HEADERS)(scope, receive, send)

    return app


def routes() -> tuple[Route[Call], ...]:
    return (
        post(
            "/pictures",
            post_picture,
            "Upload a JPEG or PNG to send",
            "chats",
            file=tuple(TYPES.values()),
            gives=PictureTold,
        ),
    )
