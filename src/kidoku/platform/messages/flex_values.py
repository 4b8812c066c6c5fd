"""The values of Flex properties (docs/messaging-api/flex-message-layout).

LINE calls every wrong one "invalid property".
"""

import re
from typing import Any

from kidoku.platform.messages.schema import INVALID, Check, Place, matching

_PX = r"[0-9]+(\.[0-9]+)?px"
_PERCENT = r"[0-9]+(\.[0-9]+)?%"
_NUMBER = r"[0-9]+(?:\.[0-9]+)?"
_RATIO = re.compile(rf"({_NUMBER}):({_NUMBER})")

_STEPS = "xs|sm|md|lg|xl|xxl"
_GAPS = f"none|{_STEPS}"
_SIZES = f"xxs|{_STEPS}|3xl|4xl|5xl"


def _form(pattern: str) -> Check:
    return matching(re.compile(pattern).fullmatch, INVALID)


def keyword(*values: str) -> Check:
    """One of these words."""
    return matching(frozenset(values).__contains__, INVALID)


color = _form(r"#[0-9A-Fa-f]{6}([0-9A-Fa-f]{2})?")
"""`#RRGGBB` or `#RRGGBBAA`; the three-digit form of CSS is refused."""

border_width = _form(rf"{_PX}|none|light|normal|medium|semi-bold|bold")
corner_radius = _form(rf"{_PX}|{_GAPS}")
extent = _form(rf"{_PX}|{_PERCENT}")
"""Width or height of a box."""
gap = _form(rf"{_PX}|{_GAPS}")
"""`margin` and `spacing`."""
padding = _form(rf"{_PX}|{_PERCENT}|{_GAPS}")
offset = _form(rf"-?{_PX}|-?{_PERCENT}|{_GAPS}")
image_size = _form(rf"{_PX}|{_PERCENT}|{_SIZES}|full")
text_size = _form(rf"{_PX}|{_SIZES}")
line_spacing = _form(_PX)


def angle(value: Any, at: Place) -> None:
    """Degrees from 0 up to but not including 360: `90deg`, `23.5deg`."""
    match = re.fullmatch(rf"({_NUMBER})deg", value) if isinstance(value, str) else None
    if match is None or float(match[1]) >= 360:
        at.fail(INVALID)


def percentage(value: Any, at: Place) -> None:
    """From `0%` to `100%`."""
    match = re.fullmatch(rf"({_NUMBER})%", value) if isinstance(value, str) else None
    if match is None or float(match[1]) > 100:
        at.fail(INVALID)


def ratio(value: Any, at: Place) -> None:
    """`{width}:{height}`, each 1 to 100000, the height at most three times the width."""
    match = _RATIO.fullmatch(value) if isinstance(value, str) else None
    if match is None or not _is_ratio(float(match[1]), float(match[2])):
        at.fail(INVALID)


def _is_ratio(width: float, height: float) -> bool:
    return 1 <= width <= 100_000 and 1 <= height <= 100_000 and height <= 3 * width


def count(value: Any, at: Place) -> None:
    """A whole number from 0: `flex`, `maxLines`."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value < 0 or value % 1:
        at.fail(INVALID)


def flag(value: Any, at: Place) -> None:
    """True or false."""
    if not isinstance(value, bool):
        at.fail(INVALID)
