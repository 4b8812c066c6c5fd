"""Channel secret, access tokens and assertion keys, as the Developers Console hands them out."""

from __future__ import annotations

from msgspec.json import Decoder

from kidoku.http.json_api.shapes import Nothing
from kidoku.platform.control.call import Call
from kidoku.platform.control.shapes.accounts import (
    Key,
    KeyAsked,
    Keys,
    KeyTold,
    Secret,
    Token,
    TokenAsked,
    TokenTold,
)
from kidoku.platform.store.access_token import AccessToken
from kidoku.platform.store.assertion_keys import delete_key as forget_key
from kidoku.platform.store.assertion_keys import list_keys, register_key
from kidoku.platform.store.credentials import end_token, reissue_secret, reissue_token, token_name

TOKEN_ASKED = Decoder(TokenAsked)
KEY_ASKED = Decoder(KeyAsked)


def token_told(one: AccessToken) -> Token:
    return Token(
        id=token_name(one.token),
        kind=one.kind,
        token=one.token,
        key_id=one.key_id,
        issued_at=one.issued_at,
        expires_at=one.expires_at,
    )


async def post_secret(call: Call) -> Secret:
    platform = call.platform
    after = await platform.apply(reissue_secret, call.account().channel_id, platform.env())
    return Secret(channel_secret=after.channel_secret)


async def post_token(call: Call) -> TokenTold:
    asked = await call.json(TOKEN_ASKED)
    platform = call.platform
    channel_id = call.account().channel_id
    made = await platform.apply(reissue_token, channel_id, asked.keep_old_hours, platform.env())
    return TokenTold(channel_access_token=made.token, token=token_told(made))


async def delete_token(call: Call) -> Nothing:
    platform = call.platform
    await platform.apply(end_token, call.account().channel_id, call.params["tokenId"], platform.env())
    return Nothing()


async def get_keys(call: Call) -> Keys:
    found = await call.platform.read(list_keys, call.account().channel_id)
    return Keys(keys=[Key(kid=one.kid, jwk=one.jwk, created_at=one.created_at) for one in found])


async def post_key(call: Call) -> KeyTold:
    asked = await call.json(KEY_ASKED)
    platform = call.platform
    return KeyTold(
        kid=await platform.apply(register_key, call.account().channel_id, asked.jwk, platform.env())
    )


async def delete_key(call: Call) -> Nothing:
    await call.platform.apply(forget_key, call.account().channel_id, call.params["kid"])
    return Nothing()
