"""Action objects: what a tap does (reference, "Action objects").

Where an action stands decides which types it may have and what is asked of its label
(reference, "Specifications of the label").
"""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from kidoku.platform.messages.schema import (
    FORBIDDEN,
    Check,
    Field,
    Place,
    may,
    need,
    one_of,
    struct,
    tagged,
    text,
)
from kidoku.platform.messages.values import link, short

TAPS = ("postback", "message", "uri", "datetimepicker", "clipboard")
"""Actions of buttons and images; `richmenuswitch` belongs to rich menus only."""
QUICK_TAPS = (*TAPS, "camera", "cameraRoll", "location")
"""Actions of quick reply buttons."""

_TIME = r"([01][0-9]|2[0-3]):[0-5][0-9]"
_FORMATS = {
    "date": (re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})"), "2017-06-18"),
    "time": (re.compile(_TIME), "06:15"),
    "datetime": (re.compile(rf"([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})[Tt]{_TIME}"), "2017-06-18T06:15"),
}


def _moment(value: Any, at: Place) -> None:
    mode = at.owner.get("mode")
    if not isinstance(mode, str) or mode not in _FORMATS:
        return  # the mode is the error, and noted there
    if not _is_moment(mode, value):
        at.fail(f"Must be of the form {_FORMATS[mode][1]}")


def _is_moment(mode: str, value: object) -> bool:
    if mode not in _FORMATS or not isinstance(value, str):
        return False
    match = _FORMATS[mode][0].fullmatch(value)
    return match is not None and (mode == "time" or _is_date(match[1]))


def _is_date(value: str) -> bool:
    try:
        return 1900 <= date.fromisoformat(value).year <= 2100
    except ValueError:
        return False


def _latest(value: Any, at: Place) -> None:
    _moment(value, at)
    earliest, mode = at.owner.get("min"), at.owner.get("mode")
    if not isinstance(mode, str) or not _is_moment(mode, value) or not _is_moment(mode, earliest):
        return
    # These formats sort as text; only the letter T may be written in two ways.
    if value.upper() <= str(earliest).upper():
        at.fail("Must be greater than the value of min")


def _without_display_text(value: Any, at: Place) -> None:
    short(300)(value, at)
    if at.owner.get("displayText") is not None:
        at.fail(FORBIDDEN)


_FIELDS: dict[str, tuple[Field, ...]] = {
    "postback": (
        need("data", text(300, full=True)),
        may("displayText", short(300)),
        may("text", _without_display_text),
        may("inputOption", one_of("closeRichMenu", "openRichMenu", "openKeyboard", "openVoice")),
        may("fillInText", short(300)),
    ),
    "message": (need("text", short(300, full=True)),),
    "uri": (
        need("uri", link),
        may("altUri", struct(may("desktop", link))),
    ),
    "datetimepicker": (
        need("data", text(300, full=True)),
        need("mode", one_of("date", "time", "datetime")),
        may("initial", _moment),
        may("max", _latest),
        may("min", _moment),
    ),
    "clipboard": (need("clipboardText", text(1000, low=1)),),
    "camera": (),
    "cameraRoll": (),
    "location": (),
}


def action(label: int, *, labelled: bool, kinds: Iterable[str] = TAPS) -> Check:
    """An action of one of these types, with a label of at most `label` characters; `labelled`: it needs one."""
    rules = (_has_label,) if labelled else ()
    return tagged({kind: struct(may("label", short(label)), *_FIELDS[kind], rules=rules) for kind in kinds})


def _has_label(value: Any, at: Place) -> None:
    # LINE reports this one of the action, not of its label.
    if value.get("label") in (None, ""):
        at.fail("`label` must be specified")
