"""What becomes of a file after an attempt to fetch it."""

import pytest

from kidoku.core.mark_attempt import GIVE_UP_S, Fault, Tried
from kidoku.core.media_attempt import Again, Failed, Gone, Got, Verdict, verdict


def judge(tried: Tried, *, preview: bool = False, attempts: int = 1, age_s: float = 0) -> Verdict:
    return verdict(tried, is_preview=preview, attempts=attempts, age_s=age_s, random_unit=0.5)


def test_200_is_the_file() -> None:
    assert judge(Tried(200)) == Got()


@pytest.mark.parametrize("status", [404, 410])
def test_what_line_no_longer_has_is_gone(status: int) -> None:
    assert judge(Tried(status, message="gone")) == Gone(f"{status} gone")


def test_what_can_have_no_preview() -> None:
    refused = Tried(400, message="The content can not be previewed")
    assert judge(refused, preview=True) == Gone("400 The content can not be previewed")
    assert judge(refused) == Failed("400 The content can not be previewed", "refused")


def test_what_is_being_prepared_is_asked_for_every_half_minute() -> None:
    assert judge(Tried(202)) == Again(1.0, "202")
    assert judge(Tried(202), attempts=50) == Again(32.0, "202")
    assert judge(Tried(202, retry_after_s=60)) == Again(60, "202")


@pytest.mark.parametrize("tried", [Tried(500), Tried(429), Tried(None, Fault.NO_ANSWER)])
def test_what_may_pass_is_tried_again(tried: Tried) -> None:
    assert isinstance(judge(tried), Again)
    found = judge(tried, attempts=50)
    assert isinstance(found, Again)
    assert found.wait_s == 300


@pytest.mark.parametrize(
    ("status", "advice"), [(401, "access-token"), (403, "not-entitled"), (302, "refused")]
)
def test_what_will_not_pass_fails(status: int, advice: str) -> None:
    assert judge(Tried(status)) == Failed(str(status), advice)


def test_after_a_day_it_is_given_up() -> None:
    assert judge(Tried(202), age_s=GIVE_UP_S) == Failed("202", "gave-up")
