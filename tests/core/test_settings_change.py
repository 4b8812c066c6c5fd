"""Changing settings: a patch changes what it names, the option moves by its own steps."""

from typing import Any

import pytest

from kidoku.core.option import OptionAction, OptionRefused, OptionState
from kidoku.core.settings import AccountSettings, Greeting, ReadMode
from kidoku.core.settings_change import SettingsRefused, patched, with_option

APPROVED = AccountSettings(chat=True, option=OptionState.APPROVED)
IN_USE = AccountSettings(option=OptionState.IN_USE)


def test_a_patch_changes_what_it_names() -> None:
    before = AccountSettings(webhook="http://127.0.0.1:3000/", greeting=Greeting(text="Hi"))
    after = patched(before, {"chat": True, "greeting": {"enabled": False}, "webhook": None})
    assert after.chat
    assert after.webhook is None
    assert after.greeting == Greeting(enabled=False, text="Hi")
    assert patched(
        after, {"chat": False, "greeting": {"enabled": True}, "webhook": before.webhook}
    ) == patched(before, {})


def test_lists_are_replaced_as_a_whole() -> None:
    rule = {"keywords": ["a"], "text": "b"}
    one = patched(AccountSettings(), {"autoResponse": {"rules": [rule, rule]}})
    two = patched(one, {"autoResponse": {"rules": [rule]}})
    assert [len(one.auto_response.rules), len(two.auto_response.rules)] == [2, 1]


@pytest.mark.parametrize(
    ("patch", "reason"),
    [
        ({"chat": 1}, "Expected `bool`"),
        ({"nonsense": 1}, "unknown field `nonsense`"),
        ({"greeting": {"nonsense": 1}}, "unknown field `nonsense` - at `$.greeting`"),
        ({"greeting": None}, "Expected `object`"),
        ({"responseHours": {"timeZone": "Nowhere"}}, "unknown time zone 'Nowhere'"),
        ({"option": "in_use"}, "own endpoint"),
    ],
)
def test_refusals_say_why(patch: dict[str, Any], reason: str) -> None:
    with pytest.raises(SettingsRefused) as refused:
        patched(AccountSettings(), patch)
    assert reason in refused.value.reason


def test_chat_stays_off_while_the_option_is_in_use() -> None:
    with pytest.raises(SettingsRefused, match="withdraw it first"):
        patched(IN_USE, {"chat": True})
    assert patched(IN_USE, {"chat": False}).mode is ReadMode.OPTION


def test_taking_the_option_into_use_turns_chat_off() -> None:
    after = with_option(APPROVED, OptionAction.USE)
    assert (after.chat, after.option, after.mode) == (False, OptionState.IN_USE, ReadMode.OPTION)


def test_other_steps_leave_chat_alone() -> None:
    assert with_option(APPROVED, OptionAction.WITHDRAW).chat
    withdrawn = with_option(IN_USE, OptionAction.WITHDRAW)
    assert (withdrawn.chat, withdrawn.mode) == (False, ReadMode.AUTO)


def test_an_impossible_step_is_refused() -> None:
    with pytest.raises(OptionRefused):
        with_option(IN_USE, OptionAction.APPLY)
