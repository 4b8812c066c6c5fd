"""What goes over the wire is the same with the fast lane and without it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import pytest

from kidoku.http.server import run_loop
from tests.http.fastlane_kit import MAX_BODY, World, chunked, get, post, served, statuses, talk, undated

END = get("/end", close=True)
"""Lets the server close the connection after what is before it."""


class Case(NamedTuple):
    name: str
    sent: bytes | list[bytes]
    statuses: list[int]
    hot: int
    """How many of the requests the fast lane is to answer."""
    calls: list[str] | None = None


def split(data: bytes, size: int) -> list[bytes]:
    return [data[i : i + size] for i in range(0, len(data), size)]


BODY = b'{"markAsReadToken":"abc"}'
HOT = post("/now", BODY, "Authorization: Bearer t", "Content-Type: application/json")

CHUNKS = chunked("/now", [b"ab"], trailer="X-Status: 500\r\nExpect: 100-continue\r\n")
TRAILED = [CHUNKS[: CHUNKS.index(b"X-Status")], CHUNKS[CHUNKS.index(b"X-Status") :]]

ORDINARY = [
    Case("answered at once", HOT + END, [200, 200], 1),
    Case("answered later", post("/later", BODY) + END, [200, 200], 1),
    Case("no body, no length", b"POST /now HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", [200], 1),
    Case("Connection: close", post("/now", BODY, close=True), [200], 1),
    Case("Connection: close, answered later", post("/later", BODY, close=True), [200], 1),
    Case("Connection: keep-alive", post("/now", BODY, "Connection: keep-alive") + END, [200, 200], 1),
    Case(
        "header names in any case",
        post("/now", b"", "AUTHORIZATION: A", "authorization: B", close=True),
        [200],
        1,
    ),
    Case("bytes beyond ASCII in a header", post("/now", b"", "X-Name: \u00e9", close=True), [200], 1),
    *[
        Case(f"status {status}", post("/now", b"", f"X-Status: {status}", close=True), [status], 1)
        for status in (201, 400, 401, 403, 404, 409, 429, 500, 503)
    ],
    Case("one after another", [HOT, HOT, post("/later"), HOT, END], [200] * 5, -1),
    Case("a request in single bytes", split(HOT + END, 1), [200, 200], 1),
    Case("a body in many fragments", split(post("/now", b"x" * 5000, close=True), 100), [200], 1),
    Case("an answer of 200 KB", post("/big", b"200000", close=True), [200], 1),
    Case("chunked", chunked("/now", [b"ab", b"c" * 300, b"d"]), [200], 1),
    Case("chunked in single bytes", split(chunked("/later", [b"ab", b"c" * 30, b"d"]), 1), [200], 1),
    Case("chunked, nothing in it", chunked("/now", []), [200], 1),
    Case("chunked with a trailer", chunked("/now", [b"ab"], trailer="X-Sum: 1\r\n"), [200], 1),
    Case("a trailer in a piece of its own", TRAILED, [200], 1, ["/now"]),
    Case("the biggest body", post("/now", b"x" * MAX_BODY, close=True), [200], 1),
]

TO_ASGI = [
    Case("query string", post("/now?a=1", BODY, close=True), [200], 0),
    Case("empty query string", post("/now?", BODY, close=True), [200], 0),
    Case("percent-encoded path", post("/n%6Fw", BODY, close=True), [200], 0),
    Case("absolute form", post("http://x/now", BODY, close=True), [200], 0),
    Case("slash at the end", post("/now/", BODY, close=True), [200], 0),
    Case("GET", get("/now", close=True), [405], 0),
    Case("HEAD", b"HEAD /now HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", [405], 0),
    Case("OPTIONS", b"OPTIONS /now HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", [405], 0),
    Case("OPTIONS *", b"OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", [200], 0),
    Case("HTTP/1.0", b"POST /now HTTP/1.0\r\nContent-Length: 2\r\n\r\n{}", [200], 0),
    Case(
        "HTTP/1.0, kept alive",
        b"POST /now HTTP/1.0\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\n{}",
        [200],
        0,
    ),
    Case("Expect: 100-continue", post("/now", BODY, "Expect: 100-continue", close=True), [100, 200], 0),
    Case("too big by its length", post("/now", b"x" * (MAX_BODY + 1)) + END, [413, 200], 0, ["/end"]),
    Case("too big in chunks", chunked("/now", [b"x" * 999] * (MAX_BODY // 999 + 1)), [413], 0, []),
    Case("a handler that raises", post("/raise", BODY) + END, [500], 1, []),
]

LEFT, TAKEN = post("/left", b"abc"), post("/left", b"cd")
NAMED = post("/of/U1/and/@a.b-c_d~e", BODY)

LEFT_TO_ASGI = [
    Case("left", LEFT + END, [200, 200], 0, ["/left", "/end"]),
    Case("left, the last", post("/left", b"abc", close=True), [200], 0, ["/left"]),
    Case("left in single bytes", split(LEFT + END, 1), [200, 200], 0, ["/left", "/end"]),
    Case("left in chunks", chunked("/left", [b"a", b"bc"]), [200], 0, ["/left"]),
    Case("left without a body's end", [LEFT[:-1], LEFT[-1:] + END], [200, 200], 0, ["/left", "/end"]),
    Case("left and taken in turn", [LEFT, TAKEN, LEFT, TAKEN, END], [200] * 5, -1, ["/left"] * 4 + ["/end"]),
    Case("left and taken at once", (LEFT + TAKEN) * 2 + END, [200] * 5, -1, ["/left"] * 4 + ["/end"]),
    Case("left after the last", post("/now", close=True) + LEFT, [200], 1, ["/now"]),
    Case("left with a trailer", [one.replace(b"/now", b"/left") for one in TRAILED], [200], 0, ["/left"]),
    Case("left while another waits", post("/later") + LEFT + HOT + END, [200] * 4, 1),
]

NAMES = [
    Case("names in a path", NAMED + END, [200, 200], 1, ["U1 @a.b-c_d~e", "/end"]),
    Case(
        "others for the names",
        NAMED + post("/of/U2/and/b") + NAMED + END,
        [200] * 4,
        3,
        ["U1 @a.b-c_d~e", "U2 b", "U1 @a.b-c_d~e", "/end"],
    ),
    Case("a name that is percent-encoded", post("/of/a%62c/and/d", close=True), [200], 0, ["a%62c d"]),
    Case("a name that is empty", post("/of//and/d", close=True), [200], 0, ["/of//and/d"]),
    Case("a part too many", post("/of/a/and/b/c", close=True), [200], 0, ["/of/a/and/b/c"]),
    Case("names and a query", post("/of/a/and/b?c", close=True), [200], 0, ["a b"]),
    Case("names and another method", get("/of/a/and/b", close=True), [405], 0, []),
]

H2C = ("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQAAP__")
OFFER = post("/now", BODY, *H2C)
SMUGGLED = post("/now", get("/b"), *H2C)

OFFERS = [
    Case("HTTP/2 offered", OFFER + END, [200, 200], 1, ["/now", "/end"]),
    Case("offered, answered later", post("/later", BODY, *H2C) + END, [200, 200], 1, ["/later", "/end"]),
    Case("offered to ASGI", post("/a", BODY, *H2C) + END, [200, 200], 0, ["/a", "/end"]),
    Case("offered in single bytes", split(OFFER + END, 1), [200, 200], 1, ["/now", "/end"]),
    Case("offered with a chunked body", chunked("/now", [b"ab", b"c"], *H2C), [200], 1, ["/now"]),
    Case("offered by the last", post("/now", BODY, "Connection: close, upgrade", "Upgrade: h2c"), [200], 1),
    Case("offered with Expect", post("/a", BODY, *H2C, "Expect: 100-continue") + END, [100, 200, 200], 0),
    Case(
        "a web socket offered",
        post("/now", b"", "Connection: Upgrade", "Upgrade: websocket") + END,
        [200] * 2,
        1,
    ),
    Case("a body that looks like a request", SMUGGLED + END, [200, 200], 1, ["/now", "/end"]),
    Case("the same in pieces", split(SMUGGLED + END, 50), [200, 200], 1, ["/now", "/end"]),
    Case("among others", HOT + OFFER + get("/a") + OFFER + HOT + END, [200] * 6, -1),
    Case("twice in pieces", [OFFER, OFFER, END], [200] * 3, -1, ["/now", "/now", "/end"]),
    Case("after the last", post("/now", close=True) + OFFER, [200], 1, ["/now"]),
]

REFUSED = [
    Case("no HTTP", b"hello\r\n\r\n", [400], 0, []),
    Case("method in lower case", b"post /now HTTP/1.1\r\nHost: x\r\n\r\n", [400], 0, []),
    Case("both framings", chunked("/now", [b"ab"], "Content-Length: 2"), [400], 0, []),
    Case("two lengths", post("/now", b"ab", "Content-Length: 3"), [400], 0, []),
    Case("a length that is none", b"POST /now HTTP/1.1\r\nContent-Length: 2x\r\n\r\nab", [400], 0, []),
    Case("a negative length", b"POST /now HTTP/1.1\r\nContent-Length: -1\r\n\r\nab", [400], 0, []),
    Case("an unknown coding", b"POST /now HTTP/1.1\r\nTransfer-Encoding: x\r\n\r\nab", [400], 0, []),
    Case(
        "a bad chunk",
        b"POST /now HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\nzz\r\n",
        [400],
        0,
        [],
    ),
    Case(
        "a chunk longer than said",
        b"POST /now HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n",
        [400],
        0,
        [],
    ),
    Case("a space before the colon", b"POST /now HTTP/1.1\r\nContent-Length : 2\r\n\r\nab", [400], 0, []),
    Case("a folded header", b"POST /now HTTP/1.1\r\nX-A: b\r\n c\r\n\r\n", [400], 0, []),
]

PIPELINED = [
    Case("hot, answered at once", HOT * 5 + END, [200] * 6, 5, ["/now"] * 5 + ["/end"]),
    # The second and third wait as ASGI requests for the first.
    Case("hot, answered later", post("/later", BODY) * 3 + END, [200] * 4, 1, ["/later"] * 3 + ["/end"]),
    Case("hot, ASGI, hot", HOT + get("/a") + HOT + END, [200] * 4, 1, ["/now", "/a", "/now", "/end"]),
    Case("ASGI, hot, ASGI", get("/a") + HOT + get("/b") + END, [200] * 4, 0, ["/a", "/now", "/b", "/end"]),
    Case("later, ASGI, later", post("/later") + get("/a") + post("/later") + END, [200] * 4, 1),
    Case("nothing after the last", post("/now", close=True) + HOT + get("/a"), [200], 1, ["/now"]),
    Case("nothing after the last, later", post("/later", close=True) + HOT + get("/a"), [200], 1, ["/later"]),
    Case("after one that raises", post("/raise") + HOT + get("/a"), [500], 1, []),
    Case("with lengths of 0 to 9", b"".join(post("/now", b"x" * n) for n in range(10)) + END, [200] * 11, 10),
    Case("left among others", (HOT + LEFT + NAMED) * 2 + END, [200] * 7, -1),
    Case("cut across requests", split(HOT * 4 + get("/a") + HOT + END, 37), [200] * 7, -1),
]

CASES = [*ORDINARY, *TO_ASGI, *LEFT_TO_ASGI, *NAMES, *OFFERS, *REFUSED, *PIPELINED]


def ids(case: Case) -> str:
    return case.name


async def both_ways(case: Case) -> Iterator[tuple[bytes, World]]:
    results = []
    for fast in (True, False):
        world = World()
        async with served(world, fast=fast) as server:
            results.append((await talk(server.port, case.sent), world))
    return iter(results)


@pytest.mark.parametrize("case", CASES, ids=ids)
def test_the_same_answer_both_ways(case: Case) -> None:
    (fast, fast_world), (plain, plain_world) = run_loop(both_ways(case))

    assert undated(fast) == undated(plain)
    assert statuses(fast) == case.statuses
    assert fast_world.calls == plain_world.calls
    if case.calls is not None:
        assert fast_world.calls == case.calls
    assert plain_world.hot == 0
    if case.hot >= 0:  # how many come together in one piece is up to the network
        assert fast_world.hot == case.hot


def test_headers_of_an_answer() -> None:
    async def answer() -> bytes:
        world = World()
        async with served(world, fast=True) as server:
            return await talk(server.port, post("/now", BODY, close=True))

    head, _, body = undated(run_loop(answer())).partition(b"\r\n\r\n")
    assert head.split(b"\r\n") == [
        b"HTTP/1.1 200 OK",
        b"date: -",
        b"server: uvicorn",
        b"content-type: application/json",
        b"x-line-request-id: 1",
        b"x-more: 2",
        b"content-length: %d" % len(body),
        b"connection: close",
    ]
