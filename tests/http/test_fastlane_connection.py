"""One connection in the fast lane: timer, flow control, order, and clients that go away."""

from __future__ import annotations

import logging

import pytest

from kidoku.http.fastlane import FastAnswer, FastRequest, LeftToAsgi, Reply
from tests.http.fastlane_kit import MAX_BODY, World, get, post, statuses
from tests.http.fastlane_memory import StandingClock, connect

DONE = FastAnswer(200, b"{}")


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


async def test_an_idle_connection_is_closed(world: World, clock: StandingClock) -> None:
    protocol, transport = connect(world.app, world.routes, loop=clock, keep_alive_s=5)
    protocol.data_received(post("/now"))
    clock.advance(4.9)
    assert not transport.is_closing()
    clock.advance(0.2)
    assert transport.is_closing()


async def test_a_hot_answer_starts_the_keep_alive_time_again(world: World, clock: StandingClock) -> None:
    protocol, transport = connect(world.app, world.routes, loop=clock, keep_alive_s=5)
    for _ in range(4):
        protocol.data_received(post("/now"))
        clock.advance(4)
    assert statuses(transport.written) == [200] * 4
    assert not transport.is_closing()
    clock.advance(1.1)
    assert transport.is_closing()


async def test_no_keep_alive_time_runs_while_a_request_is_in_flight(
    world: World, clock: StandingClock
) -> None:
    protocol, transport = connect(world.app, world.routes, loop=clock, keep_alive_s=5)
    protocol.data_received(post("/now"))
    protocol.data_received(post("/gate"))
    clock.advance(60)
    assert not transport.is_closing()
    world.waiting[0](DONE)
    clock.advance(4.9)
    assert not transport.is_closing()
    clock.advance(0.2)
    assert transport.is_closing()


async def test_no_keep_alive_time_runs_under_a_pipelined_request(world: World, clock: StandingClock) -> None:
    protocol, transport = connect(world.app, world.routes, loop=clock, keep_alive_s=5)
    protocol.data_received(post("/now") + post("/gate"))
    clock.advance(60)
    assert statuses(transport.written) == [200]
    assert not transport.is_closing()


async def test_no_keep_alive_time_runs_while_a_request_arrives(world: World, clock: StandingClock) -> None:
    protocol, transport = connect(world.app, world.routes, loop=clock, keep_alive_s=5)
    protocol.data_received(post("/now"))
    protocol.data_received(post("/now", b"ab")[:-1])
    clock.advance(60)
    assert not transport.is_closing()


async def test_one_timer_serves_many_requests_and_ends_with_the_connection(
    world: World, clock: StandingClock
) -> None:
    protocol, _ = connect(world.app, world.routes, loop=clock)
    for _ in range(10):
        protocol.data_received(post("/now"))
    assert clock.running == 1
    protocol.connection_lost(ConnectionResetError())
    assert clock.running == 0


async def test_an_answer_waits_for_a_client_that_does_not_read(world: World) -> None:
    protocol, transport = connect(world.app, world.routes)
    protocol.pause_writing()
    protocol.data_received(post("/now") + post("/now"))
    assert transport.written == b""
    assert not transport.reading.is_set()
    protocol.resume_writing()
    assert statuses(transport.written) == [200]
    assert transport.reading.is_set()


async def test_a_client_that_goes_away_gets_nothing(world: World) -> None:
    protocol, transport = connect(world.app, world.routes)
    protocol.data_received(post("/gate"))
    protocol.connection_lost(None)
    world.waiting[0](DONE)
    assert transport.written == b""
    assert world.hot == 1


async def test_a_client_that_goes_away_while_its_answer_is_held(world: World) -> None:
    protocol, transport = connect(world.app, world.routes)
    protocol.data_received(post("/gate"))
    protocol.pause_writing()
    world.waiting[0](DONE)
    protocol.connection_lost(ConnectionResetError())
    assert transport.written == b""


async def test_a_client_that_goes_away_with_requests_waiting(world: World) -> None:
    protocol, transport = connect(world.app, world.routes)
    protocol.data_received(post("/gate") + get("/a") + post("/now"))
    transport.close()
    protocol.connection_lost(None)
    world.waiting[0](DONE)
    assert transport.written == b""
    assert world.calls == ["/gate"]


async def test_a_request_that_breaks_off_never_reaches_the_handler(world: World) -> None:
    protocol, _ = connect(world.app, world.routes)
    protocol.data_received(post("/now", b"abc")[:-1])
    protocol.connection_lost(None)
    assert world.calls == []


async def test_what_is_accepted_is_answered_before_the_rest_is_refused(world: World) -> None:
    protocol, transport = connect(world.app, world.routes)
    protocol.data_received(post("/now") + b"rubbish\r\n\r\n")
    assert statuses(transport.written) == [200, 400]
    assert transport.is_closing()


async def test_a_commit_that_ends_after_the_connection_was_refused(world: World) -> None:
    protocol, transport = connect(world.app, world.routes)
    protocol.data_received(post("/gate") + b"rubbish\r\n\r\n")
    assert statuses(transport.written) == [400]
    world.waiting[0](DONE)
    assert statuses(transport.written) == [400]


async def test_shutdown_closes_an_idle_connection(world: World) -> None:
    protocol, transport = connect(world.app, world.routes)
    protocol.data_received(post("/now"))
    protocol.shutdown()
    assert transport.is_closing()


async def test_shutdown_waits_for_the_commit(world: World) -> None:
    protocol, transport = connect(world.app, world.routes)
    protocol.data_received(post("/gate"))
    protocol.shutdown()
    assert not transport.is_closing()
    world.waiting[0](DONE)
    assert b"connection: close\r\n" in transport.written
    assert transport.is_closing()


async def test_an_answer_that_was_prepared_is_sent_as_it_is(world: World) -> None:
    protocol, transport = connect(world.app, world.routes)
    protocol.data_received(post("/gate"))
    world.asked[0].prepare(DONE)
    protocol.server_state.default_headers = [(b"date", b"later")]
    assert transport.written == b""
    world.waiting[0](DONE)
    assert statuses(transport.written) == [200]
    assert b"date: now\r\n" in transport.written
    assert not transport.is_closing()


async def test_another_answer_than_the_prepared_one(world: World) -> None:
    protocol, transport = connect(world.app, world.routes)
    protocol.data_received(post("/gate"))
    world.asked[0].prepare(DONE)
    world.waiting[0](FastAnswer(500, b"the disk is full"))
    assert statuses(transport.written) == [500]
    assert transport.written.endswith(b"the disk is full")


async def test_shutdown_closes_the_connection_of_an_answer_that_was_prepared(world: World) -> None:
    protocol, transport = connect(world.app, world.routes)
    protocol.data_received(post("/gate"))
    world.asked[0].prepare(DONE)
    protocol.shutdown()
    world.waiting[0](DONE)
    assert b"connection: close\r\n" in transport.written
    assert transport.is_closing()


async def test_preparing_for_a_client_that_wants_one_answer(world: World) -> None:
    protocol, transport = connect(world.app, world.routes)
    protocol.data_received(post("/gate", close=True))
    world.asked[0].prepare(DONE)
    world.waiting[0](DONE)
    assert transport.written.count(b"connection: close\r\n") == 1
    assert transport.is_closing()


async def test_shutdown_waits_for_a_body_that_is_coming(world: World) -> None:
    protocol, transport = connect(world.app, world.routes)
    sent = post("/now", b"abc")
    protocol.data_received(sent[:-1])
    protocol.shutdown()
    protocol.data_received(sent[-1:])
    assert b"connection: close\r\n" in transport.written
    assert transport.is_closing()


async def test_a_second_answer_is_refused_and_never_sent(world: World) -> None:
    protocol, transport = connect(world.app, world.routes)
    protocol.data_received(post("/gate"))
    world.waiting[0](DONE)
    protocol.data_received(post("/gate"))
    with pytest.raises(RuntimeError, match="answered once"):
        world.waiting[0](DONE)
    assert statuses(transport.written) == [200]


async def test_an_answered_request_is_not_left_to_asgi_as_well(caplog: pytest.LogCaptureFixture) -> None:
    def answer_and_leave(_: FastRequest, reply: Reply) -> None:
        reply(DONE)
        raise LeftToAsgi

    world = World()
    world.routes.add(b"POST", b"/both", answer_and_leave)
    protocol, transport = connect(world.app, world.routes)
    with caplog.at_level(logging.ERROR, "kidoku.http"):
        protocol.data_received(post("/both") + post("/now"))
    assert statuses(transport.written) == [200, 200]
    assert world.calls == ["/now"]
    assert [record.exc_info is not None for record in caplog.records] == [True]


async def test_the_date_moves_on(world: World) -> None:
    protocol, transport = connect(world.app, world.routes)
    protocol.data_received(post("/now"))
    protocol.server_state.default_headers = [(b"date", b"later")]
    protocol.data_received(post("/now"))
    assert transport.written.count(b"date: now\r\n") == 1
    assert transport.written.count(b"date: later\r\n") == 1


async def test_the_limit_of_the_lane_is_not_the_limit_of_the_application(world: World) -> None:
    protocol, transport = connect(world.app, world.routes, max_body=10)
    protocol.data_received(post("/now", b"x" * 11, close=True))
    await transport.closed.wait()
    assert statuses(transport.written) == [200]
    assert world.hot == 0


async def test_a_big_body_pauses_reading_only_in_asgi(world: World) -> None:
    protocol, transport = connect(world.app, world.routes)
    sent = post("/now", b"x" * MAX_BODY)
    protocol.data_received(sent[:-1])
    assert transport.reading.is_set()
    protocol.data_received(sent[-1:])
    assert statuses(transport.written) == [200]


async def test_total_requests_count_hot_ones(world: World) -> None:
    protocol, _ = connect(world.app, world.routes)
    protocol.data_received(post("/now") * 3)
    assert protocol.server_state.total_requests == 3


async def test_a_failed_handler_is_logged_and_counted(world: World, caplog: pytest.LogCaptureFixture) -> None:
    protocol, transport = connect(world.app, world.routes)
    with caplog.at_level(logging.ERROR):
        protocol.data_received(post("/raise"))
    assert "broken handler" in caplog.text
    assert list(world.routes.answered()) == [("POST", "/raise", 500, 1)]
    assert transport.is_closing()
