"""Request heads that the fast lane has seen before and does not parse again."""

from __future__ import annotations

import asyncio
import json
from typing import Any, cast

import pytest

from kidoku.http.fastlane_protocol import MAX_KNOWN, MAX_KNOWN_HEAD, FastLaneProtocol
from tests.http.fastlane_kit import World, chunked, get, post, statuses
from tests.http.fastlane_memory import MemoryTransport, connect


class Unused:
    """In the parser's place: to parse anything fails."""

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"the parser was asked: {name}")


class Lane:
    """One connection, and what it remembers."""

    def __init__(self) -> None:
        self.world = World()
        protocol, self.transport = connect(self.world.app, self.world.routes)
        self.protocol = cast("FastLaneProtocol", protocol)

    @property
    def known(self) -> int:
        return len(self.protocol.known)

    def stop_parsing(self) -> None:
        self.protocol.parser = cast(Any, Unused())

    def send(self, *pieces: bytes) -> None:
        for piece in pieces:
            self.protocol.data_received(piece)

    def connect_again(self) -> tuple[FastLaneProtocol, MemoryTransport]:
        transport = MemoryTransport()
        protocol = type(self.protocol)(
            config=self.protocol.config, server_state=self.protocol.server_state, app_state={}
        )
        protocol.connection_made(transport)
        return protocol, transport

    def bodies(self) -> list[str]:
        """The bodies that the handlers were given, in order."""
        return [json.loads(answer.partition(b"\r\n\r\n")[2])["body"] for answer in self.answers()]

    def answers(self) -> list[bytes]:
        return [b"HTTP/1.1 " + answer for answer in self.transport.written.split(b"HTTP/1.1 ")[1:]]


@pytest.fixture
async def lane() -> Lane:
    return Lane()


async def test_a_head_that_comes_again_is_not_parsed(lane: Lane) -> None:
    lane.send(post("/now", b"ab"))
    lane.stop_parsing()
    lane.send(post("/now", b"cd"))
    assert lane.bodies() == ["ab", "cd"]
    first, second = lane.answers()
    assert second == first.replace(b'"ab"', b'"cd"')


async def test_names_in_a_path_are_remembered_with_it(lane: Lane) -> None:
    lane.send(post("/of/a/and/b", b"ab"))
    lane.stop_parsing()
    lane.send(post("/of/a/and/b", b"cd"))
    assert lane.world.calls == ["a b", "a b"]


async def test_a_known_head_that_is_left_is_parsed_after_all(lane: Lane) -> None:
    lane.send(post("/left", b"cd"), post("/left", b"ab"))
    assert lane.world.hot == 1
    while len(lane.answers()) < 2:
        await asyncio.sleep(0)
    lane.send(post("/left", b"ef"))
    assert lane.bodies() == ["cd", "ab", "ef"]
    assert lane.world.hot == 2


async def test_all_connections_share_what_is_known(lane: Lane) -> None:
    lane.send(post("/now", b"ab"))
    protocol, transport = lane.connect_again()
    protocol.parser = cast(Any, Unused())
    protocol.data_received(post("/now", b"ef"))
    assert b'"ef"' in transport.written


async def test_known_heads_in_turn_are_not_parsed(lane: Lane) -> None:
    lane.send(post("/now", b"ab"), post("/now", b"abc"))
    lane.stop_parsing()
    lane.send(post("/now", b"cd"), post("/now", b"cde"), post("/now", b"ef"), post("/now", b"gh"))
    assert lane.bodies() == ["ab", "abc", "cd", "cde", "ef", "gh"]


async def test_a_head_as_long_as_the_one_before(lane: Lane) -> None:
    lane.send(post("/now", b"ab", "X-Number: 1"), post("/now", b"ab", "X-Number: 2"))
    first, second = (json.loads(answer.partition(b"\r\n\r\n")[2])["headers"] for answer in lane.answers())
    assert ["x-number", "1"] in first
    assert ["x-number", "2"] in second


async def test_another_length_is_another_head(lane: Lane) -> None:
    lane.send(post("/now", b"ab"), post("/now", b"abc"), post("/now", b"xyz"))
    assert lane.bodies() == ["ab", "abc", "xyz"]
    assert lane.known == 2


async def test_a_known_head_whose_body_comes_later(lane: Lane) -> None:
    sent = post("/now", b"abcd")
    lane.send(sent, sent[:-4], b"ef", b"gh", sent[:-1], b"z", sent)
    assert lane.bodies() == ["abcd", "efgh", "abcz", "abcd"]


async def test_a_known_head_in_pieces(lane: Lane) -> None:
    sent = post("/now", b"abcd")
    lane.send(sent, sent[:10], sent[10:], sent)
    assert lane.bodies() == ["abcd"] * 3


async def test_a_known_head_in_the_middle_of_a_body_is_body(lane: Lane) -> None:
    sent = post("/now", b"ab")
    outer = post("/now", sent)
    lane.send(sent, outer[: -len(sent)], sent, sent)
    assert lane.bodies() == ["ab", sent.decode(), "ab"]


async def test_two_known_requests_in_one_piece(lane: Lane) -> None:
    sent = post("/now", b"ab")
    lane.send(sent, sent + sent, sent)
    assert lane.bodies() == ["ab"] * 4


async def test_a_known_request_waits_for_the_one_before(lane: Lane) -> None:
    lane.send(post("/now", b"ab"), post("/gate"), post("/now", b"cd"))
    assert len(lane.answers()) == 1
    assert lane.world.calls == ["/now", "/gate"]


async def test_a_known_head_between_other_requests(lane: Lane) -> None:
    sent = post("/later", b"ab")
    lane.send(sent)
    while len(lane.answers()) < 1:
        await asyncio.sleep(0)
    lane.send(get("/plain"))
    while len(lane.answers()) < 2:
        await asyncio.sleep(0)
    lane.send(sent)
    while len(lane.answers()) < 3:
        await asyncio.sleep(0)
    assert lane.world.calls == ["/later", "/plain", "/later"]


async def test_connection_close_is_remembered_too(lane: Lane) -> None:
    sent = post("/now", b"ab", close=True)
    lane.send(sent)
    protocol, transport = lane.connect_again()
    protocol.parser = cast(Any, Unused())
    protocol.data_received(sent)
    assert transport.is_closing()
    assert b"connection: close\r\n" in transport.written


async def test_nothing_is_done_for_a_connection_that_closes(lane: Lane) -> None:
    lane.send(post("/now", b"ab"))
    lane.transport.close()
    lane.send(post("/now", b"ab"))
    assert lane.world.calls == ["/now"]


@pytest.mark.parametrize(
    "sent",
    [
        chunked("/now", [b"ab"]),
        post("/now", b"ab", "Expect: 100-continue"),
        b"POST /now HTTP/1.0\r\nContent-Length: 2\r\n\r\nab",
        get("/plain"),
        post("/plain", b"ab"),
        post("/now", b"", "X-Long: " + "x" * MAX_KNOWN_HEAD),
        post("/now", b"ab") + post("/now", b"ab"),
    ],
    ids=["chunked", "expect", "1.0", "not hot", "not hot post", "long", "two"],
)
async def test_what_is_not_remembered(lane: Lane, sent: bytes) -> None:
    lane.send(sent)
    assert lane.known == 0


async def test_no_more_is_remembered_than_there_is_room_for(lane: Lane) -> None:
    for number in range(MAX_KNOWN + 1):
        lane.send(post("/now", b"ab", f"X-Number: {number}"))
    assert lane.known == 1
    assert set(statuses(lane.transport.written)) == {200}
