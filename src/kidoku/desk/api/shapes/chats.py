"""The inbox: chats, their messages with the read state of each, and what can be done with a chat."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta

from kidoku.desk.store.inbox import Filter
from kidoku.desk.store.resolve_chat import State as WorkState
from kidoku.http.json_api.shapes import Asked, Maybe, Told

Id = Annotated[str, Meta(pattern=r"^[0-9]{1,18}\Z")]
MessageId = Annotated[str, Meta(min_length=1, max_length=64)]
Direction = Literal["in", "out"]
Occasion = Literal["received", "opened", "kept-open", "replied", "assigned", "asked", "bot-handled"]
ReadStates = Literal["none", "waiting", "due", "sending", "confirmed", "parked"]
MarkStates = Literal["waiting", "due", "sending", "confirmed", "parked", "superseded", "undone"]


class ReadTold(Told, frozen=True, kw_only=True):
    """Whether the user sees Read, or will, and why: the cause is the mark `markId`.

    - `none`: nobody has asked for it. `waiting`: until `dueAt`, and can be undone. `due`: to be sent, at `nextAt`
      when an attempt has failed. `sending`. `confirmed` by LINE. `parked`: LINE refused, `advice` says what to do.
    - `by`: `agent:7`, `api`, `bot` or `policy`.
    """

    state: ReadStates
    mark_id: Maybe[str] = UNSET
    occasion: Maybe[Occasion] = UNSET
    by: Maybe[str] = UNSET
    asked_at: Maybe[int] = UNSET
    due_at: Maybe[int] = UNSET
    next_at: Maybe[int] = UNSET
    confirmed_at: Maybe[int] = UNSET
    attempts: Maybe[int] = UNSET
    reason: Maybe[str] = UNSET
    advice: Maybe[str] = UNSET


class LastMessage(Told, frozen=True, kw_only=True):
    """A message in one line. `by`: who sent it, for those that go out."""

    message_id: str
    type: str
    text: str | None
    at: int
    direction: Direction
    unsent: bool
    by: Maybe[str] = UNSET


class ChatTold(Told, frozen=True, kw_only=True):
    """A line of the inbox.

    - `unread`: messages that nobody of the team has seen; `read`: what became of Read for the newest of the user's,
      null while there is none; what led to a confirmed one stands with the messages.
    - `readUpTo`: the time of the newest message that LINE has confirmed as Read.
    - `assignee`: an agent's ID. `waitingSince`: the first message that nobody has answered.
    - `found`: the newest message that a search found; left out where the name was.
    """

    chat_id: str
    channel_key: str
    kind: Literal["user", "group", "room"]
    user_id: Maybe[str] = UNSET
    group_id: Maybe[str] = UNSET
    room_id: Maybe[str] = UNSET
    display_name: str | None
    picture_url: str | None
    last_message: LastMessage | None
    last_at: int
    unread: int
    state: WorkState
    assignee: str | None
    waiting_since: int | None
    blocked: bool
    read: ReadTold | None
    read_up_to: int | None
    found: Maybe[LastMessage] = UNSET


class PresentTold(Told, frozen=True, kw_only=True):
    """An agent who has the chat open, until `expiresAt` unless they say so again."""

    agent_id: str
    state: Literal["viewing", "typing"]
    expires_at: int


class ChatDetail(ChatTold, frozen=True, kw_only=True):
    """`replyUntil`: until when an answer is free; none: it is a push, and counts. `present`: who has the chat open;
    `presence` events tell how that changes.
    """

    status_message: str | None
    language: str | None
    created_at: int
    reply_until: int | None
    present: list[PresentTold]


class Counts(Told, frozen=True, kw_only=True):
    """Chats per filter, of one channel or of all; 1000 and more of a channel count as 1000."""

    all: int
    unread: int
    mine: int
    unassigned: int
    waiting: int
    resolved: int


class ChatsTold(Told, frozen=True, kw_only=True):
    """Newest first. `next`: give it as `cursor` for more; left out on the last page. `counts`: on the first page, and
    there `lookedAt` too, where a search found so much that only so many of the newest matches were taken account of.
    """

    chats: list[ChatTold]
    next: Maybe[str] = UNSET
    counts: Maybe[Counts] = UNSET
    looked_at: Maybe[int] = UNSET


class ChatsAsked(Asked, frozen=True, kw_only=True):
    """`unread`: by the team. `mine` and `unassigned` leave out what is resolved. `waiting`: for an answer."""

    channel: str = ""
    filter: Filter = "all"
    q: Annotated[str, Meta(max_length=200)] = ""
    cursor: Annotated[str, Meta(pattern=r"^[0-9]{1,18}\.[0-9]{1,18}\Z")] | None = None
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


class PersonTold(Told, frozen=True, kw_only=True):
    """A user, as far as LINE has told who that is."""

    user_id: str
    display_name: str | None
    picture_url: str | None


MediaStates = Literal[
    "waiting", "fetching", "stored", "external", "gone", "too-large", "failed", "unsent", "expired"
]


class MediaTold(Told, frozen=True, kw_only=True):
    """Addresses of what a message holds: on this server once it is `stored`, or wherever somebody else keeps it
    (`external`). `gone`: LINE has it no more; `expired`: it was here for as long as files are kept; `problem` and
    `advice` where it could not be fetched.
    """

    state: MediaStates
    content_url: str
    preview_url: Maybe[str] = UNSET
    problem: Maybe[str] = UNSET
    advice: Maybe[str] = UNSET


class DeliveryTold(Told, frozen=True, kw_only=True):
    """What became of the answer that a message is part of. `certain`: whether LINE has said so."""

    reply_id: str
    state: Literal["queued", "sending", "sent", "failed"]
    way: Maybe[Literal["reply", "push"]] = UNSET
    certain: bool
    sent_at: Maybe[int] = UNSET
    problem: Maybe[str] = UNSET
    advice: Maybe[str] = UNSET


class MessageTold(Told, frozen=True, kw_only=True):
    """A message. `message` is LINE's message object; `text` what it says, in one line.

    - Of users: `sender`, `read` unless another module handles the chat (`standby`), and whether the bot behind the
      relay has taken it (`botHandled`; null: it has not answered yet).
    - Of the team: `by` (`agent:7`, `api`, `bot`) and `delivery`.
    - `quoteToken`: give it in an answer to quote this message.
    """

    message_id: str
    at: int
    direction: Direction
    type: str
    text: str | None
    message: dict[str, Any]
    sender: Maybe[PersonTold] = UNSET
    by: Maybe[str] = UNSET
    read: Maybe[ReadTold] = UNSET
    delivery: Maybe[DeliveryTold] = UNSET
    media: Maybe[MediaTold] = UNSET
    quoted: Maybe[LastMessage] = UNSET
    quote_token: Maybe[str] = UNSET
    standby: bool
    bot_handled: bool | None
    edited_at: int | None
    unsent_at: int | None


class EventTold(Told, frozen=True, kw_only=True):
    """Something that happened in the chat and is no message. `people`: whom it is about; `postback`: LINE's object.

    `unblocked`: the user who added the account had blocked it before.
    """

    event_id: str
    type: str
    at: int
    people: list[PersonTold]
    postback: Maybe[Any] = UNSET
    unblocked: Maybe[bool] = UNSET


class ConversationTold(Told, frozen=True, kw_only=True):
    """In LINE's order, oldest first; `events` are to be put between by their time.

    `next`: give it as `before` for older messages; left out at the beginning.
    """

    messages: list[MessageTold]
    events: list[EventTold]
    next: Maybe[str] = UNSET


class ConversationAsked(Asked, frozen=True, kw_only=True):
    """`before`: a message's ID."""

    before: MessageId | None = None
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


class MarkAsked(Told, frozen=True, kw_only=True):
    """What an act asked for. No `markId`: nothing is to be marked, by the policy or because all is Read. While
    `state` is `waiting` it can be undone; at `dueAt` it is sent.
    """

    mark_id: str | None
    state: MarkStates | None
    due_at: int | None


class ReadAsked(Asked, frozen=True, kw_only=True):
    """Up to which message; none: up to the newest."""

    up_to: MessageId | None = None


class UndoAsked(Asked, frozen=True, kw_only=True):
    """Which mark; none: what one's own opening asked for."""

    mark_id: Id | None = None


class AssignAsked(Asked, frozen=True, kw_only=True):
    """Whose the chat is; null: nobody's."""

    agent_id: Id | None


class StateAsked(Asked, frozen=True, kw_only=True):
    """`waiting`: for the user, who was asked something."""

    state: WorkState = "resolved"


class PresenceAsked(Asked, frozen=True, kw_only=True):
    """`view` names the page that shows the chat, of several of one agent: they have left it once all have. `peek`: it
    looks into the chat without opening it.
    """

    state: Literal["viewing", "typing", "away"]
    view: Annotated[str, Meta(max_length=64)] = ""
    peek: bool = False


class PresenceTold(Told, frozen=True, kw_only=True):
    """Until when others see it: say it again before."""

    expires_at: int


class ReplyAsked(Asked, frozen=True, kw_only=True):
    """`messages`: LINE's message objects. `quoteToken` goes into the first. `retryKey`, a UUID: asked twice with the
    same one, the answer is sent once.
    """

    messages: Annotated[list[dict[str, Any]], Meta(min_length=1, max_length=5)]
    quote_token: Annotated[str, Meta(min_length=1, max_length=1_000)] | None = None
    retry_key: (
        Annotated[
            str,
            Meta(pattern=r"^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}\Z"),
        ]
        | None
    ) = None


class ReplyTold(Told, frozen=True, kw_only=True):
    """The answer stands in the conversation and is sent after its mark."""

    reply_id: str
    message_ids: list[str]
    state: Literal["queued", "sending", "sent", "failed"]
    mark_id: str | None


class NoteAsked(Asked, frozen=True, kw_only=True):
    text: Annotated[str, Meta(min_length=1, max_length=5_000, pattern=r"\S")]


class NoteTold(Told, frozen=True, kw_only=True):
    note_id: str
    by: str
    text: str
    created_at: int


class NotesTold(Told, frozen=True, kw_only=True):
    """Oldest first."""

    notes: list[NoteTold]
