"""What users sent, from LINE's host for data (LINE: reference, "Get content")."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import NamedTuple
from urllib.parse import quote

import aiohttp

from kidoku.core.mark_attempt import Tried
from kidoku.desk.line.client import LineClient, NoAnswer, answer_of

CHUNK = 256 * 1024
ANY_TYPE = "application/octet-stream"
TYPE_LIMIT = 200
ERROR_LIMIT = 64 * 1024


class TooLarge(Exception):
    """The file has more bytes than are wanted."""


class Download(NamedTuple):
    """How a download ended, and what the file is."""

    tried: Tried
    media_type: str


def content_path(message_id: str, part: str) -> str:
    """Where the content or the preview of a message is."""
    found = f"/v2/bot/message/{quote(message_id, safe='')}/content"
    return found if part == "content" else f"{found}/{part}"


async def download(
    line: LineClient, url: str, access_token: str, limit: int, write: Callable[[bytes], Awaitable[None]]
) -> Download:
    """Hand a file to `write`, piece by piece. Raises TooLarge at the byte after `limit` at the latest."""
    try:
        async with line.opened(url, access_token) as response:
            if response.status != 200:
                answer = answer_of(response, await start_of(response, ERROR_LIMIT))
                return Download(Tried(answer.status, None, answer.message, answer.retry_after_s), ANY_TYPE)
            if (response.content_length or 0) > limit:
                raise TooLarge
            size = 0
            async for piece in response.content.iter_chunked(CHUNK):
                size += len(piece)
                if size > limit:
                    raise TooLarge
                await write(piece)
            media_type = response.headers.get("Content-Type", ANY_TYPE)
            return Download(Tried(200), media_type[:TYPE_LIMIT])
    except NoAnswer as error:
        return Download(Tried(None, error.fault, error.message), ANY_TYPE)


async def start_of(response: aiohttp.ClientResponse, limit: int) -> bytes:
    """As much of a body as is of use when it is an error."""
    found = bytearray()
    async for piece in response.content.iter_chunked(limit):
        found += piece
        if len(found) >= limit:
            break
    return bytes(found[:limit])


async def preparation_failed(line: LineClient, url: str, access_token: str) -> bool:
    """Whether LINE has given up preparing a video or an audio; `url` is its content's."""
    try:
        answer = await line.call("GET", f"{url}/transcoding", access_token)
    except NoAnswer:
        return False
    return answer.status == 200 and isinstance(answer.body, dict) and answer.body.get("status") == "failed"
