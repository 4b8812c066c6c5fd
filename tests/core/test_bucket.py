"""The token bucket gives its capacity at once and its rate for ever."""

from hypothesis import given
from hypothesis import strategies as st

from kidoku.core.bucket import TokenBucket

NOW = 1_763_800_000_000


def taken(bucket: TokenBucket, now: int, tries: int) -> int:
    return sum(bucket.take(now) for _ in range(tries))


def test_it_starts_full() -> None:
    assert taken(TokenBucket(2, 5), NOW, 10) == 5


def test_it_fills_at_its_rate() -> None:
    bucket = TokenBucket(2, 5)
    taken(bucket, NOW, 5)
    assert not bucket.take(NOW + 499)
    assert taken(bucket, NOW + 500, 10) == 1
    assert taken(bucket, NOW + 1500, 10) == 2


def test_it_holds_no_more_than_its_capacity() -> None:
    bucket = TokenBucket(2, 5)
    taken(bucket, NOW, 5)
    assert taken(bucket, NOW + 3_600_000, 10) == 5


def test_sixty_an_hour() -> None:
    bucket = TokenBucket(60 / 3600, 60)
    assert taken(bucket, NOW, 100) == 60
    assert taken(bucket, NOW + 60_001, 100) == 1


def test_a_clock_that_goes_back_neither_fills_nor_drains() -> None:
    bucket = TokenBucket(2, 5)
    assert taken(bucket, NOW, 3) == 3
    assert taken(bucket, NOW - 60_000, 10) == 2
    assert taken(bucket, NOW - 59_500, 10) == 1


@given(st.lists(st.integers(0, 2000), max_size=200))
def test_no_window_gives_more_than_capacity_and_rate(steps: list[int]) -> None:
    bucket, now, given_out = TokenBucket(3, 7), NOW, 0
    for step in steps:
        now += step
        given_out += bucket.take(now)
    assert given_out <= 7 + 3 * (now - NOW) / 1000 + 1e-6


def test_it_says_what_it_holds_and_when_there_is_more() -> None:
    bucket = TokenBucket(3, 2)
    assert (bucket.level(NOW), bucket.wait_ms(NOW)) == (2, 0)
    assert taken(bucket, NOW, 2) == 2
    assert (bucket.level(NOW), bucket.wait_ms(NOW)) == (0, 334)
    assert (bucket.level(NOW + 333), bucket.wait_ms(NOW + 333)) == (0, 1)
    assert (bucket.level(NOW + 334), bucket.wait_ms(NOW + 334)) == (1, 0)


def test_another_rate_and_capacity_hold_from_now_on() -> None:
    bucket = TokenBucket(2, 5)
    bucket.change(1, 3)
    assert taken(bucket, NOW, 10) == 3
    assert not bucket.take(NOW + 999)
    assert bucket.take(NOW + 1_000)
    bucket.change(1, 10)
    assert not bucket.take(NOW + 1_000), "it fills at its rate, and not by being larger"
