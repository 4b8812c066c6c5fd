"""What a phone shows, and reading on it."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET
from msgspec.structs import replace

from kidoku.platform.control.call import Call
from kidoku.platform.control.groups import member_told
from kidoku.platform.control.shapes.chats import (
    ChatTold,
    ConversationTold,
    FriendTold,
    HomeTold,
    PageAsked,
    Peer,
    Reader,
)
from kidoku.platform.control.shapes.messages import SeenTold
from kidoku.platform.control.views import Interval, group_views, last_message, message_view
from kidoku.platform.store.account import Account
from kidoku.platform.store.groups import Group
from kidoku.platform.store.phone_read import phone_read
from kidoku.platform.store.phone_view import ChatLine, Conversation, conversation, home


async def get_home(call: Call) -> HomeTold:
    found = await call.platform.read(home, call.params["userId"])
    state = {one.of.channel_id: one.state for one in found.friends}
    return HomeTold(
        friends=[
            FriendTold(
                account_id=one.of.account_id,
                basic_id=one.of.basic_id,
                display_name=one.of.display_name,
                picture_url=one.of.picture_url,
                status_message=one.of.status_message,
                state=one.state,
            )
            for one in found.friends
        ],
        chats=[chat_told(line, state) for line in found.chats],
    )


def chat_told(line: ChatLine, state: dict[int, Any]) -> ChatTold:
    last: Any = last_message(line.last)
    if line.group is not None:
        peer = group_peer(line.group, line.of, line.member_count)
    else:
        assert line.of is not None
        peer = account_peer(line.of, state[line.of.channel_id])
    return ChatTold(
        peer=peer,
        last_message=last,
        unread=line.unread,
        timestamp=last["timestamp"] if last else line.group.created_at if line.group else None,
    )


def account_peer(of: Account, state: Any) -> Peer:
    return Peer(
        kind="account",
        id=of.account_id,
        display_name=of.display_name,
        picture_url=of.picture_url,
        basic_id=of.basic_id,
        state=state,
    )


def group_peer(of: Group, who: Account | None, member_count: int) -> Peer:
    return Peer(
        kind=of.kind,
        id=of.group_id,
        display_name=of.name,
        picture_url=of.picture_url,
        member_count=member_count,
        account_id=UNSET if who is None else who.account_id,
    )


async def get_chat(call: Call) -> ConversationTold:
    asked = call.query(PageAsked)
    platform, user_id = call.platform, call.params["userId"]
    cursor = platform.bus.cursor
    before = None if asked.before is None else int(asked.before)
    found = await platform.read(conversation, user_id, call.peer, platform.seal, asked.limit, before)
    chat = found.place.chat
    readers = None if found.place.group is None else intervals(found)
    views: Any = own_views(found) if readers is None else group_views(found.messages, user_id, readers)
    return ConversationTold(
        peer=peer_told(found),
        messages=views,
        has_more=found.has_more,
        cursor=cursor,
        read_seq=0 if chat is None else chat.read_seq,
        last_seq=0 if chat is None else chat.last_seq,
        readers=UNSET if readers is None else [reader_told(one) for one in readers],
    )


def peer_told(found: Conversation) -> Peer:
    of, group = found.place.of, found.place.group
    if group is None:
        assert of is not None
        return account_peer(of, found.state)
    peer = group_peer(group, of if group.account_present else None, len(found.members))
    return replace(peer, members=[member_told(one) for one in found.members])


def own_views(found: Conversation) -> list[dict[str, Any]]:
    """The messages of a one-to-one chat: Read up to the account's watermark."""
    user_id = found.place.user.user_id
    read_seq = 0 if found.place.chat is None else found.place.chat.read_seq
    return [
        message_view(one, own=one.sender["id"] == user_id, read=one.seq is not None and one.seq <= read_seq)
        for one in found.messages
    ]


def reader_told(one: Interval) -> Reader:
    kind: Any = one.kind
    return Reader(kind=kind, id=one.id, from_seq=one.after, read_seq=one.upto)


def intervals(found: Conversation) -> list[Interval]:
    """The readers of a group: its Official Account, also after it left, and every member."""
    chat, of = found.place.chat, found.place.of
    readers = [] if chat is None or of is None else [Interval("account", of.account_id, 0, chat.read_seq)]
    return readers + [Interval("user", one.user_id, one.joined_seq, one.read_seq) for one in found.members]


async def post_read(call: Call) -> SeenTold:
    platform = call.platform
    seen = await platform.apply(phone_read, call.params["userId"], call.peer, platform.env())
    return SeenTold(unread=0, read_seq=UNSET if seen.read_seq is None else seen.read_seq)
