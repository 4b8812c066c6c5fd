"""Imagemap messages: an image with areas to tap, and perhaps a video (reference, "Imagemap message")."""

from kidoku.platform.messages.common import alt_text, message
from kidoku.platform.messages.schema import (
    UNSPECIFIED,
    list_of,
    may,
    need,
    number,
    one_of,
    struct,
    tagged,
    text,
)
from kidoku.platform.messages.values import link, media_url

_AREA = struct(
    need("x", number(0), UNSPECIFIED),
    need("y", number(0), UNSPECIFIED),
    need("width", number(1), UNSPECIFIED),
    need("height", number(1), UNSPECIFIED),
)

_LABEL = may("label", text(100))
_PLACE = need("area", _AREA, UNSPECIFIED)

_ACTION = tagged(
    {
        "uri": struct(_LABEL, need("linkUri", link), _PLACE),
        "message": struct(_LABEL, need("text", text(400, full=True)), _PLACE),
        "clipboard": struct(_LABEL, need("clipboardText", text(1000, low=1)), _PLACE),
    }
)

_VIDEO = struct(
    need("originalContentUrl", media_url),
    need("previewImageUrl", media_url),
    _PLACE,
    may("externalLink", struct(need("linkUri", link), need("label", text(30, full=True)))),
)

IMAGEMAP = message(
    need("baseUrl", media_url),
    need("altText", alt_text),
    need(
        "baseSize",
        struct(need("width", one_of(1040), UNSPECIFIED), need("height", number(1), UNSPECIFIED)),
        UNSPECIFIED,
    ),
    may("video", _VIDEO),
    need("actions", list_of(_ACTION, 1, 50)),
)
