"""Who may come in to the desk's pages and its API.

- Nobody whom the fence keeps out.
- A program with the API key, as `Authorization: Bearer`.
- An agent with a session that has not ended, and who has not been disabled since.
- Everybody: to sign in, and to what the sign-in page needs.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.types import ASGIApp, Receive, Scope, Send

from kidoku.desk.api.caller import Caller
from kidoku.desk.api.cookie import secret_of
from kidoku.desk.api.paths import PREFIX, ROOT, SESSION
from kidoku.desk.store.agents import SEEN_MS, agent_of_session, use_session
from kidoku.http.fence import Fence
from kidoku.http.guard import OPEN_PREFIX, is_page_load, nothing_here, refuse

if TYPE_CHECKING:
    from kidoku.desk.runtime import Desk

CALLER = "kidoku.caller"
"""Where a request's scope says who makes it."""

SIGN_IN = "/sign-in"
"""The page that asks for login and password; `?next=` is the path to go on to."""

DOOR = "/door/"
"""What a door's address begins with; its key follows."""

OPEN = frozenset({ROOT + SESSION, SIGN_IN})
OPEN_PREFIXES = (OPEN_PREFIX, DOOR)

Headers = Mapping[bytes, bytes]

NOBODY = (
    "sign_in_required",
    "Nobody is signed in here.",
    f"Sign in with POST {ROOT}{SESSION}, or send the API key as `Authorization: Bearer KEY`.",
)
WRONG_KEY = ("wrong_key", "That is not the API key of this desk.", "Its setting is api_key.")


class Access:
    """An ASGI application in front of `apps`, by path prefix; the longest that fits gets the request. Its scope says
    who makes it.
    """

    def __init__(self, desk: Desk, apps: Mapping[str, ASGIApp]) -> None:
        self._desk = desk
        self._apps = sorted(apps.items(), key=lambda one: len(one[0]), reverse=True)
        self._fence = Fence(desk.config.on_loopback, desk.config.public_url)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = dict(scope["headers"])
        keyed = self._has_key(headers)
        refusal = self._fence.refusal(scope["method"], headers, keyed=keyed)
        if refusal is not None:
            await refuse(send, 403, *refusal)
            return
        caller = Caller() if keyed else await self._signed_in(headers)
        path = scope["path"]
        if caller is not None or path in OPEN or path.startswith(OPEN_PREFIXES):
            await self._app(path)({**scope, CALLER: caller}, receive, send)
        elif not path.startswith(PREFIX) and is_page_load(scope, headers):
            await redirect(send, f"{SIGN_IN}?next={quote(wanted(scope), safe='/')}")
        else:
            await refuse(send, 401, *(WRONG_KEY if b"authorization" in headers else NOBODY))

    def _app(self, path: str) -> ASGIApp:
        return next((app for prefix, app in self._apps if path.startswith(prefix)), nothing_here)

    def _has_key(self, headers: Headers) -> bool:
        key = self._desk.config.api_key
        scheme, _, given = headers.get(b"authorization", b"").partition(b" ")
        if key is None or scheme.lower() != b"bearer":
            return False
        # Digests are of one length, so that a comparison says nothing about the key's length either.
        return hmac.compare_digest(digest(given.strip()), digest(key.encode()))

    async def _signed_in(self, headers: Headers) -> Caller | None:
        """Who is signed in by the cookie; a wrong key is not made up for by a cookie."""
        desk, secret = self._desk, secret_of(self._desk.config, headers)
        if not secret or b"authorization" in headers:
            return None
        found = await desk.read(agent_of_session, secret, desk.now)
        if found is None:
            return None
        agent, session = found
        if desk.now - session.seen_at > SEEN_MS:
            await desk.apply(use_session, session, desk.now)
        return Caller(agent, session)


def digest(value: bytes) -> bytes:
    return hashlib.sha256(value).digest()


def wanted(scope: Scope) -> str:
    path: str = scope["path"]
    query = scope.get("query_string", b"").decode("latin-1")
    return f"{path}?{query}" if query else path


async def redirect(send: Send, location: str) -> None:
    headers = [(b"location", location.encode()), (b"cache-control", b"no-store"), (b"content-length", b"0")]
    await send({"type": "http.response.start", "status": 303, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
