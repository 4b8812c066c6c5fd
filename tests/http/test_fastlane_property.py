"""Any mix of requests, cut anywhere, gets the same answers in the same order both ways."""

from __future__ import annotations

import asyncio
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from kidoku.http.fastlane import FastAnswer
from kidoku.http.server import run_loop
from tests.http.fastlane_kit import PATIENCE_S, World, get, post, statuses
from tests.http.fastlane_memory import connect, feed

END = get("/end", close=True)


def chunked(path: str, chunks: list[bytes]) -> bytes:
    body = b"".join(b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks if chunk)
    return f"POST {path} HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n".encode() + body + b"0\r\n\r\n"


paths = st.sampled_from(["/now", "/now", "/later", "/plain", "/now?q", "/left", "/of/a/and/b"])
bodies = st.sampled_from([b"", b"ab", b"cd"]) | st.binary(max_size=40)
requests = st.one_of(
    st.builds(post, paths, bodies),
    st.builds(chunked, paths, st.lists(bodies, max_size=3)),
    st.builds(lambda path, body: post(path, body, "Expect: 100-continue"), paths, bodies),
    st.just(get("/plain")),
)


@st.composite
def cut_streams(draw: st.DrawFn) -> list[bytes]:
    """Requests in pieces: cut anywhere, or each in one piece, as most clients send them."""
    sent = [*draw(st.lists(requests, max_size=6)), END]
    if draw(st.booleans()):
        return [*sent[: draw(st.integers(0, 6))], *sent]
    data = b"".join(sent)
    cuts = sorted(draw(st.sets(st.integers(1, len(data) - 1), max_size=8)))
    return [data[start:end] for start, end in zip([0, *cuts], [*cuts, len(data)], strict=True)]


async def answers(pieces: list[bytes], fast: bool) -> tuple[bytes, list[str]]:
    world = World()
    protocol, transport = connect(world.app, world.routes, fast=fast)
    async with asyncio.timeout(PATIENCE_S):
        await feed(protocol, transport, pieces)
        await transport.closed.wait()
    protocol.connection_lost(None)
    return transport.written.replace(b"HTTP/1.1 100 Continue\r\n\r\n", b""), world.calls


@settings(max_examples=150, deadline=None)
@given(cut_streams())
def test_the_same_answers_both_ways(pieces: list[bytes]) -> None:
    async def compare() -> None:
        fast, fast_calls = await answers(pieces, fast=True)
        plain, plain_calls = await answers(pieces, fast=False)
        assert fast == plain
        assert fast_calls == plain_calls
        assert set(statuses(fast)) == {200}
        assert fast.count(b"HTTP/1.1 ") == len(fast_calls)

    run_loop(compare())


@settings(max_examples=100, deadline=None)
@given(cut_streams(), st.integers(0, 9), st.booleans())
def test_a_client_may_go_away_at_any_time(pieces: list[bytes], kept: int, reset: bool) -> None:
    async def break_off() -> list[dict[str, Any]]:
        errors: list[dict[str, Any]] = []
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, context: errors.append(context))
        world = World()
        protocol, transport = connect(world.app, world.routes)
        for piece in [post("/now"), *pieces[:kept], post("/gate")]:
            if not transport.is_closing():
                protocol.data_received(piece)
        transport.close()
        protocol.connection_lost(ConnectionResetError() if reset else None)
        for reply in world.waiting:
            reply(FastAnswer(200, b"{}"))
        while protocol.tasks:
            await asyncio.wait(protocol.tasks)
            await asyncio.sleep(0)
        return errors

    assert run_loop(break_off()) == []
