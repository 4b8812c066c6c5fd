"""Stickers, images, videos, sounds, locations and coupons (reference, "Message objects").

What stands behind a URL (format, size, dimensions) is not looked at: LINE loads it when it is shown, not when
it is sent.
"""

import re
from typing import Any

from kidoku.platform.messages.common import message, quote_token
from kidoku.platform.messages.schema import (
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


def _sticker_part(value: Any, at: Place) -> None:
    # Bots in the field send the IDs as numbers too, and LINE takes them.
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        at.fail("must be a string")
    elif value == "":
        at.fail("May not be empty")


def _sticker_id(value: Any, at: Place) -> None:
    _sticker_part(value, at)
    package = at.owner.get("packageId")
    known = isinstance(package, (str, int)) and isinstance(value, (str, int)) and "" not in (package, value)
    if known and not at.context.sticker_ok(str(package), str(value)):
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
    need("packageId", _sticker_part),
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
