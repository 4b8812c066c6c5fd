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


tokens = st.one_of(
    st.tuples(numbers, numbers).map(lambda one: SEAL.read_token(7, *one)),
    st.tuples(numbers, numbers).map(lambda one: SEAL.read_token(8, *one)),
    st.tuples(numbers, numbers).map(lambda one: Seal({2: NEW}, 2).read_token(7, *one)),
    st.text(max_size=60),
    st.text(ALPHABET, min_size=44, max_size=44),
)


@given(st.lists(st.tuples(numbers, numbers), min_size=1, max_size=300))
def test_many_are_opened_at_once(pairs: list[tuple[int, int]]) -> None:
    found = SEAL.open_read_tokens(7, [SEAL.read_token(7, *pair) for pair in pairs])
    assert found is not None
    assert list(zip(*found, strict=True)) == pairs


@pytest.mark.parametrize("size", [32, 48, 64])
def test_of_a_key_of_any_size(size: int) -> None:
    seal = Seal({1: OLD[:size]}, 1)
    found = seal.open_read_tokens(7, [seal.read_token(7, 1, 2), seal.read_token(7, 3, 4)])
    assert found == ((1, 3), (2, 4))


@given(st.lists(tokens, min_size=1, max_size=8))
def test_one_that_is_none_is_never_passed_with_others(given: list[str]) -> None:
    each = [SEAL.open_read_token(7, token) for token in given]
    found = SEAL.open_read_tokens(7, given)
    assert (found is None) == (None in each)
    assert found is None or list(zip(*found, strict=True)) == each


def test_a_border_between_tokens_cannot_be_moved() -> None:
    both = SEAL.read_token(7, 1, 2) + SEAL.read_token(7, 3, 4)
    assert SEAL.open_read_tokens(7, [both[:43], both[43:]]) is None


def test_tokens_of_an_old_key_are_left_to_the_other_way() -> None:
    rotated = Seal({1: OLD, 2: NEW}, 2)
    token = SEAL.read_token(7, 1, 2)
    assert rotated.open_read_tokens(7, [token]) is None
    assert rotated.open_read_token(7, token) == (1, 2)


@pytest.mark.parametrize("wrong", ["!" * 44, "é" * 44, "=" * 44, "", "A" * 44])
def test_many_with_one_that_no_token_can_be(wrong: str) -> None:
    assert SEAL.open_read_tokens(7, [SEAL.read_token(7, 1, 2), wrong]) is None
