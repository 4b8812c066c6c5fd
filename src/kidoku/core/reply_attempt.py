"""What becomes of an answer to a user after an attempt to send it: sent, tried again, or failed and shown to people.

LINE (reference, "Reply token" and "Retrying a failed API request"): a reply token is good for one call within a minute
of its webhook, and takes no retry key; a push takes one, which LINE remembers for 24 hours. Why an attempt without an
answer ends as it does here: docs/decisions/0011-answers-that-may-have-arrived.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from kidoku.core.mark_attempt import Tried, is_transient, reason_of, wait_s, was_perhaps_applied

TOKEN_GOOD_MS = 50_000
"""How long after its webhook a reply token is used: LINE's minute, less the time that a call may take."""
GIVE_UP_S = 23 * 3_600.0
"""Attempts to push end before LINE forgets the retry key: after that the same push would be sent twice."""

INVALID_TOKEN = "Invalid reply token"  # noqa: S105 - LINE's message
_MONTHLY = "monthly limit"
_UNREACHABLE = "Failed to send messages"
_BY_STATUS: Mapping[int, str] = {
    401: "access-token",
    403: "not-entitled",
    404: "wrong-base-url",
    415: "wrong-base-url",
}


class Sent(NamedTuple):
    """LINE has it. Not `certain`: no answer said so, but nothing else explains what followed."""

    certain: bool = True


class Again(NamedTuple):
    """Try again after so many seconds, in the same way. `doubtful`: LINE may have it already."""

    wait_s: float
    doubtful: bool


class UsePush(NamedTuple):
    """The reply token is of no use, and nothing was sent with it."""


class Failed(NamedTuple):
    """Trying again is of no use, or might send it twice. `advice` is a code that pages turn into words."""

    reason: str
    advice: str


Verdict = Sent | Again | UsePush | Failed


def reply_verdict(
    tried: Tried,
    *,
    attempts: int,
    random_unit: float,
    doubtful: bool,
    in_time: bool,
    good_for_s: float,
    shared: bool = False,
) -> Verdict:
    """Judge an attempt with a reply token.

    `attempts` counts it in; `doubtful`: an earlier one with this token may have been applied; `in_time`: this one began
    while the token was good; `good_for_s`: how much longer it is; `shared`: somebody else may have used the token.
    """
    if _is_success(tried):
        return Sent()
    reason = reason_of(tried)
    if tried.status == 400 and INVALID_TOKEN in tried.message:
        if not doubtful:
            return UsePush()
        # In time, only the earlier attempt can have used the token up.
        return Sent(certain=False) if in_time and not shared else Failed(reason, "maybe-sent")
    if not is_transient(tried):
        return Failed(reason, "maybe-sent" if doubtful else advice_of(tried))
    maybe = doubtful or was_perhaps_applied(tried)
    wait = wait_s(attempts, random_unit, tried.retry_after_s)
    if wait <= good_for_s:
        return Again(wait, maybe)
    if not maybe:
        return UsePush()
    # One more, at the last moment at which its answer tells; without one after that, nothing will.
    return Again(max(0.0, good_for_s), True) if in_time else Failed(reason, "maybe-sent")


def push_verdict(
    tried: Tried, *, attempts: int, random_unit: float, doubtful: bool, age_s: float
) -> Sent | Again | Failed:
    """Judge an attempt to push. `age_s` is the time since the first one with this retry key."""
    if _is_success(tried) or tried.status == 409:  # an earlier attempt was accepted
        return Sent()
    reason = reason_of(tried)
    if not is_transient(tried) or is_quota(tried):
        return Failed(reason, advice_of(tried))
    maybe = doubtful or was_perhaps_applied(tried)
    wait = wait_s(attempts, random_unit, tried.retry_after_s)
    if age_s + wait >= GIVE_UP_S:
        return Failed(reason, "maybe-sent" if maybe else "gave-up")
    return Again(wait, maybe)


def is_quota(tried: Tried) -> bool:
    """Whether the month's messages are used up; of the two reasons for a 429 the one that does not pass soon."""
    return tried.status == 429 and _MONTHLY in tried.message


def advice_of(tried: Tried) -> str:
    """What a person can do about it, as a code."""
    if is_quota(tried):
        return "quota"
    if _UNREACHABLE in tried.message:
        return "unreachable"
    return _BY_STATUS.get(tried.status or 0, "refused")


def _is_success(tried: Tried) -> bool:
    return tried.status is not None and 200 <= tried.status < 300
