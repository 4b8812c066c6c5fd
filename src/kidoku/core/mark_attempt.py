"""What becomes of a mark after an attempt to send it to LINE: confirmed, tried again, or parked for people.

LINE (reference, "Retrying a failed API request"; partner docs, "mark as read (old)"): 5xx and timeouts may be tried
again. That marks by token are harmless to repeat follows from the watermark; a mark by user covers whatever exists
when it is processed, so that repeating it may mark a message that came meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

FIRST_WAIT_S = 1.0
LONGEST_WAIT_S = 300.0
JITTER = 0.2
GIVE_UP_S = 26 * 3_600.0
"""Attempts go on for a day at least [our decision: 26 hours]; then a mark is parked, and can be replayed."""

RETRIED = frozenset({408, 425, 429})


class Fault(StrEnum):
    """Why no status came."""

    NOT_SENT = "not-sent"
    """No connection: the request can't have been applied."""
    NO_ANSWER = "no-answer"
    """Sent, and then a timeout, a reset or a broken answer: it may have been applied."""


class Tried(NamedTuple):
    """How an attempt ended. `status` None: see `fault`. `retry_after_s` from the answer's header."""

    status: int | None
    fault: Fault | None = None
    message: str = ""
    retry_after_s: float | None = None


class Confirmed(NamedTuple):
    """The mark is made."""


class Again(NamedTuple):
    """Try again after so many seconds."""

    wait_s: float


class Parked(NamedTuple):
    """Trying again is of no use, or not safe. `advice` is a code that pages turn into words."""

    reason: str
    advice: str


Verdict = Confirmed | Again | Parked


def verdict(
    tried: Tried, *, attempts: int, age_s: float, random_unit: float, may_over_mark: bool = False
) -> Verdict:
    """Judge an attempt. `attempts` counts it in; `age_s` is the time since the mark was due; `random_unit` in [0, 1].

    `may_over_mark`: the mark is by user and something newer has come that nobody asked to mark. Then an attempt that
    may have been applied is not repeated.
    """
    if tried.status is not None and 200 <= tried.status < 300:
        return Confirmed()
    if not is_transient(tried):
        return Parked(reason_of(tried), advice_of(tried))
    if may_over_mark and was_perhaps_applied(tried):
        return Parked(reason_of(tried), "newer-message")
    if age_s >= GIVE_UP_S:
        return Parked(reason_of(tried), "gave-up")
    return Again(wait_s(attempts, random_unit, tried.retry_after_s))


def is_transient(tried: Tried) -> bool:
    """Whether the same request may succeed later."""
    status = tried.status
    return status is None or status >= 500 or status in RETRIED


def was_perhaps_applied(tried: Tried) -> bool:
    """Whether LINE may have done it although it did not say so. 429 is refused before anything is done."""
    if tried.status is None:
        return tried.fault is not Fault.NOT_SENT
    return tried.status >= 500 or tried.status == 408


def wait_s(attempts: int, random_unit: float, retry_after_s: float | None = None) -> float:
    """Exponential backoff with jitter, never sooner than the server asked for."""
    base: float = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2.0 ** min(attempts - 1, 30))
    wait = base * (1 + JITTER * (2 * random_unit - 1))
    return max(wait, retry_after_s or 0.0)


def reason_of(tried: Tried) -> str:
    if tried.status is None:
        return f"{tried.fault}: {tried.message}" if tried.message else str(tried.fault)
    return f"{tried.status} {tried.message}".strip()


_CHAT_OFF = "ensure that chat is enabled"
_WRONG_TOKEN = "Invalid markAsReadToken"  # noqa: S105 - part of LINE's message
_BY_STATUS: Mapping[int, str] = {
    401: "access-token",
    403: "not-entitled",
    404: "wrong-base-url",
    413: "wrong-base-url",
    415: "wrong-base-url",
}


def advice_of(tried: Tried) -> str:
    """What a person can do about it, as a code."""
    if _CHAT_OFF in tried.message:
        return "chat-off"
    if _WRONG_TOKEN in tried.message:
        return "wrong-channel"
    return _BY_STATUS.get(tried.status or 0, "refused")
