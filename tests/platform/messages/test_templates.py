"""Template messages."""

import pytest

from .samples import (
    PICTURE,
    TAP,
    Json,
    buttons,
    carousel,
    column,
    confirm,
    errors,
    image_carousel,
    template,
)

IMAGE_COLUMN: Json = {"imageUrl": PICTURE, "action": TAP}


@pytest.mark.parametrize(
    "body",
    [
        buttons(),
        buttons(text="x" * 160, actions=[TAP] * 4),
        buttons(title="", text="x" * 160),
        buttons(title="x" * 40, text="🇯🇵" * 60, thumbnailImageUrl=PICTURE),
        buttons(
            thumbnailImageUrl=PICTURE,
            imageAspectRatio="square",
            imageSize="contain",
            imageBackgroundColor="#FFaa00",
            defaultAction=TAP,
        ),
        confirm(),
        confirm(text="x" * 240),
        carousel(),
        carousel(*[column(text="x" * 120)] * 10, imageAspectRatio="rectangle", imageSize="cover"),
        carousel(*[column(title="t", text="x" * 60, thumbnailImageUrl=PICTURE, actions=[TAP] * 3)] * 2),
        image_carousel(*[IMAGE_COLUMN] * 10),
    ],
)
def test_accepts(body: Json) -> None:
    assert errors(template(body)) == []


@pytest.mark.parametrize(
    ("body", "suffix", "words"),
    [
        (
            {"type": "list"},
            ".type",
            "Must be one of the following values: [buttons, confirm, carousel, image_carousel]",
        ),
        (buttons(text=""), ".text", "May not be empty"),
        (buttons(text="x" * 161), ".text", "must not be longer than 160 characters"),
        (buttons(text="x" * 61, title="t"), ".text", "must not be longer than 60 characters"),
        (buttons(text="x" * 61, thumbnailImageUrl=PICTURE), ".text", "must not be longer than 60 characters"),
        (buttons(title="x" * 41), ".title", "must not be longer than 40 characters"),
        (buttons(thumbnailImageUrl="http://example.com/a.jpg"), ".thumbnailImageUrl", "invalid uri scheme"),
        (
            buttons(imageAspectRatio="round"),
            ".imageAspectRatio",
            "Must be one of the following values: [rectangle, square]",
        ),
        (buttons(imageSize="big"), ".imageSize", "Must be one of the following values: [cover, contain]"),
        (buttons(imageBackgroundColor="red"), ".imageBackgroundColor", "Must be a color of the form #RRGGBB"),
        (buttons(actions=None), ".actions", "May not be empty"),
        (buttons(actions=[]), ".actions", "Size must be between 1 and 4"),
        (buttons(actions=[TAP] * 5), ".actions", "must not be more than 4 items"),
        (buttons(defaultAction=TAP | {"text": None}), ".defaultAction.text", "May not be empty"),
        (confirm(text="x" * 241), ".text", "must not be longer than 240 characters"),
        (confirm(actions=[TAP]), ".actions", "Size must be between 2 and 2"),
        (confirm(actions=[TAP] * 3), ".actions", "Size must be between 2 and 2"),
        (carousel(columns=[]), ".columns", "Size must be between 1 and 10"),
        (carousel(columns="x"), ".columns", "must be an array"),
        (carousel(columns=["x"]), ".columns[0]", "must be an object"),
        (carousel(*[column()] * 11), ".columns", "must not be more than 10 items"),
        (carousel(column(text="x" * 121)), ".columns[0].text", "must not be longer than 120 characters"),
        (
            carousel(column(text="x" * 61, title="t")),
            ".columns[0].text",
            "must not be longer than 60 characters",
        ),
        (carousel(column(actions=[TAP] * 4)), ".columns[0].actions", "must not be more than 3 items"),
        (
            carousel(column(), column(actions=[TAP] * 2)),
            ".columns[1].actions",
            "The number of actions must be the same in all columns",
        ),
        (
            carousel(column(title="t"), column()),
            ".columns[1].title",
            "must be specified in all columns or in none of them",
        ),
        (
            carousel(column(), column(), column(thumbnailImageUrl=PICTURE)),
            ".columns[2].thumbnailImageUrl",
            "must be specified in all columns or in none of them",
        ),
        (image_carousel(*[IMAGE_COLUMN] * 11), ".columns", "must not be more than 10 items"),
        (image_carousel(IMAGE_COLUMN | {"imageUrl": None}), ".columns[0].imageUrl", "May not be empty"),
        (image_carousel(IMAGE_COLUMN | {"action": None}), ".columns[0].action", "must be specified"),
    ],
)
def test_refuses(body: Json, suffix: str, words: str) -> None:
    assert errors(template(body)) == [(f"messages[0].template{suffix}", words)]


def test_needs_an_alternative_text_and_a_template() -> None:
    assert errors({"type": "template"}) == [
        ("messages[0].altText", "May not be empty"),
        ("messages[0].template", "must be specified"),
    ]
    assert errors(template(buttons(), altText="x" * 1501)) == [
        ("messages[0].altText", "Length must be between 0 and 1500")
    ]
