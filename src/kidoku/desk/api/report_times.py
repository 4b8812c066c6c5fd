"""Reports: how long users wait to be read and answered, line by line; as JSON and as CSV."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from typing import Any

from kidoku.core.report import WEEK, Step, Summary, WeekHour, starts, summary
from kidoku.desk.api.call import Call
from kidoku.desk.api.reports import CSV, TAG, channels_of, period_of, wants_csv
from kidoku.desk.api.shapes.reports import SummaryTold, TimesAsked, TimesLine, TimesTold
from kidoku.desk.reports.csv_text import Cell, csv_text, iso
from kidoku.desk.reports.period import Period
from kidoku.desk.store.agents import all_agents
from kidoku.desk.store.channels import Channel
from kidoku.desk.store.reports_times import (
    Key,
    KeyOf,
    Waits,
    by_bucket,
    by_channel,
    by_week_hour,
    by_whom,
    times,
)
from kidoku.http.json_api.answers import Sender, attachment
from kidoku.http.json_api.route import Route, get

STEPS = {step.value: step for step in Step}


async def get_report_times(call: Call) -> TimesTold | Sender:
    asked = call.query(TimesAsked)
    step = STEPS.get(asked.by)
    when = period_of(call, asked, step)
    channels = channels_of(call, asked.channel)
    begins = [] if step is None else starts(when.begin, when.end, step, when.place)
    found = await found_times(call, channels, when, key_of(asked.by, begins, when.place))
    shown = begins or keys_of(asked.by, channels) or by_name(found)
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


async def found_times(
    call: Call, channels: Sequence[Channel], when: Period, key_of: KeyOf
) -> dict[Key, Waits]:
    targets = {one.channel_id: one.settings.read_target_s for one in channels}
    return await call.desk.read(times, targets, when.begin, when.end, key_of)


def key_of(by: str, begins: Sequence[int], place: tzinfo) -> KeyOf:
    if by == "week-hour":
        return by_week_hour(place)
    return by_bucket(begins) if begins else by_channel if by == "channel" else by_whom


def keys_of(by: str, channels: Sequence[Channel]) -> Sequence[Key]:
    """What is shown in order, whether anything came there or not."""
    if by == "week-hour":
        return WEEK
    return [one.channel_id for one in channels if by == "channel"]


def by_name(found: dict[Key, Waits]) -> list[Key]:
    """Whoever read or answered something, in order. What nobody has read yet is nobody's."""
    return sorted((key for key in found if key is not None), key=str)


async def abouts(call: Call, by: str, keys: Sequence[Key]) -> list[dict[str, Any]]:
    """What each line is about, in the words of its shape."""
    if by == "channel":
        channels = [call.desk.directory.by_id[key] for key in keys if isinstance(key, int)]
        return [{"channel_key": one.channel_key, "name": one.name} for one in channels]
    if by == "week-hour":
        return [key._asdict() for key in keys if isinstance(key, WeekHour)]
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


ABOUT = {"agent": ("agent", "name"), "channel": ("channel", "name"), "week-hour": ("weekday", "hour")}


def times_csv(told: TimesTold, when: Period) -> Sender:
    head = [
        *ABOUT.get(told.by, (told.by,)),
        *(f"{kind}_{name}" for kind in ("read", "answered") for name in TIMES),
    ]
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
    if isinstance(line.weekday, int) and isinstance(line.hour, int):
        return [line.weekday, line.hour]
    return [str(line.by if by == "agent" else line.channel_key), str(line.name)]


def cells(found: SummaryTold | None) -> list[Cell]:
    return [None if found is None else getattr(found, name) for name in TIMES]


async def get_report_times_csv(call: Call) -> Any:
    return await get_report_times(call)


TEXT = "Times to read and to answer; CSV for `Accept: text/csv`"


def routes() -> tuple[Route[Call], ...]:
    return (
        get("/reports/times", get_report_times, TEXT, TAG, query=TimesAsked, gives=TimesTold),
        get(
            "/reports/times.csv",
            get_report_times_csv,
            "The same as CSV",
            TAG,
            query=TimesAsked,
            media="text/csv",
        ),
    )
