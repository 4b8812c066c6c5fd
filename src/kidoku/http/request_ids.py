"""A request ID for what is not LINE's: on the answer, and on every log line about the request."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kidoku.http import logs

REQUEST_ID = b"x-request-id"


def with_request_ids(app: ASGIApp, new_id: Callable[[], str]) -> ASGIApp:
    """`app` with an ID for every request. IDs that clients send are not taken over: they could be anything."""

    async def named(scope: Scope, receive: Receive, send: Send) -> None:
        identifier = new_id()
        header = (REQUEST_ID, identifier.encode())

        def send_named(message: Message) -> Awaitable[None]:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], header]
            return send(message)

        token = logs.request_id.set(identifier)
        try:
            await app(scope, receive, send_named)
        finally:
            logs.request_id.reset(token)

    return named
