"""Action objects, and what depends on where they stand."""

from typing import Any

import pytest

from .samples import PICTURE, TAP, Json, bubble, buttons, errors, flex, image_carousel, quick, template

LINK: Json = {"type": "uri", "label": "Go", "uri": "https://example.com/"}
DATE: Json = {"type": "datetimepicker", "label": "When", "data": "d", "mode": "date"}
POSTBACK: Json = {"type": "postback", "label": "Buy", "data": "action=buy"}
COPY: Json = {"type": "clipboard", "label": "Copy", "clipboardText": "3B48740B"}


@pytest.mark.parametrize(
    "action",
    [
        TAP,
        TAP | {"label": "👨‍👩‍👧‍👦" * 20, "text": "👨‍👩‍👧‍👦" * 300},
        POSTBACK,
        POSTBACK | {"data": "x" * 300, "displayText": "x" * 300},
        POSTBACK | {"text": "Buy"},
        POSTBACK | {"inputOption": "openKeyboard", "fillInText": "Name:\n"},
        LINK,
        LINK | {"altUri": {"desktop": "http://example.com/pc"}},
        LINK | {"uri": "tel:09001234567"},
        LINK | {"uri": "line://app/1234"},
        LINK | {"uri": "HTTP://example.com:8080/?q=%20"},
        DATE,
        DATE | {"initial": "2017-06-18", "max": "2100-12-31", "min": "1900-01-01"},
        DATE | {"mode": "time", "initial": "00:00", "max": "23:59", "min": "06:15"},
        DATE
        | {
            "mode": "datetime",
            "initial": "2017-12-25t00:00",
            "max": "2018-01-24T23:59",
            "min": "2017-12-25t00:00",
        },
        COPY,
    ],
)
@pytest.mark.parametrize("place", ["quick reply", "template", "flex"])
def test_accepts_everywhere(place: str, action: Json) -> None:
    assert errors(_at(place, action)) == []


INVALID: list[tuple[Json, str, str]] = [
    (TAP | {"label": None}, "", "`label` must be specified"),
    (TAP | {"label": ""}, "", "`label` must be specified"),
    (TAP | {"label": 1}, ".label", "must be a string"),
    (TAP | {"label": "x" * 21}, ".label", "must not be longer than 20 characters"),
    (TAP | {"text": ""}, ".text", "May not be empty"),
    (TAP | {"text": "x" * 301}, ".text", "must not be longer than 300 characters"),
    (POSTBACK | {"data": None}, ".data", "May not be empty"),
    (POSTBACK | {"data": "x" * 301}, ".data", "Length must be between 0 and 300"),
    (POSTBACK | {"displayText": "x" * 301}, ".displayText", "must not be longer than 300 characters"),
    (POSTBACK | {"displayText": "a", "text": "b"}, ".text", "Must not be specified"),
    (POSTBACK | {"fillInText": "x" * 301}, ".fillInText", "must not be longer than 300 characters"),
    (
        POSTBACK | {"inputOption": "openDoor"},
        ".inputOption",
        "Must be one of the following values: [closeRichMenu, openRichMenu, openKeyboard, openVoice]",
    ),
    (LINK | {"uri": None}, ".uri", "May not be empty"),
    (LINK | {"uri": "javascript:alert(1)"}, ".uri", "invalid uri scheme"),
    (LINK | {"uri": "/path"}, ".uri", "invalid uri scheme"),
    (LINK | {"uri": "https://"}, ".uri", "invalid uri"),
    (LINK | {"uri": "tel:"}, ".uri", "invalid uri"),
    (LINK | {"uri": "https://example.com/" + "x" * 1000}, ".uri", "Length must be between 0 and 1000"),
    (LINK | {"altUri": {"desktop": "ftp://example.com"}}, ".altUri.desktop", "invalid uri scheme"),
    (DATE | {"mode": "year"}, ".mode", "Must be one of the following values: [date, time, datetime]"),
    (DATE | {"mode": ["date"]}, ".mode", "Must be one of the following values: [date, time, datetime]"),
    (DATE | {"mode": None}, ".mode", "May not be empty"),
    (
        DATE | {"mode": "year", "initial": "2017", "max": "2018"},
        ".mode",
        "Must be one of the following values: [date, time, datetime]",
    ),
    (DATE | {"data": None}, ".data", "May not be empty"),
    (DATE | {"initial": "2017-06-31"}, ".initial", "Must be of the form 2017-06-18"),
    (DATE | {"initial": "1899-12-31"}, ".initial", "Must be of the form 2017-06-18"),
    (DATE | {"min": "2101-01-01"}, ".min", "Must be of the form 2017-06-18"),
    (DATE | {"max": 20170618}, ".max", "Must be of the form 2017-06-18"),
    (DATE | {"mode": "time", "initial": "24:00"}, ".initial", "Must be of the form 06:15"),
    (
        DATE | {"mode": "datetime", "initial": "2017-06-18"},
        ".initial",
        "Must be of the form 2017-06-18T06:15",
    ),
    (DATE | {"max": "2017-06-18", "min": "2017-06-18"}, ".max", "Must be greater than the value of min"),
    (COPY | {"clipboardText": ""}, ".clipboardText", "Length must be between 1 and 1000"),
    (COPY | {"clipboardText": "x" * 1001}, ".clipboardText", "Length must be between 1 and 1000"),
]


@pytest.mark.parametrize(("action", "suffix", "words"), INVALID)
def test_refuses(action: Json, suffix: str, words: str) -> None:
    assert errors(quick(action)) == [(f"messages[0].quickReply.items[0].action{suffix}", words)]
    assert errors(template(buttons(actions=[action]))) == [
        (f"messages[0].template.actions[0]{suffix}", words)
    ]


def test_a_flex_button_has_a_longer_label() -> None:
    path = "messages[0].contents.body.contents[0].action"
    assert errors(_at("flex", TAP | {"label": "x" * 40})) == []
    assert errors(_at("flex", TAP | {"label": "x" * 41})) == [
        (f"{path}.label", "must not be longer than 40 characters")
    ]
    assert errors(_at("flex", TAP | {"label": None})) == [(path, "`label` must be specified")]


def test_a_flex_image_needs_no_label() -> None:
    picture = {"type": "image", "url": PICTURE, "action": TAP | {"label": None}}
    assert errors(flex(bubble(picture))) == []


def test_an_image_carousel_has_short_labels_or_none() -> None:
    column = {"imageUrl": PICTURE, "action": TAP | {"label": None}}
    assert errors(template(image_carousel(column))) == []
    column = {"imageUrl": PICTURE, "action": TAP | {"label": "x" * 13}}
    assert errors(template(image_carousel(column))) == [
        ("messages[0].template.columns[0].action.label", "must not be longer than 12 characters")
    ]


@pytest.mark.parametrize("kind", ["camera", "cameraRoll", "location"])
def test_the_phones_own_screens_open_from_quick_replies_only(kind: str) -> None:
    action = {"type": kind, "label": "Open"}
    assert errors(quick(action)) == []
    expected = "Must be one of the following values: [postback, message, uri, datetimepicker, clipboard]"
    assert errors(_at("template", action)) == [("messages[0].template.actions[0].type", expected)]
    assert errors(_at("flex", action)) == [("messages[0].contents.body.contents[0].action.type", expected)]


def test_rich_menus_are_switched_from_rich_menus_only() -> None:
    action = {"type": "richmenuswitch", "richMenuAliasId": "b", "data": "x", "label": "b"}
    for place in ("quick reply", "template", "flex"):
        assert [str(words)[:11] for _, words in errors(_at(place, action))] == ["Must be one"]


def _at(place: str, action: Any) -> Json:
    match place:
        case "quick reply":
            return quick(action)
        case "template":
            return template(buttons(actions=[action]))
        case _:
            return flex(bubble({"type": "button", "action": action}))
