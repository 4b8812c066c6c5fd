"""Text messages, old and v2 (reference, "Text message", "Text message (v2)")."""

from collections.abc import Mapping
from typing import Any

from kidoku.core.ids import is_user_id
from kidoku.platform.messages.common import message, quote_token
from kidoku.platform.messages.placeholders import KEY, is_key, split
from kidoku.platform.messages.schema import (
    FORBIDDEN,
    NO_OBJECT,
    UNSPECIFIED,
    Place,
    all_of,
    list_of,
    may,
    need,
    number,
    struct,
    tagged,
    text,
)

MAX_MENTIONS = 20
MAX_EMOJIS = 20

_body = text(5000, full=True)
# Which LINE emoji exist is not checked: the list changes, and nothing here depends on it.
_identifier = text(255, full=True)

_EMOJI_FIELDS = (need("productId", _identifier), need("emojiId", _identifier))


def _emoji_marks(value: Any, at: Place) -> None:
    """Every emoji must stand on a `$` of the text, counted in UTF-16 units."""
    body = at.owner.get("text")
    if not isinstance(value, list) or not isinstance(body, str):
        return
    units = body.encode("utf-16-le", "surrogatepass")
    for number_, emoji in enumerate(value[:MAX_EMOJIS]):
        index = emoji.get("index") if isinstance(emoji, dict) else None
        if isinstance(index, int) and index >= 0 and units[2 * index : 2 * index + 2] != b"$\0":
            at.item(number_).into("index", emoji).fail("Must be the position of a '$' in the text")


TEXT = message(
    need("text", _body),
    may(
        "emojis",
        all_of(
            list_of(struct(need("index", number(0), UNSPECIFIED), *_EMOJI_FIELDS), 0, MAX_EMOJIS),
            _emoji_marks,
        ),
    ),
    may("quoteToken", quote_token),
)


def _bad_key(key: str) -> str:
    return f"The key '{key}' enclosed in '{{}}' does not match the pattern '{KEY}'."


def _template(value: Any, at: Place) -> None:
    """The text with its placeholders: each must have a substitution."""
    _body(value, at)
    parts = split(value) if isinstance(value, str) else []
    if parts is None:
        at.fail("'{' and '}' must be used in pairs")
        return
    keys = [part.text for part in parts if part.is_key]
    substitution = at.owner.get("substitution")
    known = substitution if isinstance(substitution, dict) else {}
    for key in dict.fromkeys(keys):
        if not is_key(key):
            at.fail(_bad_key(key))
        elif known.get(key) is None:
            at.fail(f"The key '{key}' enclosed in '{{}}' is not specified in the substitution.")
    _count_uses(keys, known, at)


def _count_uses(keys: list[str], known: Mapping[str, Any], at: Place) -> None:
    kinds = [known[key].get("type") for key in keys if isinstance(known.get(key), dict)]
    if kinds.count("mention") > MAX_MENTIONS:
        at.fail(f"must not be more than {MAX_MENTIONS} mentions")
    if kinds.count("emoji") > MAX_EMOJIS:
        at.fail(f"must not be more than {MAX_EMOJIS} emojis")


def _may_mention(value: Any, at: Place) -> None:
    """Mentions go to one group chat or multi-person chat only."""
    if not at.context.one_chat or at.context.group is False:
        at.fail(FORBIDDEN)


def _mentioned(value: Any, at: Place) -> None:
    if not isinstance(value, str) or not is_user_id(value):
        at.fail("Invalid user ID")
    elif at.context.member_ok is not None and not at.context.member_ok(value):
        at.fail("The user is not a member of the chat")


_SUBSTITUTE = tagged(
    {
        "mention": struct(
            need(
                "mentionee",
                tagged({"user": struct(need("userId", _mentioned)), "all": struct()}),
                UNSPECIFIED,
            ),
            rules=(_may_mention,),
        ),
        "emoji": struct(*_EMOJI_FIELDS),
    }
)


def _substitution(value: Any, at: Place) -> None:
    if not isinstance(value, dict):
        at.fail(NO_OBJECT)
        return
    if len(value) > 100:
        at.fail("Size must be between 0 and 100")
    for key, substitute in list(value.items())[:100]:
        if not is_key(key):
            at.fail(_bad_key(key))
        elif substitute is not None:
            _SUBSTITUTE(substitute, at.into(key, value))


TEXT_V2 = message(
    need("text", _template),
    may("substitution", _substitution),
    may("quoteToken", quote_token),
)
