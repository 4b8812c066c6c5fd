"""Webhook signatures, against LINE's published sample and one of our own with other alphabets in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kidoku.core.signature import sign, verify

VECTORS = [
    pytest.param(
        "8c570fa6dd201bb328f1c1eac23a96d8",
        '{"destination":"U8e742f61d673b39c7fff3cecb7536ef0","events":[]}',
        "GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs=",
        id="docs/messaging-api/verify-webhook-signature",
    ),
    pytest.param(
        "0123456789abcdef0123456789abcdef",
        '{"destination":"U0123456789abcdef0123456789abcdef","events":'
        '[{"type":"message","message":{"type":"text","id":"1","text":"既読 😀"}}]}',
        "5/MedzwpYxLbAAHgb1Jbx9/PG/YdwBurnz+Ck1E9s2E=",
        id="ours",
    ),
]


@pytest.mark.parametrize(("secret", "body", "expected"), VECTORS)
def test_known_signatures(secret: str, body: str, expected: str) -> None:
    assert sign(secret, body.encode()) == expected
    assert verify(secret, body.encode(), expected)


@given(st.text(), st.binary(), st.binary(min_size=1))
def test_only_the_same_bytes_verify(secret: str, body: bytes, more: bytes) -> None:
    assert verify(secret, body, sign(secret, body))
    assert not verify(secret, body + more, sign(secret, body))


@pytest.mark.parametrize("signature", ["", "=", "é", "\ud800", "既読", "?" * 44, "A" * 43 + "="])
def test_other_texts_do_not(signature: str) -> None:
    assert not verify("secret", b"{}", signature)


def test_another_spelling_does_not() -> None:
    good = sign("secret", b"{}")
    assert not verify("secret", b"{}", good + "\n")
    assert not verify("secret", b"{}", good.rstrip("="))
    assert not verify("other", b"{}", good)
