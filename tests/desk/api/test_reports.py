"""Reports over the API: what is counted, periods and their limits, and the same as CSV."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from typing import Any

import pytest

from kidoku.core.read_policy import Policy, ReadPolicy
from tests.desk.api.kit import Client
from tests.desk.kit import START, World, message_event

HOUR = 3_600_000
PERIOD = f"from={START}&to={START + 4 * HOUR}&tz=UTC"
"""START is 08:26:40 in UTC."""


@pytest.fixture
async def told(world: World) -> World:
    """Two messages that a mark of agent 1 has made Read, one that waits in another hour, and one taken back."""
    await world.webhook(message_event(1), message_event(2), message_event(3, at=START + HOUR))
    chat_id = await world.received(3)
    await world.webhook(
        {
            **message_event(4, at=START + HOUR + 5),
            "type": "unsend",
            "unsend": {"messageId": str(500_000_000_000_000_003)},
        },
        message_event(5, at=START + 2 * HOUR),
    )
    await world.received(5)
    await world.webhook(message_event(6, user="U" + "2" * 32))
    read = await world.ask(await world.received(6))
    assert read is not None
    await world.mark_becomes(read, "confirmed")
    assert chat_id
    return world


async def test_by_hour(told: World, api: Client) -> None:
    found = await api.get(f"/reports/times?{PERIOD}&by=hour")
    assert [(line["start"] - START) // 60_000 for line in found["lines"]] == [-27, 33, 93, 153, 213]
    assert [line["unread"] for line in found["lines"]] == [2, 0, 1, 0, 0]
    read = found["lines"][0]["read"]
    assert read["count"] == 1
    assert read["medianMs"] == read["p99Ms"] == read["longestMs"] > HOUR
    assert found["total"]["read"] == read
    assert found["lines"][1]["read"] is None


async def test_by_day_in_a_time_zone(told: World, api: Client) -> None:
    found = await api.get("/reports/times?from=2025-11-21&to=2025-11-24&tz=Asia/Tokyo")
    assert [line["unread"] for line in found["lines"]] == [0, 3, 0]
    assert found["lines"][1]["start"] == datetime(2025, 11, 21, 15, tzinfo=UTC).timestamp() * 1_000


async def test_by_agent_and_by_channel(told: World, api: Client) -> None:
    (line,) = (await api.get(f"/reports/times?{PERIOD}&by=agent"))["lines"]
    assert (line["by"], line["read"]["count"], line["unread"]) == ("agent:1", 1, 0)
    (line,) = (await api.get(f"/reports/times?{PERIOD}&by=channel&channel=shop"))["lines"]
    assert (line["channelKey"], line["name"], line["unread"]) == ("shop", "Shop", 3)


async def test_by_hour_of_the_week(told: World, api: Client) -> None:
    """START is a Saturday."""
    found = await api.get(f"/reports/times?{PERIOD}&by=week-hour")
    lines = found["lines"]
    assert [(line["weekday"], line["hour"]) for line in lines] == [
        (weekday, hour) for weekday in range(1, 8) for hour in range(24)
    ]
    assert {
        (line["weekday"], line["hour"]): (line["unread"], line["read"] and line["read"]["count"])
        for line in lines
        if line["unread"] or line["read"]
    } == {(6, 8): (2, 1), (6, 10): (1, None)}
    tokyo = (await api.get(f"/reports/times?{PERIOD.replace('UTC', 'Asia/Tokyo')}&by=week-hour"))["lines"]
    assert next(line["hour"] for line in tokyo if line["read"]) == 17


async def test_how_times_spread(told: World, api: Client) -> None:
    wait = (await api.get(f"/reports/times?{PERIOD}"))["total"]["read"]["longestMs"]
    found = await api.get(f"/reports/histogram?{PERIOD}")
    assert found["unread"] == 3
    assert [line["upToMs"] for line in found["lines"]][:2] == [1_000, 2_000]
    assert found["lines"][-1]["upToMs"] is None
    assert sum(line["read"] for line in found["lines"]) == 1
    before = 0
    for line in found["lines"]:
        inside = before < wait and (line["upToMs"] is None or wait <= line["upToMs"])
        assert line["read"] == inside
        before = line["upToMs"]
    assert {line["answered"] for line in found["lines"]} == {0}
    nothing = await api.get("/reports/histogram?to=2020-01-01")
    assert {line["read"] for line in nothing["lines"]} == {0}


async def test_within_the_target(told: World, api: Client) -> None:
    await told.settings(read_target_s=1)
    assert (await api.get(f"/reports/times?{PERIOD}"))["total"]["withinTarget"] == 0
    await told.settings(read_target_s=10**9)
    assert (await api.get(f"/reports/times?{PERIOD}"))["total"]["withinTarget"] == 1


async def test_the_backlog_at_the_ends_of_hours(told: World, api: Client) -> None:
    found = await api.get(f"/reports/backlog?{PERIOD}&by=hour")
    assert [(line["at"] - START) // 60_000 for line in found["lines"]] == [33, 93, 153, 213, 240]
    assert [line["unread"] for line in found["lines"]] == [3, 3, 4, 4, 4]
    now = told.desk.now
    found = await api.get(f"/reports/backlog?from={START}&to={now + 10 * HOUR}&by=day")
    assert found["lines"][-1]["unread"] == 3
    assert now <= found["lines"][-1]["at"] <= told.desk.now


async def test_marks_by_cause(world: World, api: Client) -> None:
    await world.policy(ReadPolicy(Policy.ON_RECEIVE))
    await world.webhook(message_event(1))
    await world.until(lambda one: one["type"] == "mark" and one["state"] == "confirmed")
    found = await api.get("/reports/marks")
    assert found["causes"] == [{"occasion": "received", "marks": 1, "states": {"confirmed": 1}}]
    assert found["failures"] == []
    assert (await api.get("/reports/marks?to=2020-01-01"))["causes"] == []


async def table(api: Client, path: str, **headers: str) -> list[dict[str, Any]]:
    url = f"{api.world.url}/api/v1{path}"
    async with api.world.session.get(url, headers={**api.credentials, **headers}) as answer:
        assert answer.status == 200
        assert answer.content_type == "text/csv"
        assert "attachment" in answer.headers["content-disposition"]
        return list(csv.DictReader(io.StringIO(await answer.text())))


async def test_as_csv(told: World, api: Client) -> None:
    rows = await table(api, f"/reports/times.csv?{PERIOD}&by=hour")
    assert (rows[0]["hour"], rows[0]["read_count"], rows[0]["answered_count"], rows[0]["unread"]) == (
        "2025-11-22T08:00:00+00:00",
        "1",
        "",
        "2",
    )
    assert await table(api, f"/reports/times?{PERIOD}&by=hour", Accept="text/csv") == rows
    (row,) = await table(api, f"/reports/times.csv?{PERIOD}&by=agent")
    assert row["agent"] == "agent:1"
    rows = await table(api, f"/reports/backlog.csv?{PERIOD}&by=hour")
    assert [row["unread"] for row in rows] == ["3", "3", "4", "4", "4"]
    rows = await table(api, f"/reports/times.csv?{PERIOD}&by=week-hour")
    (row,) = (row for row in rows if row["read_count"])
    assert (row["weekday"], row["hour"], row["unread"], len(rows)) == ("6", "8", "2", 168)
    rows = await table(api, f"/reports/histogram.csv?{PERIOD}")
    assert (rows[0]["up_to_ms"], rows[-1]["up_to_ms"]) == ("1000", "")
    assert sum(int(row["read"]) for row in rows) == 1
    (row,) = await table(api, "/reports/marks.csv")
    assert row == {"occasion": "asked", "state": "confirmed", "advice": "", "marks": "1"}


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("from=x", "no_moment"),
        ("to=2025-13-01", "no_moment"),
        ("from=2025-01-02&to=2025-01-01", "no_period"),
        ("from=-1", "no_moment"),
        ("to=999999999999999999", "no_period"),
        ("from=2020-01-01&to=2025-01-01", "period_too_long"),
        ("from=2025-01-01&to=2025-03-01&by=hour", "period_too_long"),
        ("tz=Nowhere/At_all", "unknown_time_zone"),
        ("by=year", "invalid_query"),
        ("since=1", "invalid_query"),
    ],
)
async def test_what_is_no_report(api: Client, query: str, code: str) -> None:
    assert await api.refused(400, "GET", f"/reports/times?{query}") == code


async def test_a_channel_that_is_not_there(api: Client) -> None:
    for report in ("times", "histogram", "backlog", "marks", "targets"):
        assert await api.refused(404, "GET", f"/reports/{report}?channel=none") == "no_such_channel"


async def test_nobody_reads_reports_unasked(browser: Client) -> None:
    assert await browser.refused(401, "GET", "/reports/times") == "sign_in_required"


async def test_cells_that_begin_like_formulas_are_text(world: World, api: Client) -> None:
    from kidoku.desk.store.channels import change_channel

    await world.desk.apply(change_channel, world.channel.channel_id, {"name": "=1+1"})
    (row,) = await table(api, "/reports/times.csv?by=channel")
    assert row["name"] == "'=1+1"
