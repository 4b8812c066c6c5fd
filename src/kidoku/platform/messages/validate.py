"""The `messages` of a request, checked as LINE's Messaging API checks them."""

from typing import Any

from kidoku.platform.messages.context import Context, Kind
from kidoku.platform.messages.flex import FLEX
from kidoku.platform.messages.imagemap import IMAGEMAP
from kidoku.platform.messages.media import AUDIO, COUPON, IMAGE, LOCATION, STICKER, VIDEO
from kidoku.platform.messages.schema import EMPTY, Place, list_of, tagged
from kidoku.platform.messages.templates import TEMPLATE
from kidoku.platform.messages.texts import TEXT, TEXT_V2
from kidoku.wire.errors import Detail

__all__ = ["MAX_DEPTH", "MAX_MESSAGES", "Context", "Kind", "known_parts", "validate_messages"]

MAX_MESSAGES = 5
MAX_DEPTH = 100
"""How many objects and lists may stand inside each other in one message: some 50 boxes of a Flex Message.
LINE states no limit; ours keeps the recursion over a message within what Python allows."""

# In the order in which LINE's own error text lists them; those that came later follow.
_MESSAGE = tagged(
    {
        "text": TEXT,
        "image": IMAGE,
        "video": VIDEO,
        "audio": AUDIO,
        "location": LOCATION,
        "sticker": STICKER,
        "template": TEMPLATE,
        "imagemap": IMAGEMAP,
        "flex": FLEX,
        "textV2": TEXT_V2,
        "coupon": COUPON,
    }
)


def _message(value: Any, at: Place) -> None:
    if _deeper_than(MAX_DEPTH, value):
        at.fail("The message is nested too deeply")
    else:
        _MESSAGE(value, at)


_MESSAGES = list_of(_message, 1, MAX_MESSAGES)


def validate_messages(raw: object, context: Context) -> list[Detail]:
    """Everything that is wrong with `raw`, the decoded JSON of `messages`; [] means that it can be sent.

    All errors are reported, in the order of the document, each with its property path (`messages[0].text`).
    """
    found: list[Detail] = []
    at = Place("messages", {}, context, found)
    if raw is None:
        at.fail(EMPTY)
    else:
        _MESSAGES(raw, at)
    return found


def known_parts(message: dict[str, Any]) -> dict[str, Any]:
    """A valid message without the properties that LINE does not know, which it ignores."""
    parts: dict[str, Any] = _MESSAGE.known(message)
    return parts


def _deeper_than(limit: int, value: object) -> bool:
    level = [value]
    for _ in range(limit):
        level = [child for parent in level for child in _children(parent)]
        if not level:
            return False
    return True


def _children(value: object) -> list[object]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
