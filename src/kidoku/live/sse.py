"""Live events as server-sent events (HTML Standard, 9.2): one stream per open page, resumed with `Last-Event-ID`.

A stream begins with the cursor that it starts from, so that a client that has seen no event yet can resume too. When
the server can't say what was missed it sends `event: reset`: the client reads the state anew and goes on from there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

from kidoku.live.bus import Bus, Event, Subscription

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

HEARTBEAT_S = 15.0
"""Seconds of silence after which a comment shows that the connection is alive."""

CHUNK = 65_536
"""Bytes after which what has been collected is sent, so that a slow reader holds up no more than that."""

HEADERS = (
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-cache, no-transform"),
    (b"x-accel-buffering", b"no"),
)


async def nothing() -> None:
    """Nothing to do after a reset."""


class EventStream:
    """One client's stream.

    - `frame(event)` is the event as `frame_of` makes it; callers keep it for all who see the event alike. b"": the
      client does not get it.
    - `observe(event)` is called before an event is sent, and may change what the subscription covers.
    - `after_reset()` is awaited when events were lost, before the client is told.
    """

    def __init__(
        self,
        bus: Bus,
        subscription: Subscription,
        frame: Callable[[Event], bytes],
        *,
        observe: Callable[[Event], None] = lambda event: None,
        after_reset: Callable[[], Awaitable[None]] = nothing,
        heartbeat_s: float = HEARTBEAT_S,
    ) -> None:
        self._bus = bus
        self._subscription = subscription
        self._frame = frame
        self._observe = observe
        self._after_reset = after_reset
        self._heartbeat_s = heartbeat_s
        self._silent = False

    async def serve(
        self, receive: Receive, send: Send, start: str, headers: Iterable[tuple[bytes, bytes]] = ()
    ) -> None:
        """Send events until the client goes away or the bus closes. `start` is the cursor to begin from."""
        gone = asyncio.create_task(self._wait_gone(receive))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": [*HEADERS, *headers]})
            await self._write(send, f"id: {start}\n\n".encode())
            await self._run(send)
        finally:
            gone.cancel()
            self._bus.unsubscribe(self._subscription)
        await send({"type": "http.response.body", "body": b""})

    async def _run(self, send: Send) -> None:
        subscription = self._subscription
        while True:
            if subscription.reset:
                await self._write(send, await self._reset())
            elif subscription.queue:
                await self._write(send, self._take())
            elif subscription.closed:
                return
            elif self._silent:
                await self._write(send, b":\n\n")
            else:
                await self._idle()

    async def _idle(self) -> None:
        beat = asyncio.get_running_loop().call_later(self._heartbeat_s, self._beat)
        try:
            await self._subscription.wait()
        finally:
            beat.cancel()

    def _beat(self) -> None:
        self._silent = True
        self._subscription.wake()

    async def _write(self, send: Send, chunk: bytes) -> None:
        self._silent = False
        await send({"type": "http.response.body", "body": chunk, "more_body": True})

    async def _reset(self) -> bytes:
        await self._after_reset()
        subscription = self._subscription
        subscription.reset = False
        before = subscription.queue[0].position - 1 if subscription.queue else self._bus.position
        cursor = f"{self._bus.epoch}-{before}"
        return f'id: {cursor}\nevent: reset\ndata: {{"type":"reset"}}\n\n'.encode()

    def _take(self) -> bytes:
        """What waits, up to a chunk; where nothing of it is for this client, how far it is by now."""
        subscription, frames, size = self._subscription, [], 0
        while subscription.queue and size < CHUNK:
            event = subscription.queue.popleft()
            self._observe(event)
            frame = self._frame(event)
            frames.append(frame)
            size += len(frame)
        return b"".join(frames) or f"id: {self._bus.cursor_of(event)}\n\n".encode()

    async def _wait_gone(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        self._subscription.closed = True
        self._subscription.queue.clear()
        self._subscription.wake()


def frame_of(bus: Bus, event: Event, data: bytes) -> bytes:
    """An event on the wire. `data` is JSON without line breaks."""
    return b"id: %b\ndata: %b\n\n" % (bus.cursor_of(event).encode(), data)
