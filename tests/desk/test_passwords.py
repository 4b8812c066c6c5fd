"""What a password costs whoever guesses, and that nobody can tell from the time whether a login exists."""

from __future__ import annotations

from kidoku.desk.passwords import NOBODY, hash_password, is_password

SALT = b"0123456789abcdef"
COST = "$argon2id$v=19$m=65536,t=3,p=1$"
"""What RFC 9106 recommends where memory is scarce, but for the lanes."""


def test_a_password_is_known_again_and_no_other_is() -> None:
    known = hash_password("correct horse", SALT)
    assert known.startswith(COST)
    assert is_password("correct horse", known)
    assert not is_password("correct horsf", known)
    assert hash_password("correct horse", SALT[::-1]) != known


def test_an_unknown_login_takes_as_long_as_a_known_one() -> None:
    assert NOBODY.startswith(COST)
    assert not is_password("", NOBODY)
