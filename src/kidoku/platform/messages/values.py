"""Kinds of values that many LINE objects share."""

import re
from functools import partial
from typing import Any

from kidoku.core.text import grapheme_len, utf16_len
from kidoku.platform.messages.schema import LENGTH, LONGER, Check, Place, matching, text

MAX_URL = 2000
MAX_LINK = 1000

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_REST = {
    # A web address needs a host; LINE's own scheme and telephone numbers need anything at all.
    "http": re.compile(r"//[^\s/?#]\S*"),
    "https": re.compile(r"//[^\s/?#]\S*"),
    "line": re.compile(r"\S+"),
    "tel": re.compile(r"\S+"),
}


def short(high: int, *, full: bool = False) -> Check:
    """A short text that LINE counts in grapheme clusters: labels, titles, texts of templates and actions."""
    return text(high, full=full, over=LONGER, count=partial(grapheme_len, enough=high + 1))


def address(high: int, *schemes: str) -> Check:
    """A URL of at most `high` characters with one of these schemes.

    That it should be percent-encoded (reference, "About the encoding of a URL") is enforced for spaces only.
    """
    length = LENGTH.format(low=0, high=high)

    def check(value: Any, at: Place) -> None:
        if not isinstance(value, str):
            at.fail("must be a string")
        elif utf16_len(value) > high:
            at.fail(length)
        elif problem := _url_problem(value, schemes):
            at.fail(problem)

    return check


def _url_problem(url: str, schemes: tuple[str, ...]) -> str | None:
    scheme = _SCHEME.match(url)
    if scheme is None or scheme[1].lower() not in schemes:
        return "invalid uri scheme"
    return None if _REST[scheme[1].lower()].fullmatch(url, scheme.end()) else "invalid uri"


media_url = address(MAX_URL, "https")
"""Where LINE clients load an image, a video or a sound from."""

link = address(MAX_LINK, "http", "https", "line", "tel")
"""What opens when something is tapped."""

rgb = matching(re.compile(r"#[0-9A-Fa-f]{6}").fullmatch, "Must be a color of the form #RRGGBB")
