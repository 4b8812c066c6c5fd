"""Greeting and auto-response."""

import pytest

from kidoku.core.auto_response import choose, greeting_text
from kidoku.core.settings import AutoResponse, Greeting, Rule

RULES = [
    Rule(keywords=["hours", "営業時間"], text="9 to 6"),
    Rule(keywords=["hours", "menu"], text="Noodles"),
]
AUTO = AutoResponse(enabled=True, rules=RULES, default_text="Pardon?")


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("hours", "9 to 6"),
        (" HOURS\n", "9 to 6"),
        ("営業時間", "9 to 6"),
        ("Menu", "Noodles"),
        ("what hours?", "Pardon?"),
        ("", "Pardon?"),
        (None, "Pardon?"),
    ],
)
def test_keywords_first_then_the_default(said: str | None, answer: str) -> None:
    assert choose(AUTO, said) == answer


def test_no_default_no_answer() -> None:
    assert choose(AutoResponse(enabled=True, rules=RULES), "something else") is None
    assert choose(AutoResponse(enabled=True, rules=RULES), None) is None


def test_switched_off() -> None:
    assert choose(AutoResponse(rules=RULES, default_text="Pardon?"), "hours") is None
    assert choose(AutoResponse(), "hours") is None


def test_the_greeting_names_both() -> None:
    assert greeting_text(Greeting(), "Ramen Kidoku", "Ann") == (
        "Hello Ann! Thank you for adding Ramen Kidoku as a friend."
    )


def test_a_name_that_looks_like_a_placeholder_stays() -> None:
    greeting = Greeting(text="{userName} {accountName} {other} {}")
    assert greeting_text(greeting, "Shop", "{accountName}\\1") == "{accountName}\\1 Shop {other} {}"


def test_no_greeting_when_switched_off() -> None:
    assert greeting_text(Greeting(enabled=False), "Shop", "Ann") is None
