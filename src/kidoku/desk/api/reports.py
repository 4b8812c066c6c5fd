"""Reports: how long users wait, what is unread, and what becomes of marks; as JSON and as CSV."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kidoku.core.report import MarkCount, Step, Summary, by_cause, failures, next_start, starts, summary
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
    SummaryTold,
    TargetsAsked,
    TargetsTold,
    TimesAsked,
    TimesLine,
    TimesTold,
)
from kidoku.desk.reports.csv_text import Cell, csv_text, iso
from kidoku.desk.reports.period import Period, period
from kidoku.desk.store.agents import all_agents
from kidoku.desk.store.channels import Channel
from kidoku.desk.store.reports_backlog import unread_at
from kidoku.desk.store.reports_marks import mark_counts
from kidoku.desk.store.reports_targets import late_messages
from kidoku.desk.store.reports_times import Key, KeyOf, Waits, by_bucket, by_channel, by_whom, times
from kidoku.http.json_api.answers import Sender, attachment
from kidoku.http.json_api.route import Route, get
from kidoku.storage.refused import Missing

TAG = "reports"
CSV = "text/csv; charset=utf-8"
LATE_AT_ONCE = 200
STEPS = {step.value: step for step in Step}


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


async def get_report_times(call: Call) -> TimesTold | Sender:
    asked = call.query(TimesAsked)
    step = STEPS.get(asked.by)
    when = period_of(call, asked, step)
    channels = channels_of(call, asked.channel)
    begins = [] if step is None else starts(when.begin, when.end, step, when.place)
    targets = {one.channel_id: one.settings.read_target_s for one in channels}
    found = await call.desk.read(times, targets, when.begin, when.end, key_of(asked.by, begins))
    shown = begins or [one.channel_id for one in channels if asked.by == "channel"] or by_name(found)
    told = TimesTold(
        from_=when.begin,
        to=when.end,
        tz=asked.tz,
        by=asked.by,
        lines=[
            times_line(found.get(key, Waits()), **about)
            for key, about in zip(shown, await abouts(call, asked.by, shown), strict=True)
        ],
        total=times_line(together(found)),
    )
    return times_csv(told, when) if wants_csv(call) else told


def key_of(by: str, begins: Sequence[int]) -> KeyOf:
    return by_bucket(begins) if begins else by_channel if by == "channel" else by_whom


def by_name(found: dict[Key, Waits]) -> list[Key]:
    """Whoever read or answered something, in order. What nobody has read yet is nobody's."""
    return sorted((key for key in found if key is not None), key=str)


async def abouts(call: Call, by: str, keys: Sequence[Key]) -> list[dict[str, Any]]:
    """What each line is about, in the words of its shape."""
    if by == "channel":
        channels = [call.desk.directory.by_id[key] for key in keys if isinstance(key, int)]
        return [{"channel_key": one.channel_key, "name": one.name} for one in channels]
    if by != "agent":
        return [{"start": key} for key in keys]
    names = {one.name: one.display_name for one in await call.desk.read(all_agents)}
    return [{"by": str(key), "name": names.get(str(key), str(key))} for key in keys]


def together(found: dict[Key, Waits]) -> Waits:
    total = Waits()
    for line in found.values():
        total.read += line.read
        total.answered += line.answered
        total.unread += line.unread
        total.within_target += line.within_target
    return total


def times_line(waits: Waits, **about: Any) -> TimesLine:
    return TimesLine(
        **about,
        read=summary_told(summary(waits.read)),
        answered=summary_told(summary(waits.answered)),
        unread=waits.unread,
        within_target=waits.within_target,
    )


def summary_told(found: Summary | None) -> SummaryTold | None:
    if found is None:
        return None
    return SummaryTold(
        count=found.number,
        median_ms=found.median,
        p90_ms=found.p90,
        p99_ms=found.p99,
        longest_ms=found.longest,
    )


TIMES = ("count", "median_ms", "p90_ms", "p99_ms", "longest_ms")


def times_csv(told: TimesTold, when: Period) -> Sender:
    about = {"agent": ("agent", "name"), "channel": ("channel", "name")}.get(told.by, (told.by,))
    head = [*about, *(f"{kind}_{name}" for kind in ("read", "answered") for name in TIMES)]
    rows: list[list[Cell]] = [
        [
            *about_cells(line, told.by, when),
            *cells(line.read),
            *cells(line.answered),
            line.unread,
            line.within_target,
        ]
        for line in told.lines
    ]
    return attachment(csv_text([*head, "unread", "within_target"], rows), CSV, f"times-by-{told.by}.csv")


def about_cells(line: TimesLine, by: str, when: Period) -> list[Cell]:
    if isinstance(line.start, int):
        return [iso(line.start, when.place)]
    return [str(line.by if by == "agent" else line.channel_key), str(line.name)]


def cells(found: SummaryTold | None) -> list[Cell]:
    return [None if found is None else getattr(found, name) for name in TIMES]


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


async def get_report_times_csv(call: Call) -> Any:
    return await get_report_times(call)


async def get_report_backlog_csv(call: Call) -> Any:
    return await get_report_backlog(call)


async def get_report_marks_csv(call: Call) -> Any:
    return await get_report_marks(call)


TIMES_TEXT = "Times to read and to answer; CSV for `Accept: text/csv`"
BACKLOG_TEXT = "Unread messages over time; CSV for `Accept: text/csv`"
MARKS_TEXT = "Marks by cause and outcome; CSV for `Accept: text/csv`"


def routes() -> tuple[Route[Call], ...]:
    csv: dict[str, Any] = {"media": "text/csv"}
    return (
        get("/reports/times", get_report_times, TIMES_TEXT, TAG, query=TimesAsked, gives=TimesTold),
        get("/reports/times.csv", get_report_times_csv, "The same as CSV", TAG, query=TimesAsked, **csv),
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
