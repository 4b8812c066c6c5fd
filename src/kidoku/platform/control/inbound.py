"""What a user sends, checked and in the form that is stored: `type` first, then LINE's properties in LINE's order.

Source of the properties: LINE reference, "Message event". Lengths count UTF-16 code units, as LINE counts them.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Protocol

from kidoku.core.text import utf16_len
from kidoku.http.json_api.problems import bad
from kidoku.platform.control.shapes.messages import (
    AudioMessage,
    ImageMessage,
    ImageSet,
    LocationMessage,
    MentionAsked,
    StickerMessage,
    TextFields,
    TextMessage,
    UserMessage,
    VideoMessage,
)
from kidoku.platform.store.account import Account

TEXT_LIMIT = 10_000
"""UTF-16 code units of a user's text [our decision]."""

Json = dict[str, Any]


class Span(Protocol):
    @property
    def index(self) -> int: ...

    @property
    def length(self) -> int: ...


def stored_body(message: UserMessage, to: Account | str) -> Json:
    """The message object without ID and tokens. Raises Problem."""
    match message:
        case TextMessage():
            return text_body(message, to, message.quoted_message_id)
        case StickerMessage():
            return sticker_body(message)
        case LocationMessage():
            return location_body(message)
        case ImageMessage():
            return {"type": "image", "contentProvider": external(message)} | image_set(message.image_set)
        case VideoMessage() | AudioMessage():
            length = {} if message.duration is None else {"duration": message.duration}
            kind = "video" if isinstance(message, VideoMessage) else "audio"
            return {"type": kind, **length, "contentProvider": external(message)}


def text_body(message: TextFields, to: Account | str, quoted_id: str | None = None) -> Json:
    length = utf16_len(message.text)
    if length > TEXT_LIMIT:
        raise bad("text_too_long", f"The text has {length} UTF-16 code units; {TEXT_LIMIT} are possible.")
    body: Json = {"type": "text", "text": message.text}
    if message.emojis:
        check_spans("emojis", message.emojis, length)
        body["emojis"] = [
            {"index": one.index, "length": one.length, "productId": one.product_id, "emojiId": one.emoji_id}
            for one in message.emojis
        ]
    if message.mention is not None:
        body["mention"] = mention_body(message.mention, to, length)
    if quoted_id is not None:
        body["quotedMessageId"] = quoted_id
    return body


def mention_body(mention: MentionAsked, to: Account | str, length: int) -> Json:
    if isinstance(to, Account):
        raise bad("mention_outside_group", "Somebody can be mentioned in groups and rooms only.")
    check_spans("mention.mentionees", mention.mentionees, length)
    made = []
    for one in mention.mentionees:
        found: Json = {"index": one.index, "length": one.length, "type": one.type}
        if one.type == "user":
            if not isinstance(one.user_id, str):
                raise bad("mention_without_user", "A mention of the type `user` needs a `userId`.")
            found["userId"] = one.user_id
        made.append(found)
    return {"mentionees": made}


def check_spans(name: str, spans: Sequence[Span], length: int) -> None:
    """Raise Problem unless all lie inside the text and none overlaps another."""
    for n, span in enumerate(spans):
        if span.index + span.length > length:
            raise bad(
                "span_outside_text",
                f"`{name}[{n}]` ends at {span.index + span.length}, the text at {length} UTF-16 code units.",
                "`index` and `length` count UTF-16 code units, as JavaScript does.",
            )
    ordered = sorted((span.index, span.index + span.length) for span in spans)
    if any(before[1] > after[0] for before, after in pairwise(ordered)):
        raise bad("spans_overlap", f"`{name}` overlap.")


def sticker_body(message: StickerMessage) -> Json:
    body: Json = {
        "type": "sticker",
        "packageId": str(message.package_id),
        "stickerId": str(message.sticker_id),
        "stickerResourceType": message.sticker_resource_type,
    }
    if message.keywords:
        body["keywords"] = list(message.keywords)
    if message.text is not None:
        body["text"] = message.text
    if message.quoted_message_id is not None:
        body["quotedMessageId"] = message.quoted_message_id
    return body


def location_body(message: LocationMessage) -> Json:
    body: Json = {"type": "location"}
    if message.title is not None:
        body["title"] = message.title
    if message.address is not None:
        body["address"] = message.address
    return {**body, "latitude": message.latitude, "longitude": message.longitude}


def external(message: ImageMessage | VideoMessage | AudioMessage) -> Json:
    made: Json = {"type": "external", "originalContentUrl": message.original_content_url}
    preview = None if isinstance(message, AudioMessage) else message.preview_image_url
    return made if preview is None else made | {"previewImageUrl": preview}


def image_set(found: ImageSet | None) -> Json:
    if found is None:
        return {}
    parts = {"id": found.id, "index": found.index, "total": found.total}
    return {"imageSet": {name: value for name, value in parts.items() if value is not None}}
