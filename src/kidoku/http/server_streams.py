"""Event streams end when the server stops: by themselves they would keep it waiting for ever."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class EventStreams:
    """An ASGI application around `app` that knows which event streams are open, and can end them.

    A stream is an answer to GET with the content type `text/event-stream`. Ending it cancels its task, lets
    it clean up, and completes the answer, so that the client sees an orderly end and comes back with
    `Last-Event-ID`. Everything else is passed on untouched.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._open: set[asyncio.Task[object]] = set()
        self._ended: set[asyncio.Task[object]] = set()

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        if scope["type"] != "http" or scope["method"] != "GET":
            return self._app(scope, receive, send)
        return self._watch(scope, receive, send)

    def end(self) -> None:
        """End all open streams."""
        for task in self._open:
            self._ended.add(task)
            task.cancel()

    async def _watch(self, scope: Scope, receive: Receive, send: Send) -> None:
        task = asyncio.current_task()
        assert task is not None

        async def watched_send(message: Message) -> None:
            if message["type"] == "http.response.start" and _is_event_stream(message):
                self._open.add(task)
            await send(message)

        try:
            await self._app(scope, receive, watched_send)
        except asyncio.CancelledError:
            if task not in self._ended:
                raise
            task.uncancel()
            await send({"type": "http.response.body", "body": b""})
        finally:
            self._open.discard(task)
            self._ended.discard(task)


def _is_event_stream(start: Message) -> bool:
    return any(
        name.lower() == b"content-type" and value.startswith(b"text/event-stream")
        for name, value in start.get("headers", ())
    )
