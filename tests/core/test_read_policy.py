"""Read policies: which occasion makes messages due, and when."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kidoku.core.read_policy import Occasion, Policy, ReadPolicy, due_after

R, O, S, P, A, K, B = Occasion  # received, opened, kept open, replied, assigned, asked, bot-handled  # noqa: E741

TABLE = {
    Policy.ON_RECEIVE: {R: 0, O: 0, P: 0, A: 0, K: 0},
    Policy.ON_OPEN: {O: 3, P: 0, K: 0},
    Policy.ON_OPEN_AFTER: {S: 10, P: 0, K: 0},
    Policy.ON_REPLY: {P: 0, K: 0},
    Policy.ON_ASSIGN: {P: 0, A: 0, K: 0},
    Policy.MANUAL: {K: 0},
}


@pytest.mark.parametrize("own", [None, *Policy])
@pytest.mark.parametrize("policy", Policy)
@pytest.mark.parametrize("occasion", Occasion)
def test_the_whole_table(policy: Policy, own: Policy | None, occasion: Occasion) -> None:
    both = ReadPolicy(policy, bot_handled=own)
    assert due_after(both, occasion) == TABLE[policy].get(occasion)
    assert due_after(both, occasion, bot_handled=True) == TABLE[own or policy].get(occasion)


def test_the_default_marks_with_the_answer() -> None:
    assert ReadPolicy().policy is Policy.ON_REPLY


@given(
    st.sampled_from(Policy),
    st.sampled_from(Occasion),
    st.floats(0, 3_600),
    st.floats(0, 60),
    st.none() | st.sampled_from(Policy),
    st.booleans(),
)
def test_nothing_becomes_due_in_the_past_and_opening_can_be_undone(
    policy: Policy, occasion: Occasion, after_s: float, undo_s: float, own: Policy | None, by_bot: bool
) -> None:
    wait = due_after(ReadPolicy(policy, after_s, undo_s, own), occasion, by_bot)
    rule = own if by_bot and own is not None else policy
    assert wait is None or wait >= 0
    if wait is not None and occasion in (O, S) and rule is not Policy.ON_RECEIVE:
        assert wait >= undo_s
