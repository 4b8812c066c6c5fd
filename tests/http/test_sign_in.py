"""A browser without a session is asked for the control key, and then gets the page it wanted."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import aiohttp
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from kidoku.http.guard import Guard
from kidoku.http.server import RunningServer
from kidoku.http.sign_in import sign_in_page
from kidoku.http.templates import Pages

KEY = "correct horse"
BROWSER = {"accept": "text/html", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}


@dataclass(frozen=True)
class Access:
    control_key: str | None = KEY
    on_loopback: bool = True
    public_url: str | None = None


async def phone(_request: object) -> PlainTextResponse:
    return PlainTextResponse("the phone")


@pytest.fixture
async def url() -> AsyncIterator[str]:
    app = Starlette(routes=[Route("/phone", phone)])
    async with RunningServer(Guard(Access(), {"/": app}, sign_in=sign_in_page(Pages()))) as server:
        yield server.url


@pytest.fixture
async def browser() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True), headers=BROWSER) as session:
        yield session


async def test_a_page_becomes_the_sign_in_form(url: str, browser: aiohttp.ClientSession) -> None:
    async with browser.get(f"{url}/phone?user=U1&lang=ja") as answer:
        html = await answer.text()
        assert answer.status == 401
        assert 'action="/_kidoku/v1/session"' in html
        assert 'value="/phone?user=U1&amp;lang=ja"' in html
        assert "コントロールキー" in html
        assert "script-src 'self'" in answer.headers["content-security-policy"]


async def test_the_form_leads_to_the_page_that_was_wanted(url: str, browser: aiohttp.ClientSession) -> None:
    form = {"key": KEY, "next": "/phone?user=U1"}
    async with browser.post(f"{url}/_kidoku/v1/session", data=form) as answer:
        assert (answer.status, await answer.text()) == (200, "the phone")
        assert answer.url.query_string == "user=U1"


async def test_a_wrong_key_opens_nothing(url: str, browser: aiohttp.ClientSession) -> None:
    async with browser.post(f"{url}/_kidoku/v1/session", data={"key": "battery staple"}) as answer:
        assert answer.status == 401
    async with browser.get(f"{url}/phone") as answer:
        assert answer.status == 401
