"""Stickers, images, videos, sounds, locations and coupons (reference, "Message objects").

What stands behind a URL (format, size, dimensions) is not looked at: LINE loads it when it is shown, not when
it is sent.
"""

import re
from typing import Any

from kidoku.platform.messages.common import message, quote_token
from kidoku.platform.messages.schema import (
    EMPTY,
    FORBIDDEN,
    UNSPECIFIED,
    Place,
    may,
    need,
    number,
    text,
)
from kidoku.platform.messages.values import media_url

_TRACKING = re.compile(r"[A-Za-z0-9\-.=,+*()%$&;:@{}!?<>\[\]]*")
_TAG = re.compile(r"[A-Za-z0-9_]*")


def _identifier(value: Any, at: Place) -> None:
    if value == "":
        at.fail(EMPTY)
    elif not _is_identifier(value):
        at.fail("must be a string")


def _is_identifier(value: object) -> bool:
    # Bots in the field send the IDs of stickers as numbers too, and LINE takes them.
    return value != "" and isinstance(value, (str, int)) and not isinstance(value, bool)


def _sticker_id(value: Any, at: Place) -> None:
    _identifier(value, at)
    package = at.owner.get("packageId")
    if not _is_identifier(package) or not _is_identifier(value):
        return
    if not at.context.sticker_ok(str(package), str(value)):
        at.fail("The sticker cannot be sent with the Messaging API")


def _tracking_id(value: Any, at: Place) -> None:
    text(100)(value, at)
    if isinstance(value, str) and not _TRACKING.fullmatch(value):
        at.fail("contains characters that may not be used")
    if at.context.group:
        at.fail(FORBIDDEN)


def _delivery_tag(value: Any, at: Place) -> None:
    text(30)(value, at)
    if isinstance(value, str) and not _TAG.fullmatch(value):
        at.fail("contains characters that may not be used")


STICKER = message(
    need("packageId", _identifier),
    need("stickerId", _sticker_id),
    may("quoteToken", quote_token),
)

IMAGE = message(
    need("originalContentUrl", media_url),
    need("previewImageUrl", media_url),
)

VIDEO = message(
    need("originalContentUrl", media_url),
    need("previewImageUrl", media_url),
    may("trackingId", _tracking_id),
)

AUDIO = message(
    need("originalContentUrl", media_url),
    need("duration", number(0), UNSPECIFIED),
)

LOCATION = message(
    need("title", text(100, full=True)),
    need("address", text(100, full=True)),
    need("latitude", number(-90, 90, whole=False), UNSPECIFIED),
    need("longitude", number(-180, 180, whole=False), UNSPECIFIED),
)

COUPON = message(
    need("couponId", text(255, full=True)),
    may("deliveryTag", _delivery_tag),
)
