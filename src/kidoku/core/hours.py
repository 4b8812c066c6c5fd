"""Response hours: which ways of answering apply at a moment."""

from typing import NamedTuple

from kidoku.core.calendar import local_time, zone
from kidoku.core.settings import AccountSettings, ResponseHours, Window

_DAY = 24 * 60
_WEEK = 7 * _DAY


class Responders(NamedTuple):
    """Who answers a message: operators in the chat screen, automatic messages, or both."""

    chat: bool
    auto: bool


def in_hours(hours: ResponseHours, now_ms: int) -> bool:
    """Whether the moment lies in the response hours, by their wall clock. Always, if not enabled."""
    if not hours.enabled:
        return True
    local = local_time(now_ms, zone(hours.time_zone))
    minute = local.weekday() * _DAY + local.hour * 60 + local.minute
    return any(_covers(window, minute) for window in hours.windows)


def responds(settings: AccountSettings, now_ms: int) -> Responders:
    """The ways of answering at this moment. The webhook is independent of them.

    - Chat off: automatic messages only, if they are switched on.
    - Chat on without response hours: operators, and automatic messages if switched on [our decision].
    - Chat on with response hours: the method of the hour; the switch still counts [our decision].
    """
    auto = settings.auto_response.enabled
    hours = settings.response_hours
    if not settings.chat or not hours.enabled:
        return Responders(settings.chat, auto)
    method = hours.in_hours if in_hours(hours, now_ms) else hours.out_of_hours
    return Responders(chat=method != "auto", auto=auto and method != "chat")


def _covers(window: Window, minute: int) -> bool:
    start = window.day * _DAY + _minutes(window.start)
    length = (_minutes(window.end) - _minutes(window.start)) % _DAY or _DAY
    return (minute - start) % _WEEK < length


def _minutes(time_of_day: str) -> int:
    return int(time_of_day[:2]) * 60 + int(time_of_day[3:])
