"""Who may reach the pages and the control API: the specification of `http/guard.py`."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import aiohttp
import pytest
from starlette.types import Receive, Scope, Send

from kidoku.http.guard import Guard
from kidoku.http.server import RunningServer
from kidoku.http.sessions import SESSION_S

KEY = "a key of the operator"
BEARER: Any = {"Authorization": f"Bearer {KEY}"}


@dataclass
class Access:
    control_key: str | None = None
    on_loopback: bool = True
    public_url: str | None = None


class Clock:
    def __init__(self) -> None:
        self.now = 1_763_800_000.0

    def __call__(self) -> float:
        return self.now


def says(text: str) -> Any:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"content-type", b"text/plain"), (b"content-length", b"%d" % len(text))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": text.encode()})

    return app


class Client:
    def __init__(self, url: str, http: aiohttp.ClientSession) -> None:
        self.url = url
        self.http = http
        self.headers: Any = {}

    async def ask(
        self, path: str = "/", method: str = "GET", status: int = 200, body: Any = None, **headers: str
    ) -> str:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        asked = self.http.request(
            method,
            self.url + path,
            headers=named,
            data=body,
            allow_redirects=False,
            skip_auto_headers={"Accept"},
        )
        async with asked as answer:
            text = await answer.text()
            assert answer.status == status, (answer.status, text)
            self.headers = answer.headers
        return text

    async def refused(self, status: int, path: str = "/", method: str = "GET", **more: Any) -> str:
        code: str = json.loads(await self.ask(path, method, status, **more))["error"]["code"]
        return code


@asynccontextmanager
async def guarded(access: Access, clock: Clock | None = None, sign_in: Any = None) -> AsyncIterator[Client]:
    apps = {"/": says("page"), "/_kidoku/v1/": says("control")}
    guard = Guard(access, apps, sign_in=sign_in, now=clock or Clock())
    async with (
        RunningServer(guard, lifespan="off") as server,
        aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http,
    ):
        yield Client(server.url, http)


async def test_the_longest_prefix_gets_the_request() -> None:
    async with guarded(Access()) as client:
        assert await client.ask("/phone") == "page"
        assert await client.ask("/_kidoku/v1/users") == "control"


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.8.9.1:8400",
        "localhost",
        "LOCALHOST:1",
        "[::1]:8400",
        "kidoku.localhost",
        "line.example.com",
    ],
)
async def test_hosts_that_name_this_machine(host: str) -> None:
    async with guarded(Access(public_url="https://line.example.com/")) as client:
        assert await client.ask(Host=host) == "page"


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "line.example.com.evil.example",
        "10.0.0.1",
        "[::2]",
        "",
        "169.254.169.254",
    ],
)
async def test_names_that_somebody_points_here_are_refused(host: str) -> None:
    async with guarded(Access(public_url="https://line.example.com")) as client:
        assert await client.refused(403, Host=host) == "host_not_allowed"
    async with guarded(Access()) as client:
        assert await client.refused(403, Host="line.example.com") == "host_not_allowed"


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "null", "http://127.0.0.1", "http://localhost:1", "file://", "nonsense"],
)
async def test_other_origins_are_refused(method: str, origin: str) -> None:
    async with guarded(Access()) as client:
        assert await client.refused(403, "/_kidoku/v1/x", method, Origin=origin) == "cross_site"


async def test_its_own_pages_may_do_anything() -> None:
    async with guarded(Access(public_url="https://line.example.com")) as client:
        await client.ask(method="POST", Origin=client.url, Sec_Fetch_Site="same-origin")
        await client.ask(method="POST", Origin="https://line.example.com", Host="line.example.com")
        await client.ask(method="POST", Origin="https://line.example.com")


@pytest.mark.parametrize(
    ("method", "site", "mode", "allowed"),
    [
        ("GET", "none", "navigate", True),
        ("POST", "none", "navigate", True),
        ("POST", "same-origin", "cors", True),
        ("GET", "cross-site", "navigate", True),
        ("GET", "same-site", "navigate", True),
        ("GET", "cross-site", "no-cors", False),
        ("GET", "same-site", "cors", False),
        ("POST", "cross-site", "navigate", False),
        ("POST", "same-site", "navigate", False),
        ("DELETE", "cross-site", "cors", False),
    ],
)
async def test_where_browsers_say_that_it_comes_from(
    method: str, site: str, mode: str, allowed: bool
) -> None:
    async with guarded(Access()) as client:
        status = 200 if allowed else 403
        await client.ask(method=method, status=status, Sec_Fetch_Site=site, Sec_Fetch_Mode=mode)


@pytest.mark.parametrize("on_loopback", [True, False])
async def test_the_key_is_asked_for(on_loopback: bool) -> None:
    async with guarded(Access(KEY, on_loopback)) as client:
        assert await client.refused(401) == "key_required"
        assert client.headers["WWW-Authenticate"] == "Bearer"
        for wrong in ("Bearer", "Bearer ", f"Bearer {KEY}x", f"Basic {KEY}", KEY, f"Bearer {KEY[:-1]}"):
            assert await client.refused(401, Authorization=wrong) == "key_required"
        assert await client.ask(**BEARER) == "page"
        assert await client.ask(Authorization=f"bearer {KEY}") == "page"
        assert await client.ask("/_kidoku/static/base.css") == "page"


async def test_a_host_needs_no_name_where_the_key_protects() -> None:
    async with guarded(Access(KEY, on_loopback=False)) as client:
        assert await client.ask(Host="kidoku.internal", **BEARER) == "page"
    async with guarded(Access(KEY)) as client:
        assert await client.refused(403, Host="kidoku.internal", **BEARER) == "host_not_allowed"


async def test_a_key_is_exchanged_for_a_session() -> None:
    clock = Clock()
    async with guarded(Access(KEY, on_loopback=False, public_url="https://x.example"), clock) as client:
        session = "/_kidoku/v1/session"
        assert json.loads(await client.ask(session)) == {"keyNeeded": True, "signedIn": False}
        await client.ask(session, "POST", 200, json.dumps({"key": KEY}))
        cookie = client.headers["Set-Cookie"]
        for part in ("HttpOnly", "SameSite=Strict", "Path=/", "Secure"):
            assert part in cookie
        assert KEY not in cookie
        kept = cookie.partition(";")[0]
        assert await client.ask(Cookie=f'odd="x y; {kept}; theme=dark') == "page"
        assert json.loads(await client.ask(session, Cookie=kept)) == {"keyNeeded": True, "signedIn": True}
        assert (
            await client.refused(403, "/", "POST", Cookie=kept, Origin="https://evil.example") == "cross_site"
        )
        await client.ask(session, "DELETE", Cookie=kept)
        assert "Max-Age=0" in client.headers["Set-Cookie"]
        name, _, value = kept.partition("=")
        end, _, code = value.partition(".")
        for forged in (
            f"{int(end) + 9}.{code}",
            f"{end}.{code[:-1]}0"[: len(value)],
            end,
            f".{code}",
            "",
            "x.y",
            "9" * 40,
        ):
            if forged != value:
                assert await client.refused(401, Cookie=f"{name}={forged}") == "key_required"
        clock.now += SESSION_S
        assert await client.refused(401, Cookie=kept) == "key_required"


async def test_a_session_of_another_key_is_none() -> None:
    async with guarded(Access(KEY)) as client:
        await client.ask("/_kidoku/v1/session", "POST", 200, json.dumps({"key": KEY}))
        value = client.headers["Set-Cookie"].partition(";")[0].partition("=")[2]
    async with guarded(Access("another key")) as client:
        await client.ask("/_kidoku/v1/session", "POST", 200, json.dumps({"key": "another key"}))
        name = client.headers["Set-Cookie"].partition("=")[0]
        assert await client.refused(401, Cookie=f"{name}={value}") == "key_required"


async def test_signing_in_with_a_form_leads_on_within_the_server() -> None:
    form = "application/x-www-form-urlencoded"
    async with guarded(Access(KEY)) as client:
        for after, where in (
            ("/phone?user=1", "/phone?user=1"),
            ("//evil.example", "/"),
            ("/\\evil.example", "/"),
            ("https://evil.example", "/"),
            ("/a\nb", "/"),
            ("/é", "/"),
        ):
            data = aiohttp.FormData({"key": KEY, "next": after})
            await client.ask("/_kidoku/v1/session", "POST", 303, data)
            assert client.headers["Location"] == where
        body = "key=wrong"
        await client.ask("/_kidoku/v1/session", "POST", 401, body, Content_Type=form)
        assert "Set-Cookie" not in client.headers


@pytest.mark.parametrize(
    "body", ["", "nonsense", "[]", "{}", '{"key": 5}', "x" * 4_096, '{"key": "x"', b"\xff"]
)
async def test_signing_in_with_nonsense(body: str | bytes) -> None:
    async with guarded(Access(KEY)) as client:
        await client.ask("/_kidoku/v1/session", "POST", 400, body)
        assert await client.refused(405, "/_kidoku/v1/session", "PUT") == "method_not_allowed"


async def pieces() -> AsyncIterator[bytes]:
    for _ in range(9):
        yield b"x" * 1_000


async def test_signing_in_with_more_than_a_key() -> None:
    async with guarded(Access(KEY)) as client:
        for body in (BytesIO(b"x" * 3_000_000), pieces()):
            assert await client.refused(413, "/_kidoku/v1/session", "POST", body=body) == "too_large"


async def test_without_a_key_a_session_is_nothing_special() -> None:
    async with guarded(Access()) as client:
        answer = json.loads(await client.ask("/_kidoku/v1/session"))
        assert answer == {"keyNeeded": False, "signedIn": True}


async def test_browsers_are_shown_how_to_sign_in() -> None:
    async with guarded(Access(KEY), sign_in=says("who are you?")) as client:
        assert await client.ask("/phone", Accept="text/html,*/*") == "who are you?"
        assert await client.refused(401, "/phone", Accept="application/json") == "key_required"
        assert await client.refused(401, "/phone", "POST", Accept="text/html") == "key_required"


async def test_nothing_is_where_nothing_is() -> None:
    guard = Guard(Access(), {"/here": says("here")})
    async with RunningServer(guard, lifespan="off") as server, aiohttp.ClientSession() as http:
        assert await Client(server.url, http).refused(404, "/there") == "not_found"
