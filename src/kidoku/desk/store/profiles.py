"""Names and pictures of the people, groups and members that write: asked of LINE in the background, kept for a day.

A profile is due when its chat or member is new, or is heard of again after a day. Taking it moves that moment behind
the lease, so that a process that dies loses nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import and_, case, func, insert, null, select, update

from kidoku.desk.store.change import Change, Event
from kidoku.desk.store.chat_event import chat_changed
from kidoku.desk.store.chats import Peer
from kidoku.desk.store.schema import chats, members

if TYPE_CHECKING:
    import sqlalchemy as sa

FRESH_MS = 86_400_000
"""How long a profile counts as fresh, and how long LINE's "Not found" does."""


class Wanted(NamedTuple):
    """A profile to ask for: of a chat's peer, or with `user_id` of a member of that group or room."""

    channel_id: int
    kind: str
    peer_id: str
    user_id: str | None
    attempts: int


class Profile(NamedTuple):
    """What LINE says of somebody."""

    display_name: str
    picture_url: str | None = None
    status_message: str | None = None
    language: str | None = None


class Member(NamedTuple):
    """Somebody in a group, as far as LINE has told."""

    user_id: str
    display_name: str | None
    picture_url: str | None


def members_of(
    conn: sa.Connection, channel_id: int, group_id: str, user_ids: Collection[str]
) -> dict[str, Member]:
    """Members of a group or room, by user ID."""
    wanted = select(*(members.c[name] for name in Member._fields)).where(
        members.c.channel_id == channel_id, members.c.group_id == group_id, members.c.user_id.in_(user_ids)
    )
    return {row.user_id: Member._make(row) for row in conn.execute(wanted)}


def due_again(table: Any, at: Any) -> Any:
    """When a profile is due after something was heard of its owner; `at` in ms, or a parameter for it."""
    return case((is_stale(table, at), at), else_=table.c.profile_due_at)


def is_stale(table: Any, at: Any) -> Any:
    fresh_until = func.coalesce(table.c.profile_at, 0) + FRESH_MS
    return and_(table.c.profile_due_at.is_(None), fresh_until <= at)


def want_members(conn: sa.Connection, channel_id: int, peer: Peer, body: Mapping[str, Any], at: int) -> None:
    """Know who an event of a group or room is about, and let their profiles be due."""
    if peer.kind == "user":
        return
    for user_id in people_of(body):
        key = {"channel_id": channel_id, "group_id": peer.id, "user_id": user_id}
        new = insert(members).prefix_with("OR IGNORE", dialect="sqlite").values(profile_due_at=at, **key)
        if not conn.execute(new).rowcount:
            known = (*(members.c[name] == value for name, value in key.items()), is_stale(members, at))
            conn.execute(update(members).where(*known).values(profile_due_at=at))


def people_of(body: Mapping[str, Any]) -> set[str]:
    """The user IDs of who an event came from and of who has joined."""
    joined = body.get("joined")
    newcomers = joined.get("members") if isinstance(joined, dict) else None
    people = [body.get("source"), *(newcomers if isinstance(newcomers, list) else [])]
    found = {one.get("userId") for one in people if isinstance(one, dict)}
    return {user_id for user_id in found if isinstance(user_id, str)}


def take_profiles(conn: sa.Connection, now: int, lease_ms: int, limit: int) -> Change[list[Wanted]]:
    """Take profiles that are due, oldest first; they are due again when the lease ends."""
    found: list[Wanted] = []
    for table, columns in SOURCES:
        wanted = select(*columns).where(table.c.profile_due_at <= now).order_by(table.c.profile_due_at)
        taken = [Wanted._make(row) for row in conn.execute(wanted.limit(limit - len(found)))]
        for one in taken:
            values = {"profile_due_at": now + lease_ms, "profile_attempts": one.attempts + 1}
            set_profile(conn, one, values)
        found += (one._replace(attempts=one.attempts + 1) for one in taken)
    return Change(found)


GROUPS_KIND = (
    select(chats.c.peer_kind)
    .where(chats.c.channel_id == members.c.channel_id, chats.c.peer_id == members.c.group_id)
    .scalar_subquery()
)
OF_CHAT = [chats.c.channel_id, chats.c.peer_kind, chats.c.peer_id, null(), chats.c.profile_attempts]
OF_MEMBER = [
    *(members.c.channel_id, GROUPS_KIND),
    *(members.c.group_id, members.c.user_id, members.c.profile_attempts),
]
SOURCES: tuple[tuple[Any, list[Any]], ...] = ((chats, OF_CHAT), (members, OF_MEMBER))


def set_profile(conn: sa.Connection, of: Wanted, values: Mapping[str, Any]) -> None:
    if of.user_id is None:
        mine = (chats.c.channel_id == of.channel_id, chats.c.peer_id == of.peer_id)
        conn.execute(update(chats).where(*mine).values(**values))
    else:
        theirs = (members.c.channel_id == of.channel_id, members.c.group_id == of.peer_id)
        conn.execute(update(members).where(*theirs, members.c.user_id == of.user_id).values(**values))


def keep_profile(conn: sa.Connection, of: Wanted, profile: Profile | None, now: int) -> Change[None]:
    """Keep what LINE said; None: it knows no such profile, or tells it to nobody. Then a name that is known stays."""
    values: dict[str, Any] = {"profile_at": now, "profile_due_at": None, "profile_attempts": 0}
    if profile is None:
        set_profile(conn, of, values)
        return Change(None)
    told = profile._asdict()
    if of.user_id is not None:
        told = {"display_name": profile.display_name, "picture_url": profile.picture_url}
    before = shown(conn, of)
    set_profile(conn, of, {**values, **told})
    after = shown(conn, of)
    return Change(None, [] if before == after or after is None else [profile_event(conn, of, after[0])])


def shown(conn: sa.Connection, of: Wanted) -> tuple[Any, ...] | None:
    """What people see of a profile, with the chat's ID before it."""
    chat = select(chats.c.chat_id, chats.c.display_name, chats.c.picture_url, chats.c.status_message)
    chat = chat.where(chats.c.channel_id == of.channel_id, chats.c.peer_id == of.peer_id)
    row = conn.execute(chat).first()
    if row is None or of.user_id is None:
        return None if row is None else tuple(row)
    member = members_of(conn, of.channel_id, of.peer_id, [of.user_id]).get(of.user_id)
    return (row.chat_id, member)


def profile_event(conn: sa.Connection, of: Wanted, chat_id: int) -> Event:
    """The live event of a chat whose name has changed, or of a member."""
    if of.user_id is None:
        return chat_changed(conn, chat_id)
    return {"type": "member", "channelId": of.channel_id, "chatId": str(chat_id), "userId": of.user_id}


def postpone_profile(conn: sa.Connection, of: Wanted, due_at: int) -> Change[None]:
    """Ask again later."""
    set_profile(conn, of, {"profile_due_at": due_at})
    return Change(None)


def next_profile(conn: sa.Connection) -> int | None:
    """When the next profile is due."""
    moments = [
        conn.execute(
            select(func.min(table.c.profile_due_at)).where(table.c.profile_due_at.is_not(None))
        ).scalar()
        for table in (chats, members)
    ]
    return min((at for at in moments if at is not None), default=None)
