"""Who is calling: the channel access token in the Authorization header, looked up in memory."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NoReturn

from kidoku.platform.api.errors import AUTH_FAILED, MALFORMED_TOKEN, NO_HEADER, ApiError

if TYPE_CHECKING:
    from kidoku.platform.runtime import Platform
    from kidoku.platform.store.accounts import Account

_SCHEME = "bearer "
_WELL_FORMED = re.compile(r"[A-Za-z0-9._~+/=-]{1,2048}")


def authenticate(platform: Platform, authorization: bytes | str | None, now: int) -> Account:
    """The account whose channel access token the header carries. Raises ApiError 401.

    - Long-lived, short-lived and v2.1 tokens are found in the directory by one lookup, stateless ones are opened.
    - The texts are those that LINE's servers were seen to send; its reference has none.
    - Unknown, revoked and expired tokens get the same answer; only the developer's list tells them apart.
    """
    token = bearer_token(authorization)
    known = platform.directory.tokens.get(token)
    if known is not None:
        channel_id, expires_at = known.channel_id, known.expires_at
    else:
        sealed = platform.seal.open_stateless_token(token)
        if sealed is None:
            _unknown(token)
        channel_id, expires_at = sealed
    account = platform.directory.by_channel.get(channel_id)
    if account is None:
        _unknown(token)
    if expires_at is not None and expires_at <= now:
        raise ApiError(
            401, AUTH_FAILED, reason="The channel access token has expired.", channel_id=channel_id
        )
    return account


def bearer_token(authorization: bytes | str | None) -> str:
    """The token of an Authorization header. Raises ApiError 401."""
    if isinstance(authorization, bytes):
        authorization = authorization.decode("latin-1")
    if authorization is None or authorization[:7].lower() != _SCHEME:
        raise ApiError(401, NO_HEADER, reason="The request has no 'Authorization: Bearer …' header.")
    return authorization[7:].strip()


def _unknown(token: str) -> NoReturn:
    if not _WELL_FORMED.fullmatch(token):
        raise ApiError(401, MALFORMED_TOKEN, reason="What stands after 'Bearer' is no channel access token.")
    raise ApiError(
        401,
        AUTH_FAILED,
        reason="No channel of this platform has this access token: it was made up, revoked, or is one of LINE's.",
    )
