"""Who is calling: the channel access token in the Authorization header, looked up in memory."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kidoku.platform.api.errors import AUTH_FAILED, MALFORMED_TOKEN, NO_HEADER, ApiError

if TYPE_CHECKING:
    from kidoku.platform.runtime import Platform
    from kidoku.platform.store.account import Account

_SCHEME = "bearer "
_WELL_FORMED = re.compile(r"[A-Za-z0-9._~+/=-]{1,2048}")


def authenticate(platform: Platform, authorization: bytes | str | None, now: int) -> Account:
    """The account whose channel access token the header carries. Raises ApiError 401.

    - Long-lived, short-lived and v2.1 tokens are found in the directory by one lookup, stateless ones are opened.
    - The texts are those that LINE's servers were seen to send; its reference has none.
    - Unknown, revoked and expired tokens get the same answer; only the developer's list tells them apart.
    """
    usual = platform.directory.by_header.get(authorization)  # type: ignore[arg-type]
    if usual is not None and (usual.expires_at is None or usual.expires_at > now):
        return platform.directory.by_channel[usual.channel_id]
    token = bearer_token(authorization)
    found = find_token(platform, token)
    account = None if found is None else platform.directory.by_channel.get(found[0])
    if found is None or account is None:
        raise _unknown(token)
    if found[1] is not None and found[1] <= now:
        reason = "The channel access token has expired."
        raise ApiError(
            401, AUTH_FAILED, cause="expired_access_token", reason=reason, channel_id=account.channel_id
        )
    return account


def find_token(platform: Platform, token: str) -> tuple[int, int | None] | None:
    """Channel ID and end (ms; None: never) of a channel access token, expired or not; None for any other text."""
    known = platform.directory.tokens.get(token)
    if known is not None:
        return known.channel_id, known.expires_at
    return platform.seal.open_stateless_token(token)


def well_formed(token: str) -> bool:
    """Whether the text could be a channel access token at all (RFC 6750, section 2.1)."""
    return _WELL_FORMED.fullmatch(token) is not None


def bearer_token(authorization: bytes | str | None) -> str:
    """The token of an Authorization header. Raises ApiError 401."""
    if isinstance(authorization, bytes):
        authorization = authorization.decode("latin-1")
    if authorization is None or authorization[:7].lower() != _SCHEME:
        reason = "The request has no 'Authorization: Bearer …' header."
        raise ApiError(401, NO_HEADER, cause="no_access_token", reason=reason)
    return authorization[7:].strip()


def _unknown(token: str) -> ApiError:
    if not well_formed(token):
        reason = "What stands after 'Bearer' is no channel access token."
        return ApiError(401, MALFORMED_TOKEN, cause="malformed_access_token", reason=reason)
    return ApiError(
        401,
        AUTH_FAILED,
        cause="unknown_access_token",
        reason="No channel of this platform has this access token: it was made up, revoked, or is one of LINE's.",
    )
