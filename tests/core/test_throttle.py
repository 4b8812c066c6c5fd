"""Who guesses waits."""

from __future__ import annotations

from kidoku.core.throttle import FIRST_WAIT_MS, FORGOTTEN_MS, KEPT, Throttle

NOW = 1_763_800_000_000
LONGEST = 60_000


def after(tries: int) -> Throttle:
    throttle = Throttle(3, LONGEST)
    for _ in range(tries):
        throttle.tried("ann", NOW)
    return throttle


def test_some_tries_are_free() -> None:
    assert [after(tries).wait_ms("ann", NOW) for tries in range(4)] == [0, 0, 0, 0]


def test_waits_double_up_to_the_longest() -> None:
    waits = [after(tries).wait_ms("ann", NOW) for tries in range(4, 12)]
    assert waits[:4] == [FIRST_WAIT_MS, 2_000, 4_000, 8_000]
    assert waits[-2:] == [LONGEST, LONGEST]
    assert after(500).wait_ms("ann", NOW) == LONGEST


def test_a_wait_passes() -> None:
    throttle = after(5)
    assert throttle.wait_ms("ann", NOW + 500) == 1_500
    assert throttle.wait_ms("ann", NOW + 2_000) == 0
    throttle.tried("ann", NOW + 2_000)
    assert throttle.wait_ms("ann", NOW + 2_000) == 4_000


def test_others_do_not_wait() -> None:
    assert after(9).wait_ms("bob", NOW) == 0


def test_success_and_time_forget() -> None:
    throttle = after(9)
    throttle.succeeded("ann")
    assert throttle.wait_ms("ann", NOW) == 0
    throttle.succeeded("ann")
    throttle = after(9)
    throttle.tried("ann", NOW + FORGOTTEN_MS)
    assert throttle.wait_ms("ann", NOW + FORGOTTEN_MS) == 0


def test_the_longest_quiet_are_forgotten_first() -> None:
    throttle = after(9)
    for number in range(KEPT - 1):
        throttle.tried(str(number), NOW)
    assert throttle.wait_ms("ann", NOW) > 0
    throttle.tried("one more", NOW)
    assert throttle.wait_ms("ann", NOW) == 0


def test_the_longest_counts_from_the_last_try() -> None:
    assert Throttle(0, 10 * FORGOTTEN_MS).wait_ms("ann", NOW) == 0
    throttle = Throttle(0, 10 * FORGOTTEN_MS)
    for _ in range(40):
        throttle.tried("ann", NOW)
    assert throttle.wait_ms("ann", NOW) == 10 * FORGOTTEN_MS
    assert throttle.wait_ms("ann", NOW + FORGOTTEN_MS) == 0
