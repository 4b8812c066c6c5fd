"""Pages: language, theme, content security policy, and the static files beside them."""

import json
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from types import MappingProxyType

import aiohttp
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from yarl import URL

from kidoku.http.server import RunningServer
from kidoku.http.templates import STATIC, Pages, static_mount


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def text(self) -> str:
        return self.content.decode()


@dataclass(frozen=True)
class Client:
    session: aiohttp.ClientSession
    url: str

    async def get(self, path: str, headers: Mapping[str, str] = MappingProxyType({})) -> Answer:
        async with self.session.get(URL(self.url + path, encoded=True), headers=headers) as answer:
            return Answer(answer.status, answer.headers, await answer.read())


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    pages = Pages()

    async def page(request: Request) -> Response:
        return pages.render(request, "error.html", status=404, title="<b>Oh</b>", text="</script>")

    app = Starlette(routes=[Route("/", page), static_mount()])
    jar = aiohttp.CookieJar(unsafe=True)
    async with RunningServer(app) as server, aiohttp.ClientSession(cookie_jar=jar) as session:
        yield Client(session, server.url)


class Elements(HTMLParser):
    """Every start tag with its attributes, and the text inside scripts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


async def test_a_page_lets_no_inline_script_or_style_run(client: Client) -> None:
    answer = await client.get("/")
    policy = dict(part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; "))
    assert policy["script-src"] == policy["style-src"] == policy["default-src"] == "'self'"
    assert policy["object-src"] == policy["base-uri"] == "'none'"
    assert policy["frame-ancestors"] == policy["frame-src"] == "'self'"
    for tag, attributes in Elements(answer.text).tags:
        assert tag != "style"
        assert not any(name == "style" or name.startswith("on") for name in attributes), tag
        assert tag != "script" or attributes["type"] == "application/json" or attributes["src"]


async def test_other_origins_show_a_page_and_are_shown_only_where_that_is_wanted() -> None:
    pages = Pages(framed_by=["https://crm.example.com"])

    async def page(request: Request) -> Response:
        frames = ["http://127.0.0.1:8500"]
        return pages.render(request, "error.html", frames=frames, title="Oh", text="no")

    async with (
        RunningServer(Starlette(routes=[Route("/", page)])) as server,
        aiohttp.ClientSession() as http,
        http.get(server.url) as answer,
    ):
        policy = answer.headers["content-security-policy"].split("; ")
    assert "frame-src 'self' http://127.0.0.1:8500" in policy
    assert "frame-ancestors 'self' https://crm.example.com" in policy


async def test_a_page_is_never_stored_and_tells_nobody_where_it_was(client: Client) -> None:
    answer = await client.get("/")
    assert answer.status == 404
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_what_is_shown_is_escaped(client: Client) -> None:
    html = (await client.get("/")).text
    assert "&lt;b&gt;Oh&lt;/b&gt;" in html
    assert "<b>Oh" not in html


async def test_the_words_for_scripts_cannot_end_their_element(client: Client) -> None:
    block = re.search(r'id="strings">(.*?)</script>', (await client.get("/?lang=ja")).text, re.S)
    assert block is not None
    assert "<" not in block[1]
    assert json.loads(block[1])["Try again"] == "再試行"


async def test_the_language_asked_for_is_remembered(client: Client) -> None:
    first = await client.get("/?lang=th", headers={"accept-language": "ja"})
    assert '<html lang="th"' in first.text
    assert first.headers["set-cookie"].startswith("kidoku_lang=th;")
    again = await client.get("/", headers={"accept-language": "ja"})
    assert '<html lang="th"' in again.text
    assert "set-cookie" not in again.headers


async def test_the_browser_chooses_the_language_otherwise(client: Client) -> None:
    answer = await client.get("/", headers={"accept-language": "zh-TW,zh;q=0.9"})
    assert '<html lang="zh-TW"' in answer.text
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    ("cookie", "attribute"),
    [("dark", ' data-theme="dark"'), ("light", ' data-theme="light"'), ('"><script>', ""), ("", "")],
)
async def test_the_theme_is_in_the_first_byte(client: Client, cookie: str, attribute: str) -> None:
    answer = await client.get("/", headers={"cookie": f"kidoku_theme={cookie}"})
    assert f'<html lang="en"{attribute}>' in answer.text


async def test_static_files_are_asked_about_each_time_and_sent_once(client: Client) -> None:
    first = await client.get(f"{STATIC}/tokens.css")
    assert first.status == 200
    assert first.headers["cache-control"] == "no-cache"
    again = await client.get(f"{STATIC}/tokens.css", headers={"if-none-match": first.headers["etag"]})
    assert (again.status, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("dom.js", "text/javascript"),
        ("seal.svg", "image/svg+xml"),
        ("stickers/8401/840101.svg", "image/svg+xml"),
    ],
)
async def test_static_files_have_their_type(client: Client, name: str, media_type: str) -> None:
    assert (await client.get(f"{STATIC}/{name}")).headers["content-type"].startswith(media_type)


async def test_nothing_outside_the_folder_is_served(client: Client) -> None:
    assert (await client.get(f"{STATIC}/%2e%2e/templates/base.html")).status == 404
