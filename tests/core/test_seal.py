"""Sealed tokens: the same for the same message, and worthless in any other hand."""

import string
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kidoku.core.seal import Seal

OLD, NEW = bytes(range(64)), bytes(range(64, 128))
SEAL = Seal({1: OLD}, 1)
ALPHABET = string.ascii_letters + string.digits + "-_"

numbers = st.integers(0, (1 << 64) - 1)


@given(numbers, numbers, numbers)
def test_a_token_opens_to_what_it_was_made_of(channel: int, chat: int, other: int) -> None:
    assert SEAL.open_read_token(channel, SEAL.read_token(channel, chat, other)) == (chat, other)
    assert SEAL.open_quote_token(channel, SEAL.quote_token(channel, chat >> 16, other)) == (chat >> 16, other)
    assert SEAL.open_stateless_token(SEAL.stateless_token(channel, other)) == (channel, other)


@given(numbers, numbers, numbers)
def test_a_token_is_opaque_and_safe_in_urls(channel: int, chat: int, seq: int) -> None:
    token = SEAL.read_token(channel, chat, seq)
    assert len(token) == 44
    assert set(token) <= set(ALPHABET)


def test_a_redelivery_carries_the_same_token() -> None:
    assert SEAL.read_token(1, 2, 3) == Seal({1: OLD}, 1).read_token(1, 2, 3)


@given(st.integers(1, (1 << 16) - 1))
def test_an_edition_changes_the_token_and_not_what_it_opens_to(edition: int) -> None:
    token = SEAL.quote_token(1, 2, 3, edition)
    assert token != SEAL.quote_token(1, 2, 3)
    assert SEAL.open_quote_token(1, token) == (2, 3)


def test_different_messages_have_different_tokens() -> None:
    tokens = {SEAL.read_token(channel, chat, seq) for channel in (1, 2) for chat in (3, 4) for seq in (5, 6)}
    assert len(tokens) == 8


@given(numbers, numbers, numbers, numbers)
def test_another_channel_cannot_use_it(channel: int, other: int, chat: int, seq: int) -> None:
    found = SEAL.open_read_token(other, SEAL.read_token(channel, chat, seq))
    assert found == ((chat, seq) if channel == other else None)


def test_one_kind_of_token_is_not_another() -> None:
    read, quote, stateless = SEAL.read_token(1, 2, 3), SEAL.quote_token(1, 2, 3), SEAL.stateless_token(2, 3)
    assert SEAL.open_read_token(1, quote) is None
    assert SEAL.open_read_token(1, stateless) is None
    assert SEAL.open_quote_token(1, read) is None
    assert SEAL.open_stateless_token(read) is None
    assert SEAL.open_stateless_token(quote) is None


@pytest.mark.parametrize("place", range(44))
def test_no_character_can_be_changed(place: int) -> None:
    token = SEAL.read_token(1, 2, 3)
    for char in ALPHABET + "+/= \n":
        forged = token[:place] + char + token[place + 1 :]
        assert SEAL.open_read_token(1, forged) == ((2, 3) if forged == token else None)


@given(st.text())
def test_any_text_is_a_valid_question(text: str) -> None:
    assert SEAL.open_read_token(1, text) is None
    assert SEAL.open_quote_token(1, text) is None
    assert SEAL.open_stateless_token(text) is None


@given(st.text(min_size=44, max_size=44))
def test_any_text_of_the_right_length_too(text: str) -> None:
    assert SEAL.open_read_token(1, text) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "=",
        "A" * 43,
        "A" * 44,
        "A" * 45,
        "é" * 44,
        "\ud800" * 44,
        "\0" * 44,
        "=" * 44,
        "A" * 43 + "=",
        "A" * 5_000_000,
    ],
    ids=lambda text: f"{len(text)}-{text[:1]!a}",
)
def test_hostile_texts(text: str) -> None:
    assert SEAL.open_read_token(1, text) is None


def test_padding_and_space_are_not_tolerated() -> None:
    token = SEAL.read_token(1, 2, 3)
    for text in (token + "=", token + "\n", " " + token, token[:-1], token + token):
        assert SEAL.open_read_token(1, text) is None


def test_old_keys_go_on_opening_after_a_rotation() -> None:
    token = SEAL.read_token(1, 2, 3)
    rotated = Seal({1: OLD, 2: NEW}, 2)
    assert rotated.open_read_token(1, token) == (2, 3)
    fresh = rotated.read_token(1, 2, 3)
    assert fresh != token
    assert SEAL.open_read_token(1, fresh) is None
    assert Seal({2: NEW}, 2).open_read_token(1, token) is None


def test_the_key_id_is_bound_to_its_key() -> None:
    swapped = Seal({1: NEW, 2: OLD}, 1)
    assert swapped.open_read_token(1, SEAL.read_token(1, 2, 3)) is None


def test_a_seal_needs_its_current_key() -> None:
    with pytest.raises(KeyError):
        Seal({1: OLD}, 2)


def test_one_seal_serves_many_threads() -> None:
    def both_ways(seq: int) -> bool:
        return SEAL.open_read_token(7, SEAL.read_token(7, 8, seq)) == (8, seq)

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(both_ways, range(2000)))
