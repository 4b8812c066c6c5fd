"""Passwords that are hashed in no time. tests/desk/test_passwords.py holds what they cost in the product."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from kidoku.desk import passwords
from kidoku.desk.api import sign_in


@contextmanager
def hashed_lightly() -> Iterator[None]:
    """As little work for each password as Argon2id can do: a third of a second of it would be most of many tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "MEMORY_KIB", 8)
        patch.setattr(passwords, "ITERATIONS", 1)
        patch.setattr(sign_in, "NOBODY", passwords.NOBODY.replace("m=65536,t=3", "m=8,t=1"))
        yield
