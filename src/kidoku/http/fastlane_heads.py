"""Heads in the fast lane: what was made of a request's, and the parts of an answer's that stay the same for a while."""

from __future__ import annotations

from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from kidoku.http.fastlane import CONTENT_TYPE, Params, Route, header_lines, lookup


class RequestHead:
    """What the parser made of the head of a hot request."""

    __slots__ = ("data", "end", "header", "headers", "keep_alive", "params", "path", "route", "size")

    def __init__(
        self,
        route: Route,
        path: bytes,
        params: Params,
        headers: list[tuple[bytes, bytes]],
        keep_alive: bool,
        data: bytes = b"",
        size: int = 0,
    ) -> None:
        """`data` is the head as it came, `size` the bytes of the whole request, both only where they are remembered."""
        self.route = route
        self.path = path
        self.params = params
        self.headers = headers
        self.header = lookup(headers)
        self.keep_alive = keep_alive
        self.data = data
        self.end = len(data)
        self.size = size


class AnswerHeads:
    """The parts of answers that are the same for a second: status line, date, server, content type."""

    def __init__(self) -> None:
        self._defaults: list[tuple[bytes, bytes]] | None = None
        self._heads: dict[int, bytes] = {}

    def get(self, status: int, defaults: list[tuple[bytes, bytes]]) -> bytes:
        if defaults is not self._defaults:  # uvicorn makes a new list every second
            self._defaults = defaults
            self._heads = {}
        head = self._heads.get(status)
        if head is None:
            head = self._heads[status] = plain_head(status, defaults) + header_lines(CONTENT_TYPE)
        return head


def plain_head(status: int, defaults: list[tuple[bytes, bytes]]) -> bytes:
    """Status line and default headers."""
    return STATUS_LINE[status] + header_lines(*defaults)
