"""What goes wrong, in the one shape of our APIs: `{"error": {"code", "message", "hint"}}`.

`code` is stable and names the rule, `message` says what happened, `hint` what to do next.
"""

from __future__ import annotations

import msgspec

from kidoku.storage.refused import Invalid, Missing, Refused


class Problem(Exception):
    """An answer that is an error. `hint`: what to do next, else what is known for the code. `headers` go with it."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        hint: str = "",
        headers: tuple[tuple[bytes, bytes], ...] = (),
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.hint = hint
        self.headers = headers


class ErrorDetail(msgspec.Struct):
    """What happened and what to do next."""

    code: str
    message: str
    hint: str


class ErrorAnswer(msgspec.Struct):
    """Every error of this API."""

    error: ErrorDetail


def from_refused(refused: Refused) -> Problem:
    """A rule of the store that was broken: 404, 400 or 409."""
    status = 404 if isinstance(refused, Missing) else 400 if isinstance(refused, Invalid) else 409
    return Problem(status, refused.code, refused.message, refused.hint)


def bad(code: str, message: str, hint: str = "") -> Problem:
    return Problem(400, code, message, hint)
