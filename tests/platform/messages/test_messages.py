"""Each message type: what LINE accepts, and what it refuses with which words at which property."""

from typing import Any

import pytest

from kidoku.platform.messages.stickers import SENDABLE
from kidoku.platform.messages.validate import validate_messages

from .samples import (
    AREA,
    FILM,
    PICTURE,
    PUSH,
    TAP,
    USER,
    Json,
    audio,
    coupon,
    errors,
    flex,
    image,
    imagemap,
    location,
    quick,
    sticker,
    text,
    text_v2,
    video,
)

EMOJI: Json = {"index": 0, "productId": "5ac1bfd5040ab15980c9b435", "emojiId": "001"}
LINE_EMOJI: Json = {"type": "emoji", "productId": "5ac1bfd5040ab15980c9b435", "emojiId": "001"}
MENTION: Json = {"type": "mention", "mentionee": {"type": "user", "userId": USER}}
FILM_ON_MAP: Json = {"originalContentUrl": FILM, "previewImageUrl": PICTURE, "area": AREA}

VALID = [
    text(),
    text(text="a" * 5000),
    text(text="😀" * 2500),
    text(text=" "),
    text(text="$ and $", emojis=[EMOJI, EMOJI | {"index": 6}]),
    text(text="😀$", emojis=[EMOJI | {"index": 2}]),
    text(quoteToken="q3Plxr4AgKd"),
    text(quickReply=None, sender=None, emojis=None),
    text(unknownProperty={"of": "any kind"}),
    text(sender={"name": "Cony", "iconUrl": "https://example.com/cony.png"}),
    text(sender={"name": "Online shop"}),
    text(sender={}),
    text_v2(),
    text_v2(text="{{not a key}} {user}{smile}", substitution={"user": MENTION, "smile": LINE_EMOJI}),
    text_v2(text="{{{user}}}", substitution={"user": MENTION}),
    text_v2(text="no key", substitution={"unused": LINE_EMOJI, "nothing": None}),
    text_v2(text="{all}", substitution={"all": {"type": "mention", "mentionee": {"type": "all"}}}),
    sticker(),
    sticker(packageId=446, stickerId=1988),
    sticker(packageId="11539", stickerId="52114149", quoteToken="q3Plxr4AgKd"),
    image(),
    image(originalContentUrl="HTTPS://example.com", previewImageUrl="https://" + "e" * 1988 + ".org"),
    video(),
    video(trackingId="track-id.=,+*()%$&;:@{}!?<>[]"),
    audio(),
    audio(duration=60000.0),
    location(),
    location(title="あ" * 100, address="い" * 100, latitude=-90, longitude=180),
    coupon(),
    coupon(deliveryTag="2025_winter_campaign"),
    imagemap(),
    imagemap(video=FILM_ON_MAP | {"externalLink": {"linkUri": "tel:09001234567", "label": "See more"}}),
    imagemap(
        actions=[
            {"type": "message", "label": "hi", "text": "x" * 400, "area": AREA},
            {"type": "clipboard", "clipboardText": "3B48740B", "area": AREA},
        ]
    ),
    quick(*[TAP] * 13),
    quick(TAP, imageUrl=PICTURE),
    quick(*({"type": kind, "label": "Open"} for kind in ("camera", "cameraRoll", "location"))),
]


@pytest.mark.parametrize("message", VALID)
def test_accepts(message: Json) -> None:
    assert errors(message) == []


TYPES = (
    "Must be one of the following values: "
    "[text, image, video, audio, location, sticker, template, imagemap, flex, textV2, coupon]"
)
KEY_PATTERN = "does not match the pattern '^[a-zA-Z0-9_]{1,20}$'."

INVALID: list[tuple[Any, str, str]] = [
    # Message objects
    ("hello", "", "must be an object"),
    ({}, ".type", "May not be empty"),
    ({"type": "file"}, ".type", TYPES),
    ({"type": ["text"]}, ".type", TYPES),
    # Text
    (text(text=None), ".text", "May not be empty"),
    (text(text=""), ".text", "May not be empty"),
    (text(text=1), ".text", "must be a string"),
    (text(text="a" * 5001), ".text", "Length must be between 0 and 5000"),
    (text(text="😀" * 2501), ".text", "Length must be between 0 and 5000"),
    (text(text="$" * 21, emojis=[EMOJI] * 21), ".emojis", "Size must be between 0 and 20"),
    (text(emojis="x"), ".emojis", "must be an array"),
    (text(emojis=["x"]), ".emojis[0]", "must be an object"),
    (text(emojis=[EMOJI]), ".emojis[0].index", "Must be the position of a '$' in the text"),
    (
        text(text="😀$", emojis=[EMOJI | {"index": 1}]),
        ".emojis[0].index",
        "Must be the position of a '$' in the text",
    ),
    (
        text(text="$", emojis=[EMOJI | {"index": 9}]),
        ".emojis[0].index",
        "Must be the position of a '$' in the text",
    ),
    (
        text(text="$", emojis=[EMOJI | {"index": -1}]),
        ".emojis[0].index",
        "Must be greater than or equal to 0",
    ),
    (text(text="$", emojis=[EMOJI | {"index": 0.5}]), ".emojis[0].index", "must be an integer"),
    (text(text="$", emojis=[EMOJI | {"index": None}]), ".emojis[0].index", "must be specified"),
    (text(text="$", emojis=[EMOJI | {"productId": ""}]), ".emojis[0].productId", "May not be empty"),
    (text(text="$", emojis=[EMOJI | {"emojiId": None}]), ".emojis[0].emojiId", "May not be empty"),
    (text(quoteToken=1), ".quoteToken", "must be a string"),
    # Text (v2)
    (text_v2(text=""), ".text", "May not be empty"),
    (text_v2(text=[]), ".text", "must be a string"),
    (text_v2(text="a" * 5001), ".text", "Length must be between 0 and 5000"),
    (text_v2(text="a {b"), ".text", "'{' and '}' must be used in pairs"),
    (text_v2(text="a} b"), ".text", "'{' and '}' must be used in pairs"),
    (text_v2(text="{!owe}"), ".text", f"The key '!owe' enclosed in '{{}}' {KEY_PATTERN}"),
    (text_v2(text="{}"), ".text", f"The key '' enclosed in '{{}}' {KEY_PATTERN}"),
    (text_v2(text="{a}{a}"), ".text", "The key 'a' enclosed in '{}' is not specified in the substitution."),
    (text_v2(text="{a}" * 21, substitution={"a": MENTION}), ".text", "must not be more than 20 mentions"),
    (text_v2(text="{a}" * 21, substitution={"a": LINE_EMOJI}), ".text", "must not be more than 20 emojis"),
    (text_v2(substitution=[]), ".substitution", "must be an object"),
    (
        text_v2(substitution={f"k{n}": LINE_EMOJI for n in range(101)}),
        ".substitution",
        "Size must be between 0 and 100",
    ),
    (
        text_v2(substitution={"k" * 21: LINE_EMOJI}),
        ".substitution",
        f"The key '{'k' * 21}' enclosed in '{{}}' {KEY_PATTERN}",
    ),
    (
        text_v2(substitution={"a": {"type": "text"}}),
        ".substitution.a.type",
        "Must be one of the following values: [mention, emoji]",
    ),
    (text_v2(substitution={"a": {"type": "mention"}}), ".substitution.a.mentionee", "must be specified"),
    (
        text_v2(substitution={"a": {"type": "mention", "mentionee": {"type": "bot"}}}),
        ".substitution.a.mentionee.type",
        "Must be one of the following values: [user, all]",
    ),
    (
        text_v2(substitution={"a": {"type": "mention", "mentionee": {"type": "user", "userId": "U1"}}}),
        ".substitution.a.mentionee.userId",
        "Invalid user ID",
    ),
    (
        text_v2(substitution={"a": LINE_EMOJI | {"emojiId": ""}}),
        ".substitution.a.emojiId",
        "May not be empty",
    ),
    # Sticker
    (sticker(packageId=None), ".packageId", "May not be empty"),
    (sticker(stickerId=""), ".stickerId", "May not be empty"),
    (sticker(packageId=True), ".packageId", "must be a string"),
    (sticker(stickerId=[]), ".stickerId", "must be a string"),
    (sticker(stickerId="1987"), ".stickerId", "The sticker cannot be sent with the Messaging API"),
    (sticker(packageId="1"), ".stickerId", "The sticker cannot be sent with the Messaging API"),
    # Image, video, audio
    (image(originalContentUrl=None), ".originalContentUrl", "May not be empty"),
    (image(originalContentUrl=1), ".originalContentUrl", "must be a string"),
    (image(originalContentUrl="http://example.com/a.jpg"), ".originalContentUrl", "invalid uri scheme"),
    (image(originalContentUrl="cat.jpg"), ".originalContentUrl", "invalid uri scheme"),
    (image(originalContentUrl="https:///a.jpg"), ".originalContentUrl", "invalid uri"),
    (image(previewImageUrl="https://example.com/a cat.jpg"), ".previewImageUrl", "invalid uri"),
    (image(previewImageUrl=PICTURE + "x" * 2000), ".previewImageUrl", "Length must be between 0 and 2000"),
    (video(previewImageUrl=None), ".previewImageUrl", "May not be empty"),
    (video(trackingId="x" * 101), ".trackingId", "Length must be between 0 and 100"),
    (video(trackingId="a b"), ".trackingId", "contains characters that may not be used"),
    (audio(duration=None), ".duration", "must be specified"),
    (audio(duration="60000"), ".duration", "must be an integer"),
    (audio(duration=True), ".duration", "must be an integer"),
    (audio(duration=-1), ".duration", "Must be greater than or equal to 0"),
    (audio(duration=float("inf")), ".duration", "must be an integer"),
    # Location
    (location(title=""), ".title", "May not be empty"),
    (location(title="x" * 101), ".title", "Length must be between 0 and 100"),
    (location(address="x" * 101), ".address", "Length must be between 0 and 100"),
    (location(latitude=90.1), ".latitude", "Must be less than or equal to 90"),
    (location(longitude=-180.1), ".longitude", "Must be greater than or equal to -180"),
    (location(longitude="139"), ".longitude", "must be a number"),
    (location(latitude=None), ".latitude", "must be specified"),
    # Coupon
    (coupon(couponId=None), ".couponId", "May not be empty"),
    (coupon(deliveryTag="x" * 31), ".deliveryTag", "Length must be between 0 and 30"),
    (coupon(deliveryTag="a-b"), ".deliveryTag", "contains characters that may not be used"),
    # Imagemap
    (imagemap(baseUrl="http://example.com"), ".baseUrl", "invalid uri scheme"),
    (imagemap(altText="x" * 1501), ".altText", "Length must be between 0 and 1500"),
    (imagemap(altText=None), ".altText", "May not be empty"),
    (imagemap(baseSize=None), ".baseSize", "must be specified"),
    (
        imagemap(baseSize={"width": 700, "height": 700}),
        ".baseSize.width",
        "Must be one of the following values: [1040]",
    ),
    (imagemap(baseSize={"width": 1040}), ".baseSize.height", "must be specified"),
    (imagemap(actions=None), ".actions", "May not be empty"),
    (imagemap(actions=[]), ".actions", "Size must be between 1 and 50"),
    (imagemap(actions=imagemap()["actions"] * 51), ".actions", "Size must be between 1 and 50"),
    (
        imagemap(actions=[{"type": "postback", "area": AREA}]),
        ".actions[0].type",
        "Must be one of the following values: [uri, message, clipboard]",
    ),
    (
        imagemap(actions=[{"type": "uri", "linkUri": "ftp://example.com", "area": AREA}]),
        ".actions[0].linkUri",
        "invalid uri scheme",
    ),
    (
        imagemap(actions=[{"type": "message", "text": "x" * 401, "area": AREA}]),
        ".actions[0].text",
        "Length must be between 0 and 400",
    ),
    (
        imagemap(actions=[{"type": "clipboard", "clipboardText": "", "area": AREA}]),
        ".actions[0].clipboardText",
        "Length must be between 1 and 1000",
    ),
    (
        imagemap(actions=[{"type": "message", "text": "a", "label": "x" * 101, "area": AREA}]),
        ".actions[0].label",
        "Length must be between 0 and 100",
    ),
    (imagemap(actions=[{"type": "message", "text": "a"}]), ".actions[0].area", "must be specified"),
    (
        imagemap(actions=[{"type": "message", "text": "a", "area": AREA | {"x": -1}}]),
        ".actions[0].area.x",
        "Must be greater than or equal to 0",
    ),
    (imagemap(video=FILM_ON_MAP | {"area": None}), ".video.area", "must be specified"),
    (
        imagemap(video=FILM_ON_MAP | {"externalLink": {"linkUri": "https://e.org", "label": "x" * 31}}),
        ".video.externalLink.label",
        "Length must be between 0 and 30",
    ),
    # Common properties
    (text(sender="me"), ".sender", "must be an object"),
    (text(sender={"name": "x" * 21}), ".sender.name", "Length must be between 0 and 20"),
    (text(sender={"name": "LINE Shop"}), ".sender.name", "The name contains a word that may not be used"),
    (text(sender={"iconUrl": "http://example.com"}), ".sender.iconUrl", "invalid uri scheme"),
    (text(quickReply={}), ".quickReply.items", "May not be empty"),
    (quick(), ".quickReply.items", "Size must be between 1 and 13"),
    (quick(*[TAP] * 14), ".quickReply.items", "Size must be between 1 and 13"),
    (quick(TAP, type="button"), ".quickReply.items[0].type", "Must be one of the following values: [action]"),
    (quick(TAP, imageUrl="icon.png"), ".quickReply.items[0].imageUrl", "invalid uri scheme"),
    (quick(None), ".quickReply.items[0].action", "must be specified"),
    (quick({"type": "camera"}), ".quickReply.items[0].action", "`label` must be specified"),
]


@pytest.mark.parametrize(("message", "suffix", "words"), INVALID)
def test_refuses(message: Any, suffix: str, words: str) -> None:
    assert errors(text(), message) == [(f"messages[1]{suffix}", words)]


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (None, "May not be empty"),
        ({}, "must be an array"),
        ("text", "must be an array"),
        ([], "Size must be between 1 and 5"),
        ([text()] * 6, "Size must be between 1 and 5"),
    ],
)
def test_refuses_other_than_one_to_five_messages(raw: Any, words: str) -> None:
    details = validate_messages(raw, PUSH)
    assert [(detail.property, detail.message) for detail in details] == [("messages", words)]


def test_reports_every_error_in_document_order() -> None:
    assert errors(text(text=""), {"type": "poll"}, image(previewImageUrl=None, originalContentUrl="x")) == [
        ("messages[0].text", "May not be empty"),
        ("messages[1].type", TYPES),
        ("messages[2].originalContentUrl", "invalid uri scheme"),
        ("messages[2].previewImageUrl", "May not be empty"),
    ]


def test_looks_only_at_as_many_messages_as_allowed() -> None:
    assert errors(*[text(text="")] * 1000) == [
        ("messages", "Size must be between 1 and 5"),
        *((f"messages[{index}].text", "May not be empty") for index in range(5)),
    ]


def test_refuses_what_is_nested_too_deeply_for_anyone_to_handle() -> None:
    deep: Any = "x"
    for _ in range(900):
        deep = [deep]
    assert errors(text(extra=deep)) == [("messages[0]", "The message is nested too deeply")]


@pytest.mark.parametrize("package", SENDABLE)
def test_sends_exactly_the_stickers_of_a_package(package: int) -> None:
    stickers = SENDABLE[package]
    assert len(stickers) in (24, 40)
    sent = [
        n
        for n in range(stickers[0] - 1, stickers[-1] + 2)
        if not errors(sticker(packageId=package, stickerId=n))
    ]
    assert sent == list(stickers)


@pytest.mark.parametrize("sticker_id", ["01988", "+1988", "１９８８", "19 88", "1988 ", "9" * 5000])
def test_a_sticker_id_is_written_in_one_way(sticker_id: str) -> None:
    assert errors(sticker(stickerId=sticker_id)) != []


def test_no_more_errors_are_told_than_anybody_reads() -> None:
    boxes = [{"type": "box", "layout": "vertical", "contents": [{}] * 1_000} for _ in range(3)]
    body = {"type": "box", "layout": "vertical", "contents": boxes}
    assert len(errors(flex({"type": "bubble", "body": body}))) == 1_000


def test_whole_numbers_may_be_written_with_a_point() -> None:
    assert errors(imagemap(baseSize={"width": 1040.0, "height": 700.0})) == []
    assert errors(imagemap(baseSize={"width": 1040.5, "height": 700})) != []
