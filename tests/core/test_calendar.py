"""Days and months in Japanese time."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from kidoku.core import calendar


def ms(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp() * 1000)


@pytest.mark.parametrize(
    ("moment", "day", "month", "next_month", "start", "end"),
    [
        ("2026-11-22T14:59:59.999+00:00", "20261122", "202611", "202612", "2026-11-01", "2026-12-01"),
        ("2026-11-30T15:00+00:00", "20261201", "202612", "202701", "2026-12-01", "2027-01-01"),
        ("2024-01-31T23:59+09:00", "20240131", "202401", "202402", "2024-01-01", "2024-02-01"),
        ("2024-02-29T00:00+09:00", "20240229", "202402", "202403", "2024-02-01", "2024-03-01"),
    ],
)
def test_days_and_months(moment: str, day: str, month: str, next_month: str, start: str, end: str) -> None:
    now = ms(moment)
    assert calendar.day_jst(now) == day
    assert calendar.month_jst(now) == month
    assert calendar.next_month_jst(now) == next_month
    assert calendar.month_start_ms(now) == ms(f"{start}T00:00+09:00")
    assert calendar.next_month_start_ms(now) == ms(f"{end}T00:00+09:00")


@pytest.mark.parametrize("value", ["20261122", "20240229"])
def test_days_that_exist(value: str) -> None:
    assert calendar.is_day(value)


@pytest.mark.parametrize(
    "value", ["", "2026112", "202611220", "2026-1-1", "20261301", "20230229", "00000101", "２０２６１１２２"]
)
def test_days_that_do_not(value: str) -> None:
    assert not calendar.is_day(value)


def test_zones() -> None:
    moment = ms("2026-11-22T03:00+00:00")
    assert calendar.local_time(moment, calendar.zone("Asia/Bangkok")).hour == 10
    assert calendar.local_time(moment, calendar.zone("Asia/Tokyo")).hour == 12
    assert calendar.zone("Asia/Tokyo") is calendar.JST


def test_the_fixed_zone_agrees_with_the_database() -> None:
    moment = datetime(2026, 7, 1, tzinfo=UTC)
    assert (
        moment.astimezone(calendar.JST).utcoffset() == moment.astimezone(ZoneInfo("Asia/Tokyo")).utcoffset()
    )


@pytest.mark.parametrize(
    "name", ["", "Asia", "Mars/Olympus", "../x", "/etc/localtime", "a" * 5000, "\0", "\ud800"]
)
def test_zones_that_do_not_exist(name: str) -> None:
    with pytest.raises(ValueError, match="unknown time zone"):
        calendar.zone(name)
