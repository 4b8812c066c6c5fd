"""What becomes of a file that a user sent after an attempt to fetch it from LINE.

LINE (reference, "Get content"): 202 while a file is prepared, 404 for what is not or no longer there, 410 for what its
sender has taken back. How long LINE keeps files is not published.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from kidoku.core.mark_attempt import GIVE_UP_S, Tried, is_transient, reason_of, wait_s

LONGEST_PREPARING_EXPONENT = 6
"""Attempts up to which the wait for LINE to prepare a file doubles: half a minute then."""

_BY_STATUS: Mapping[int, str] = {401: "access-token", 403: "not-entitled"}


class Got(NamedTuple):
    """The file came."""


class Again(NamedTuple):
    """Try again after so many seconds."""

    wait_s: float
    reason: str


class Gone(NamedTuple):
    """LINE has no such file, or no more."""

    reason: str


class Failed(NamedTuple):
    """Trying again is of no use before a person has done something. `advice` is a code that pages turn into words."""

    reason: str
    advice: str


Verdict = Got | Again | Gone | Failed


def verdict(tried: Tried, *, is_preview: bool, attempts: int, age_s: float, random_unit: float) -> Verdict:
    """Judge an attempt. `attempts` counts it in; `age_s` is the time since the file was first wanted."""
    status, reason = tried.status, reason_of(tried)
    if status == 200:
        return Got()
    if status in (404, 410) or (status == 400 and is_preview):  # 400: it can have no preview
        return Gone(reason)
    preparing = status == 202
    if not preparing and not is_transient(tried):
        return Failed(reason, _BY_STATUS.get(status or 0, "refused"))
    if age_s >= GIVE_UP_S:
        return Failed(reason, "gave-up")
    exponent = min(attempts, LONGEST_PREPARING_EXPONENT) if preparing else attempts
    return Again(wait_s(exponent, random_unit, tried.retry_after_s), reason)
