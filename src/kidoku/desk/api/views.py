"""What the desk keeps, as its API tells it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from msgspec import UNSET

from kidoku.desk.api.paths import ROOT
from kidoku.desk.api.shapes.chats import (
    ChatTold,
    DeliveryTold,
    EventTold,
    LastMessage,
    MarkAsked,
    MediaTold,
    MessageTold,
    PersonTold,
    PresentTold,
    ReadTold,
)
from kidoku.desk.api.shapes.marks import AttemptTold, MarkTold
from kidoku.desk.store.conversation import Delivery, Happening, Line, Person, Shown, decode
from kidoku.desk.store.inbox import Preview, Row
from kidoku.desk.store.media import CONTENT, PARTS, PREVIEW, Media
from kidoku.desk.store.read_state import ReadState
from kidoku.http.json_api.shapes import Maybe, T

if TYPE_CHECKING:
    from kidoku.desk.directory import Directory
    from kidoku.desk.presence import Present
    from kidoku.desk.store.list_marks import Listed
    from kidoku.desk.store.marks import Mark


def known(value: T | None) -> Maybe[T]:
    """A property that is left out when there is nothing to say."""
    return UNSET if value is None else value


def chat_told(row: Row, directory: Directory) -> ChatTold:
    return ChatTold(**chat_values(row, directory))


def chat_values(row: Row, directory: Directory) -> dict[str, Any]:
    """What a line of the inbox shows, by name."""
    chat = row.chat
    return {
        "chat_id": str(chat.chat_id),
        "channel_key": directory.by_id[chat.channel_id].channel_key,
        "kind": chat.peer_kind,
        f"{chat.peer_kind}_id": chat.peer_id,
        "display_name": chat.display_name,
        "picture_url": chat.picture_url,
        "last_message": None if row.last is None else preview_told(row.last),
        "last_at": chat.last_at,
        "unread": chat.unseen,
        "state": chat.state,
        "assignee": None if chat.assignee_id is None else str(chat.assignee_id),
        "waiting_since": chat.waiting_since,
        "blocked": chat.blocked_at is not None,
        "read": None if row.read is None else read_told(row.read),
        "read_up_to": chat.read_at or None,
        "found": UNSET if row.found is None else preview_told(row.found),
    }


def preview_told(one: Preview | Line) -> LastMessage:
    direction: Any = one.direction
    return LastMessage(
        message_id=one.message_key,
        type=one.type,
        text=one.text,
        at=one.at,
        direction=direction,
        unsent=one.unsent_at is not None,
        by=known(one.sender_id) if one.direction == "out" else UNSET,
    )


def read_told(read: ReadState) -> ReadTold:
    mark = read.mark
    if mark is None:
        return ReadTold(state=read.state)
    occasion: Any = mark.occasion
    return ReadTold(
        state=read.state,
        mark_id=str(mark.mark_id),
        occasion=occasion,
        by=mark.by,
        asked_at=mark.asked_at,
        due_at=mark.due_at,
        next_at=mark.next_at if read.state == "due" else UNSET,
        confirmed_at=known(mark.confirmed_at),
        attempts=mark.attempts,
        reason=known(mark.reason),
        advice=known(mark.advice),
    )


def message_told(chat_id: int, one: Shown) -> MessageTold:
    line, direction = one.line, one.line.direction
    kind: Any = direction
    content = line.content
    token = line.quote_token or content.get("quoteToken")
    return MessageTold(
        message_id=line.message_key,
        at=line.at,
        direction=kind,
        type=line.type,
        text=line.text,
        message=content,
        sender=UNSET if one.sender is None else person_told(one.sender),
        by=known(line.sender_id) if direction == "out" else UNSET,
        read=UNSET if one.read is None else read_told(one.read),
        delivery=UNSET if one.delivery is None else delivery_told(one.delivery),
        media=media_told(chat_id, line, content, one.media),
        quoted=UNSET if one.quoted is None else preview_told(one.quoted),
        quote_token=token if isinstance(token, str) else UNSET,
        standby=line.standby,
        bot_handled=line.bot_handled,
        edited_at=line.edited_at,
        unsent_at=line.unsent_at,
    )


def person_told(one: Person) -> PersonTold:
    return PersonTold(user_id=one.user_id, display_name=one.display_name, picture_url=one.picture_url)


def delivery_told(one: Delivery) -> DeliveryTold:
    state: Any = one.state
    way: Any = one.way
    return DeliveryTold(
        reply_id=str(one.reply_id),
        state=state,
        way=known(way),
        certain=not one.doubtful,
        sent_at=known(one.sent_at),
        problem=known(one.problem),
        advice=known(one.advice),
    )


def media_told(chat_id: int, line: Line, content: Mapping[str, Any], kept: Media | None) -> Maybe[MediaTold]:
    """Where the content of a message is: with us once LINE has given it, with somebody else, or nowhere."""
    if line.unsent_at is not None:
        return UNSET
    provider = content.get("contentProvider")
    elsewhere = provider if isinstance(provider, dict) and provider.get("type") == "external" else content
    url, preview = elsewhere.get("originalContentUrl"), elsewhere.get("previewImageUrl")
    if isinstance(url, str):
        preview_url = preview if isinstance(preview, str) else UNSET
        return MediaTold(state="external", content_url=url, preview_url=preview_url)
    if kept is None:
        return UNSET
    here = f"{ROOT}/chats/{chat_id}/messages/{quote(line.message_key, safe='')}"
    state: Any = kept.state
    return MediaTold(
        state=state,
        content_url=f"{here}/{CONTENT}",
        preview_url=f"{here}/{PREVIEW}" if PREVIEW in PARTS[kept.kind] else UNSET,
        problem=known(kept.problem),
        advice=known(kept.advice),
    )


def event_told(one: Happening) -> EventTold:
    body = decode(one.body)
    follow = body.get("follow")
    return EventTold(
        event_id=one.event_id,
        type=one.type,
        at=one.at,
        people=[person_told(person) for person in one.people],
        postback=known(body.get("postback")),
        unblocked=True if isinstance(follow, dict) and follow.get("isUnblocked") is True else UNSET,
    )


def present_told(one: Present) -> PresentTold:
    state: Any = one.state
    return PresentTold(agent_id=str(one.agent_id), state=state, expires_at=one.expires_at)


def mark_asked(mark: Mark | None) -> MarkAsked:
    if mark is None:
        return MarkAsked(mark_id=None, state=None, due_at=None)
    state: Any = mark.state
    return MarkAsked(mark_id=str(mark.mark_id), state=state, due_at=mark.due_at)


def mark_told(listed: Listed, directory: Directory) -> MarkTold:
    mark = listed.mark
    form: Any = mark.form
    occasion: Any = mark.occasion
    state: Any = mark.state
    return MarkTold(
        mark_id=str(mark.mark_id),
        channel_key=directory.by_id[mark.channel_id].channel_key,
        chat_id=str(mark.chat_id),
        display_name=listed.display_name,
        form=form,
        up_to=mark.at,
        occasion=occasion,
        by=mark.by,
        asked_at=mark.asked_at,
        due_at=mark.due_at,
        state=state,
        next_at=mark.next_at if mark.state in {"waiting", "due"} else None,
        attempts=[
            AttemptTold(
                started_at=one.started_at,
                duration_ms=one.duration_ms,
                status=one.status,
                reason=one.reason,
                request_id=one.request_id,
            )
            for one in listed.attempts
        ],
        attempt_count=mark.attempts,
        confirmed_at=mark.confirmed_at,
        superseded_by=None if mark.superseded_by is None else str(mark.superseded_by),
        status=mark.status,
        reason=mark.reason,
        advice=mark.advice,
    )
