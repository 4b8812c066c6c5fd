"""Providers and Official Accounts: rows and how they come into being."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import msgspec
import sqlalchemy as sa

from kidoku.core.settings import AccountSettings
from kidoku.live.bus import LiveEvent
from kidoku.platform.store import account
from kidoku.platform.store.access_token import AccessToken
from kidoku.platform.store.account import Account
from kidoku.platform.store.change import Change, Env
from kidoku.platform.store.schema import access_tokens, accounts, providers
from kidoku.storage.refused import Missing

encode = msgspec.json.Encoder().encode

COLUMNS = tuple(accounts.c[name] for name in account.COLUMNS)
"""What `account.to_account` takes, for queries that join it."""

DEFAULT_PROVIDER = "Kidoku"


def create_provider(conn: sa.Connection, name: str, env: Env) -> Change[int]:
    """A new, isolated world: its users, groups and accounts see nothing of another provider's."""
    taken = set(conn.execute(sa.select(providers.c.provider_id)).scalars())
    provider_id = next(i for i in iter(env.mint.channel_id, None) if i not in taken)
    conn.execute(sa.insert(providers).values(provider_id=provider_id, name=name, created_at=env.now))
    return Change(provider_id)


def default_provider(conn: sa.Connection, env: Env) -> int:
    """The oldest provider, made if there is none: where things go that name no provider."""
    found = conn.execute(
        sa.select(providers.c.provider_id).order_by(providers.c.created_at, providers.c.provider_id).limit(1)
    ).scalar()
    return found if found is not None else create_provider(conn, DEFAULT_PROVIDER, env).value


def require_provider(conn: sa.Connection, provider_id: int | None, env: Env) -> int:
    """The named provider, or the default one. Raises Missing."""
    if provider_id is None:
        return default_provider(conn, env)
    if (
        conn.execute(sa.select(providers.c.provider_id).where(providers.c.provider_id == provider_id)).first()
        is None
    ):
        raise Missing(
            "provider_not_found",
            f"There is no provider {provider_id}.",
            "Create one: POST /_kidoku/v1/providers",
        )
    return provider_id


@dataclass(frozen=True, slots=True)
class NewAccount:
    account: Account
    channel_access_token: str


def create_account(
    conn: sa.Connection,
    provider_id: int | None,
    display_name: str,
    settings: AccountSettings,
    env: Env,
    picture_url: str | None = None,
) -> Change[NewAccount]:
    """An Official Account with its channel and a long-lived channel access token."""
    provider_id = require_provider(conn, provider_id, env)
    taken = set(conn.execute(sa.select(accounts.c.channel_id)).scalars())
    made = Account(
        channel_id=next(i for i in iter(env.mint.channel_id, None) if i not in taken),
        provider_id=provider_id,
        account_id=env.mint.user_id(),
        basic_id=env.mint.basic_id(),
        display_name=display_name,
        picture_url=picture_url,
        status_message=None,
        channel_secret=env.mint.channel_secret(),
        settings=settings,
        failing_since=None,
        created_at=env.now,
    )
    conn.execute(
        sa.insert(accounts).values(
            channel_id=made.channel_id,
            provider_id=provider_id,
            account_id=made.account_id,
            basic_id=made.basic_id,
            display_name=display_name,
            picture_url=picture_url,
            channel_secret=made.channel_secret,
            settings=encode(settings),
            created_at=env.now,
        )
    )
    token = AccessToken(made.channel_id, env.mint.opaque_token(), "long_lived", None, env.now, None)
    conn.execute(sa.insert(access_tokens).values(asdict(token)))
    return Change(
        NewAccount(made, token.token),
        accounts=[made],
        tokens=[token],
        events=[account_event(made, "account")],
    )


def account_event(of: Account, kind: str, **data: object) -> LiveEvent:
    """A live event about the account itself, seen by its Manager and by the provider's phones."""
    return LiveEvent(
        (f"account:{of.account_id}", f"provider:{of.provider_id}"),
        {"type": kind, "accountId": of.account_id, **data},
    )
