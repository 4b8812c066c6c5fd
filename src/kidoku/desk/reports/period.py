"""The period of a report, as a request names it."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import NamedTuple

from kidoku.core.calendar import zone
from kidoku.core.report import Step
from kidoku.storage.refused import Invalid

DAY_MS = 86_400_000
USUAL_MS = 7 * DAY_MS
LONGEST_MS = {None: 400 * DAY_MS, Step.DAY: 400 * DAY_MS, Step.HOUR: 32 * DAY_MS}
"""How long a period may be: what a report reads, and how many lines it has, is bounded."""
LATEST_MS = 253_000_000_000_000
"""In the year 9987: what calendars can still reckon with."""


class Period(NamedTuple):
    """From `begin` on and before `end`, in ms; by the clock of `place`."""

    begin: int
    end: int
    place: tzinfo


def period(begin: str, end: str, tz: str, now: int, step: Step | None) -> Period:
    """The period that texts name; what is empty is usual. Raises Invalid."""
    try:
        place = zone(tz)
    except ValueError as error:
        raise Invalid("unknown_time_zone", str(error)) from None
    last = moment(end, place) if end else now
    first = moment(begin, place) if begin else last - USUAL_MS
    if not 0 <= first < last <= LATEST_MS:
        raise Invalid("no_period", "`from` has to be before `to`.", "Give both, or leave one out.")
    if last - first > LONGEST_MS[step]:
        days = LONGEST_MS[step] // DAY_MS
        raise Invalid(
            "period_too_long", f"A report like this has {days} days at most.", "Ask for less at once."
        )
    return Period(first, last, place)


def moment(text: str, place: tzinfo) -> int:
    """Milliseconds, or a date or a time as in ISO 8601. Raises Invalid."""
    if text.isascii() and text.isdecimal() and len(text) != len("20260102"):
        return int(text[:18])
    try:
        found = datetime.fromisoformat(text)
        if found.tzinfo is None:
            found = found.replace(tzinfo=place)
        return round(found.timestamp() * 1_000)
    except (ValueError, OverflowError):
        raise Invalid(
            "no_moment",
            f"{text[:40]!r} is no moment.",
            "Give milliseconds since the epoch, or a date or a time as in ISO 8601, like 2026-01-31.",
        ) from None
