"""How a store function refuses: by a rule with a name, for whoever speaks to people to translate."""

from __future__ import annotations


class Refused(Exception):
    """A change that the rules forbid. `code` is stable and names the rule; `message` is for people, `hint` says what to
    do next where the code alone doesn't.
    """

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint


class Missing(Refused):
    """What was named doesn't exist, or not for whoever asks."""


class Invalid(Refused):
    """What was asked for makes no sense, whatever the state."""
