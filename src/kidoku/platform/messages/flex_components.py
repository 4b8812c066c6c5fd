"""The components of a Flex Message (reference, "Component")."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from kidoku.platform.messages import flex_values as v
from kidoku.platform.messages.actions import action
from kidoku.platform.messages.schema import (
    EMPTY,
    INVALID,
    UNSPECIFIED,
    Check,
    Place,
    list_of,
    may,
    struct,
    tagged,
)
from kidoku.platform.messages.schema import need as _need
from kidoku.platform.messages.values import media_url

need = partial(_need, absent=UNSPECIFIED)

MAX_COMPONENTS = 1000
"""Our bound on the items of one list; the size of a bubble allows no more."""

ACTION = action(40, labelled=False)


def component(tables: Mapping[str, Check]) -> Check:
    """A component of one of these types. LINE reports another one of the component, not of its `type`."""
    return tagged(tables, otherwise=INVALID)


_FLEX = may("flex", v.count)
_MARGIN = may("margin", v.gap)
_GRAVITY = may("gravity", v.keyword("top", "bottom", "center"))
_ALIGN = may("align", v.keyword("start", "end", "center"))
_ACTION = may("action", ACTION)
_SCALING = may("scaling", v.flag)
_ADJUST = may("adjustMode", v.keyword("shrink-to-fit"))
_OFFSETS = (
    may("position", v.keyword("relative", "absolute")),
    may("offsetTop", v.offset),
    may("offsetBottom", v.offset),
    may("offsetStart", v.offset),
    may("offsetEnd", v.offset),
)
_FONT = (
    may("size", v.text_size),
    may("color", v.color),
    may("weight", v.keyword("regular", "bold")),
    may("style", v.keyword("normal", "italic")),
    may("decoration", v.keyword("none", "underline", "line-through")),
)

BUTTON = struct(
    need("action", action(40, labelled=True)),
    _FLEX,
    _MARGIN,
    *_OFFSETS,
    may("height", v.keyword("sm", "md")),
    may("style", v.keyword("primary", "secondary", "link")),
    may("color", v.color),
    _GRAVITY,
    _ADJUST,
    _SCALING,
)

IMAGE = struct(
    need("url", media_url),
    _FLEX,
    _MARGIN,
    *_OFFSETS,
    _ALIGN,
    _GRAVITY,
    may("size", v.image_size),
    may("aspectRatio", v.ratio),
    may("aspectMode", v.keyword("cover", "fit")),
    may("backgroundColor", v.color),
    _ACTION,
    may("animated", v.flag),
)

ICON = struct(
    need("url", media_url),
    _MARGIN,
    *_OFFSETS,
    may("size", v.text_size),
    _SCALING,
    may("aspectRatio", v.ratio),
)

SEPARATOR = struct(_MARGIN, may("color", v.color))

FILLER = struct(_FLEX)


def _has_words(value: Any, at: Place) -> None:
    """A text needs spans or, failing these, a text of its own."""
    if not value.get("contents") and value.get("text") in (None, ""):
        at.into("text", value).fail("must be non-empty text")


def _words(value: Any, at: Place) -> None:
    if not isinstance(value, str):
        at.fail(INVALID)


SPAN = struct(may("text", _words), *_FONT)

TEXT = struct(
    may("text", _words),
    may("contents", list_of(component({"span": SPAN}), 0, MAX_COMPONENTS)),
    _FLEX,
    _MARGIN,
    *_OFFSETS,
    *_FONT,
    _ALIGN,
    _GRAVITY,
    may("wrap", v.flag),
    may("lineSpacing", v.line_spacing),
    may("maxLines", v.count),
    _ADJUST,
    _SCALING,
    _ACTION,
    rules=(_has_words,),
)

_BACKGROUND = component(
    {
        "linearGradient": struct(
            need("angle", v.angle),
            need("startColor", v.color),
            need("endColor", v.color),
            may("centerColor", v.color),
            may("centerPosition", v.percentage),
        )
    }
)


def box(value: Any, at: Place) -> None:
    """A box, which may hold boxes."""
    _BOX(value, at)


_BASELINE = {"icon": ICON, "text": TEXT, "filler": FILLER}
_STACK: Mapping[str, Check] = {
    "box": box,
    "button": BUTTON,
    "image": IMAGE,
    "text": TEXT,
    "separator": SEPARATOR,
    "filler": FILLER,
}
_CHILDREN = {
    "baseline": list_of(component(_BASELINE), 0, MAX_COMPONENTS),
    "horizontal": list_of(component(_STACK), 0, MAX_COMPONENTS),
    "vertical": list_of(component(_STACK), 0, MAX_COMPONENTS),
}
_ANY_CHILDREN = list_of(component({**_STACK, **_BASELINE}), 0, MAX_COMPONENTS)


def _children(value: Any, at: Place) -> None:
    """What a box may hold depends on its layout."""
    layout = at.owner.get("layout")
    check = _CHILDREN.get(layout, _ANY_CHILDREN) if isinstance(layout, str) else _ANY_CHILDREN
    check(value, at)


_BOX = struct(
    need("layout", v.keyword(*_CHILDREN)),
    _need("contents", _children, EMPTY),
    may("backgroundColor", v.color),
    may("borderColor", v.color),
    may("borderWidth", v.border_width),
    may("cornerRadius", v.corner_radius),
    may("width", v.extent),
    may("maxWidth", v.extent),
    may("height", v.extent),
    may("maxHeight", v.extent),
    _FLEX,
    may("spacing", v.gap),
    _MARGIN,
    may("paddingAll", v.padding),
    may("paddingTop", v.padding),
    may("paddingBottom", v.padding),
    may("paddingStart", v.padding),
    may("paddingEnd", v.padding),
    *_OFFSETS,
    _ACTION,
    may(
        "justifyContent",
        v.keyword("center", "flex-start", "flex-end", "space-between", "space-around", "space-evenly"),
    ),
    may("alignItems", v.keyword("center", "flex-start", "flex-end")),
    may("background", _BACKGROUND),
)

VIDEO = struct(
    need("url", media_url),
    need("previewUrl", media_url),
    need("altContent", component({"box": box, "image": IMAGE})),
    may("aspectRatio", v.ratio),
    may("action", action(40, labelled=False, kinds=("uri",))),
)
