"""Days and months as LINE counts them, in Japanese time (UTC+9), and time zones by name."""

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

JST = timezone(timedelta(hours=9), "JST")
"""Japan has no summer time; a fixed offset needs no time zone database."""


def day_jst(now: int) -> str:
    """The day as `yyyymmdd`, the form of the `date` parameters of LINE's delivery counts."""
    return f"{_jst(now):%Y%m%d}"


def month_jst(now: int) -> str:
    """The month as `yyyymm`: the monthly quota belongs to it."""
    return f"{_jst(now):%Y%m}"


def next_month_jst(now: int) -> str:
    """The month after, as `yyyymm`."""
    return month_jst(next_month_start_ms(now))


def month_start_ms(now: int) -> int:
    """The first moment of the month."""
    return _ms(_jst(now).replace(day=1, hour=0, minute=0, second=0, microsecond=0))


def next_month_start_ms(now: int) -> int:
    """The first moment of the month after: when the monthly quota begins anew."""
    day = _jst(month_start_ms(now)) + timedelta(days=32)
    return month_start_ms(_ms(day))


def is_day(value: str) -> bool:
    """Whether the text is an existing day written `yyyymmdd`."""
    if len(value) != 8 or not (value.isascii() and value.isdigit()):
        return False
    try:
        datetime(int(value[:4]), int(value[4:6]), int(value[6:]), tzinfo=JST)
    except ValueError:
        return False
    return True


def zone(name: str) -> tzinfo:
    """The time zone of an IANA name such as `Asia/Bangkok`. ValueError if there is none."""
    if name == "Asia/Tokyo":
        return JST  # the default must work on a system without a time zone database
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown; not a key at all; a folder or a far too long name
        raise ValueError(f"unknown time zone {name[:60]!r}: use an IANA name such as 'Asia/Tokyo'") from None


def local_time(now: int, place: tzinfo) -> datetime:
    """The wall clock there."""
    return datetime.fromtimestamp(now / 1000, UTC).astimezone(place)


def _jst(now: int) -> datetime:
    return local_time(now, JST)


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
