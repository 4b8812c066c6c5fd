"""Template messages: buttons, confirm, carousel, image carousel (reference, "Template messages")."""

from typing import Any

from kidoku.platform.messages.actions import action
from kidoku.platform.messages.common import alt_text, message
from kidoku.platform.messages.schema import (
    MORE,
    UNSPECIFIED,
    Check,
    Place,
    all_of,
    list_of,
    may,
    need,
    one_of,
    struct,
    tagged,
)
from kidoku.platform.messages.values import media_url, rgb, short

_ACTION = action(20, labelled=True)
_IMAGE_ACTION = action(12, labelled=False)


def _text_beside(alone: int, beside: int) -> Check:
    """A text that may have `alone` characters by itself, `beside` ones together with an image or a title."""
    wide, narrow = short(alone, full=True), short(beside, full=True)

    def check(value: Any, at: Place) -> None:
        accompanied = at.owner.get("thumbnailImageUrl") or at.owner.get("title")
        (narrow if accompanied else wide)(value, at)

    return check


def _alike(columns: Any, at: Place) -> None:
    """All columns have the same parts as the first (reference, "Column object for carousel", note)."""
    if not isinstance(columns, list) or not all(isinstance(column, dict) for column in columns):
        return
    for index, column in enumerate(columns[1:10], start=1):
        for name in ("thumbnailImageUrl", "title"):
            if (column.get(name) is None) != (columns[0].get(name) is None):
                at.item(index).into(name, column).fail("must be specified in all columns or in none of them")
        if _count(column) != _count(columns[0]):
            at.item(index).into("actions", column).fail(
                "The number of actions must be the same in all columns"
            )


def _count(column: dict[str, Any]) -> int:
    actions = column.get("actions")
    return len(actions) if isinstance(actions, list) else 0


_THUMBNAIL = may("thumbnailImageUrl", media_url)
_BACKGROUND = may("imageBackgroundColor", rgb)
_RATIO = may("imageAspectRatio", one_of("rectangle", "square"))
_FIT = may("imageSize", one_of("cover", "contain"))
_TITLE = may("title", short(40))
_DEFAULT = may("defaultAction", _ACTION)

_BUTTONS = struct(
    _THUMBNAIL,
    _RATIO,
    _FIT,
    _BACKGROUND,
    _TITLE,
    need("text", _text_beside(160, 60)),
    _DEFAULT,
    need("actions", list_of(_ACTION, 1, 4, MORE)),
)

_CONFIRM = struct(
    need("text", short(240, full=True)),
    need("actions", list_of(_ACTION, 2, 2)),
)

_COLUMN = struct(
    _THUMBNAIL,
    _BACKGROUND,
    _TITLE,
    need("text", _text_beside(120, 60)),
    _DEFAULT,
    need("actions", list_of(_ACTION, 1, 3, MORE)),
)

_CAROUSEL = struct(
    need("columns", all_of(list_of(_COLUMN, 1, 10, MORE), _alike)),
    _RATIO,
    _FIT,
)

_IMAGE_COLUMN = struct(
    need("imageUrl", media_url),
    need("action", _IMAGE_ACTION, UNSPECIFIED),
)

_IMAGE_CAROUSEL = struct(
    need("columns", list_of(_IMAGE_COLUMN, 1, 10, MORE)),
)

TEMPLATE = message(
    need("altText", alt_text),
    need(
        "template",
        tagged(
            {
                "buttons": _BUTTONS,
                "confirm": _CONFIRM,
                "carousel": _CAROUSEL,
                "image_carousel": _IMAGE_CAROUSEL,
            }
        ),
        UNSPECIFIED,
    ),
)
