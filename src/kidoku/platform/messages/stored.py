"""What becomes of an accepted message: the form that is stored and shown, and its line in a chat list."""

from collections.abc import Callable
from typing import Any

from kidoku.core.text import utf16_len
from kidoku.platform.messages.placeholders import Part, split

_SHOWN_AS = {
    "text": "text",
    "location": "title",
    "imagemap": "altText",
    "template": "altText",
    "flex": "altText",
    "file": "fileName",
}
"""Which property of a message stands for it in a chat list; the other types have none."""


def normalise(message: dict[str, Any], name_of: Callable[[str], str] = str) -> dict[str, Any]:
    """The stored form of a valid message: without nulls, sticker IDs as strings, a text (v2) as a plain text.

    A text (v2) gets the shape in which texts arrive from users: `mention.mentionees` and `emojis` point into
    `text` by UTF-16 `index` and `length`. An emoji leaves a `$` there, as it does in an old text message.
    `name_of` gives the display name of a mentioned user ID.
    """
    stored: dict[str, Any] = _without_nulls(message)
    if stored.get("type") == "sticker":
        return stored | {name: str(stored[name]) for name in ("packageId", "stickerId")}
    if stored.get("type") == "textV2":
        return _as_text(stored, name_of)
    return stored


def preview_text(message: dict[str, Any]) -> tuple[str, str]:
    """(type, text) of a message for a chat list; the text is "" where only the type tells, as for a sticker."""
    kind = message.get("type", "")
    if kind == "textV2":
        return "text", normalise(message)["text"]
    return kind, message.get(_SHOWN_AS.get(kind, ""), "")


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_nulls(child) for key, child in value.items() if child is not None}
    if isinstance(value, list):
        return [_without_nulls(child) for child in value]
    return value


def _as_text(message: dict[str, Any], name_of: Callable[[str], str]) -> dict[str, Any]:
    substitution = message.pop("substitution", {})
    text = ""
    marks: dict[str, list[dict[str, Any]]] = {"mention": [], "emoji": []}
    for part in split(message["text"]) or []:
        substitute = substitution[part.text] if part.is_key else {}
        shown = _shown(part, substitute, name_of)
        if part.is_key:
            mark = {"index": utf16_len(text), "length": utf16_len(shown)}
            marks[substitute["type"]].append(mark | _target(substitute))
        text += shown
    message |= {"type": "text", "text": text}
    message |= {"emojis": marks["emoji"]} if marks["emoji"] else {}
    return message | ({"mention": {"mentionees": marks["mention"]}} if marks["mention"] else {})


def _shown(part: Part, substitute: dict[str, Any], name_of: Callable[[str], str]) -> str:
    if not part.is_key:
        return part.text
    if substitute["type"] == "emoji":
        return "$"
    mentionee = substitute["mentionee"]
    return "@All" if mentionee["type"] == "all" else f"@{name_of(mentionee['userId'])}"


def _target(substitute: dict[str, Any]) -> dict[str, Any]:
    if substitute["type"] == "emoji":
        return {name: substitute[name] for name in ("productId", "emojiId")}
    return {name: value for name, value in substitute["mentionee"].items() if name in ("type", "userId")}
