"""An API as any server can have one: its own paths, shapes, words and refusals."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import aiohttp
import pytest
from msgspec.json import Decoder

from kidoku.http.json_api.about import About
from kidoku.http.json_api.answers import Sender, attachment
from kidoku.http.json_api.app import JsonApi
from kidoku.http.json_api.call import Call
from kidoku.http.json_api.problems import Problem, bad
from kidoku.http.json_api.route import Route, delete, get, post, put
from kidoku.http.json_api.shapes import Asked, Maybe, Nothing, Told, check_some, given
from kidoku.http.server import RunningServer
from kidoku.storage.refused import Invalid, Missing, Refused


@dataclass
class Shelf:
    """The server behind the API."""

    books: dict[str, str] = field(default_factory=dict)


class Book(Asked, frozen=True, kw_only=True):
    title: str
    first_page: int = 1


class BookTold(Told, frozen=True, kw_only=True):
    title: str
    note: Maybe[str]


class Search(Asked, frozen=True, kw_only=True):
    limit: int = 10


BOOK = Decoder(Book)
REFUSALS: dict[str, Exception] = {
    "missing": Missing("no_such_book", "There is no such book.", "Write it."),
    "invalid": Invalid("no_title", "It has no title."),
    "refused": Refused("burnt", "The shelf has burnt down."),
    "problem": Problem(451, "banned", "Nobody may read it.", "", ((b"x-censor", b"me"),)),
    "bad": bad("worse", "That is bad."),
    "fault": LookupError("nothing there"),
}


async def get_books(call: Call[Shelf]) -> list[str]:
    return list(call.server.books)[: call.query(Search).limit]


async def put_book(call: Call[Shelf]) -> Nothing:
    asked = await call.json(BOOK)
    call.server.books[call.params["name"]] = check_some(given(asked))["title"]
    return Nothing()


async def get_book(call: Call[Shelf]) -> BookTold:
    return BookTold(title=call.server.books[call.params["name"]], note=call.last_event_id or "none")


async def delete_book(call: Call[Shelf]) -> Nothing:
    raise REFUSALS[call.params["name"]]


async def get_list(call: Call[Shelf]) -> Sender:
    return attachment("a\tb", "text/tab-separated-values", "list.tsv")


async def post_form(call: Call[Shelf]) -> str:
    return call.media_type


ROUTES: tuple[Route[Call[Shelf]], ...] = (
    get("/books", get_books, "All books", "books", query=Search, gives=list[str]),
    get("/books/{name}", get_book, "A book", "books", gives=BookTold),
    put("/books/{name}", put_book, "Write a book", "books", asks=Book, gives=Nothing),
    delete("/books/{name}", delete_book, "Burn a book", "books", gives=Nothing),
    get("/list", get_list, "All books in a file", "lists", media="text/tab-separated-values"),
    post("/list", post_form, "Take a file", "lists", asks=Book, form={"type": "object"}, gives=str),
)
ABOUT = About(
    name="library API",
    root="/library/v2",
    openapi="/library/openapi.json",
    text="Books.",
    headers=["X-Librarian"],
    keys={"card": {"type": "apiKey", "in": "cookie", "name": "card"}},
    security=[{"card": []}],
    elsewhere={"/library/door": {"get": {"summary": "The door"}}},
)


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    api = JsonApi(
        ABOUT,
        ROUTES,
        partial(Call[Shelf], Shelf()),
        headers=lambda: [(b"x-librarian", b"Ann")],
        hints={"worse": "Be good.", "burnt": "Build another."},
    )
    async with RunningServer(api, lifespan="off") as server, aiohttp.ClientSession(server.url) as session:
        yield session


async def asked(
    http: aiohttp.ClientSession, method: str, path: str, body: Any = None, status: int = 200
) -> Any:
    async with http.request(method, path, json=body) as answer:
        assert answer.status == status, await answer.text()
        assert answer.headers["X-Librarian"] == "Ann"
        return await answer.json()


async def test_handlers_work_on_the_server(http: aiohttp.ClientSession) -> None:
    assert await asked(http, "PUT", "/library/v2/books/kokoro", {"title": "Kokoro", "firstPage": 3}) == {}
    assert await asked(http, "GET", "/library/v2/books") == ["kokoro"]
    assert await asked(http, "GET", "/library/v2/books?limit=0") == []
    assert await asked(http, "GET", "/library/v2/books/kokoro") == {"title": "Kokoro", "note": "none"}
    async with http.get("/library/v2/books/kokoro", headers={"Last-Event-ID": "7"}) as answer:
        assert (await answer.json())["note"] == "7"


@pytest.mark.parametrize(
    ("name", "status", "code", "hint"),
    [
        ("missing", 404, "no_such_book", "Write it."),
        ("invalid", 400, "no_title", ""),
        ("refused", 409, "burnt", "Build another."),
        ("problem", 451, "banned", ""),
        ("bad", 400, "worse", "Be good."),
        ("fault", 500, "internal_error", "The log of the server says more."),
    ],
)
async def test_refusals(http: aiohttp.ClientSession, name: str, status: int, code: str, hint: str) -> None:
    async with http.delete(f"/library/v2/books/{name}") as answer:
        assert answer.status == status
        assert answer.headers.get("X-Censor") == ("me" if name == "problem" else None)
        error = (await answer.json())["error"]
    assert (error["code"], error["hint"]) == (code, hint)


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("GET", "/library/v2/films", None, 404, "not_found"),
        ("GET", "/library/v1/books", None, 404, "not_found"),
        ("POST", "/library/v2/books", {}, 405, "method_not_allowed"),
        ("GET", "/library/v2/books?limit=x", None, 400, "invalid_query"),
        ("GET", "/library/v2/books?limits=1", None, 400, "invalid_query"),
        ("PUT", "/library/v2/books/x", {"title": "x", "pages": 3}, 400, "invalid_body"),
    ],
)
async def test_what_does_not_fit(
    http: aiohttp.ClientSession, method: str, path: str, body: Any, status: int, code: str
) -> None:
    error = (await asked(http, method, path, body, status))["error"]
    assert error["code"] == code
    assert status == 405 or "/library/openapi.json" in error["hint"]
    assert status != 404 or "library API" in error["message"]


async def test_other_answers_than_json(http: aiohttp.ClientSession) -> None:
    async with http.get("/library/v2/list") as answer:
        assert answer.headers["Content-Disposition"] == 'attachment; filename="list.tsv"'
        assert (answer.content_type, await answer.text()) == ("text/tab-separated-values", "a\tb")
        assert answer.headers["X-Librarian"] == "Ann"


async def test_its_description(http: aiohttp.ClientSession) -> None:
    found = await asked(http, "GET", "/library/openapi.json")
    assert found["info"]["title"] == "Kidoku library API"
    assert found["paths"].keys() == {
        "/library/v2/books",
        "/library/v2/books/{name}",
        "/library/v2/list",
        "/library/door",
    }
    assert found["security"] == [{"card": []}]
    assert found["components"]["securitySchemes"] == ABOUT.keys
    written = found["paths"]["/library/v2/books/{name}"]["put"]
    assert written["responses"]["200"]["headers"].keys() == {"X-Librarian"}
    taken = found["paths"]["/library/v2/list"]["post"]["requestBody"]["content"]
    assert taken["multipart/form-data"] == {"schema": {"type": "object"}}
    assert "form" not in json.dumps(written)


def test_a_route_is_declared_once() -> None:
    with pytest.raises(ValueError, match="declared twice"):
        JsonApi(ABOUT, [*ROUTES, ROUTES[0]], partial(Call[Shelf], Shelf()))
