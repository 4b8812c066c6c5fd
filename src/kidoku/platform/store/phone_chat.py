"""A chat as one user's phone knows it: by the account's ID or the group's."""

from __future__ import annotations

from typing import Any, NamedTuple

import sqlalchemy as sa

from kidoku.platform.store.account import Account, account
from kidoku.platform.store.chats import Chat, find_chat
from kidoku.platform.store.groups import Group, Member, group, group_chat, require_member
from kidoku.platform.store.schema import messages
from kidoku.platform.store.users import User, user, user_in
from kidoku.storage.refused import Missing, Refused


class PhoneChat(NamedTuple):
    """A chat that a user takes part in. `of` and `chat` are None where there has been no account or no contact.

    `group` and `member` are None in a one-to-one chat. `reaches`: whether the account gets what happens here.
    """

    user: User
    of: Account | None
    chat: Chat | None
    group: Group | None
    member: Member | None

    @property
    def reaches(self) -> bool:
        return self.group is None or self.group.account_present

    @property
    def joined_id(self) -> int:
        """Messages up to this ID were there before the user."""
        return 0 if self.member is None else self.member.joined_id


def phone_chat(conn: sa.Connection, user_id: str, to: Account | str) -> PhoneChat:
    """The user's chat with an account, or in a group or room by ID. Raises Missing."""
    if isinstance(to, Account):
        of = account(conn, to.channel_id)
        person = user_in(conn, of.provider_id, user_id)
        return PhoneChat(person, of, find_chat(conn, of.channel_id, user_id), None, None)
    person = user(conn, user_id)
    where = group(conn, to)
    seat = require_member(conn, where, user_id)
    who = None if where.channel_id is None else account(conn, where.channel_id)
    return PhoneChat(person, who, group_chat(conn, where), where, seat)


class OwnMessage(NamedTuple):
    """A message that the user sent, with where it is."""

    of: Account
    chat: Chat
    place: PhoneChat
    message_id: int
    type: str
    body: bytes
    at: int
    unsent_at: int | None


def own_message(conn: sa.Connection, user_id: str, to: Account | str, message_id: int) -> OwnMessage:
    """A user's own message in one of their chats. Raises Missing, and Refused for somebody else's."""
    place = phone_chat(conn, user_id, to)
    row: Any = None
    if place.chat is not None:
        row = conn.execute(
            sa.select(
                messages.c.sender_id, messages.c.type, messages.c.body, messages.c.at, messages.c.unsent_at
            ).where(
                messages.c.channel_id == place.chat.channel_id,
                messages.c.chat_id == place.chat.chat_id,
                messages.c.message_id == message_id,
            )
        ).first()
    if row is None or place.of is None or place.chat is None:
        raise Missing("message_not_found", f"There is no message {message_id} in this chat.")
    if row.sender_id != user_id:
        raise Refused("not_own_message", "Only who sent a message can unsend or edit it.")
    return OwnMessage(place.of, place.chat, place, message_id, row.type, row.body, row.at, row.unsent_at)
