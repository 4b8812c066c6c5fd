"""Counting text as LINE does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kidoku.core.text import grapheme_len, truncate, utf16_len

FAMILY = "👨‍👩‍👧"


@pytest.mark.parametrize(
    ("text", "units", "characters"),
    [
        ("", 0, 0),
        ("abc", 3, 3),
        ("a\r\nb", 4, 3),
        ("既読", 2, 2),
        ("😀", 2, 1),
        (FAMILY, 8, 1),
        ("🇯🇵🇹🇭", 8, 2),
        ("e\u0301", 2, 1),
        ("\ud800", 1, 1),
    ],
)
def test_lengths(text: str, units: int, characters: int) -> None:
    assert utf16_len(text) == units
    assert grapheme_len(text) == characters


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("", 3, ""),
        ("abc", 3, "abc"),
        ("abcd", 3, "ab…"),
        ("既読です", 3, "既読…"),
        (FAMILY * 3, 3, FAMILY * 3),
        (FAMILY * 4, 3, FAMILY * 2 + "…"),
    ],
)
def test_truncate(text: str, limit: int, expected: str) -> None:
    assert truncate(text, limit) == expected


@given(st.text(), st.integers(1, 20))
def test_a_truncated_text_fits(text: str, limit: int) -> None:
    assert grapheme_len(truncate(text, limit)) <= limit


@given(st.text())
def test_graphemes_never_outnumber_units(text: str) -> None:
    assert grapheme_len(text) <= len(text) <= utf16_len(text)


def test_counting_ends_when_it_is_enough() -> None:
    """Of flags, each costs as much to find as all before it together."""
    assert grapheme_len("\U0001f1ef" * 500_000, 21) == 21
    assert grapheme_len("\U0001f1ef\U0001f1f5" * 3, 21) == 3
