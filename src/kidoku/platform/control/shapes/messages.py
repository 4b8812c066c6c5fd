"""What users send: the message objects of the phone's side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from msgspec import UNSET, Meta

from kidoku.http.json_api.shapes import Asked, Maybe, Told
from kidoku.platform.control.shapes.common import Id, MessageId, Url
from kidoku.wire.payloads import PostbackParams

Index = Annotated[int, Meta(ge=0, le=20_000)]
Length = Annotated[int, Meta(ge=1, le=20_000)]
Milliseconds = Annotated[int, Meta(ge=0, le=86_400_000)]
ProductId = Annotated[str, Meta(min_length=1, max_length=64)]
StickerId = Annotated[int, Meta(ge=1)] | Annotated[str, Meta(min_length=1, max_length=32)]
ResourceType = Literal[
    "STATIC",
    "ANIMATION",
    "SOUND",
    "ANIMATION_SOUND",
    "POPUP",
    "POPUP_SOUND",
    "CUSTOM",
    "MESSAGE",
    "NAME_TEXT",
    "PER_STICKER_TEXT",
]


class EmojiAsked(Asked, frozen=True, kw_only=True):
    """A LINE emoji; `index` and `length` count UTF-16 code units of the placeholder in the text."""

    index: Index
    length: Length
    product_id: ProductId
    emoji_id: ProductId


class Mentionee(Asked, frozen=True, kw_only=True):
    """Who is mentioned; `index` and `length` count UTF-16 code units."""

    index: Index
    length: Length
    type: Literal["user", "all"] = "user"
    user_id: Maybe[Id] = UNSET


class MentionAsked(Asked, frozen=True, kw_only=True):
    mentionees: Annotated[list[Mentionee], Meta(min_length=1, max_length=20)]


class TextFields(Asked, frozen=True, kw_only=True):
    # Its length is checked where it is known to be a chat's text, in LINE's unit and with words for people.
    text: Annotated[str, Meta(min_length=1, extra_json_schema={"maxLength": 10_000})]
    emojis: Annotated[Sequence[EmojiAsked], Meta(max_length=500)] = ()
    mention: MentionAsked | None = None


class TextMessage(TextFields, frozen=True, kw_only=True, tag_field="type", tag="text"):
    """Text, up to 10,000 UTF-16 code units [our decision]."""

    quoted_message_id: MessageId | None = None


class Edited(TextFields, frozen=True, kw_only=True):
    """The new text of a message."""

    type: Literal["text"] = "text"


class StickerMessage(Asked, frozen=True, kw_only=True, tag_field="type", tag="sticker"):
    package_id: StickerId
    sticker_id: StickerId
    sticker_resource_type: ResourceType = "STATIC"
    keywords: Annotated[Sequence[Annotated[str, Meta(max_length=50)]], Meta(max_length=15)] = ()
    text: Annotated[str, Meta(max_length=100)] | None = None
    quoted_message_id: MessageId | None = None


class LocationMessage(Asked, frozen=True, kw_only=True, tag_field="type", tag="location"):
    latitude: Annotated[float, Meta(ge=-90, le=90)]
    longitude: Annotated[float, Meta(ge=-180, le=180)]
    title: Annotated[str, Meta(max_length=100)] | None = None
    address: Annotated[str, Meta(max_length=200)] | None = None


class ImageSet(Asked, frozen=True, kw_only=True):
    """Images that were sent at once."""

    id: Annotated[str, Meta(min_length=1, max_length=64)]
    index: Annotated[int, Meta(ge=1)] | None = None
    total: Annotated[int, Meta(ge=1)] | None = None


class ImageMessage(Asked, frozen=True, kw_only=True, tag_field="type", tag="image"):
    """An image that stays elsewhere (`contentProvider.type` external). Upload a form to send bytes."""

    original_content_url: Url
    preview_image_url: Url | None = None
    image_set: ImageSet | None = None


class VideoMessage(Asked, frozen=True, kw_only=True, tag_field="type", tag="video"):
    original_content_url: Url
    preview_image_url: Url | None = None
    duration: Milliseconds | None = None


class AudioMessage(Asked, frozen=True, kw_only=True, tag_field="type", tag="audio"):
    original_content_url: Url
    duration: Milliseconds | None = None


UserMessage = TextMessage | StickerMessage | LocationMessage | ImageMessage | VideoMessage | AudioMessage


class SentTold(Told, frozen=True, kw_only=True):
    """`seq` numbers the messages of the chat that can be read; the watermark counts in it."""

    message_id: str
    seq: int
    timestamp: int


class PostbackAsked(Asked, frozen=True, kw_only=True):
    """A tapped button. `displayText` is shown as the user's message without an event of its own; `text`, LINE's
    deprecated property, is sent as one. `messageId` is the message with the button.
    """

    data: Annotated[str, Meta(min_length=1, max_length=300)]
    display_text: Annotated[str, Meta(max_length=300)] | None = None
    text: Annotated[str, Meta(max_length=300)] | None = None
    params: PostbackParams | None = None
    message_id: MessageId | None = None


class PostbackTold(Told, frozen=True, kw_only=True):
    """`messageId` and `seq` of the message that was shown, if any."""

    timestamp: int
    message_id: Maybe[str] = UNSET
    seq: Maybe[int] = UNSET


class EditedTold(Told, frozen=True, kw_only=True):
    message_id: str
    edited_at: int


class SeenTold(Told, frozen=True, kw_only=True):
    """`readSeq` is the member's watermark, in groups only."""

    unread: int
    read_seq: Maybe[int] = UNSET
