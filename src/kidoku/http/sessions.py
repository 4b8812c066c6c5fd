"""Browser sessions: the control key, exchanged for a cookie that proves that its holder once had it.

A session is its end and a code over it under the key, so that nothing is kept and a new key ends all of them.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping
from urllib.parse import parse_qs

import msgspec
from starlette.types import Receive, Scope, Send

from kidoku.http.cookies import read_cookie
from kidoku.http.json_api.body import read_body
from kidoku.http.json_api.problems import Problem

SESSION_PATH = "/_kidoku/v1/session"
SESSION_S = 30 * 24 * 3_600
"""Seconds until a browser has to sign in again [our decision]."""

BODY_LIMIT = 4_096
"""Bytes that a key and an address may need."""
ALLOW = "DELETE, GET, HEAD, POST"
WHERE = "The key was printed when the server first started."

encode = msgspec.json.Encoder().encode


class SignIn(msgspec.Struct):
    """`next` is where a form leads to after signing in."""

    key: str
    next: str = "/"


class Sessions:
    """`key` None: no key is asked for, everybody is known. `now` is the time in seconds."""

    def __init__(self, key: str | None, now: Callable[[], float], *, secure: bool) -> None:
        self._key = None if key is None else key.encode()
        self._now = now
        self._attributes = f"; Path=/; HttpOnly; SameSite=Strict{'; Secure' if secure else ''}"
        # Cookies are shared by all ports of a host: servers with different keys keep to their own.
        self._name = "kidoku_session" + (
            "" if key is None else "_" + hashlib.sha256(key.encode()).hexdigest()[:8]
        )

    @property
    def needed(self) -> bool:
        return self._key is not None

    def is_key(self, key: str) -> bool:
        return self._key is None or hmac.compare_digest(digest(key.encode()), digest(self._key))

    def knows_bearer(self, headers: Mapping[bytes, bytes]) -> bool:
        """Whether the request carries the key; also when none is needed."""
        if self._key is None:
            return True
        scheme, _, token = headers.get(b"authorization", b"").partition(b" ")
        return scheme.lower() == b"bearer" and hmac.compare_digest(digest(token.strip()), digest(self._key))

    def knows_cookie(self, headers: Mapping[bytes, bytes]) -> bool:
        """Whether the request carries a session that has not ended."""
        value = read_cookie(headers.get(b"cookie", b"").decode("latin-1"), self._name)
        end, _, code = value.partition(".")
        if self._key is None or not (end.isascii() and end.isdecimal() and len(end) < 15):
            return self._key is None
        return hmac.compare_digest(code.encode(), self._code(end).encode()) and self._now() < int(end)

    def cookie(self) -> str:
        """The Set-Cookie header of a new session."""
        end = str(int(self._now()) + SESSION_S)
        return f"{self._name}={end}.{self._code(end)}; Max-Age={SESSION_S}{self._attributes}"

    def no_cookie(self) -> str:
        """The Set-Cookie header that ends a session."""
        return f"{self._name}=; Max-Age=0{self._attributes}"

    def _code(self, end: str) -> str:
        return hmac.new(self._key or b"", b"kidoku session 1\n" + end.encode(), hashlib.sha256).hexdigest()


def digest(value: bytes) -> bytes:
    """Of one length whatever the value, so that a comparison says nothing about lengths either."""
    return hashlib.sha256(value).digest()


async def answer_session(sessions: Sessions, scope: Scope, receive: Receive, send: Send) -> None:
    """`POST` exchanges `{"key"}`, or a form with it, for a session; `DELETE` ends one; `GET` tells about it.

    `HEAD` is `GET`; the server leaves the body out.
    """
    headers = dict(scope["headers"])
    known = sessions.knows_bearer(headers) or sessions.knows_cookie(headers)
    if scope["method"] in {"GET", "HEAD"}:
        await reply(send, 200, {"keyNeeded": sessions.needed, "signedIn": known})
    elif scope["method"] == "DELETE":
        await reply(send, 200, {}, [("set-cookie", sessions.no_cookie())])
    elif scope["method"] == "POST":
        await sign_in(sessions, headers, receive, send)
    else:
        body = error("method_not_allowed", f"{scope['method']} is not possible here.", f"Possible: {ALLOW}.")
        await reply(send, 405, body, [("allow", ALLOW)])


async def sign_in(sessions: Sessions, headers: Mapping[bytes, bytes], receive: Receive, send: Send) -> None:
    is_form = headers.get(b"content-type", b"").startswith(b"application/x-www-form-urlencoded")
    try:
        asked = parse(await read_body(headers, receive, BODY_LIMIT), is_form)
    except Problem as problem:
        await reply(send, problem.status, error(problem.code, problem.message, WHERE))
        return
    if asked is None:
        await reply(send, 400, error("invalid_body", 'The body must be {"key": "…"}.', WHERE))
    elif not sessions.is_key(asked.key):
        await reply(send, 401, error("wrong_key", "That is not the control key of this server.", WHERE))
    elif is_form:
        await reply(send, 303, {}, [("set-cookie", sessions.cookie()), ("location", inside(asked.next))])
    else:
        await reply(send, 200, {}, [("set-cookie", sessions.cookie())])


def parse(body: bytes, is_form: bool) -> SignIn | None:
    try:
        if is_form:
            fields = {name: values[0] for name, values in parse_qs(body.decode()).items()}
            return msgspec.convert(fields, SignIn)
        return msgspec.json.decode(body, type=SignIn)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None


def inside(path: str) -> str:
    """`path` if it stays on this server, else the start page. `//host` and `/\\host` would leave it."""
    leaves = path.startswith(("//", "/\\")) or not path.startswith("/") or not path.isprintable()
    return "/" if leaves or not path.isascii() else path


def error(code: str, message: str, hint: str) -> dict[str, dict[str, str]]:
    return {"error": {"code": code, "message": message, "hint": hint}}


async def reply(send: Send, status: int, body: object, headers: list[tuple[str, str]] | None = None) -> None:
    content = encode(body)
    fields = [("content-type", "application/json"), ("cache-control", "no-store"), *(headers or [])]
    encoded = [(name.encode(), value.encode("latin-1")) for name, value in fields]
    encoded.append((b"content-length", str(len(content)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": encoded})
    await send({"type": "http.response.body", "body": content})
