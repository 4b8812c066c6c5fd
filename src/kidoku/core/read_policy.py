"""When a message that somebody handles becomes due to be marked as read: the desk's read policies.

What a policy never does: mark because somebody peeked, or because a page was merely loaded. Source of the order
(mark before answering): LINE, docs/partner-docs/mark-as-read, "when to call"; the rest is our decision.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Occasion(StrEnum):
    """What happened to a chat at the desk."""

    RECEIVED = "received"
    OPENED = "opened"
    KEPT_OPEN = "kept-open"
    """Opened, and not left again; noted when it is opened, and taken back when it is left."""
    REPLIED = "replied"
    ASSIGNED = "assigned"
    ASKED = "asked"
    """Somebody pressed "mark as read", or a program asked for it."""
    BOT_HANDLED = "bot-handled"
    """It was received, and the bot behind the relay has taken it: what journals say instead of `RECEIVED`."""


class Policy(StrEnum):
    ON_RECEIVE = "on-receive"
    ON_OPEN = "on-open"
    ON_OPEN_AFTER = "on-open-after"
    ON_REPLY = "on-reply"
    ON_ASSIGN = "on-assign"
    MANUAL = "manual"


class ReadPolicy(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """A channel's policy. `after_s` is for `on-open-after`; `undo_s` is how long opening by mistake can be taken
    back; `bot_handled` is the policy of messages that the bot behind the relay has taken, None: that of all others.
    """

    policy: Policy = Policy.ON_REPLY
    after_s: float = 10.0
    undo_s: float = 3.0
    bot_handled: Policy | None = None


AT_ONCE = 0.0

_OCCASIONS: dict[Policy, frozenset[Occasion]] = {
    Policy.ON_RECEIVE: frozenset({Occasion.RECEIVED, Occasion.OPENED, Occasion.REPLIED, Occasion.ASSIGNED}),
    Policy.ON_OPEN: frozenset({Occasion.OPENED, Occasion.REPLIED}),
    Policy.ON_OPEN_AFTER: frozenset({Occasion.KEPT_OPEN, Occasion.REPLIED}),
    Policy.ON_REPLY: frozenset({Occasion.REPLIED}),
    Policy.ON_ASSIGN: frozenset({Occasion.ASSIGNED, Occasion.REPLIED}),
    Policy.MANUAL: frozenset(),
}


def due_after(policy: ReadPolicy, occasion: Occasion, bot_handled: bool = False) -> float | None:
    """Seconds from the occasion until what the chat holds is due to be marked as read; None: it does not become due.
    `bot_handled`: of the messages that the bot has taken, instead of the others.

    - Asking always marks, whatever the policy.
    - Every policy but `manual` marks before an answer, so that no answer shows under an unread message.
    - Only opening can be taken back, so only it waits for `undo_s`, at least.
    """
    if occasion is Occasion.ASKED:
        return AT_ONCE
    rule = policy.bot_handled if bot_handled and policy.bot_handled is not None else policy.policy
    if occasion not in _OCCASIONS[rule]:
        return None
    if occasion is Occasion.KEPT_OPEN:
        return max(policy.after_s, policy.undo_s)
    return policy.undo_s if rule is Policy.ON_OPEN and occasion is Occasion.OPENED else AT_ONCE
