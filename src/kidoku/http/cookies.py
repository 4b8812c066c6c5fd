"""Reading cookies."""

from __future__ import annotations


def read_cookie(header: str, name: str) -> str:
    """The value of a cookie, "" if there is none; whatever else may stand in the header."""
    for pair in header.split(";"):
        found, _, value = pair.strip().partition("=")
        if found == name:
            return value
    return ""
