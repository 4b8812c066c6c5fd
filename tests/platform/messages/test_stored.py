"""The stored form of messages, and their line in a chat list."""

import pytest

from kidoku.platform.messages.stored import normalise, preview_text
from kidoku.platform.messages.validate import known_parts

from .samples import (
    USER,
    Json,
    audio,
    bubble,
    buttons,
    coupon,
    errors,
    flex,
    image,
    imagemap,
    location,
    sticker,
    template,
    text,
    text_v2,
    video,
)

EMOJI: Json = {"type": "emoji", "productId": "p", "emojiId": "001"}
YOU: Json = {"type": "mention", "mentionee": {"type": "user", "userId": USER}}
ALL: Json = {"type": "mention", "mentionee": {"type": "all"}}


def test_drops_nulls_at_every_level() -> None:
    message = text(sender=None, quickReply={"items": [{"type": "action", "imageUrl": None}]})
    assert normalise(message) == text(quickReply={"items": [{"type": "action"}]})


def test_keeps_sticker_ids_as_strings() -> None:
    assert normalise(sticker(packageId=446, stickerId=1988)) == sticker()


def test_resolves_a_text_v2_into_a_text() -> None:
    message = text_v2(
        text="😀 {you}, {{see}} {smile}{all}",
        substitution={"you": YOU, "smile": EMOJI, "all": ALL, "unused": EMOJI},
        quoteToken="q",
    )
    assert errors(message) == []
    assert normalise(message, {USER: "Brown"}.__getitem__) == {
        "type": "text",
        "text": "😀 @Brown, {see} $@All",
        "quoteToken": "q",
        "mention": {
            "mentionees": [
                {"index": 3, "length": 6, "type": "user", "userId": USER},
                {"index": 18, "length": 4, "type": "all"},
            ]
        },
        "emojis": [{"index": 17, "length": 1, "productId": "p", "emojiId": "001"}],
    }


def test_resolves_a_text_v2_without_substitution() -> None:
    message = text_v2(text="{{a}}")
    assert normalise(message) == {"type": "text", "text": "{a}"}
    assert message == text_v2(text="{{a}}")


@pytest.mark.parametrize(
    ("message", "line"),
    [
        (text(), ("text", "hello")),
        (text_v2(text="{{hi}} {all}", substitution={"all": ALL}), ("text", "{hi} @All")),
        (sticker(), ("sticker", "")),
        (image(), ("image", "")),
        (video(), ("video", "")),
        (audio(), ("audio", "")),
        (coupon(), ("coupon", "")),
        (location(), ("location", "Office")),
        (imagemap(), ("imagemap", "a map")),
        (template(buttons()), ("template", "a template")),
        (flex(bubble()), ("flex", "a card")),
        ({"type": "file", "fileName": "a.pdf", "fileSize": 3}, ("file", "a.pdf")),
    ],
)
def test_tells_a_chat_list_what_was_said(message: Json, line: tuple[str, str]) -> None:
    assert preview_text(message) == line


@pytest.mark.parametrize(
    "message",
    [text(), sticker(), image(), video(), audio(), location(), imagemap(), coupon(), flex(bubble())],
    ids=lambda message: str(message["type"]),
)
def test_what_line_does_not_know_is_not_kept(message: Json) -> None:
    forged = {
        "own": True,
        "id": "1",
        "read": "yes",
        "contentProvider": "x",
        "quotedMessageId": "y",
        "seq": [],
    }
    assert errors(message | forged) == []
    assert known_parts(message | forged) == message


def test_nor_inside_of_it() -> None:
    message = template(buttons()) | {"sender": {"name": "Brown"}}
    more = message | {
        "sender": {"name": "Brown", "kind": "user"},
        "template": message["template"] | {"own": True},
    }
    assert known_parts(more) == message
    assert known_parts(text_v2(text="{all}", substitution={"all": ALL}, own=True)) == text_v2(
        text="{all}", substitution={"all": ALL}
    )
