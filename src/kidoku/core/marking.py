"""Whether a mark is accepted, and what becomes of a message by it.

The table of design and documentation, as a function: read mode × means → accepted, or refused for a reason.
"""

from collections.abc import Sequence
from enum import Enum
from typing import NamedTuple

from kidoku.core.settings import (
    MarkMeans,
    ReadMode,
    operator_marks,
    reads_on_arrival,
    token_mark_allowed,
    user_mark_allowed,
)


class Refusal(Enum):
    """Why a mark is refused: status and text of the answer."""

    INVALID_TOKEN = (
        400,
        "Invalid markAsReadToken. Tokens must be used by the bot that received them via Webhook.",
    )
    """LINE: reference/messaging-api, "Mark messages as read"."""

    CHAT_OFF = (400, "Failed to mark messages as read. Please ensure that chat is enabled.")
    """Text from a field report of 2025-12-24; the status is inferred."""

    UNKNOWN_USER = (400, "The property, 'chat.chatId', in the request body is invalid (line: -, column: -)")
    """LINE: reference/partner-docs, "Mark messages as read". It says chatId, the field is userId."""

    NOT_ENTITLED = (403, "Access to this API is not available for your account")
    """LINE: reference/messaging-api, "Error messages"."""

    CHAT_SCREEN_OFF = (409, "The chat screen of the Manager is off: turn Chat on to open chats.")
    """Ours: LINE's Manager does not show the screen at all."""

    def __init__(self, status: int, text: str) -> None:
        self.status = status
        self.text = text


class Outcome(NamedTuple):
    """Whether the user's screen shows "Read" afterwards, and why the request was refused, if it was."""

    read: bool
    refusal: Refusal | None


_REQUESTS = {
    MarkMeans.TOKEN: (token_mark_allowed, Refusal.CHAT_OFF),
    MarkMeans.USER: (user_mark_allowed, Refusal.NOT_ENTITLED),
    MarkMeans.OPERATOR: (operator_marks, Refusal.CHAT_SCREEN_OFF),
}


def refusal(means: MarkMeans, mode: ReadMode) -> Refusal | None:
    """Why this way of marking does not work in this mode; None where it does.

    The two automatic causes are nobody's request, so they are never refused.
    """
    if means not in _REQUESTS:
        return None
    works, reason = _REQUESTS[means]
    return None if works(mode) else reason


def mark_outcome(modes: Sequence[ReadMode], means: MarkMeans, has_token: bool = True) -> Outcome:
    """What becomes of one message when it is marked.

    `modes` are the modes that the account was in since the message arrived, from the one at its arrival to the
    present one. `has_token` is whether the bot received its read token: false when Use webhook was off at the
    time. A token that is not valid is refused as such before the mode is looked at [our decision].
    """
    refused = refusal(means, modes[-1])
    if means is MarkMeans.TOKEN and not has_token:
        refused = Refusal.INVALID_TOKEN
    # Automatic reading marked it at its arrival, or when the account came to that mode (reads_backlog).
    read_already = any(map(reads_on_arrival, modes))
    return Outcome(read_already or (means in _REQUESTS and refused is None), refused)
