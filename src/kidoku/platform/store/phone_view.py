"""What a user's phone shows: friends and chats, and one chat with who has read what."""

from __future__ import annotations

from typing import Any, NamedTuple

import sqlalchemy as sa

from kidoku.core.seal import Seal
from kidoku.platform.store.account import Account, to_account
from kidoku.platform.store.accounts import COLUMNS as ACCOUNT
from kidoku.platform.store.chat_log import Logged, chat_log, last_messages
from kidoku.platform.store.chats import COLUMNS as CHAT
from kidoku.platform.store.chats import ITS_WATERMARK, Chat
from kidoku.platform.store.friends import State, friend_state
from kidoku.platform.store.groups import COLUMNS as GROUP
from kidoku.platform.store.groups import Group, Member, members
from kidoku.platform.store.phone_chat import PhoneChat, phone_chat
from kidoku.platform.store.schema import (
    accounts,
    chats,
    friendships,
    group_members,
    groups,
    messages,
    watermarks,
)
from kidoku.platform.store.users import user

UNREAD_LIMIT = 1_000
"""An unread count stops here: a phone shows "999+" anyway."""


class Friend(NamedTuple):
    of: Account
    state: State


class ChatLine(NamedTuple):
    """A line of the chat list. `group` is None in a one-to-one chat; `chat` is None before the first contact."""

    of: Account | None
    group: Group | None
    member_count: int
    chat: Chat | None
    last: Logged | None
    unread: int


class Home(NamedTuple):
    """The first screen: every account of the user's world with how they stand to it, and their chats."""

    friends: list[Friend]
    chats: list[ChatLine]


class Conversation(NamedTuple):
    """One chat as it is on the screen. `state` is how the user stands to the account in a one-to-one chat, `members`
    who is in a group.
    """

    place: PhoneChat
    state: State | None
    members: list[Member]
    messages: list[Logged]
    has_more: bool


def home(conn: sa.Connection, user_id: str) -> Home:
    """The first screen of a phone. Raises Missing.

    One-to-one chats stand in the list from their first message on, groups from joining on.
    """
    person = user(conn, user_id)
    friends = friend_list(conn, person.provider_id, user_id)
    lines = own_chats(conn, person.provider_id, user_id)
    lines += group_chats(conn, user_id, {one.of.channel_id: one.of for one in friends})
    return Home(friends, sorted(lines, key=newest, reverse=True))


def newest(line: ChatLine) -> tuple[int, int]:
    """When something last happened, and the message that it was."""
    if line.chat is not None and line.chat.last_message_at is not None:
        return line.chat.last_message_at, line.chat.last_message_id or 0
    return (0 if line.group is None else line.group.created_at), 0


def friend_list(conn: sa.Connection, provider_id: int, user_id: str) -> list[Friend]:
    stands = (friendships.c.channel_id == accounts.c.channel_id) & (friendships.c.user_id == user_id)
    found = (
        sa.select(*ACCOUNT, friendships.c.state)
        .select_from(accounts.outerjoin(friendships, stands))
        .where(accounts.c.provider_id == provider_id)
        .order_by(accounts.c.created_at, accounts.c.channel_id)
    )
    return [Friend(to_account(row[:-1]), row[-1] or "none") for row in conn.execute(found)]


def own_chats(conn: sa.Connection, provider_id: int, user_id: str) -> list[ChatLine]:
    mine = (chats.c.channel_id == accounts.c.channel_id) & (chats.c.peer_id == user_id)
    found = (
        sa.select(*ACCOUNT, *CHAT)
        .select_from(accounts.join(chats, mine).join(watermarks, ITS_WATERMARK))
        .where(accounts.c.provider_id == provider_id, chats.c.last_message_id.is_not(None))
    )
    rows = [(to_account(row[: len(ACCOUNT)]), Chat(*row[len(ACCOUNT) :])) for row in conn.execute(found)]
    last = last_messages(conn, [chat for _, chat in rows])
    return [
        ChatLine(
            of,
            None,
            0,
            chat,
            last.get((chat.channel_id, chat.chat_id)),
            unread(conn, chat, user_id, chat.user_seen_id),
        )
        for of, chat in rows
    ]


def group_chats(conn: sa.Connection, user_id: str, known: dict[int, Account]) -> list[ChatLine]:
    here = (groups.c.provider_id == group_members.c.provider_id) & (
        groups.c.group_id == group_members.c.group_id
    )
    theirs = (chats.c.channel_id == groups.c.channel_id) & (chats.c.peer_id == groups.c.group_id)
    others = group_members.alias()
    count = (
        sa.select(sa.func.count())
        .where(others.c.provider_id == groups.c.provider_id, others.c.group_id == groups.c.group_id)
        .scalar_subquery()
    )
    found = (
        sa.select(count, group_members.c.joined_id, group_members.c.seen_id, *GROUP, *CHAT)
        .select_from(
            group_members.join(groups, here).outerjoin(chats, theirs).outerjoin(watermarks, ITS_WATERMARK)
        )
        .where(group_members.c.user_id == user_id)
    )
    rows: Any = conn.execute(found).all()
    last = last_messages(conn, [chat for row in rows if (chat := chat_of(row)) is not None])
    return [group_line(conn, row, user_id, known, last) for row in rows]


def chat_of(row: Any) -> Chat | None:
    values = row[3 + len(GROUP) :]
    return None if values[0] is None else Chat(*values)


def group_line(
    conn: sa.Connection,
    row: Any,
    user_id: str,
    known: dict[int, Account],
    last: dict[tuple[int, int], Logged],
) -> ChatLine:
    count, joined_id, seen_id, *_ = row
    of, chat = Group(*row[3 : 3 + len(GROUP)]), chat_of(row)
    who = known.get(of.channel_id) if of.channel_id is not None and of.account_present else None
    if chat is None:
        return ChatLine(who, of, count, None, None, 0)
    newest = last.get((chat.channel_id, chat.chat_id))
    if newest is not None and newest.message_id < joined_id:
        newest = None
    return ChatLine(who, of, count, chat, newest, unread(conn, chat, user_id, max(seen_id, joined_id)))


def unread(conn: sa.Connection, chat: Chat, user_id: str, seen_id: int) -> int:
    """How many messages of others came after what the user has seen, up to UNREAD_LIMIT."""
    if chat.last_message_id is None or chat.last_message_id <= seen_id:
        return 0
    new = (
        sa.select(messages.c.message_id)
        .where(
            messages.c.channel_id == chat.channel_id,
            messages.c.chat_id == chat.chat_id,
            messages.c.message_id > seen_id,
            messages.c.sender_id.is_distinct_from(user_id),
            messages.c.unsent_at.is_(None),
        )
        .limit(UNREAD_LIMIT)
        .subquery()
    )
    return conn.execute(sa.select(sa.func.count()).select_from(new)).scalar_one()


def conversation(
    conn: sa.Connection, user_id: str, to: Account | str, seal: Seal, limit: int, before: int | None
) -> Conversation:
    """One chat of a phone. What was said before the user joined a group is not shown. Raises Missing."""
    place = phone_chat(conn, user_id, to)
    people = [] if place.group is None else members(conn, place.group)
    state = friend_state(conn, to.channel_id, user_id) if isinstance(to, Account) else None
    if place.chat is None:
        return Conversation(place, state, people, [], False)
    logged, more = chat_log(conn, place.chat, seal, limit, before=before, after=place.joined_id)
    return Conversation(place, state, people, logged, more)


def group_ids(conn: sa.Connection, user_id: str) -> list[str]:
    """The groups and rooms a user is in: whose events their phone follows."""
    found = sa.select(group_members.c.group_id).where(group_members.c.user_id == user_id)
    return list(conn.execute(found).scalars())
