"""Response hours by the wall clock of a place, and who answers when."""

from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec
import pytest

from kidoku.core.hours import Responders, in_hours, responds
from kidoku.core.settings import AccountSettings, AutoResponse, ResponseHours, Window

MONDAY = "2026-11-23"


def at(day: str, clock: str, place: str = "Asia/Tokyo") -> int:
    return int(datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=ZoneInfo(place)).timestamp() * 1000)


def hours(*windows: tuple[int, str, str], place: str = "Asia/Tokyo") -> ResponseHours:
    listed = [Window(day=day, start=start, end=end) for day, start, end in windows]
    return ResponseHours(enabled=True, time_zone=place, windows=listed)


@pytest.mark.parametrize(
    ("window", "day", "clock", "expected"),
    [
        ((0, "09:00", "18:00"), MONDAY, "08:59:59.999", False),
        ((0, "09:00", "18:00"), MONDAY, "09:00", True),
        ((0, "09:00", "18:00"), MONDAY, "17:59:59.999", True),
        ((0, "09:00", "18:00"), MONDAY, "18:00", False),
        ((0, "09:00", "18:00"), "2026-11-24", "10:00", False),
        ((0, "22:00", "02:00"), MONDAY, "23:00", True),
        ((0, "22:00", "02:00"), "2026-11-24", "01:59", True),
        ((0, "22:00", "02:00"), "2026-11-24", "02:00", False),
        ((0, "22:00", "02:00"), MONDAY, "01:00", False),
        ((6, "22:00", "02:00"), MONDAY, "01:00", True),
        ((0, "00:00", "00:00"), MONDAY, "00:00", True),
        ((0, "00:00", "00:00"), MONDAY, "23:59", True),
        ((0, "00:00", "00:00"), "2026-11-24", "00:00", False),
        ((0, "18:00", "00:00"), MONDAY, "23:59", True),
    ],
)
def test_windows(window: tuple[int, str, str], day: str, clock: str, expected: bool) -> None:
    assert in_hours(hours(window), at(day, clock)) is expected


def test_the_place_decides() -> None:
    noon_in_tokyo = at(MONDAY, "12:00")
    morning = (0, "09:00", "11:00")
    assert not in_hours(hours(morning), noon_in_tokyo)
    assert in_hours(hours(morning, place="Asia/Bangkok"), noon_in_tokyo)


def test_summer_time_moves_the_hours_along() -> None:
    berlin = hours(*((day, "09:00", "10:00") for day in range(7)), place="Europe/Berlin")
    assert in_hours(berlin, at("2026-07-01", "09:30", "Europe/Berlin"))
    assert in_hours(berlin, at("2026-12-01", "09:30", "Europe/Berlin"))
    assert not in_hours(berlin, at("2026-12-01", "09:30", "Europe/Helsinki"))


def test_no_windows_no_hours_and_not_enabled_always() -> None:
    assert not in_hours(hours(), at(MONDAY, "12:00"))
    assert in_hours(ResponseHours(windows=[]), at(MONDAY, "12:00"))


IN, OUT = at(MONDAY, "12:00"), at(MONDAY, "20:00")


def account(chat: bool, auto: bool, response_hours: ResponseHours) -> AccountSettings:
    return AccountSettings(chat=chat, auto_response=AutoResponse(enabled=auto), response_hours=response_hours)


@pytest.mark.parametrize("auto", [False, True])
@pytest.mark.parametrize("now", [IN, OUT])
def test_without_chat_or_hours_the_switches_decide(auto: bool, now: int) -> None:
    assert responds(account(False, auto, ResponseHours(enabled=True)), now) == Responders(False, auto)
    assert responds(account(True, auto, ResponseHours()), now) == Responders(True, auto)


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("chat", Responders(True, False)),
        ("auto", Responders(False, True)),
        ("chat_and_auto", Responders(True, True)),
    ],
)
def test_the_method_of_the_hour(method: str, expected: Responders) -> None:
    plan = msgspec.convert({"enabled": True, "outOfHours": method}, ResponseHours)
    assert responds(account(True, True, plan), OUT) == expected
    assert responds(account(True, False, plan), OUT) == Responders(expected.chat, False)
    assert responds(account(True, True, plan), IN) == Responders(True, False)
    both = msgspec.convert({"enabled": True, "inHours": "chat_and_auto"}, ResponseHours)
    assert responds(account(True, True, both), IN) == Responders(True, True)
