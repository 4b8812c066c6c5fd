"""The placeholders of a text message (v2): `{key}`, with `{{` and `}}` for the braces themselves."""

import re
from dataclasses import dataclass

KEY = r"^[a-zA-Z0-9_]{1,20}$"

_TOKEN = re.compile(r"(?P<open>\{\{)|(?P<close>\}\})|\{(?P<key>[^{}]*)\}|(?P<stray>[{}])|[^{}]+")
_KEY = re.compile(KEY.strip("^$"))


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the text: characters to show, or the key of a substitution."""

    text: str
    is_key: bool = False


def split(text: str) -> list[Part] | None:
    """The pieces of the text in order, or None if a brace stands alone."""
    parts = []
    for token in _TOKEN.finditer(text):
        if token["stray"] is not None:
            return None
        parts.append(_part(token))
    return parts


def _part(token: re.Match[str]) -> Part:
    if token["key"] is not None:
        return Part(token["key"], is_key=True)
    if token["open"] or token["close"]:
        return Part(token[0][0])
    return Part(token[0])


def is_key(text: str) -> bool:
    """Whether the text may name a substitution."""
    return _KEY.fullmatch(text) is not None
