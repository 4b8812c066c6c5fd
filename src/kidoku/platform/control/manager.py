"""The Manager's chat screen: the list, one chat, opening, answering, labels, and how the watermark rose."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET
from msgspec.json import Decoder

from kidoku.http.json_api.problems import bad
from kidoku.platform.control.call import Call
from kidoku.platform.control.shapes.chats import (
    AnswerAsked,
    AnswerTold,
    ChatsAsked,
    Dot,
    LabelAsked,
    LabelTold,
    ManagerChat,
    ManagerChats,
    ManagerLog,
    OpenedTold,
    PageAsked,
    Peer,
    StepTold,
    TimelineAsked,
    TimelineTold,
)
from kidoku.platform.control.views import last_message, message_view, read_steps
from kidoku.platform.messages.context import Context
from kidoku.platform.messages.stored import normalise, preview_text
from kidoku.platform.messages.validate import known_parts, validate_messages
from kidoku.platform.store.account import Account
from kidoku.platform.store.chat_log import Logged
from kidoku.platform.store.chats import Chat
from kidoku.platform.store.manager_view import Row, list_chats, manager_log, manager_timeline
from kidoku.platform.store.operator import answer, label, open_chat
from kidoku.platform.store.timeline import Step

ANSWER = Decoder(AnswerAsked)
LABEL = Decoder(LabelAsked)
LABELS = {"inbox", "follow_up", "resolved", "spam"}


def chat_told(of: Account, row: Row) -> ManagerChat:
    chat, last = row.chat, row.last
    shown: Any = last_message(last)
    folder: Any = chat.label
    return ManagerChat(
        account_id=of.account_id,
        peer=Peer(kind=chat.peer_kind, id=chat.peer_id, display_name=row.name, picture_url=row.picture_url),
        display_name=row.name,
        last_message=shown,
        last_message_at=chat.last_message_at,
        unread=chat.last_seq - chat.read_seq,
        badge=chat.last_seq - chat.seen_seq,
        read_seq=chat.read_seq,
        seen_seq=chat.seen_seq,
        last_seq=chat.last_seq,
        label=folder,
    )


async def get_chats(call: Call) -> ManagerChats:
    asked = call.query(ChatsAsked)
    of = call.account(asked.account_id)
    labels = {asked.label} if asked.label is not None else {asked.filter} & LABELS
    at, _, message_id = (asked.cursor or "").partition(".")
    found = await call.platform.read(
        list_chats,
        of.channel_id,
        asked.limit + 1,
        labels=labels,
        unread=asked.filter == "unread",
        badge=asked.filter == "badge",
        query=asked.q.strip() or None,
        before=(int(at), int(message_id)) if asked.cursor else None,
    )
    page = found[: asked.limit]
    more = len(found) > asked.limit
    return ManagerChats(
        chats=[chat_told(of, row) for row in page], next=cursor_of(page[-1]) if more else UNSET
    )


def cursor_of(row: Row) -> str:
    return f"{row.chat.last_message_at}.{row.chat.last_message_id}"


async def get_chat_messages(call: Call) -> ManagerLog:
    asked, of, platform = call.query(PageAsked), call.account(), call.platform
    cursor = platform.bus.cursor
    before = None if asked.before is None else int(asked.before)
    peer_id = call.params["peerId"]
    found = await platform.read(manager_log, of.channel_id, peer_id, platform.seal, asked.limit, before)
    passed = read_steps(found.messages, found.steps)
    views: Any = [view(one, found.row.chat, passed.get(one.message_id)) for one in found.messages]
    return ManagerLog(chat=chat_told(of, found.row), messages=views, has_more=found.has_more, cursor=cursor)


def view(one: Logged, chat: Chat, step: Step | None) -> dict[str, Any]:
    """A message as the account sees it, with when and how it became Read."""
    read = one.seq is not None and one.seq <= chat.read_seq
    made = message_view(one, own=one.sender["kind"] == "account", read=read, group=chat.peer_kind != "user")
    return made if step is None else made | {"readAt": step.at, "readCause": step.cause}


async def post_open(call: Call) -> OpenedTold:
    platform = call.platform
    opened = await platform.apply(open_chat, call.account().channel_id, call.params["peerId"], platform.env())
    return OpenedTold(read_seq=opened.read_seq, newly_read=opened.newly_read, newly_seen=opened.newly_seen)


async def post_answer(call: Call) -> AnswerTold:
    asked = await call.json(ANSWER)
    if (asked.text is None) == (asked.messages is None):
        raise bad("one_of_two", "Give either a `text` or `messages`.")
    messages = [{"type": "text", "text": asked.text}] if asked.messages is None else asked.messages
    wrong = validate_messages(messages, Context("push", sticker_ok=lambda package, sticker: True))
    if wrong:
        first = wrong[0]
        raise bad(
            "invalid_message",
            f"{first.property}: {first.message}",
            f"{len(wrong)} error(s) altogether; the rules are those of the Messaging API.",
        )
    platform, env = call.platform, call.platform.env()
    ids = await platform.apply(
        answer,
        call.account().channel_id,
        call.params["peerId"],
        [normalise(known_parts(one)) for one in messages],
        env,
    )
    return AnswerTold(message_ids=[str(one) for one in ids], timestamp=env.now)


async def patch_chat(call: Call) -> LabelTold:
    asked, platform = await call.json(LABEL), call.platform
    peer_id = call.params["peerId"]
    after = await platform.apply(label, call.account().channel_id, peer_id, asked.label, platform.env())
    return LabelTold(label=after)


async def get_timeline(call: Call) -> TimelineTold:
    asked, of, platform = call.query(TimelineAsked), call.account(), call.platform
    before = None if asked.before is None else int(asked.before)
    peer_id = call.params["peerId"]
    found = await platform.read(manager_timeline, of.channel_id, peer_id, platform.seal, asked.limit, before)
    passed = read_steps(found.messages, found.steps)
    chat = found.row.chat
    return TimelineTold(
        messages=[dot(one, passed.get(one.message_id)) for one in found.messages],
        steps=[step_told(one) for one in found.steps],
        read_seq=chat.read_seq,
        seen_seq=chat.seen_seq,
        last_seq=chat.last_seq,
        has_more=found.has_more,
    )


def dot(one: Logged, step: Step | None) -> Dot:
    sender: Any = one.sender
    return Dot(
        id=str(one.message_id),
        type=one.type,
        own=one.sender["kind"] == "account",
        author=sender,
        timestamp=one.at,
        text="" if one.unsent_at is not None else preview_text(one.body)[1],
        unsent=one.unsent_at is not None,
        seq=UNSET if one.seq is None else one.seq,
        read_at=UNSET if step is None else step.at,
        cause=UNSET if step is None else step.cause,
    )


def step_told(one: Step) -> StepTold:
    return StepTold(
        id=str(one.advance_id), from_seq=one.from_seq, to_seq=one.to_seq, at=one.at, cause=one.cause
    )
