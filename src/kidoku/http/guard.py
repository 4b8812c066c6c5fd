"""Who may reach the pages and the control API.

- On a loopback address without a key: everybody on this machine. The Host header must name this machine, or else a
  web page could reach the server through a name that it points here (DNS rebinding).
- With a key: who sends it as `Authorization: Bearer`, or holds the session that it was exchanged for.
- Other sites may send people here by a link, and nothing else (cross-site request forgery).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Protocol
from urllib.parse import urlsplit

import msgspec
from starlette.types import ASGIApp, Receive, Scope, Send

from kidoku.http.hosts import host_name, names_loopback
from kidoku.http.same_origin import is_from_here
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
        self._local = access.on_loopback
        public = urlsplit(access.public_url or "")
        self._public_host = (public.hostname or "").lower()
        self._public_netloc = public.netloc.lower()
        self._sign_in = sign_in
        self._sessions = Sessions(self._key, now, secure=public.scheme == "https")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        headers = dict(scope["headers"])
        by_key = self._sessions.knows_bearer(headers)
        refusal = self._refusal(scope, headers, by_key)
        if refusal is not None:
            await refuse(send, 403, *refusal)
        elif scope["path"] == SESSION_PATH:
            await answer_session(self._sessions, scope, receive, send)
        elif by_key or scope["path"].startswith(OPEN_PREFIX) or self._sessions.knows_cookie(headers):
            await self._app(scope["path"])(scope, receive, send)
        elif self._sign_in is not None and is_page_load(scope, headers):
            await self._sign_in(scope, receive, send)
        else:
            await refuse(send, 401, *NO_KEY)

    def _app(self, path: str) -> ASGIApp:
        return next((app for prefix, app in self._apps if path.startswith(prefix)), nothing_here)

    def _refusal(self, scope: Scope, headers: Headers, by_key: bool) -> tuple[str, str, str] | None:
        """Why a request is refused whoever sends it: code, message and hint."""
        host = headers.get(b"host", b"").decode("latin-1").lower()
        if self._local and not self._is_our_host(host):
            return (
                "host_not_allowed",
                f"The Host header {host!r} does not name this machine.",
                "Use http://127.0.0.1 or http://localhost, or set public_url to the address you use.",
            )
        # The key can't be sent by another site without being known to it.
        if by_key and self._key is not None:
            return None
        if not is_from_here(scope["method"], headers, (host, self._public_netloc)):
            return (
                "cross_site",
                "A page of another site sent this request.",
                "Call the control API from a program, or from Kidoku's own pages.",
            )
        return None

    def _is_our_host(self, host: str) -> bool:
        return names_loopback(host) or (self._public_host != "" and host_name(host) == self._public_host)


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
