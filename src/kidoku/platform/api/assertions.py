"""JWT client assertions, with which a channel proves itself by its registered key instead of its secret.

LINE: docs, "Issue channel access token v2.1": RS256; `iss` and `sub` are the channel ID, `exp` is at most 30 minutes
ahead.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from kidoku.platform.api.errors import OAuthRefusal
from kidoku.platform.api.operation import Call
from kidoku.platform.store.account import Account
from kidoku.platform.store.assertion_keys import find_key

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
AUDIENCE = "https://api.line.me/"
LONGEST_S = 1_800

NO_KEY = "Cannot find channel key that satisfies the conditions"
INVALID = "Invalid client_assertion"
"""Our wording, as all of this file but NO_KEY: LINE's is not published."""


class Assertion(NamedTuple):
    """A JWT whose signature fits a registered key."""

    account: Account
    claims: dict[str, Any]


async def verified(call: Call, form: dict[str, str]) -> Assertion:
    """The assertion of a request. Raises OAuthRefusal 400, or 404 for a key that isn't registered."""
    # PyJWT brings all of cryptography's key types with it: loaded when somebody needs it, not at every start.
    import jwt

    if form.get("client_assertion_type") != ASSERTION_TYPE:
        raise OAuthRefusal(400, "invalid_request", "Invalid client_assertion_type", cause="invalid_form")
    text = form.get("client_assertion", "")
    try:
        head = jwt.get_unverified_header(text)
        account = issuer(call, jwt.decode(text, options={"verify_signature": False}))
        call.caller = account
        key = await key_of(call, account, head.get("kid"))
        told = jwt.decode(
            text,
            jwt.PyJWK(key, "RS256").key,
            algorithms=["RS256"],
            audience=AUDIENCE,
            # The platform's clock decides about `exp`, below.
            options={
                "verify_exp": False,
                "verify_iat": False,
                "verify_nbf": False,
                "require": ["exp", "aud"],
            },
        )
    except jwt.PyJWTError as error:
        raise refused(f"The JWT is not valid: {error}.") from None
    require_fresh(call, told)
    return Assertion(account, told)


def issuer(call: Call, claims: dict[str, Any]) -> Account:
    """The account that the claims say they are from. Raises OAuthRefusal."""
    channel = claims.get("iss")
    if channel != claims.get("sub"):
        raise refused("'iss' and 'sub' must both be the channel ID.")
    account = by_client_id(call, channel if isinstance(channel, str) else "")
    if account is None:
        raise refused(f"There is no channel {channel!r}: 'iss' must be a channel ID, as a string.")
    return account


def by_client_id(call: Call, client_id: str) -> Account | None:
    """The account whose channel ID is written so."""
    if not (client_id.isascii() and client_id.isdecimal() and len(client_id) <= 18):
        return None
    return call.platform.directory.by_channel.get(int(client_id))


async def key_of(call: Call, account: Account, kid: object) -> dict[str, Any]:
    # The key IDs that LINE gives out are UUIDs; JSON can hold what is no text at all, such as half a character.
    plain = isinstance(kid, str) and kid.isascii()
    found = await call.platform.read(find_key, account.channel_id, str(kid)) if plain else None
    if found is None:
        reason = f"The channel has registered no key {kid!r}."
        raise OAuthRefusal(404, "invalid_client", NO_KEY, cause="unknown_key", reason=reason)
    return found


def require_fresh(call: Call, claims: dict[str, Any]) -> None:
    expires = claims["exp"]
    if not isinstance(expires, int) or expires * 1000 <= call.now:
        raise refused("The JWT has expired.")
    if expires * 1000 - call.now > LONGEST_S * 1000:
        raise refused("'exp' is more than 30 minutes ahead.")


def refused(reason: str) -> OAuthRefusal:
    return OAuthRefusal(400, "invalid_client", INVALID, cause="invalid_assertion", reason=reason)
