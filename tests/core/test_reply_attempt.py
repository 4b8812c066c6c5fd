"""What becomes of an answer after an attempt to send it: never lost, never sent twice without anybody knowing."""

import pytest

from kidoku.core.mark_attempt import Fault, Tried
from kidoku.core.reply_attempt import GIVE_UP_S, Again, Failed, Sent, UsePush, push_verdict, reply_verdict

INVALID = Tried(400, message="Invalid reply token")
TIMEOUT = Tried(None, Fault.NO_ANSWER, "timed out")
UNREACHED = Tried(None, Fault.NOT_SENT, "refused")
RATE = Tried(429, message="The API rate limit has been exceeded. Try again later.")
QUOTA = Tried(429, message="You have reached your monthly limit.")


def reply(
    tried: Tried,
    *,
    attempts: int = 1,
    doubtful: bool = False,
    in_time: bool = True,
    good_for_s: float = 40,
    shared: bool = False,
) -> object:
    return reply_verdict(
        tried,
        attempts=attempts,
        random_unit=0.5,
        doubtful=doubtful,
        in_time=in_time,
        good_for_s=good_for_s,
        shared=shared,
    )


def push(tried: Tried, *, attempts: int = 1, doubtful: bool = False, age_s: float = 0) -> object:
    return push_verdict(tried, attempts=attempts, random_unit=0.5, doubtful=doubtful, age_s=age_s)


@pytest.mark.parametrize("doubtful", [False, True])
def test_2xx_is_sent(doubtful: bool) -> None:
    assert reply(Tried(200), doubtful=doubtful, in_time=False, good_for_s=-1) == Sent()
    assert push(Tried(200), doubtful=doubtful) == Sent()


def test_a_token_that_is_refused_at_once_falls_back_to_push() -> None:
    assert reply(INVALID) == UsePush()


def test_a_token_that_is_refused_after_a_lost_answer_was_used_by_what_was_lost() -> None:
    assert reply(INVALID, doubtful=True) == Sent(certain=False)


@pytest.mark.parametrize(("in_time", "shared"), [(False, False), (True, True)])
def test_unless_it_may_have_expired_or_somebody_else_may_have_used_it(in_time: bool, shared: bool) -> None:
    found = reply(INVALID, doubtful=True, in_time=in_time, shared=shared)
    assert found == Failed("400 Invalid reply token", "maybe-sent")


@pytest.mark.parametrize("tried", [TIMEOUT, Tried(500), Tried(503), Tried(408)])
def test_the_same_token_is_tried_again_while_it_is_good(tried: Tried) -> None:
    assert reply(tried) == Again(1.0, doubtful=True)
    assert reply(tried, attempts=4) == Again(8.0, doubtful=True)


def test_what_surely_was_not_sent_leaves_no_doubt() -> None:
    assert reply(UNREACHED) == Again(1.0, doubtful=False)
    assert reply(RATE) == Again(1.0, doubtful=False)
    assert reply(UNREACHED, doubtful=True) == Again(1.0, doubtful=True)


@pytest.mark.parametrize("tried", [UNREACHED, RATE])
def test_when_the_token_ends_what_surely_was_not_sent_is_pushed(tried: Tried) -> None:
    assert reply(tried, good_for_s=0.5) == UsePush()
    assert reply(tried, good_for_s=-5, in_time=False) == UsePush()


def test_when_the_token_ends_doubt_gets_one_last_call() -> None:
    assert reply(TIMEOUT, attempts=5, good_for_s=9) == Again(9, doubtful=True)
    assert reply(TIMEOUT, good_for_s=-60) == Again(0, doubtful=True), "a process that died was sending it"
    assert reply(TIMEOUT, doubtful=True, in_time=False, good_for_s=-1) == Failed(
        "no-answer: timed out", "maybe-sent"
    )


@pytest.mark.parametrize(
    ("tried", "advice"),
    [
        (Tried(400, message="The request body has 1 error(s)"), "refused"),
        (Tried(401), "access-token"),
        (Tried(403), "not-entitled"),
        (Tried(404), "wrong-base-url"),
        (Tried(415), "wrong-base-url"),
        (Tried(302), "refused"),
    ],
)
def test_a_refusal_is_final(tried: Tried, advice: str) -> None:
    for found in (reply(tried), push(tried)):
        assert isinstance(found, Failed)
        assert found.advice == advice
        assert found.reason.startswith(str(tried.status))


def test_a_refusal_after_a_lost_answer_may_have_been_sent() -> None:
    assert reply(Tried(401), doubtful=True) == Failed("401", "maybe-sent")


def test_a_push_that_was_accepted_earlier_is_sent() -> None:
    assert push(Tried(409, message="The retry key is already accepted"), doubtful=True) == Sent()


@pytest.mark.parametrize(
    ("tried", "doubtful"),
    [(TIMEOUT, True), (Tried(500), True), (UNREACHED, False), (RATE, False)],
)
def test_a_push_is_tried_again_with_its_retry_key(tried: Tried, doubtful: bool) -> None:
    assert push(tried) == Again(1.0, doubtful)
    assert push(tried, doubtful=True) == Again(1.0, doubtful=True)
    assert push(tried, attempts=20) == Again(300.0, doubtful)


def test_a_used_up_quota_is_no_rate_limit() -> None:
    assert push(QUOTA) == Failed("429 You have reached your monthly limit.", "quota")


def test_a_user_that_cannot_be_reached() -> None:
    found = push(Tried(400, message="Failed to send messages"))
    assert isinstance(found, Failed)
    assert found.advice == "unreachable"


def test_a_push_ends_before_line_forgets_its_retry_key() -> None:
    assert isinstance(push(TIMEOUT, age_s=GIVE_UP_S - 2), Again)
    assert push(RATE._replace(retry_after_s=60), age_s=GIVE_UP_S - 59) == Failed(
        "429 The API rate limit has been exceeded. Try again later.", "gave-up"
    )
    assert push(TIMEOUT, age_s=GIVE_UP_S) == Failed("no-answer: timed out", "maybe-sent")
    assert push(UNREACHED, age_s=GIVE_UP_S) == Failed("not-sent: refused", "gave-up")
    assert push(UNREACHED, age_s=GIVE_UP_S, doubtful=True) == Failed("not-sent: refused", "maybe-sent")
