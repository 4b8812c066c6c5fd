"""Channel access tokens: issue, verify, revoke (LINE: reference, "Channel access token").

These endpoints take forms, need no access token themselves, and have an error shape of their own.
"""

from __future__ import annotations

import hmac

from kidoku.http.fastlane import REQUEST_ID, FastAnswer, header_lines
from kidoku.platform.api.answers import answered
from kidoku.platform.api.assertions import by_client_id, verified
from kidoku.platform.api.auth import find_token, well_formed
from kidoku.platform.api.errors import OAuthRefusal
from kidoku.platform.api.forms import form
from kidoku.platform.api.operation import Call
from kidoku.platform.store.access_token import AccessToken
from kidoku.platform.store.account import Account
from kidoku.platform.store.tokens import issue_token, revoke_token, tokens_of
from kidoku.storage.refused import Refused
from kidoku.wire.answers import IssuedToken, KeyIds, VerifiedToken

SHORT_LIVED_S = 2_592_000
"""30 days; also the longest life of a v2.1 token."""
STATELESS_S = 900
ENDLESS_S = 3_155_760_000
"""What is told of a long-lived token, which doesn't expire: a hundred years. LINE tells a number of that size."""

SCOPE = "P CM"
SCOPE_V21 = "profile chat_message.write"
"""As in the examples of LINE's reference; the scopes of a channel can't be chosen."""

TOKEN_INVALID = "access_token invalid"  # noqa: S105
TOO_MANY = "The maximum number of access tokens has already been issued"


async def issue_short_lived(call: Call) -> FastAnswer:
    """`POST /v2/oauth/accessToken`. Each is valid for 30 days; the 31st replaces the oldest."""
    fields = form(call)
    require_grant(fields)
    account = client(call, fields)
    count(call, account)
    platform = call.platform
    made = await platform.apply(issue_token, account.channel_id, "short_lived", SHORT_LIVED_S, platform.env())
    return answered(call.request_id, IssuedToken(made.token, SHORT_LIVED_S, "Bearer"))


async def verify(call: Call) -> FastAnswer:
    """`POST /v2/oauth/verify`."""
    return verification(call, form(call).get("access_token", ""), SCOPE)


async def verify_v21(call: Call) -> FastAnswer:
    """`GET /oauth2/v2.1/verify`."""
    return verification(call, call.query.get("access_token", ""), SCOPE_V21)


async def revoke(call: Call) -> FastAnswer:
    """`POST /v2/oauth/revoke`: whoever has the token may end it. 200 for an unknown one, too."""
    token = form(call).get("access_token", "")
    if not well_formed(token):
        reason = "The form has no 'access_token', or one that can't be any."
        raise OAuthRefusal(400, "invalid_request", cause="invalid_form", reason=reason)
    known = call.platform.directory.tokens.get(token)
    if known is not None:
        await end(call, known)
    return emptied(call)


async def issue_v21(call: Call) -> FastAnswer:
    """`POST /oauth2/v2.1/token`, for a JWT signed with a registered key. Valid for the JWT's `token_exp` seconds."""
    fields = form(call)
    require_grant(fields)
    assertion = await verified(call, fields)
    count(call, assertion.account)
    lifetime_s = assertion.claims.get("token_exp")
    if type(lifetime_s) is not int or not 1 <= lifetime_s <= SHORT_LIVED_S:
        reason = f"'token_exp' must be a number of seconds up to {SHORT_LIVED_S}."
        raise OAuthRefusal(
            400, "invalid_request", "Invalid token_exp", cause="invalid_token_exp", reason=reason
        )
    platform = call.platform
    try:
        made = await platform.apply(
            issue_token, assertion.account.channel_id, "jwt", lifetime_s, platform.env()
        )
    except Refused as refused:
        raise OAuthRefusal(
            400, "invalid_request", TOO_MANY, cause=refused.code, reason=refused.message
        ) from None
    return answered(call.request_id, IssuedToken(made.token, lifetime_s, "Bearer", made.key_id))


async def list_key_ids(call: Call) -> FastAnswer:
    """`GET /oauth2/v2.1/tokens/kid`: the key IDs of the channel's valid v2.1 tokens."""
    assertion = await verified(call, call.query)
    count(call, assertion.account)
    tokens = await call.platform.read(tokens_of, assertion.account.channel_id, call.now)
    return answered(call.request_id, KeyIds([one.key_id for one in tokens if one.key_id is not None]))


async def revoke_v21(call: Call) -> FastAnswer:
    """`POST /oauth2/v2.1/revoke`, by the channel whose token it is. 200 for an unknown one: LINE's pages disagree."""
    fields = form(call)
    account = client(call, fields)
    count(call, account)
    token = fields.get("access_token", "")
    if not well_formed(token):
        raise OAuthRefusal(400, "invalid_request", "The access token malformed", cause="invalid_form")
    known = call.platform.directory.tokens.get(token)
    if known is not None and known.channel_id == account.channel_id:
        if known.kind != "jwt":
            reason = f"This is a {known.kind} token: it ends at /v2/oauth/revoke."
            raise OAuthRefusal(
                400, "invalid_request", "The access token not JWS", cause="other_kind_of_token", reason=reason
            )
        await end(call, known)
    return emptied(call)


async def issue_stateless(call: Call) -> FastAnswer:
    """`POST /oauth2/v3/token`: valid for 15 minutes, as many as wanted, can't be revoked.

    By channel ID and secret, or by a JWT; SDKs send the fields of the other way empty.
    """
    fields = form(call)
    require_grant(fields)
    if fields.get("client_assertion"):
        account = (await verified(call, fields)).account
    else:
        account = client(call, fields, stateless=True)
    count(call, account)
    token = call.platform.seal.stateless_token(account.channel_id, call.now + STATELESS_S * 1000)
    return answered(call.request_id, IssuedToken(token, STATELESS_S, "Bearer"))


def require_grant(fields: dict[str, str]) -> None:
    if fields.get("grant_type") != "client_credentials":
        reason = "The form must have grant_type=client_credentials."
        raise OAuthRefusal(
            400, "unsupported_grant_type", "Invalid grant_type", cause="invalid_form", reason=reason
        )


def client(call: Call, fields: dict[str, str], *, stateless: bool = False) -> Account:
    """The account of `client_id` and `client_secret`. Raises OAuthRefusal in the words of the endpoint."""
    account = by_client_id(call, fields.get("client_id", ""))
    if account is None:
        reason = "There is no channel with this 'client_id'."
        raise not_client(stateless, "client_id", "unknown_channel", reason)
    call.caller = account
    secret = fields.get("client_secret", "").encode("utf-8", "replace")
    if not hmac.compare_digest(secret, account.channel_secret.encode()):
        raise not_client(stateless, "client_secret", "wrong_secret", "This is not the channel's secret.")
    return account


def not_client(stateless: bool, field: str, cause: str, reason: str) -> OAuthRefusal:
    if stateless:
        told = "Invalid 'client_credentials'."
        return OAuthRefusal(400, "invalid_request", told, cause=cause, reason=reason)
    return OAuthRefusal(400, "invalid_client", f"invalid {field}", cause=cause, reason=reason)


def count(call: Call, account: Account) -> None:
    """Here the rate limit comes after the caller is known. Raises ApiError 429."""
    call.limits.check(account.channel_id, call.operation.name, call.operation.rate, call.now)


def verification(call: Call, token: str, scope: str) -> FastAnswer:
    found = find_token(call.platform, token)
    account = None if found is None else call.platform.directory.by_channel.get(found[0])
    if found is None or account is None:
        reason = "No channel has this access token."
        raise OAuthRefusal(400, "invalid_request", TOKEN_INVALID, cause="unknown_access_token", reason=reason)
    call.caller = account
    count(call, account)
    expires_in = ENDLESS_S if found[1] is None else (found[1] - call.now) // 1000
    if expires_in <= 0:
        reason = "The access token has expired."
        raise OAuthRefusal(400, "invalid_request", TOKEN_INVALID, cause="expired_access_token", reason=reason)
    return answered(call.request_id, VerifiedToken(str(account.channel_id), expires_in, scope))


async def end(call: Call, token: AccessToken) -> None:
    call.caller = call.platform.directory.by_channel.get(token.channel_id)
    await call.platform.apply(revoke_token, token.channel_id, token.token)


def emptied(call: Call) -> FastAnswer:
    """200 with an empty body, as LINE answers a revocation."""
    return FastAnswer(200, b"", header_lines((REQUEST_ID, call.request_id.encode())))
