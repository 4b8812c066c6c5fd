"""Continuation tokens: opaque, bound to one list of one account, good for 24 hours.

LINE: reference, "Get a list of users who added your LINE Official Account as a friend".
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode

from kidoku.platform.api.errors import ApiError, invalid_parameter
from kidoku.platform.api.operation import Call

LIFETIME_MS = 86_400_000
MAC_BYTES = 16
TIME_BYTES = 8


def next_token(call: Call, of: str, last: str) -> str:
    """The token for what comes after `last` in the list `of`."""
    told = call.now.to_bytes(TIME_BYTES, "big") + last.encode()
    return urlsafe_b64encode(_mac(call, of, told) + told).rstrip(b"=").decode()


def start_after(call: Call, of: str) -> str:
    """Where the page begins that `start` asks for; "" for the first. Raises ApiError 400."""
    token = call.query.get("start", "")
    if not token:
        return ""
    try:
        raw = urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
    except ValueError:
        raise _invalid("The token is not one of this platform's.") from None
    mac, told = raw[:MAC_BYTES], raw[MAC_BYTES:]
    if not hmac.compare_digest(mac, _mac(call, of, told)):
        raise _invalid("The token is not one of this list and this account.")
    if call.now - int.from_bytes(told[:TIME_BYTES], "big") > LIFETIME_MS:
        raise _invalid("The token is older than 24 hours.")
    return told[TIME_BYTES:].decode()


def page_size(call: Call, default: int, largest: int) -> int:
    """The parameter `limit`. Raises ApiError 400."""
    text = call.query.get("limit", str(default))
    if not (text.isascii() and text.isdecimal() and len(text) <= 6 and 1 <= int(text) <= largest):
        raise invalid_parameter("limit", f"It is a number from 1 to {largest}.")
    return int(text)


def _mac(call: Call, of: str, told: bytes) -> bytes:
    bound = f"kidoku/page/{call.channel_id}/{of}/".encode()
    return hmac.digest(call.account.channel_secret.encode(), bound + told, "sha256")[:MAC_BYTES]


def _invalid(reason: str) -> ApiError:
    return ApiError(400, "Invalid start param", cause="invalid_start", reason=reason)
