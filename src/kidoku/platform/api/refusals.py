"""What the store refuses, in LINE's words."""

from __future__ import annotations

import msgspec

from kidoku.platform.api.errors import ApiError, not_found
from kidoku.platform.store.retry_keys import AlreadyAccepted
from kidoku.storage.refused import Missing, Refused

ANSWERS = {
    "invalid_reply_token": (400, "Invalid reply token"),
    "unknown_recipient": (400, "Failed to send messages"),
    "monthly_limit": (429, "You have reached your monthly limit."),
}


def translated(refused: Refused) -> ApiError:
    """The answer to a change that the rules forbid; the store's own words go to the developer's list."""
    if isinstance(refused, AlreadyAccepted):
        return ApiError(
            409,
            "The retry key is already accepted",
            cause=refused.code,
            reason=refused.message,
            headers=((b"x-line-accepted-request-id", refused.request_id.encode()),),
            sent_messages=msgspec.json.decode(refused.answer),
        )
    if isinstance(refused, Missing):
        return not_found(refused.code, refused.message)
    status, message = ANSWERS.get(refused.code, (400, refused.message))
    return ApiError(status, message, cause=refused.code, reason=refused.message)
