"""Reading the body of a request."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.types import Receive

from kidoku.http.json_api.problems import Problem, bad

BODY_LIMIT = 2 * 1024 * 1024
"""Bytes of a JSON body, as on LINE's own paths. Uploads have a limit of their own."""


async def read_body(headers: Mapping[bytes, bytes], receive: Receive, limit: int = BODY_LIMIT) -> bytes:
    """The whole body. Raises Problem when it is too large or the client went away."""
    if int(headers.get(b"content-length", b"0")) > limit:
        raise too_large(limit)
    message = await receive()
    if message["type"] == "http.request" and not message.get("more_body", False):
        return checked(message.get("body", b""), limit)
    parts: list[bytes] = []
    size = 0
    while message["type"] == "http.request":
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > limit:
            raise too_large(limit)
        if not message.get("more_body", False):
            return b"".join(parts)
        message = await receive()
    raise bad("incomplete_body", "The connection ended before the body did.")


def checked(body: bytes, limit: int) -> bytes:
    if len(body) > limit:
        raise too_large(limit)
    return body


def too_large(limit: int) -> Problem:
    return Problem(413, "too_large", f"The body is larger than {limit} bytes.")
