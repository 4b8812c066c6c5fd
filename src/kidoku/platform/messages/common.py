"""What every message object may have: quick replies and another sender (reference, "Common properties")."""

import re
from typing import Any

from kidoku.platform.messages.actions import QUICK_TAPS, action
from kidoku.platform.messages.schema import (
    FORBIDDEN,
    UNSPECIFIED,
    Field,
    Place,
    Struct,
    list_of,
    may,
    need,
    one_of,
    struct,
    text,
)
from kidoku.platform.messages.values import media_url

_RESERVED = re.compile(r"(?<![A-Za-z])LINE(?![A-Za-z])", re.IGNORECASE)


def _sender_name(value: Any, at: Place) -> None:
    text(20)(value, at)
    # LINE keeps the list of words to itself and names only this one. "Online" is not it.
    if isinstance(value, str) and _RESERVED.search(value):
        at.fail("The name contains a word that may not be used")


def quote_token(value: Any, at: Place) -> None:
    """A quote token: only replies and pushes may quote, and only what stands in their chat."""
    if not at.context.one_chat:
        at.fail(FORBIDDEN)
    elif not isinstance(value, str):
        at.fail("must be a string")
    elif at.context.quote_ok is not None and not at.context.quote_ok(value):
        at.fail("Invalid quote token")


_BUTTON = struct(
    need("type", one_of("action")),
    may("imageUrl", media_url),
    need("action", action(20, labelled=True, kinds=QUICK_TAPS), UNSPECIFIED),
)

_COMMON = (
    may("quickReply", struct(need("items", list_of(_BUTTON, 1, 13)))),
    may("sender", struct(may("name", _sender_name), may("iconUrl", media_url))),
)

alt_text = text(1500, full=True)
"""What notifications and chat lists show instead of the message."""


def message(*fields: Field) -> Struct:
    """A message object with these properties and the common ones."""
    return struct(*fields, *_COMMON)
