"""What to do next at a terminal, by code of the control API, whose own hints name its paths."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from kidoku.cli.words import _

NEXT_STEPS: Final[Mapping[str, Callable[[], str]]] = {
    "provider_not_found": lambda: _(
        "`kidoku account show` names an account's provider; without --provider it is the first one."
    ),
    "user_not_found": lambda: _(
        "`kidoku user list` shows those there are; users and accounts of different providers never meet."
    ),
    "chat_not_found": lambda: _(
        "`kidoku account list` shows accounts; a group's ID stands in its address on a phone."
    ),
    "blocked": lambda: _("Unblock the account on the user's phone."),
    "not_a_member": lambda: _("Let the user join the group first, on the phone of a member."),
}


def next_step(code: str, hint: str) -> str:
    """The next step for whoever typed the command; where we have none, the server's own `hint`."""
    return NEXT_STEPS[code]() if code in NEXT_STEPS else hint
