"""Handing things over from one thread to another."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from kidoku.storage.handover import Handover

NUMBER = 20_000


@pytest.fixture
def handover() -> Iterator[Handover[int | None]]:
    made: Handover[int | None] = Handover()
    yield made
    made.close()


def test_what_was_put_is_taken_in_order(handover: Handover[int | None]) -> None:
    for number in range(3):
        handover.put(number)
    assert [handover.take() for _ in range(3)] == [0, 1, 2]
    assert handover.empty


def test_a_taker_waits_for_what_is_put_later(handover: Handover[int | None]) -> None:
    taken: list[int | None] = []
    taker = threading.Thread(target=lambda: taken.append(handover.take()))
    taker.start()
    handover.put(7)
    taker.join(10)
    assert taken == [7]


def test_no_wake_is_lost(handover: Handover[int | None]) -> None:
    """However taker and putter meet."""
    taken: list[int] = []
    answered = threading.Semaphore(0)

    def take() -> None:
        while (one := handover.take()) is not None:
            taken.append(one)
            answered.release()

    taker = threading.Thread(target=take)
    taker.start()
    for number in range(NUMBER):
        handover.put(number)
        if number % 3 == 0:  # now and then the taker has to wait
            assert answered.acquire(timeout=10)
    handover.put(None)
    taker.join(30)
    assert taken == list(range(NUMBER))


def test_a_taker_that_never_waits_hears_no_ring(handover: Handover[int | None]) -> None:
    for number in range(100_000):  # more than a pipe has room for
        handover.put(number)
        assert handover.take() == number
    assert handover.empty
