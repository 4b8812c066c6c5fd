"""A connection to a bot's server: one request at a time, and what came of it.

Answers are read by the parser that reads our own server's requests. What is kept of one is what is shown of a delivery:
its status, the first of its headers and the beginning of its body, as they were sent.
"""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable
from typing import cast

import msgspec
from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser

from kidoku.platform.webhooks import outcome as o
from kidoku.platform.webhooks.outcome import Outcome, Reason, answered, failed

HEAD_LIMIT = 65_536
"""Bytes of an answer besides its body; one with much more is no answer."""
READ_LIMIT = 65_536
"""Bytes of an answer's body that are read; a longer one costs its connection."""
KEEP_LIMIT = 4_096
HEADERS_LIMIT = 32

SWITCHING_PROTOCOLS = 101
BODILESS = {204, 304}

CLOSED_EARLY = failed(Reason.UNCLASSIFIED, o.SESSION_CLOSED)
CLOSED_IN_BODY = failed(Reason.UNCLASSIFIED, o.STREAM_CLOSED)
NO_ANSWER = failed(Reason.UNCLASSIFIED, o.UNCLASSIFIED)
TOO_LATE = failed(Reason.REQUEST_TIMEOUT, o.REQUEST_TIMEOUT)

encode = msgspec.json.Encoder().encode


class Connection(asyncio.Protocol):
    """`rests` is called when the connection can take another request, `ended` once it is gone."""

    _headed: bool
    """Whether the head of the last answer is complete; those before it are interim ones."""
    _until_end: bool
    """Whether the answer's body ends with the connection."""
    _moved: bool
    """Whether the parser has got on: what it keeps of a line that doesn't end it does not tell."""

    def __init__(
        self, place: str, rests: Callable[[Connection], None], ended: Callable[[Connection], None]
    ) -> None:
        self.place = place
        self.resting_since = 0.0
        self._rests = rests
        self._ended = ended
        self._parser = HttpResponseParser(self)
        # Bots are written by hand too: what can be understood of their answers is.
        self._parser.set_dangerous_leniencies(
            lenient_headers=True, lenient_optional_cr_before_lf=True, lenient_spaces_after_chunk_size=True
        )
        self._waiting: asyncio.Future[Outcome] | None = None
        self._begin()

    async def ask(self, request: bytes, until: float) -> Outcome:
        """Send a request; its outcome, by the loop's time `until` at the latest. Cancelled, it ends the connection."""
        if self.closing:
            return CLOSED_EARLY
        loop = asyncio.get_running_loop()
        self._begin()
        waiting: asyncio.Future[Outcome] = loop.create_future()
        self._waiting = waiting
        timer = loop.call_at(until, self._stop_waiting, waiting, TOO_LATE)
        self._transport.write(request)
        try:
            return await waiting
        finally:
            timer.cancel()
            self._stop_waiting(waiting, CLOSED_EARLY)

    @property
    def closing(self) -> bool:
        return self._transport.is_closing()

    def close(self) -> None:
        """End it without waiting for anything."""
        self._transport.abort()

    # -- what the loop tells

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except HttpParserUpgrade:
            self._give_up(self._answer())  # to another protocol, which nobody asked for
            return
        except HttpParserError:
            self._give_up(NO_ANSWER)
            return
        if not self._moved:
            self._head_bytes += len(data)
        self._moved = False
        if self._head_bytes > HEAD_LIMIT and self._waiting is not None:
            self._give_up(NO_ANSWER)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._until_end:
            self._tell(self._answer())
        else:
            self._tell(CLOSED_IN_BODY if self._headed else CLOSED_EARLY)
        self._ended(self)

    # -- what the parser tells

    def on_message_begin(self) -> None:
        self._begin()
        if self._waiting is None:
            self.close()  # nobody asked: what comes now would be taken for the next answer

    def on_header(self, name: bytes, value: bytes) -> None:
        if not self._headed:  # what comes after the body is no header (RFC 9110, 6.5.1)
            self._headers.append((name, value))
        self._head_bytes += len(name) + len(value)
        self._moved = True

    def on_headers_complete(self) -> None:
        status = self._parser.get_status_code()
        if status // 100 == 1 and status != SWITCHING_PROTOCOLS:
            return
        self._headed = True
        named = [(name.lower(), value) for name, value in self._headers]
        coding = b",".join(value for name, value in named if name == b"transfer-encoding")
        has_end = coding.rstrip().lower().endswith(b"chunked") or any(
            n == b"content-length" for n, _ in named
        )
        self._until_end = not has_end and status not in BODILESS

    def on_body(self, body: bytes) -> None:
        self._moved = True
        self._size += len(body)
        if len(self._body) < KEEP_LIMIT:
            self._body += body[: KEEP_LIMIT - len(self._body)]
        if self._size >= READ_LIMIT:
            self._give_up(self._answer())

    def on_message_complete(self) -> None:
        if not self._headed or self._waiting is None:
            return  # an interim answer, or one that was cut
        sent = not self._transport.get_write_buffer_size()
        keeps = sent and self._parser.should_keep_alive() and not self._parser.should_upgrade()
        self._until_end = False
        self._tell(self._answer())
        if keeps:
            self._rests(self)
        elif sent:
            self._transport.close()
        else:
            self.close()  # who answers before it has read all may never read the rest

    # -- what becomes of it

    def _begin(self) -> None:
        self._headed = False
        self._until_end = False
        self._head_bytes = 0
        self._moved = True
        self._headers: list[tuple[bytes, bytes]] = []
        self._body = b""
        self._size = 0

    def _answer(self) -> Outcome:
        return answered(self._parser.get_status_code(), kept_headers(tuple(self._headers)), self._body)

    def _tell(self, outcome: Outcome) -> None:
        waiting, self._waiting = self._waiting, None
        if waiting is not None and not waiting.done():
            waiting.set_result(outcome)

    def _stop_waiting(self, waiting: asyncio.Future[Outcome], outcome: Outcome) -> None:
        """Give up this request, if it is still the one that waits; its connection may be another's by now."""
        if self._waiting is waiting:
            self._give_up(outcome)

    def _give_up(self, outcome: Outcome) -> None:
        """End the request and the connection, which can't be used any more."""
        self._tell(outcome)
        self.close()


@functools.lru_cache(4_096)
def kept_headers(headers: tuple[tuple[bytes, bytes], ...]) -> str:
    """Headers as JSON. A server's are the same for a while: its clock is what changes in them."""
    kept = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers[:HEADERS_LIMIT]]
    return encode(kept).decode()
