"""A user's phone shows a chat: the user's own unread count goes, and in a group their watermark rises."""

from __future__ import annotations

from typing import NamedTuple

import sqlalchemy as sa

from kidoku.live.bus import LiveEvent
from kidoku.platform.store.account import Account
from kidoku.platform.store.change import Change, Env
from kidoku.platform.store.chats import Chat
from kidoku.platform.store.groups import Group, scope
from kidoku.platform.store.live import chat_event
from kidoku.platform.store.phone_chat import phone_chat
from kidoku.platform.store.schema import chats, group_members


class Seen(NamedTuple):
    """`read_seq` is the member's watermark; None in a one-to-one chat, where a user's reading is known to nobody."""

    read_seq: int | None


def phone_read(conn: sa.Connection, user_id: str, to: Account | str, env: Env) -> Change[Seen]:
    """The user has the chat on the screen and sees all of it. Raises Missing.

    Groups: members are readers of each other's messages, each with a watermark of their own [our decision, LINE does
    not say how "Read 2" comes about]. The Official Account is told nothing: LINE has no such event.
    """
    place = phone_chat(conn, user_id, to)
    change: Change[Seen] = Change(Seen(None if place.group is None else 0))
    if place.chat is None or place.of is None:
        return change
    newest = place.chat.last_message_id or 0
    if place.group is None or place.member is None:
        seen = see(conn, place.chat, newest)
    else:
        change.value = Seen(max(place.member.read_seq, place.chat.last_seq))
        seen = see_in_group(conn, place.group, user_id, newest)
        advance_member(conn, place.of, place.chat, place.group, user_id, change, env)
    if seen:
        event = chat_event(
            "chat", place.of.account_id, place.chat.peer_kind, place.chat.peer_id, env.now, {"unread": 0}
        )
        change.events.append(LiveEvent((f"user:{user_id}",), event.data))
    return change


def see(conn: sa.Connection, chat: Chat, newest: int) -> bool:
    """Whether there was something the phone had not shown."""
    one = (chats.c.channel_id == chat.channel_id, chats.c.chat_id == chat.chat_id)
    moved = conn.execute(
        sa.update(chats).where(*one, chats.c.user_seen_id < newest).values(user_seen_id=newest)
    )
    return moved.rowcount > 0


def see_in_group(conn: sa.Connection, of: Group, user_id: str, newest: int) -> bool:
    mine = (*scope(of), group_members.c.user_id == user_id)
    moved = conn.execute(
        sa.update(group_members).where(*mine, group_members.c.seen_id < newest).values(seen_id=newest)
    )
    return moved.rowcount > 0


def advance_member(
    conn: sa.Connection, who: Account, chat: Chat, of: Group, user_id: str, change: Change[Seen], env: Env
) -> None:
    """Raise a member's watermark to the end of the chat; the guard is in the statement, as for the account's."""
    mine = (*scope(of), group_members.c.user_id == user_id)
    before = conn.execute(sa.select(group_members.c.read_seq).where(*mine)).scalar_one()
    moved = conn.execute(
        sa.update(group_members)
        .where(*mine, group_members.c.read_seq < chat.last_seq)
        .values(read_seq=chat.last_seq)
    )
    if moved.rowcount:
        data = {
            "fromSeq": before,
            "readSeq": chat.last_seq,
            "cause": "phone",
            "reader": {"kind": "user", "id": user_id},
        }
        change.events.append(chat_event("read", who.account_id, chat.peer_kind, chat.peer_id, env.now, data))
