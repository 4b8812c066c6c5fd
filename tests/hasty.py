"""Second attempts without the wait before them, for tests of what they do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from kidoku.core import mark_attempt, pace, relay_attempt

SOON_S = 0.02


@contextmanager
def trying_again_soon() -> Iterator[None]:
    """How long the wait is, tests/core holds; here it is only in the way."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (mark_attempt, pace, relay_attempt):
            patch.setattr(module, "FIRST_WAIT_S", SOON_S)
        yield
