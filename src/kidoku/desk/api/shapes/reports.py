"""Reports, as the API asks for them and gives them."""

from __future__ import annotations

from typing import Literal

from msgspec import UNSET, field

from kidoku.core.report import Step
from kidoku.http.json_api.shapes import Asked, Maybe, Told

DEFAULT_ZONE = "Asia/Tokyo"
"""Where days begin unless a request says otherwise: LINE counts its days there."""


class PeriodAsked(Asked, frozen=True, kw_only=True):
    """From `from` on and before `to`: milliseconds, or a date or date and time as in ISO 8601, which are those of
    `tz` (an IANA name) unless they say more. A date is its beginning. Without them: the last seven days. `channel`:
    the key of one; all if left out.
    """

    from_: str = field(default="", name="from")
    to: str = ""
    tz: str = DEFAULT_ZONE
    channel: str = ""


class TimesAsked(PeriodAsked, frozen=True, kw_only=True):
    """`by`: what each line is about. `week-hour`: all 168 hours of the week, from the first of Monday on."""

    by: Literal["hour", "day", "week-hour", "agent", "channel"] = "day"


class BacklogAsked(PeriodAsked, frozen=True, kw_only=True):
    """`by`: one line for the end of each hour or day."""

    by: Step = Step.DAY


class TargetsAsked(Asked, frozen=True, kw_only=True):
    """`channel`: the key of one; all if left out."""

    channel: str = ""


class SummaryTold(Told, frozen=True, kw_only=True):
    """How long it took, in milliseconds; percentiles are the nearest rank, a value that was measured."""

    count: int
    median_ms: int
    p90_ms: int
    p99_ms: int
    longest_ms: int


class TimesLine(Told, frozen=True, kw_only=True):
    """Messages that came in an hour or a day (`start`), in an hour of the week (`weekday` from 1, Monday, to 7, and
    `hour` from 0 to 23 in `tz`), to a channel (`channelKey`), or that somebody (`by`: an agent, `api`, `policy`) read
    or answered.

    - `read`: from a message until the mark that covers it was confirmed. None: there is none.
    - `answered`: from the first message that waited until LINE took the answer. None: there is none.
    - `unread`: messages that are not read yet, so that their times are not known.
    - `withinTarget`: of those read, how many within the target that their channel has now.
    """

    start: Maybe[int] = UNSET
    weekday: Maybe[int] = UNSET
    hour: Maybe[int] = UNSET
    channel_key: Maybe[str] = UNSET
    by: Maybe[str] = UNSET
    name: Maybe[str] = UNSET
    read: SummaryTold | None
    answered: SummaryTold | None
    unread: int
    within_target: int


class PeriodTold(Told, frozen=True, kw_only=True):
    """The period that was reported on."""

    from_: int = field(name="from")
    to: int
    tz: str


class TimesTold(PeriodTold, frozen=True, kw_only=True):
    by: str
    lines: list[TimesLine]
    total: TimesLine


class HistogramLine(Told, frozen=True, kw_only=True):
    """How many times to read and to answer are no longer than `upToMs`, and longer than that of the line before. None:
    longer than all others.
    """

    up_to_ms: int | None
    read: int
    answered: int


class HistogramTold(PeriodTold, frozen=True, kw_only=True):
    """`unread`: messages that are not read yet, so that their times are not known."""

    lines: list[HistogramLine]
    unread: int


class BacklogLine(Told, frozen=True, kw_only=True):
    """`unread` messages at the moment `at`."""

    at: int
    unread: int


class BacklogTold(PeriodTold, frozen=True, kw_only=True):
    """Moments that are still to come are left out."""

    by: Step
    lines: list[BacklogLine]


class CauseLine(Told, frozen=True, kw_only=True):
    """What caused marks, how many, and what became of them."""

    occasion: str
    marks: int
    states: dict[str, int]


class FailureLine(Told, frozen=True, kw_only=True):
    """Marks that are parked, by what can be done about them."""

    advice: str
    marks: int


class MarksTold(PeriodTold, frozen=True, kw_only=True):
    """Marks that were asked for in the period, as they stand now."""

    causes: list[CauseLine]
    failures: list[FailureLine]


class LateMessage(Told, frozen=True, kw_only=True):
    """An unread message that has waited four fifths of its channel's target, or all of it (`missed`)."""

    channel_key: str
    chat_id: str
    message_id: str
    timestamp: int
    due_at: int
    state: Literal["warning", "missed"]


class TargetsTold(Told, frozen=True, kw_only=True):
    """The most urgent first, 200 at most."""

    messages: list[LateMessage]
