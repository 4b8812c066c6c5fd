"""One request to an API: its parts, read and checked."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Generic, TypeVar

import msgspec
from starlette.types import Receive, Scope

from kidoku.http.json_api.body import BODY_LIMIT, read_body
from kidoku.http.json_api.parsing import decode, parse_query
from kidoku.http.json_api.problems import Problem

S = TypeVar("S")
T = TypeVar("T")


@lru_cache(maxsize=64)
def media_type_of(content_type: bytes) -> str:
    """The media type in a Content-Type header."""
    return content_type.decode("latin-1").partition(";")[0].strip().lower()


class Call(Generic[S]):
    """A request to `server`, which is whatever handlers work on. `params` are the path's."""

    __slots__ = ("headers", "params", "receive", "scope", "server")

    def __init__(self, server: S, scope: Scope, receive: Receive, params: Mapping[str, str]) -> None:
        self.server = server
        self.scope = scope
        self.receive = receive
        self.params = params
        self.headers: dict[bytes, bytes] = dict(scope["headers"])

    @property
    def media_type(self) -> str:
        return media_type_of(self.headers.get(b"content-type", b""))

    @property
    def last_event_id(self) -> str:
        """Where a stream of live events broke off, as its client says; "" at its first request."""
        return self.headers.get(b"last-event-id", b"").decode("latin-1")

    async def body(self, limit: int = BODY_LIMIT) -> bytes:
        """The whole body. Raises Problem when it is too large or the client went away."""
        return await read_body(self.headers, self.receive, limit)

    async def json(self, decoder: msgspec.json.Decoder[T]) -> T:
        """The body as JSON of the decoder's shape; no body counts as `{}`. Raises Problem."""
        body = await self.body()
        if body and self.media_type not in {"application/json", ""}:
            raise Problem(
                415,
                "unsupported_media_type",
                f"The content type {self.media_type!r} is not supported here.",
                "Send JSON with `Content-Type: application/json`.",
            )
        return decode(decoder, body or b"{}")

    def query(self, shape: type[T]) -> T:
        """The query string as `shape`. Raises Problem."""
        return parse_query(self.scope.get("query_string", b""), shape)
