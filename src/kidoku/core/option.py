"""The life of the mark-as-read option contract (LINE: partner-docs/mark-as-read, "old").

none → applied → approved → in use → withdrawn. LINE only says that one applies, and that the option excludes
Chat. That a contract can be withdrawn before it is in use, and applied for again afterwards, is our decision,
so that one test account can go round more than once.
"""

from enum import StrEnum


class OptionState(StrEnum):
    """How far an account is with the option contract. Only `in_use` changes how messages become Read."""

    NONE = "none"
    APPLIED = "applied"
    APPROVED = "approved"
    IN_USE = "in_use"
    WITHDRAWN = "withdrawn"


class OptionAction(StrEnum):
    """A step that moves the contract on."""

    APPLY = "apply"
    APPROVE = "approve"
    USE = "use"
    WITHDRAW = "withdraw"


class OptionRefused(Exception):
    """The step does not fit the state. `reason` says what would."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


_MOVES = {
    (OptionState.NONE, OptionAction.APPLY): OptionState.APPLIED,
    (OptionState.WITHDRAWN, OptionAction.APPLY): OptionState.APPLIED,
    (OptionState.APPLIED, OptionAction.APPROVE): OptionState.APPROVED,
    (OptionState.APPROVED, OptionAction.USE): OptionState.IN_USE,
    (OptionState.APPLIED, OptionAction.WITHDRAW): OptionState.WITHDRAWN,
    (OptionState.APPROVED, OptionAction.WITHDRAW): OptionState.WITHDRAWN,
    (OptionState.IN_USE, OptionAction.WITHDRAW): OptionState.WITHDRAWN,
}


def allowed(state: OptionState) -> list[OptionAction]:
    """The steps that are possible from here, for buttons and for hints."""
    return [action for (start, action) in _MOVES if start is state]


def move(state: OptionState, action: OptionAction) -> OptionState:
    """The state after the step. Raises OptionRefused where it is not possible."""
    if (after := _MOVES.get((state, action))) is not None:
        return after
    steps = " or ".join(f"'{step}'" for step in allowed(state))
    raise OptionRefused(f"The option is '{state}': '{action}' is not possible, only {steps}.")
