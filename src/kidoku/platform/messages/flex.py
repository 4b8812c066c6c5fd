"""Flex Messages: bubbles and carousels of bubbles (reference, "Flex Message")."""

import json
from collections.abc import Iterator
from typing import Any

from kidoku.platform.messages import flex_values as v
from kidoku.platform.messages.common import alt_text, message
from kidoku.platform.messages.flex_components import ACTION, IMAGE, VIDEO, box, component
from kidoku.platform.messages.schema import (
    INVALID,
    UNSPECIFIED,
    Check,
    Place,
    all_of,
    list_of,
    may,
    need,
    struct,
    tagged,
)

MAX_BUBBLE_BYTES = 30 * 1024
MAX_CAROUSEL_BYTES = 50 * 1024
MAX_ANIMATED = 10

BLOCKS = ("header", "hero", "body", "footer")
_VIDEO_SIZES = ("kilo", "mega", "giga")


def _has_block(value: Any, at: Place) -> None:
    if all(value.get(name) is None for name in BLOCKS):
        at.fail("At least one block must be specified")


def _first_stays(value: Any, at: Place) -> None:
    """The first component of a block cannot be placed absolutely (docs, "Offset")."""
    contents = value.get("contents") if isinstance(value, dict) else None
    first = contents[0] if isinstance(contents, list) and contents else None
    if isinstance(first, dict) and first.get("position") == "absolute":
        at.into("contents", value).item(0).into("position", first).fail(INVALID)


def _video_fits(value: Any, at: Place) -> None:
    """A video needs a bubble of one of the three wider sizes (reference, "Video")."""
    if is_video(value) and at.owner.get("size", "mega") not in (*_VIDEO_SIZES, None):
        at.fail(INVALID)


def is_video(hero: object) -> bool:
    """Whether the hero block is a video."""
    return isinstance(hero, dict) and hero.get("type") == "video"


_BLOCK = all_of(component({"box": box}), _first_stays)
_HERO = all_of(component({"box": box, "image": IMAGE, "video": VIDEO}), _first_stays, _video_fits)
_STYLE = struct(
    may("backgroundColor", v.color),
    may("separator", v.flag),
    may("separatorColor", v.color),
)


def _at_most(high: int, kind: str) -> Check:
    """A limit on the container's JSON. Our reading of LINE's limit: UTF-8, without spaces, 1 KB = 1024 bytes."""
    kilobytes = high // 1024
    wording = f"Too large flex message. The maximum size of JSON data that defines a {kind} is {kilobytes} KB"

    def check(value: Any, at: Place) -> None:
        if _json_size(value) > high:
            at.fail(wording)

    return check


def _json_size(value: Any) -> int:
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass"))


_BUBBLE = struct(
    may("size", v.keyword("nano", "micro", "deca", "hecto", "kilo", "mega", "giga")),
    may("direction", v.keyword("ltr", "rtl")),
    may("header", _BLOCK),
    may("hero", _HERO),
    may("body", _BLOCK),
    may("footer", _BLOCK),
    may("styles", struct(*(may(name, _STYLE) for name in BLOCKS))),
    may("action", ACTION),
    rules=(_at_most(MAX_BUBBLE_BYTES, "bubble"), _has_block),
)


def _in_carousel(bubbles: Any, at: Place) -> None:
    """Bubbles of a carousel are equally wide and hold no video (reference, "Carousel", "Video")."""
    if not isinstance(bubbles, list) or not all(isinstance(bubble, dict) for bubble in bubbles):
        return
    for index, bubble in enumerate(bubbles[:12]):
        if (bubble.get("size") or "mega") != (bubbles[0].get("size") or "mega"):
            at.item(index).into("size", bubble).fail("must be the same in all bubbles of a carousel")
        if is_video(bubble.get("hero")):
            at.item(index).into("hero", bubble).fail(INVALID)


_CAROUSEL = struct(
    need("contents", all_of(list_of(tagged({"bubble": _BUBBLE}), 1, 12), _in_carousel)),
    rules=(_at_most(MAX_CAROUSEL_BYTES, "carousel"),),
)


def _animated(value: Any, at: Place) -> None:
    if sum(1 for _ in _animated_images(value)) > MAX_ANIMATED:
        at.fail(f"must not be more than {MAX_ANIMATED} animated images")


def _animated_images(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if value.get("type") == "image" and value.get("animated") is True:
            yield value
        value = list(value.values())
    if isinstance(value, list):
        for child in value:
            yield from _animated_images(child)


FLEX = message(
    need("altText", alt_text),
    need("contents", all_of(tagged({"bubble": _BUBBLE, "carousel": _CAROUSEL}), _animated), UNSPECIFIED),
)
