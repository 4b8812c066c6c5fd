"""Groups and rooms: who is in them. One Official Account at most (LINE: group chats)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa

from kidoku.live.bus import LiveEvent
from kidoku.platform.store.account import Account, account
from kidoku.platform.store.accounts import require_provider
from kidoku.platform.store.change import Change, Env
from kidoku.platform.store.chats import Chat, ensure_chat, find_chat
from kidoku.platform.store.outbox import emit, make_event
from kidoku.platform.store.schema import group_members, groups, users
from kidoku.platform.store.users import User, user_in
from kidoku.platform.store.users import user as user_by_id
from kidoku.storage.refused import Missing, Refused

GroupKind = Literal["group", "room"]


@dataclass(frozen=True, slots=True)
class Group:
    """A group, or a room: the older kind without a name of its own (LINE merged them in 2020).

    `channel_id` is the Official Account's; it stays after the account has left (`account_present` false), since the
    chat's messages are kept under it.
    """

    provider_id: int
    group_id: str
    kind: GroupKind
    name: str
    picture_url: str | None
    channel_id: int | None
    account_present: bool
    created_at: int


@dataclass(frozen=True, slots=True)
class Member:
    """A person in a group. `joined_seq` is where their watermark `read_seq` began."""

    user_id: str
    display_name: str
    picture_url: str | None
    joined_id: int
    joined_seq: int
    read_seq: int
    seen_id: int


COLUMNS = tuple(groups.c[name] for name in Group.__slots__)
MEMBER = (
    group_members.c.user_id,
    users.c.display_name,
    users.c.picture_url,
    group_members.c.joined_id,
    group_members.c.joined_seq,
    group_members.c.read_seq,
    group_members.c.seen_id,
)
PEOPLE = group_members.join(
    users,
    (users.c.provider_id == group_members.c.provider_id) & (users.c.user_id == group_members.c.user_id),
)


def group(conn: sa.Connection, group_id: str) -> Group:
    """A group or room by ID alone, which is unique over all providers. Raises Missing."""
    row: Any = conn.execute(sa.select(*COLUMNS).where(groups.c.group_id == group_id)).first()
    if row is None:
        raise Missing(
            "group_not_found", f"There is no group {group_id}.", "Create one: POST /_kidoku/v1/groups"
        )
    return Group(*row)


def members(conn: sa.Connection, of: Group) -> list[Member]:
    """The people in a group, in the order they joined."""
    found = sa.select(*MEMBER).select_from(PEOPLE).where(*scope(of))
    rows: Any = conn.execute(found.order_by(group_members.c.joined_id, group_members.c.user_id))
    return [Member(*row) for row in rows]


def group_with_members(conn: sa.Connection, group_id: str) -> tuple[Group, list[Member]]:
    """A group or room with the people in it. Raises Missing."""
    of = group(conn, group_id)
    return of, members(conn, of)


def member(conn: sa.Connection, of: Group, user_id: str) -> Member | None:
    found = sa.select(*MEMBER).select_from(PEOPLE).where(*scope(of), group_members.c.user_id == user_id)
    row: Any = conn.execute(found).first()
    return None if row is None else Member(*row)


def require_member(conn: sa.Connection, of: Group, user_id: str) -> Member:
    """The membership of a user. Raises Missing."""
    found = member(conn, of, user_id)
    if found is None:
        raise Missing(
            "not_a_member",
            f"The user {user_id} is not in the group {of.group_id}.",
            f"Let them join: POST /_kidoku/v1/groups/{of.group_id}/members",
        )
    return found


def scope(of: Group) -> tuple[Any, ...]:
    return group_members.c.provider_id == of.provider_id, group_members.c.group_id == of.group_id


def group_chat(conn: sa.Connection, of: Group) -> Chat | None:
    """The group's chat with its Official Account; None while there has been no account in it."""
    return None if of.channel_id is None else find_chat(conn, of.channel_id, of.group_id)


def create_group(
    conn: sa.Connection,
    provider_id: int | None,
    kind: GroupKind,
    name: str,
    user_ids: Sequence[str],
    channel_id: int | None,
    env: Env,
    *,
    picture_url: str | None = None,
) -> Change[Group]:
    """A group or room of these people and, if named, an Official Account, which gets `join` for all of it.

    Its provider is the named one, else the account's, else the first member's. Raises Missing for anybody of
    another provider, Refused for an account that doesn't join groups.
    """
    made = Group(
        provider_id=provider_of(conn, provider_id, channel_id, user_ids, env),
        group_id=env.mint.group_id() if kind == "group" else env.mint.room_id(),
        kind=kind,
        name=name,
        picture_url=picture_url,
        channel_id=None,
        account_present=False,
        created_at=env.now,
    )
    people = [user_in(conn, made.provider_id, one) for one in dict.fromkeys(user_ids)]
    conn.execute(sa.insert(groups).values({name: getattr(made, name) for name in Group.__slots__}))
    change: Change[Group] = Change(made)
    for person in people:
        insert_member(conn, made, person, 0, env)
        change.events.append(group_event(made, "memberJoined", env.now, user_id=person.user_id))
    if channel_id is not None:
        change.value = change.carry(add_account(conn, made.group_id, channel_id, env))
    return change


def provider_of(
    conn: sa.Connection, provider_id: int | None, channel_id: int | None, user_ids: Sequence[str], env: Env
) -> int:
    if provider_id is None and channel_id is not None:
        return account(conn, channel_id).provider_id
    if provider_id is None and user_ids:
        return user_by_id(conn, user_ids[0]).provider_id
    return require_provider(conn, provider_id, env)


def add_member(conn: sa.Connection, group_id: str, user_id: str, env: Env) -> Change[Group]:
    """A user joins: `memberJoined` to the account in the group. Nothing happens to a member. Raises Missing."""
    of = group(conn, group_id)
    person = user_in(conn, of.provider_id, user_id)
    change: Change[Group] = Change(of)
    if member(conn, of, user_id) is not None:
        return change
    chat = group_chat(conn, of)
    insert_member(conn, of, person, 0 if chat is None else chat.last_seq, env)
    joined = {"joined": {"members": [{"type": "user", "userId": user_id}]}}
    tell(conn, of, chat, "memberJoined", joined, env, change)
    change.events.append(group_event(of, "memberJoined", env.now, account_of(conn, of), user_id))
    return change


def insert_member(conn: sa.Connection, of: Group, person: User, joined_seq: int, env: Env) -> None:
    conn.execute(
        sa.insert(group_members).values(
            provider_id=of.provider_id,
            group_id=of.group_id,
            user_id=person.user_id,
            joined_at=env.now,
            # A serial of its own: greater than the ID of every message so far, smaller than all that follow.
            joined_id=env.mint.serial(env.now),
            joined_seq=joined_seq,
            read_seq=joined_seq,
            seen_id=0,
        )
    )


def remove_member(conn: sa.Connection, group_id: str, user_id: str, env: Env) -> Change[Group]:
    """A user leaves or is removed: `memberLeft` to the account in the group. Raises Missing."""
    of = group(conn, group_id)
    require_member(conn, of, user_id)
    conn.execute(sa.delete(group_members).where(*scope(of), group_members.c.user_id == user_id))
    change: Change[Group] = Change(of)
    left = {"left": {"members": [{"type": "user", "userId": user_id}]}}
    tell(conn, of, group_chat(conn, of), "memberLeft", left, env, change)
    change.events.append(group_event(of, "memberLeft", env.now, account_of(conn, of), user_id))
    return change


def add_account(conn: sa.Connection, group_id: str, channel_id: int, env: Env) -> Change[Group]:
    """An Official Account is invited and joins: `join`. Nothing happens if it is in the group. Raises Missing.

    - Refused while the account doesn't join groups, LINE's default (Manager: "Allow account to join groups").
    - Refused while another account is in the group.
    - Another account than the one before starts with an empty chat, and so do the members [our decision].
    """
    of = group(conn, group_id)
    who = account(conn, channel_id)
    if who.provider_id != of.provider_id:
        raise Missing("account_not_found", "There is no such Official Account in the group's provider.")
    if of.account_present and of.channel_id == channel_id:
        return Change(of)
    check_may_join(of, who)
    if of.channel_id != channel_id:
        fresh = {"joined_seq": 0, "read_seq": 0, "seen_id": 0}
        conn.execute(sa.update(group_members).where(*scope(of)).values(fresh))
    now_in = set_account(conn, of, channel_id, present=True)
    chat = ensure_chat(conn, channel_id, now_in.kind, group_id, env.now)
    change: Change[Group] = Change(now_in)
    tell(conn, now_in, chat, "join", {}, env, change)
    change.events.append(group_event(now_in, "join", env.now, who))
    return change


def check_may_join(of: Group, who: Account) -> None:
    if not who.settings.join_groups:
        raise Refused(
            "groups_not_allowed",
            f"{who.display_name} does not join groups: that is off, as it is at first on LINE.",
            f'Allow it: PATCH /_kidoku/v1/accounts/{who.account_id}/settings {{"joinGroups": true}}',
        )
    if of.account_present:
        raise Refused(
            "group_has_account",
            "Another Official Account is in this group, and LINE allows only one.",
            "Remove that one first.",
        )


def remove_account(conn: sa.Connection, group_id: str, channel_id: int, env: Env) -> Change[Group]:
    """The Official Account leaves or is removed: `leave`. Raises Missing."""
    of = group(conn, group_id)
    if of.channel_id != channel_id or not of.account_present:
        raise Missing("not_a_member", "That Official Account is not in this group.")
    change: Change[Group] = Change(of)
    tell(conn, of, group_chat(conn, of), "leave", {}, env, change)
    change.value = set_account(conn, of, channel_id, present=False)
    change.events.append(group_event(of, "leave", env.now, account(conn, channel_id)))
    return change


def set_account(conn: sa.Connection, of: Group, channel_id: int, *, present: bool) -> Group:
    where = (groups.c.provider_id == of.provider_id, groups.c.group_id == of.group_id)
    conn.execute(sa.update(groups).where(*where).values(channel_id=channel_id, account_present=present))
    return group(conn, of.group_id)


def account_of(conn: sa.Connection, of: Group) -> Account | None:
    """The Official Account in the group now."""
    return account(conn, of.channel_id) if of.channel_id is not None and of.account_present else None


def tell(
    conn: sa.Connection,
    of: Group,
    chat: Chat | None,
    kind: str,
    payload: dict[str, Any],
    env: Env,
    change: Change[Any],
) -> None:
    """Queue a webhook event for the account in the group, if there is one."""
    who = account_of(conn, of)
    if who is not None and chat is not None:
        change.deliveries += emit(conn, who, chat, [make_event(kind, payload, chat, env)], env)


def group_event(
    of: Group, what: str, now: int, who: Account | None = None, user_id: str | None = None
) -> LiveEvent:
    """A live event of a change of membership, for everybody in the group and for who joins or leaves."""
    topics = [f"group:{of.group_id}"]
    data: dict[str, Any] = {"type": "group", "change": what, "groupId": of.group_id}
    if who is not None:
        topics.append(f"account:{who.account_id}")
        data["accountId"] = who.account_id
    if user_id is not None:
        topics.append(f"user:{user_id}")
        data["userId"] = user_id
    return LiveEvent(tuple(topics), {**data, "timestamp": now})
