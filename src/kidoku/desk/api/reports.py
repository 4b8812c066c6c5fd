"""Reports: what is unread, what waits too long, and what becomes of marks; as JSON and as CSV."""

from __future__ import annotations

from typing import Any

from kidoku.core.report import MarkCount, Step, by_cause, failures, next_start, starts
from kidoku.desk.api.call import Call
from kidoku.desk.api.shapes.reports import (
    BacklogAsked,
    BacklogLine,
    BacklogTold,
    CauseLine,
    FailureLine,
    LateMessage,
    MarksTold,
    PeriodAsked,
    TargetsAsked,
    TargetsTold,
)
from kidoku.desk.reports.csv_text import Cell, csv_text, iso
from kidoku.desk.reports.period import Period, period
from kidoku.desk.store.channels import Channel
from kidoku.desk.store.reports_backlog import unread_at
from kidoku.desk.store.reports_marks import mark_counts
from kidoku.desk.store.reports_targets import late_messages
from kidoku.http.json_api.answers import Sender, attachment
from kidoku.http.json_api.route import Route, get
from kidoku.storage.refused import Missing

TAG = "reports"
CSV = "text/csv; charset=utf-8"
LATE_AT_ONCE = 200


def wants_csv(call: Call) -> bool:
    """Whether CSV is what a client likes best: by the path's end, or as the first of what it accepts."""
    accept = call.headers.get(b"accept", b"").decode("latin-1")
    return call.scope["path"].endswith(".csv") or accept.lstrip().lower().startswith("text/csv")


def channels_of(call: Call, key: str) -> list[Channel]:
    """The channel of a key, or all there ever were. Raises Missing."""
    directory = call.desk.directory
    if not key:
        return list(directory.by_id.values())
    found = directory.by_key.get(key)
    if found is None:
        raise Missing("no_such_channel", f"There is no channel {key}.")
    return [found]


def period_of(call: Call, asked: PeriodAsked, step: Step | None) -> Period:
    return period(asked.from_, asked.to, asked.tz, call.desk.now, step)


async def get_report_backlog(call: Call) -> BacklogTold | Sender:
    asked = call.query(BacklogAsked)
    when = period_of(call, asked, asked.by)
    last = starts(when.begin, when.end, asked.by, when.place)[-1]
    ends = [*starts(when.begin, when.end, asked.by, when.place)[1:]]
    ends.append(min(next_start(last, asked.by, when.place), when.end))
    now = call.desk.now
    past = [end for end in ends if end <= now] + ([now] if when.begin < now < ends[-1] else [])
    ids = [one.channel_id for one in channels_of(call, asked.channel)]
    levels = await call.desk.read(unread_at, ids, when.begin, past)
    lines = [BacklogLine(at=at, unread=unread) for at, unread in zip(past, levels, strict=True)]
    if wants_csv(call):
        rows: list[list[Cell]] = [[iso(line.at, when.place), line.unread] for line in lines]
        return attachment(csv_text(["at", "unread"], rows), CSV, f"backlog-by-{asked.by}.csv")
    return BacklogTold(from_=when.begin, to=when.end, tz=asked.tz, by=asked.by, lines=lines)


async def get_report_marks(call: Call) -> MarksTold | Sender:
    asked = call.query(PeriodAsked)
    when = period_of(call, asked, None)
    ids = [one.channel_id for one in channels_of(call, asked.channel)]
    counts = await call.desk.read(mark_counts, ids, when.begin, when.end)
    if wants_csv(call):
        return attachment(csv_text(MarkCount._fields, sorted(counts, key=str)), CSV, "marks.csv")
    return MarksTold(
        from_=when.begin,
        to=when.end,
        tz=asked.tz,
        causes=[
            CauseLine(occasion=occasion, marks=sum(states.values()), states=states)
            for occasion, states in by_cause(counts).items()
        ],
        failures=[FailureLine(advice=advice, marks=marks) for advice, marks in failures(counts).items()],
    )


async def get_report_targets(call: Call) -> TargetsTold:
    channels = channels_of(call, call.query(TargetsAsked).channel)
    keys = {one.channel_id: one.channel_key for one in channels}
    found = await call.desk.read(late_messages, channels, LATE_AT_ONCE)
    return TargetsTold(
        messages=[
            LateMessage(
                channel_key=keys[one.channel_id],
                chat_id=str(one.chat_id),
                message_id=one.message_key,
                timestamp=one.at,
                due_at=one.due_at,
                state=one.standing,
            )
            for one in found
        ]
    )


async def get_report_backlog_csv(call: Call) -> Any:
    return await get_report_backlog(call)


async def get_report_marks_csv(call: Call) -> Any:
    return await get_report_marks(call)


BACKLOG_TEXT = "Unread messages over time; CSV for `Accept: text/csv`"
MARKS_TEXT = "Marks by cause and outcome; CSV for `Accept: text/csv`"


def routes() -> tuple[Route[Call], ...]:
    csv: dict[str, Any] = {"media": "text/csv"}
    return (
        get("/reports/backlog", get_report_backlog, BACKLOG_TEXT, TAG, query=BacklogAsked, gives=BacklogTold),
        get(
            "/reports/backlog.csv", get_report_backlog_csv, "The same as CSV", TAG, query=BacklogAsked, **csv
        ),
        get("/reports/marks", get_report_marks, MARKS_TEXT, TAG, query=PeriodAsked, gives=MarksTold),
        get("/reports/marks.csv", get_report_marks_csv, "The same as CSV", TAG, query=PeriodAsked, **csv),
        get(
            "/reports/targets",
            get_report_targets,
            "Unread messages that wait too long",
            TAG,
            query=TargetsAsked,
            gives=TargetsTold,
        ),
    )
