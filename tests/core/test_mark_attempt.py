"""What becomes of a mark after an attempt."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kidoku.core.mark_attempt import (
    GIVE_UP_S,
    LONGEST_WAIT_S,
    Again,
    Confirmed,
    Fault,
    Parked,
    Tried,
    Verdict,
    verdict,
    wait_s,
)


def judge(tried: Tried, *, attempts: int = 1, age_s: float = 0, over: bool = False) -> Verdict:
    return verdict(tried, attempts=attempts, age_s=age_s, random_unit=0.5, may_over_mark=over)


@pytest.mark.parametrize("status", [200, 201, 204, 299])
def test_any_2xx_confirms(status: int) -> None:
    assert judge(Tried(status)) == Confirmed()


@pytest.mark.parametrize(
    "tried",
    [
        *(Tried(status) for status in (408, 425, 429, 500, 502, 503, 504, 599)),
        Tried(None, Fault.NOT_SENT),
        Tried(None, Fault.NO_ANSWER),
    ],
)
def test_what_may_pass_is_tried_again(tried: Tried) -> None:
    assert judge(tried) == Again(1.0)
    assert judge(tried, attempts=4) == Again(8.0)


@pytest.mark.parametrize(
    ("tried", "advice"),
    [
        (
            Tried(400, message="Failed to mark messages as read. Please ensure that chat is enabled."),
            "chat-off",
        ),
        (Tried(400, message="Invalid markAsReadToken. Tokens must be used by …"), "wrong-channel"),
        (Tried(400, message="The request body has 1 error(s)"), "refused"),
        (Tried(401, message="Authentication failed"), "access-token"),
        (Tried(403), "not-entitled"),
        (Tried(404), "wrong-base-url"),
        (Tried(302), "refused"),
        (Tried(418), "refused"),
    ],
)
def test_what_will_not_pass_is_parked_with_advice(tried: Tried, advice: str) -> None:
    found = judge(tried)
    assert isinstance(found, Parked)
    assert found.advice == advice
    assert found.reason.startswith(str(tried.status))


def test_after_a_day_a_mark_is_parked() -> None:
    assert isinstance(judge(Tried(500), age_s=24 * 3_600), Again)
    assert judge(Tried(500), age_s=GIVE_UP_S) == Parked("500", "gave-up")


@pytest.mark.parametrize(
    ("tried", "again"),
    [
        (Tried(None, Fault.NOT_SENT, "refused"), True),
        (Tried(429), True),
        (Tried(None, Fault.NO_ANSWER, "timeout"), False),
        (Tried(500), False),
        (Tried(408), False),
    ],
)
def test_a_mark_by_user_is_not_repeated_over_a_newer_message(tried: Tried, again: bool) -> None:
    found = judge(tried, over=True)
    if again:
        assert isinstance(found, Again)
    else:
        assert isinstance(found, Parked)
        assert found.advice == "newer-message"


@given(st.integers(1, 10_000), st.floats(0, 1), st.none() | st.floats(0, 86_400))
def test_waiting_grows_has_an_end_and_respects_retry_after(
    attempts: int, unit: float, asked: float | None
) -> None:
    wait = wait_s(attempts, unit, asked)
    assert wait >= 0.8
    assert wait >= (asked or 0)
    assert wait <= max(LONGEST_WAIT_S * 1.2, asked or 0)
    assert wait_s(attempts + 1, unit) >= wait_s(attempts, unit)
