"""What the sending operations share: checking messages and retry keys before anything is changed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from kidoku.platform.api.errors import ApiError, body_errors
from kidoku.platform.api.operation import Call
from kidoku.platform.messages.stored import normalise
from kidoku.platform.messages.validate import Context, Kind, known_parts, validate_messages
from kidoku.platform.store.destination import Destination
from kidoku.platform.store.retry_keys import Retry, require_new
from kidoku.wire.errors import Detail

_UUID = re.compile(rb"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_UNIT = re.compile(r"[a-zA-Z0-9_]{1,30}")


async def retry_of(call: Call) -> Retry | None:
    """The request's retry key. Raises ApiError 400 for one that is no UUID, and AlreadyAccepted for one that has done
    its work: what the request asks for is looked at after that, since it may be impossible by now.
    """
    key = call.headers.get(b"x-line-retry-key")
    if key is None:
        return None
    if not _UUID.fullmatch(key):
        reason = (
            "X-Line-Retry-Key must be a UUID in hexadecimal, such as 123e4567-e89b-12d3-a456-426614174000."
        )
        message = "The value for the 'X-Line-Retry-Key' header is invalid"
        raise ApiError(400, message, cause="invalid_retry_key", reason=reason)
    retry = Retry(key.decode().lower(), call.request_id)
    await call.platform.read(require_new, call.channel_id, retry, call.now)
    return retry


def checked(
    call: Call,
    raw: Any,
    kind: Kind,
    details: Sequence[Detail] = (),
    to: Destination | None = None,
) -> list[dict[str, Any]]:
    """The messages in the form in which they are stored. Raises ApiError with all that is wrong, `details` first.

    `to` is where they go, as far as that is known.
    """
    found = [*details, *validate_messages(raw, _context(call, kind, to))]
    if found:
        raise body_errors(found)
    names = {} if to is None else to.names
    return [normalise(known_parts(one), lambda user_id: names.get(user_id, user_id)) for one in raw]


def aggregation_errors(units: list[str] | None) -> list[Detail]:
    """What is wrong with `customAggregationUnits`: at most one, of 30 letters, digits and underscores."""
    if not units:
        return []
    found = [] if len(units) == 1 else [Detail("Size must be between 0 and 1", "customAggregationUnits")]
    return found + [
        Detail("Must be 1 to 30 alphanumeric characters or underscores", f"customAggregationUnits[{n}]")
        for n, unit in enumerate(units)
        if not _UNIT.fullmatch(unit)
    ]


def _context(call: Call, kind: Kind, to: Destination | None) -> Context:
    if to is None:
        return Context(kind)
    seal, channel_id = call.platform.seal, call.channel_id

    def quote_ok(token: str) -> bool:
        opened = seal.open_quote_token(channel_id, token)
        return opened is not None and opened[0] == to.chat_id

    return Context(kind, group=to.group, quote_ok=quote_ok, member_ok=to.names.__contains__)
