"""What phones and the Manager show."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta

from kidoku.http.json_api.shapes import Asked, Maybe, Told
from kidoku.platform.control.shapes.common import Id, Limit, MessageId, SearchWords
from kidoku.platform.control.shapes.people import MemberTold

State = Literal["friend", "blocked", "none"]
LabelName = Literal["inbox", "follow_up", "resolved", "spam"]


class Author(Told, frozen=True, kw_only=True):
    """Who sent a message."""

    kind: Literal["user", "account"]
    id: str
    display_name: str | None


class StickerTold(Told, frozen=True, kw_only=True):
    package_id: str
    sticker_id: str
    resource_type: Maybe[str] = UNSET
    text: Maybe[str] = UNSET


class Quoted(Told, frozen=True, kw_only=True):
    """The message that another one answers, in one line."""

    id: str
    author: Author
    type: str
    text: str
    unsent: Maybe[bool] = UNSET


class MessageView(Told, frozen=True, kw_only=True):
    """A message on the screen. `from` is `user` or `account`; of people in groups it is their user ID.

    `own` is seen from whose screen it is; `read` and `readCount` (groups) are of messages with a `seq`, which the
    Official Account's own have not. What the type doesn't have is left out; an unsent message has nothing but its
    type. What is particular to messages of accounts is as the bot sent it.
    """

    id: str
    from_: str
    author: Author
    own: bool
    type: str
    timestamp: int
    unsent: bool
    read: bool
    via: str
    seq: Maybe[int] = UNSET
    read_count: Maybe[int] = UNSET
    edited_at: Maybe[int] = UNSET
    text: Maybe[str] = UNSET
    emojis: Maybe[list[dict[str, Any]]] = UNSET
    mention: Maybe[dict[str, Any]] = UNSET
    sticker: Maybe[StickerTold] = UNSET
    content_url: Maybe[str] = UNSET
    preview_url: Maybe[str] = UNSET
    file_name: Maybe[str] = UNSET
    file_size: Maybe[int] = UNSET
    duration: Maybe[int] = UNSET
    image_set: Maybe[dict[str, Any]] = UNSET
    title: Maybe[str] = UNSET
    address: Maybe[str] = UNSET
    latitude: Maybe[float] = UNSET
    longitude: Maybe[float] = UNSET
    quoted: Maybe[Quoted] = UNSET
    tracking_id: Maybe[str] = UNSET
    template: Maybe[dict[str, Any]] = UNSET
    alt_text: Maybe[str] = UNSET
    contents: Maybe[dict[str, Any]] = UNSET
    base_url: Maybe[str] = UNSET
    base_size: Maybe[dict[str, Any]] = UNSET
    actions: Maybe[list[dict[str, Any]]] = UNSET
    video: Maybe[dict[str, Any]] = UNSET
    coupon_id: Maybe[str] = UNSET
    delivery_tag: Maybe[str] = UNSET
    quick_reply: Maybe[dict[str, Any]] = UNSET
    sender: Maybe[dict[str, Any]] = UNSET
    read_at: Maybe[int] = UNSET
    read_cause: Maybe[str] = UNSET


class LastMessage(Told, frozen=True, kw_only=True):
    """The end of a chat in one line."""

    id: str
    type: str
    text: str
    author: Author
    timestamp: int
    unsent: bool


class Peer(Told, frozen=True, kw_only=True):
    """Whom a chat is with. In groups `memberCount` counts people, and `accountId` is the Official Account in it."""

    kind: Literal["account", "group", "room", "user"]
    id: str
    display_name: str
    picture_url: str | None
    basic_id: Maybe[str] = UNSET
    state: Maybe[State] = UNSET
    member_count: Maybe[int] = UNSET
    account_id: Maybe[str] = UNSET
    members: Maybe[list[MemberTold]] = UNSET


class FriendTold(Told, frozen=True, kw_only=True):
    account_id: str
    basic_id: str
    display_name: str
    picture_url: str | None
    status_message: str | None
    state: State


class ChatTold(Told, frozen=True, kw_only=True):
    """A line of the phone's chat list. `unread` counts what the user has not seen, up to 1000."""

    peer: Peer
    last_message: LastMessage | None
    unread: int
    timestamp: int | None


class HomeTold(Told, frozen=True, kw_only=True):
    """The phone's first screen: all accounts of the user's world, and the chats, newest first."""

    friends: list[FriendTold]
    chats: list[ChatTold]


class Reader(Told, frozen=True, kw_only=True):
    """Who has read a group's chat, from `fromSeq` (not included) to `readSeq`."""

    kind: Literal["user", "account"]
    id: str
    from_seq: int
    read_seq: int


class ConversationTold(Told, frozen=True, kw_only=True):
    """Oldest message first. `cursor` is the one of live events: `/events?since=` goes on from here."""

    peer: Peer
    messages: list[MessageView]
    has_more: bool
    cursor: str
    read_seq: int
    last_seq: int
    readers: Maybe[list[Reader]] = UNSET


class PageAsked(Asked, frozen=True, kw_only=True):
    """`before` is the oldest message of the page after."""

    before: MessageId | None = None
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


class ManagerChat(Told, frozen=True, kw_only=True):
    """A chat in the Manager. `unread` is what is not Read for the user, `badge` what no operator has opened."""

    account_id: str
    peer: Peer
    display_name: str
    last_message: LastMessage | None
    last_message_at: int | None
    unread: int
    badge: int
    read_seq: int
    seen_seq: int
    last_seq: int
    label: LabelName


class ManagerChats(Told, frozen=True, kw_only=True):
    """`next`: give it as `cursor` for more; left out on the last page."""

    chats: list[ManagerChat]
    next: Maybe[str] = UNSET


class ChatsAsked(Asked, frozen=True, kw_only=True):
    account_id: Id
    label: LabelName | None = None
    filter: Literal["all", "unread", "badge", "inbox", "follow_up", "resolved", "spam"] = "all"
    q: SearchWords = ""
    cursor: Annotated[str, Meta(pattern=r"^[0-9]{1,18}\.[0-9]{1,18}\Z")] | None = None
    limit: Limit = 50


class ManagerLog(Told, frozen=True, kw_only=True):
    """Oldest message first; each message that is Read says since when and by which means."""

    chat: ManagerChat
    messages: list[MessageView]
    has_more: bool
    cursor: str


class OpenedTold(Told, frozen=True, kw_only=True):
    """`newlyRead` messages became Read for the user, `newlySeen` left the badge."""

    read_seq: int
    newly_read: int
    newly_seen: int


class AnswerAsked(Asked, frozen=True, kw_only=True):
    """What an operator writes: a text, or message objects as the Messaging API takes them."""

    text: Annotated[str, Meta(min_length=1, max_length=5_000)] | None = None
    messages: Annotated[list[dict[str, Any]], Meta(min_length=1, max_length=5)] | None = None


class AnswerTold(Told, frozen=True, kw_only=True):
    message_ids: list[str]
    timestamp: int


class LabelAsked(Asked, frozen=True, kw_only=True):
    label: LabelName


class LabelTold(Told, frozen=True, kw_only=True):
    label: LabelName


class Dot(Told, frozen=True, kw_only=True):
    """A message in the timeline. `readAt` and `cause` where it is Read."""

    id: str
    type: str
    own: bool
    author: Author
    timestamp: int
    text: str
    unsent: bool
    seq: Maybe[int] = UNSET
    read_at: Maybe[int] = UNSET
    cause: Maybe[str] = UNSET


class StepTold(Told, frozen=True, kw_only=True):
    """An advance: the messages after `fromSeq` up to `toSeq` became Read at `at`, by `cause`."""

    id: str
    from_seq: int
    to_seq: int
    at: int
    cause: str


class TimelineTold(Told, frozen=True, kw_only=True):
    messages: list[Dot]
    steps: list[StepTold]
    read_seq: int
    seen_seq: int
    last_seq: int
    has_more: bool


class TimelineAsked(Asked, frozen=True, kw_only=True):
    before: MessageId | None = None
    limit: Annotated[int, Meta(ge=1, le=500)] = 200
