"""The option contract: every state with every step."""

import pytest

from kidoku.core.option import OptionAction, OptionRefused, OptionState, allowed, move

TABLE = {
    "none": {"apply": "applied"},
    "applied": {"approve": "approved", "withdraw": "withdrawn"},
    "approved": {"use": "in_use", "withdraw": "withdrawn"},
    "in_use": {"withdraw": "withdrawn"},
    "withdrawn": {"apply": "applied"},
}
POSSIBLE = [(state, action, after) for state, steps in TABLE.items() for action, after in steps.items()]
REFUSED = [(state, action) for state in OptionState for action in OptionAction if action not in TABLE[state]]


@pytest.mark.parametrize(("state", "action", "after"), POSSIBLE)
def test_possible_steps(state: str, action: str, after: str) -> None:
    assert move(OptionState(state), OptionAction(action)) is OptionState(after)


@pytest.mark.parametrize(("state", "action"), REFUSED)
def test_refused_steps(state: OptionState, action: OptionAction) -> None:
    with pytest.raises(OptionRefused) as refused:
        move(state, action)
    assert f"'{state}'" in refused.value.reason
    assert all(f"'{step}'" in refused.value.reason for step in TABLE[state])
    assert str(refused.value) == refused.value.reason


@pytest.mark.parametrize("state", OptionState)
def test_the_steps_on_offer_are_the_possible_ones(state: OptionState) -> None:
    assert set(allowed(state)) == set(TABLE[state])
