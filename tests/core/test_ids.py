"""Identifiers look like LINE's and never repeat for different random bytes."""

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kidoku.core import ids

SIXTEEN = bytes(range(16))
HEX = "000102030405060708090a0b0c0d0e0f"
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (ids.user_id, "U" + HEX),
        (ids.group_id, "C" + HEX),
        (ids.room_id, "R" + HEX),
        (ids.channel_secret, HEX),
    ],
)
def test_hex_forms(make: Callable[[bytes], str], expected: str) -> None:
    assert make(SIXTEEN) == expected
    assert make(SIXTEEN + b"more") == expected
    with pytest.raises(ValueError, match="needs 16 random bytes, got 15"):
        make(SIXTEEN[:15])


def test_reply_tokens_made_later_sort_later_and_look_like_any() -> None:
    tokens = [ids.reply_token(now, SIXTEEN) for now in (1, 1_469_918_176_385, (1 << 48) - 1)]
    assert tokens == sorted(tokens)
    assert tokens[1] == "01563df36481" + HEX[:20]
    assert all(re.fullmatch("[0-9a-f]{32}", token) for token in tokens)
    with pytest.raises(ValueError, match="needs 10 random bytes, got 9"):
        ids.reply_token(1, SIXTEEN[:9])


@given(st.binary(min_size=8, max_size=8))
def test_channel_ids_have_ten_digits(rand: bytes) -> None:
    assert re.fullmatch(r"2\d{9}", str(ids.channel_id(rand)))


@given(st.binary(min_size=8, max_size=8))
def test_basic_ids_are_three_digits_and_five_letters(rand: bytes) -> None:
    assert re.fullmatch(r"@\d{3}[a-z]{5}", ids.basic_id(rand))


def test_basic_ids_use_the_whole_range() -> None:
    assert ids.basic_id(bytes(8)) == "@000aaaaa"
    assert ids.basic_id((1000 * 26**5 - 1).to_bytes(8)) == "@999zzzzz"


def test_a_known_ulid() -> None:
    """Time part of the sample in the ULID specification: 1469918176385 ms is 01ARYZ6S41."""
    assert ids.webhook_event_id(1_469_918_176_385, bytes(10)) == "01ARYZ6S41" + "0" * 16
    assert ids.webhook_event_id(1_469_918_176_385, b"\xff" * 10) == "01ARYZ6S41" + "Z" * 16


@given(st.integers(0, (1 << 48) - 1), st.binary(min_size=10, max_size=10))
def test_a_webhook_event_id_holds_its_time_and_its_random_bits(now: int, rand: bytes) -> None:
    event_id = ids.webhook_event_id(now, rand)
    assert len(event_id) == 26
    number = 0
    for char in event_id:
        number = number * 32 + CROCKFORD.index(char)
    assert number == now << 80 | int.from_bytes(rand)


@given(st.integers(0, 1 << 62), st.integers(0, 4_000_000_000_000))
def test_message_ids_only_rise(last: int, now: int) -> None:
    assert ids.next_message_id(last, now) > last


def test_message_ids_have_eighteen_digits_and_follow_the_clock() -> None:
    one = ids.next_message_id(0, 1_763_800_000_000)
    assert len(str(one)) == 18
    assert ids.next_message_id(one, 1_763_800_000_000) == one + 1
    assert ids.next_message_id(one, 1_763_700_000_000) == one + 1
    assert ids.next_message_id(one, 1_763_800_000_001) == one + (1 << 20)


@pytest.mark.parametrize(
    ("kind", "check"), [("U", ids.is_user_id), ("C", ids.is_group_id), ("R", ids.is_room_id)]
)
def test_recognising_ids(kind: str, check: Callable[[str], bool]) -> None:
    assert check(kind + HEX)
    others = [letter + HEX for letter in "UCRx" if letter != kind]
    wrong = [
        "",
        kind,
        HEX,
        kind + HEX[:-1],
        kind + HEX + "0",
        kind + HEX.upper(),
        kind + HEX + "\n",
        kind + "é" * 32,
    ]
    assert not any(check(value) for value in others + wrong)
