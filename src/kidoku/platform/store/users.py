"""Users: the people with phones, one provider's each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from kidoku.live.bus import LiveEvent
from kidoku.platform.store.accounts import require_provider
from kidoku.platform.store.change import Change, Env
from kidoku.platform.store.schema import accounts, chats, friendships, group_members, groups, users
from kidoku.storage.refused import Missing


@dataclass(frozen=True, slots=True)
class User:
    """A person. The user ID is the same for all accounts of one provider (LINE: "user ID is per provider")."""

    provider_id: int
    user_id: str
    display_name: str
    picture_url: str | None
    status_message: str | None
    language: str | None
    created_at: int


COLUMNS = tuple(users.c[name] for name in User.__slots__)
CHANGEABLE = frozenset({"display_name", "picture_url", "status_message", "language"})


def no_such_user(user_id: str) -> Missing:
    return Missing("user_not_found", f"There is no user {user_id}.", "Create one: POST /_kidoku/v1/users")


def user(conn: sa.Connection, user_id: str) -> User:
    """A user by ID alone, which is unique over all providers. Raises Missing.

    Where the control API enters a provider's world: everything after it is scoped by the user's provider.
    """
    row = conn.execute(sa.select(*COLUMNS).where(users.c.user_id == user_id)).first()
    if row is None:
        raise no_such_user(user_id)
    return User(*row)


def user_in(conn: sa.Connection, provider_id: int, user_id: str) -> User:
    """A user of this provider. Raises Missing, for another provider's users too."""
    found = sa.select(*COLUMNS).where(users.c.provider_id == provider_id, users.c.user_id == user_id)
    row = conn.execute(found).first()
    if row is None:
        raise no_such_user(user_id)
    return User(*row)


def user_name(conn: sa.Connection, provider_id: int, user_id: str) -> str | None:
    """A user's display name; None for somebody unknown to this provider."""
    scope = (users.c.provider_id == provider_id, users.c.user_id == user_id)
    found: str | None = conn.execute(sa.select(users.c.display_name).where(*scope)).scalar()
    return found


def list_users(
    conn: sa.Connection, provider_id: int | None, limit: int, after: str | None, query: str = ""
) -> list[User]:
    """Users in the order they were made, of one provider or of all; `after` is the last page's last user ID.

    `query`: only those whose name contains it, or whose ID it is.
    """
    found = sa.select(*COLUMNS).order_by(users.c.created_at, users.c.user_id).limit(limit)
    if provider_id is not None:
        found = found.where(users.c.provider_id == provider_id)
    if query:
        named = users.c.display_name.icontains(query, autoescape=True)
        found = found.where(named | (users.c.user_id == query))
    if after is not None:
        last = user(conn, after)
        found = found.where(
            sa.tuple_(users.c.created_at, users.c.user_id) > sa.tuple_(last.created_at, last.user_id)
        )
    return [User(*row) for row in conn.execute(found)]


def create_user(
    conn: sa.Connection,
    provider_id: int | None,
    display_name: str,
    env: Env,
    *,
    language: str | None = None,
    picture_url: str | None = None,
    status_message: str | None = None,
) -> Change[User]:
    """A new person, friend of nobody yet, in the named provider or the default one. Raises Missing."""
    made = User(
        provider_id=require_provider(conn, provider_id, env),
        user_id=env.mint.user_id(),
        display_name=display_name,
        picture_url=picture_url,
        status_message=status_message,
        language=language,
        created_at=env.now,
    )
    conn.execute(sa.insert(users).values({name: getattr(made, name) for name in User.__slots__}))
    return Change(made, events=[user_event(made, env.now)])


def change_user(conn: sa.Connection, user_id: str, changes: Mapping[str, Any], env: Env) -> Change[User]:
    """Change a person's profile. `changes` holds only columns in CHANGEABLE. Raises Missing."""
    before = user(conn, user_id)
    if changes:
        scope = sa.update(users).where(
            users.c.provider_id == before.provider_id, users.c.user_id == before.user_id
        )
        conn.execute(scope.values({name: changes[name] for name in CHANGEABLE & changes.keys()}))
    after = user(conn, user_id)
    if after == before:
        return Change(after)
    return Change(after, events=[user_event(after, env.now, acquainted(conn, after))])


def acquainted(conn: sa.Connection, of: User) -> list[str]:
    """The accounts that a user has as a friend or a chat, or is with in a group: their Managers show the user."""
    in_groups = sa.select(groups.c.channel_id).join(
        group_members,
        (group_members.c.provider_id == groups.c.provider_id)
        & (group_members.c.group_id == groups.c.group_id),
    )
    knows = (
        sa.select(friendships.c.channel_id).where(friendships.c.user_id == of.user_id),
        sa.select(chats.c.channel_id).where(chats.c.peer_kind == "user", chats.c.peer_id == of.user_id),
        in_groups.where(group_members.c.user_id == of.user_id, groups.c.channel_id.is_not(None)),
    )
    found = sa.select(accounts.c.account_id).where(
        accounts.c.provider_id == of.provider_id, accounts.c.channel_id.in_(sa.union(*knows))
    )
    return list(conn.execute(found).scalars())


def user_event(of: User, now: int, account_ids: Iterable[str] = ()) -> LiveEvent:
    """A live event of a profile, new or changed, for its phone, the provider's phones and these accounts' Managers."""
    data = {
        "type": "user",
        "userId": of.user_id,
        "displayName": of.display_name,
        "pictureUrl": of.picture_url,
        "statusMessage": of.status_message,
        "language": of.language,
        "providerId": str(of.provider_id),
        "timestamp": now,
    }
    managers = [f"account:{one}" for one in account_ids]
    return LiveEvent((f"user:{of.user_id}", f"provider:{of.provider_id}", *managers), data)
