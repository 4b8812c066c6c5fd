"""Several streams of live events in one answer: a browser has six connections to a server, and a stream keeps its own.

Before what comes from another stream than the one before stands `event: stream` with the number of that stream, from 0.
`event: end` says that a stream has ended, or could not be had, while others go on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from msgspec import Meta
from starlette.types import Message, Receive, Send

from kidoku.http.json_api.answers import Headers, Sender
from kidoku.http.json_api.problems import Problem, bad
from kidoku.http.json_api.route import C, Route, get
from kidoku.http.json_api.shapes import Asked
from kidoku.storage.refused import Refused

Open = Callable[[C], Awaitable[Sender]]
MOST = 200
"""Streams in one answer: more than anybody has pages open."""


class JoinedAsked(Asked, frozen=True, kw_only=True):
    """`of`: for each stream the query that `/events` takes, with commas between them."""

    of: Annotated[str, Meta(max_length=50_000)] = ""


def joined_events(open_stream: Open[C], head: Headers) -> Route[C]:
    """The route that answers with several streams at once. `open_stream` handles the request for one of them; `head`
    are the headers of a stream.
    """
    return get(
        "/events/joined",
        joined(open_stream, head),
        "Several streams of live events in one answer",
        "live",
        query=JoinedAsked,
        media="text/event-stream",
    )


def joined(open_stream: Open[C], head: Headers) -> Open[C]:
    """A handler that answers with all the streams that are asked for."""

    async def get_joined_events(call: C) -> Sender:
        queries = call.query(JoinedAsked).of.split(",")
        if len(queries) > MOST:
            raise bad(
                "too_many_streams", f"One answer holds {MOST} streams.", "Ask for the others in another."
            )
        calls = [_alone(call, query) for query in queries]

        async def send_joined(receive: Receive, send: Send, headers: Headers) -> None:
            streams = _Streams(send)
            await send({"type": "http.response.start", "status": 200, "headers": [*head, *headers]})
            departure = asyncio.create_task(streams.wait_gone(receive))
            try:
                async with asyncio.TaskGroup() as group:
                    for number, one in enumerate(calls):
                        group.create_task(streams.carry(number, open_stream, one))
            finally:
                departure.cancel()
            await send({"type": "http.response.body", "body": b""})

        return send_joined

    return get_joined_events


def _alone(call: C, query: str) -> C:
    """The request for one of the streams. Where it goes on stands in its query."""
    headers = [(name, value) for name, value in call.scope["headers"] if name != b"last-event-id"]
    scope = {**call.scope, "headers": headers, "query_string": query.encode()}
    return type(call)(call.server, scope, call.receive, call.params)


class _Streams:
    def __init__(self, send: Send) -> None:
        self._send = send
        self._writing = asyncio.Lock()
        self._gone = asyncio.Event()
        self._current = -1

    async def wait_gone(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        self._gone.set()

    async def carry(self, number: int, open_stream: Open[C], call: C) -> None:
        """Send one stream to its end."""

        async def send(message: Message) -> None:
            if body := message.get("body"):
                await self._write(number, body)

        try:
            stream = await open_stream(call)
            await stream(self._receive, send, ())
        except (Problem, Refused):
            # One that names nobody ends; it takes no other with it.
            pass
        await self._write(number, b"event: end\ndata:\n\n")

    async def _receive(self) -> dict[str, Any]:
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _write(self, number: int, chunk: bytes) -> None:
        async with self._writing:
            if number != self._current:
                self._current = number
                chunk = b"event: stream\ndata: %d\n\n%b" % (number, chunk)
            await self._send({"type": "http.response.body", "body": chunk, "more_body": True})
