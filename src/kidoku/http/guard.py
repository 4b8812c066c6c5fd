"""Who may reach the pages and the control API.

- On a loopback address without a key: everybody on this machine.
- With a key: who sends it as `Authorization: Bearer`, or holds the session that it was exchanged for.
- Nobody whom the fence keeps out.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Protocol

import msgspec
from starlette.types import ASGIApp, Receive, Scope, Send

from kidoku.http.fence import Fence, Refusal
from kidoku.http.sessions import SESSION_PATH, Sessions, answer_session

OPEN_PREFIX = "/_kidoku/static/"
"""Style sheets and scripts: the sign-in page needs them, and there is nothing in them to protect."""

Headers = Mapping[bytes, bytes]
encode = msgspec.json.Encoder().encode


class Access(Protocol):
    """What the guard needs to know; both sides' settings have it."""

    @property
    def control_key(self) -> str | None: ...

    @property
    def on_loopback(self) -> bool: ...

    @property
    def public_url(self) -> str | None: ...


class Guard:
    """An ASGI application in front of `apps`, by path prefix; the longest that fits gets the request.

    `sign_in` answers instead of a page for a browser without a session. `now` is the time in seconds.
    """

    def __init__(
        self,
        access: Access,
        apps: Mapping[str, ASGIApp],
        *,
        sign_in: ASGIApp | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._apps = sorted(apps.items(), key=lambda one: len(one[0]), reverse=True)
        self._key = access.control_key
        self._fence = Fence(access.on_loopback, access.public_url)
        self._sign_in = sign_in
        self._sessions = Sessions(self._key, now, secure=self._fence.secure)

    def admits(self, method: str, headers: Headers) -> bool:
        """Whether a request reaches the application that answers its path."""
        by_key, refusal = self._judge(method, headers)
        return refusal is None and (by_key or self._sessions.knows_cookie(headers))

    def _judge(self, method: str, headers: Headers) -> tuple[bool, Refusal | None]:
        """Whether a request needs nothing but the key that it may have, and why it is refused whatever it has."""
        by_key = self._sessions.knows_bearer(headers)
        return by_key, self._fence.refusal(method, headers, keyed=by_key and self._key is not None)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        headers, path = dict(scope["headers"]), scope["path"]
        by_key, refusal = self._judge(scope["method"], headers)
        if refusal is not None:
            await refuse(send, 403, *refusal)
        elif path == SESSION_PATH:
            await answer_session(self._sessions, scope, receive, send)
        elif by_key or path.startswith(OPEN_PREFIX) or self._sessions.knows_cookie(headers):
            await self._app(path)(scope, receive, send)
        elif self._sign_in is not None and is_page_load(scope, headers):
            await self._sign_in(scope, receive, send)
        else:
            await refuse(send, 401, *NO_KEY)

    def _app(self, path: str) -> ASGIApp:
        for prefix, app in self._apps:
            if path.startswith(prefix):
                return app
        return nothing_here


NO_KEY = (
    "key_required",
    "This server asks for its control key.",
    "Send it as `Authorization: Bearer KEY`, or exchange it for a session: POST /_kidoku/v1/session",
)


def is_page_load(scope: Scope, headers: Headers) -> bool:
    """Whether a browser asks for a page to show, rather than a program for data."""
    return scope["method"] == "GET" and b"text/html" in headers.get(b"accept", b"")


async def nothing_here(scope: Scope, receive: Receive, send: Send) -> None:
    await refuse(send, 404, "not_found", "There is nothing at this path.", "")


async def refuse(send: Send, status: int, code: str, message: str, hint: str) -> None:
    """Answer with the control API's error shape."""
    body = encode({"error": {"code": code, "message": message, "hint": hint}})
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    if status == 401:
        headers.append((b"www-authenticate", b"Bearer"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
