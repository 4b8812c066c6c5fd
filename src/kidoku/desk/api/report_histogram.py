"""How times to read and to answer spread from seconds to days; as JSON and as CSV."""

from __future__ import annotations

from typing import Any

from kidoku.core.report import BEYOND, EDGES_MS, histogram
from kidoku.desk.api.call import Call
from kidoku.desk.api.report_times import found_times, together
from kidoku.desk.api.reports import CSV, TAG, channels_of, period_of, wants_csv
from kidoku.desk.api.shapes.reports import HistogramLine, HistogramTold, PeriodAsked
from kidoku.desk.reports.csv_text import Cell, csv_text
from kidoku.desk.store.reports_times import by_channel
from kidoku.http.json_api.answers import Sender, attachment
from kidoku.http.json_api.route import Route, get


async def get_report_histogram(call: Call) -> HistogramTold | Sender:
    asked = call.query(PeriodAsked)
    when = period_of(call, asked, None)
    total = together(await found_times(call, channels_of(call, asked.channel), when, by_channel))
    lines = [
        HistogramLine(up_to_ms=None if edge == BEYOND else edge, read=read, answered=answered)
        for edge, read, answered in zip(
            EDGES_MS, histogram(total.read), histogram(total.answered), strict=True
        )
    ]
    if wants_csv(call):
        rows: list[list[Cell]] = [[line.up_to_ms, line.read, line.answered] for line in lines]
        return attachment(csv_text(["up_to_ms", "read", "answered"], rows), CSV, "histogram.csv")
    return HistogramTold(from_=when.begin, to=when.end, tz=asked.tz, lines=lines, unread=total.unread)


async def get_report_histogram_csv(call: Call) -> Any:
    return await get_report_histogram(call)


TEXT = "How times to read and to answer spread; CSV for `Accept: text/csv`"


def routes() -> tuple[Route[Call], ...]:
    path = "/reports/histogram"
    return (
        get(path, get_report_histogram, TEXT, TAG, query=PeriodAsked, gives=HistogramTold),
        get(
            f"{path}.csv",
            get_report_histogram_csv,
            "The same as CSV",
            TAG,
            query=PeriodAsked,
            media="text/csv",
        ),
    )
