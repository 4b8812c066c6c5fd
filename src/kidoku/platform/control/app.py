"""The control API as an ASGI application."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import msgspec
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kidoku.platform.control.call import Call
from kidoku.platform.control.openapi import document
from kidoku.platform.control.paths import OPENAPI, ROOT
from kidoku.platform.control.problems import Problem, body_of, from_refused
from kidoku.platform.control.routing import Routes, require
from kidoku.platform.control.table import routes as all_routes
from kidoku.storage.refused import Refused

if TYPE_CHECKING:
    from kidoku.platform.runtime import Platform

log = logging.getLogger(__name__)

CURSOR = b"x-kidoku-cursor"
"""Header of every answer: the cursor of live events before the request did anything."""

encode = msgspec.json.Encoder().encode
Headers = Iterable[tuple[bytes, bytes]]


def control_api(platform: Platform) -> ASGIApp:
    """The application for /_kidoku/v1/* and /_kidoku/openapi.json."""
    routes = Routes(all_routes())

    async def result_of(scope: Scope, receive: Receive) -> Any:
        if scope["path"] == OPENAPI:
            require({"GET"}, scope["method"])
            return document(routes.all)
        route, params = routes.find(scope["method"], scope["path"].removeprefix(ROOT))
        return await route.handler(Call(platform, scope, receive, params))

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] == "HEAD":
            receive = gone
        cursor = (CURSOR, platform.bus.cursor.encode())
        try:
            result = await result_of(scope, receive)
        except Problem as problem:
            await send_json(send, problem.status, body_of(problem), [cursor, *problem.headers])
        except Refused as refused:
            why = from_refused(refused)
            await send_json(send, why.status, body_of(why), [cursor])
        except Exception:
            log.exception("%s %s failed", scope["method"], scope["path"])
            await send_json(send, 500, body_of(OUR_FAULT), [cursor])
        else:
            if callable(result):
                await result(receive, send, [cursor])
            else:
                await send_json(send, 200, result, [cursor])

    return app


OUR_FAULT = Problem(500, "internal_error", "Kidoku made a mistake.", "The log of the server says more.")


async def gone() -> Message:
    """What a client that asks for the head only says next: it waits for no more, so a stream ends at once. That the
    answer's body stays away is up to the server.
    """
    return {"type": "http.disconnect"}


async def send_json(send: Send, status: int, body: Any, headers: Headers) -> None:
    content = encode(body)
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [
                (b"content-type", b"application/json"),
                (b"content-length", b"%d" % len(content)),
                (b"cache-control", b"no-store"),
                *headers,
            ],
        }
    )
    await send({"type": "http.response.body", "body": content})
