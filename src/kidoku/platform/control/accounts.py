"""Providers and Official Accounts, as their console and the Manager's first page show them."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec.json import Decoder

from kidoku.core.option import allowed
from kidoku.core.settings import ReadMode, bot_modes
from kidoku.http.json_api.shapes import check_some, given
from kidoku.platform.control.call import Call
from kidoku.platform.control.credentials import token_told
from kidoku.platform.control.shapes.accounts import (
    AccountChanges,
    AccountDetail,
    AccountLine,
    Accounts,
    NewAccount,
    NewProvider,
    OfProvider,
    Provider,
    Providers,
    Quota,
)
from kidoku.platform.control.shapes.common import number
from kidoku.platform.store.account import Account
from kidoku.platform.store.account_profile import change_profile
from kidoku.platform.store.accounts import create_account, create_provider
from kidoku.platform.store.friends import friend_count
from kidoku.platform.store.providers import list_providers
from kidoku.platform.store.quota import limit_of, used_this_month
from kidoku.platform.store.settings import first_settings
from kidoku.platform.store.tokens import kept_tokens

NEW_PROVIDER = Decoder(NewProvider)
NEW_ACCOUNT = Decoder(NewAccount)
ACCOUNT_CHANGES = Decoder(AccountChanges)

EXPLANATIONS = {
    ReadMode.AUTO: "Chat is off: every message is Read as soon as it arrives, whether or not a bot gets it.",
    ReadMode.MANUAL: (
        "Chat is on: a message becomes Read when the bot sends its read token back, or when an operator opens the chat."
    ),
    ReadMode.OPTION: (
        "The option API is in use: messages become Read only when the bot marks the user's messages as read."
    ),
}


def line_fields(of: Account) -> dict[str, Any]:
    chat_mode, mark_as_read_mode = bot_modes(of.mode)
    return {
        "account_id": of.account_id,
        "basic_id": of.basic_id,
        "channel_id": str(of.channel_id),
        "provider_id": str(of.provider_id),
        "display_name": of.display_name,
        "picture_url": of.picture_url,
        "status_message": of.status_message,
        "read_mode": of.mode,
        "chat_mode": chat_mode,
        "mark_as_read_mode": mark_as_read_mode,
        "chat": of.settings.chat,
        "option": of.settings.option,
        "use_webhook": of.settings.use_webhook,
        "webhook": of.settings.webhook,
        "suspended": of.settings.suspended,
        "failing_since": of.failing_since,
        "created_at": of.created_at,
    }


async def detail(call: Call, of: Account) -> AccountDetail:
    """Everything about an account."""
    platform, now = call.platform, call.platform.clock.now()
    tokens = await platform.read(kept_tokens, of.channel_id)
    lasting = [one.token for one in tokens if one.kind == "long_lived" and one.expires_at is None]
    return AccountDetail(
        **line_fields(of),
        channel_secret=of.channel_secret,
        channel_access_token=lasting[-1] if lasting else None,
        tokens=[token_told(one) for one in tokens],
        settings=msgspec.to_builtins(of.settings),
        explanation=EXPLANATIONS[of.mode],
        option_actions=allowed(of.settings.option),
        quota=Quota(
            limit=limit_of(of, platform.config.monthly_limit),
            used=await platform.read(used_this_month, of.channel_id, now),
        ),
        friends=await platform.read(friend_count, of.channel_id),
        api_base_url=base_url(call),
    )


def base_url(call: Call) -> str:
    """Where bots reach the Messaging API: as set, or as this request reached the platform."""
    public = call.platform.config.public_url
    if public:
        return public.rstrip("/")
    host = call.headers.get(b"host", b"127.0.0.1").decode("latin-1")
    return f"{call.scope.get('scheme', 'http')}://{host}"


async def post_provider(call: Call) -> Provider:
    asked = await call.json(NEW_PROVIDER)
    env = call.platform.env()
    made = await call.platform.apply(create_provider, asked.name, env)
    return Provider(provider_id=str(made), name=asked.name, created_at=env.now)


async def get_providers(call: Call) -> Providers:
    found = await call.platform.read(list_providers)
    return Providers(
        providers=[
            Provider(provider_id=str(one.provider_id), name=one.name, created_at=one.created_at)
            for one in found
        ]
    )


async def post_account(call: Call) -> AccountDetail:
    asked = await call.json(NEW_ACCOUNT)
    settings = {
        name: value
        for name, value in msgspec.to_builtins(asked).items()
        if name not in {"displayName", "providerId", "pictureUrl"}
    }
    platform = call.platform
    made = await platform.apply(
        create_account,
        number(asked.provider_id),
        asked.display_name,
        first_settings(settings),
        platform.env(),
        picture_url=asked.picture_url or None,
    )
    return await detail(call, made.account)


async def get_accounts(call: Call) -> Accounts:
    wanted = number(call.query(OfProvider).provider_id)
    found = call.platform.directory.by_channel.values()
    return Accounts(
        accounts=[
            AccountLine(**line_fields(one)) for one in found if wanted is None or one.provider_id == wanted
        ]
    )


async def get_account(call: Call) -> AccountDetail:
    return await detail(call, call.account())


async def patch_account(call: Call) -> AccountDetail:
    asked = await call.json(ACCOUNT_CHANGES)
    changes = check_some(given(asked))
    return await detail(call, await call.platform.apply(change_profile, call.account().channel_id, changes))
