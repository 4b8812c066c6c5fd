"""Flex Messages: containers, components and the values of their properties."""

from typing import Any

import pytest

from .samples import FILM, PICTURE, TAP, Json, box, bubble, bubbles, errors, flex

TEXT: Json = {"type": "text", "text": "hi"}
IMAGE: Json = {"type": "image", "url": PICTURE}
ICON: Json = {"type": "icon", "url": PICTURE}
BUTTON: Json = {"type": "button", "action": TAP}
VIDEO: Json = {"type": "video", "url": FILM, "previewUrl": PICTURE, "altContent": IMAGE}
GRADIENT: Json = {
    "type": "linearGradient",
    "angle": "23.5deg",
    "startColor": "#FFFF00",
    "endColor": "#0080ff80",
}

INVALID = "invalid property"
TOO_LARGE = "Too large flex message. The maximum size of JSON data that defines a"

GAPS = ["0px", "23.5px", "none", "xs", "sm", "md", "lg", "xl", "xxl"]
SIZES = ["12px", "xxs", "xs", "sm", "md", "lg", "xl", "xxl", "3xl", "4xl", "5xl"]
COLORS = ["#ff0000", "#FF000080"]
OFFSETS = [*GAPS, "-4px", "50%"]
RATIOS = ["1:1", "1.91:1", "20:13", "1:3", "100000:1"]
PLACED: dict[str, list[Any]] = {
    "margin": GAPS,
    "position": ["relative", "absolute"],
    "offsetTop": OFFSETS,
    "offsetBottom": OFFSETS,
    "offsetStart": OFFSETS,
    "offsetEnd": OFFSETS,
}
FONT: dict[str, list[Any]] = {
    "size": SIZES,
    "color": COLORS,
    "weight": ["regular", "bold"],
    "style": ["normal", "italic"],
    "decoration": ["none", "underline", "line-through"],
}
FLAGS = [True, False]
COUNTS = [0, 1, 5, 2.0]
ALIGN = ["start", "end", "center"]
GRAVITY = ["top", "bottom", "center"]

PROPERTIES: list[tuple[Json, dict[str, list[Any]]]] = [
    (
        box(),
        PLACED
        | {
            "layout": ["horizontal", "vertical", "baseline"],
            "backgroundColor": COLORS,
            "borderColor": COLORS,
            "borderWidth": ["2px", "none", "light", "normal", "medium", "semi-bold", "bold"],
            "cornerRadius": GAPS,
            "width": ["10px", "50%"],
            "maxWidth": ["10px", "50%"],
            "height": ["10px", "50%"],
            "maxHeight": ["10px", "50%"],
            "flex": COUNTS,
            "spacing": GAPS,
            "paddingAll": [*GAPS, "10%"],
            "paddingTop": [*GAPS, "10%"],
            "paddingBottom": [*GAPS, "10%"],
            "paddingStart": [*GAPS, "10%"],
            "paddingEnd": [*GAPS, "10%"],
            "justifyContent": [
                "center",
                "flex-start",
                "flex-end",
                "space-between",
                "space-around",
                "space-evenly",
            ],
            "alignItems": ["center", "flex-start", "flex-end"],
            "background": [GRADIENT, GRADIENT | {"centerColor": "#00ff00", "centerPosition": "10.5%"}],
        },
    ),
    (
        BUTTON,
        PLACED
        | {
            "flex": COUNTS,
            "height": ["sm", "md"],
            "style": ["primary", "secondary", "link"],
            "color": COLORS,
            "gravity": GRAVITY,
            "adjustMode": ["shrink-to-fit"],
            "scaling": FLAGS,
        },
    ),
    (
        IMAGE,
        PLACED
        | {
            "flex": COUNTS,
            "align": ALIGN,
            "gravity": GRAVITY,
            "size": [*SIZES, "full", "50%"],
            "aspectRatio": RATIOS,
            "aspectMode": ["cover", "fit"],
            "backgroundColor": COLORS,
            "animated": FLAGS,
        },
    ),
    (
        TEXT,
        PLACED
        | FONT
        | {
            "flex": COUNTS,
            "align": ALIGN,
            "gravity": GRAVITY,
            "wrap": FLAGS,
            "lineSpacing": ["20px"],
            "maxLines": COUNTS,
            "adjustMode": ["shrink-to-fit"],
            "scaling": FLAGS,
        },
    ),
    ({"type": "separator"}, {"margin": GAPS, "color": COLORS}),
    ({"type": "filler"}, {"flex": COUNTS}),
]
"""Every component of an upright box, its properties and the values they take."""

WRONG: dict[str, list[Any]] = {
    "margin": ["huge", "5", "10%", "-4px", 5],
    "position": ["fixed"],
    "offsetTop": ["up", 1],
    "layout": ["grid", 1],
    "backgroundColor": ["#fff", "red", "#12345G", 0],
    "color": ["#444", ["#444444"]],
    "borderWidth": ["thick"],
    "cornerRadius": ["round"],
    "width": ["md", "10"],
    "flex": [-1, 1.5, "1", True, float("nan")],
    "maxLines": [-1],
    "size": ["tiny", 12],
    "weight": ["black", {}],
    "decoration": ["blink"],
    "align": ["left"],
    "gravity": ["middle"],
    "aspectRatio": ["1", "0:1", "1:3.1", "100001:1", "a:b", 1],
    "aspectMode": ["contain"],
    "wrap": ["true", 1],
    "scaling": ["on"],
    "adjustMode": ["grow"],
    "height": ["xl"],
    "background": ["red", {}, {"type": "radialGradient"}],
    "lineSpacing": ["1em"],
    "style": ["bold"],
}


@pytest.mark.parametrize(("component", "properties"), PROPERTIES)
def test_accepts_the_documented_values(component: Json, properties: dict[str, list[Any]]) -> None:
    for name, values in properties.items():
        for value in values:
            assert errors(flex(bubble(TEXT, component | {name: value}))) == [], (name, value)


@pytest.mark.parametrize(("component", "properties"), PROPERTIES)
def test_refuses_other_values(component: Json, properties: dict[str, list[Any]]) -> None:
    for name in properties:
        expected = [(f"messages[0].contents.body.contents[1].{name}", INVALID)]
        for wrong in WRONG.get(name, ["nonsense"]):
            assert errors(flex(bubble(TEXT, component | {name: wrong}))) == expected, (name, wrong)


@pytest.mark.parametrize(
    "contents",
    [
        bubble(),
        bubble(size="nano", direction="rtl", action=TAP | {"label": None}),
        {"type": "bubble", "header": box(), "hero": IMAGE, "footer": box(BUTTON)},
        {"type": "bubble", "hero": box(IMAGE)},
        {"type": "bubble", "hero": VIDEO},
        {"type": "bubble", "size": "giga", "hero": VIDEO | {"altContent": box(), "aspectRatio": "20:13"}},
        {
            "type": "bubble",
            "hero": VIDEO | {"action": {"type": "uri", "label": "More", "uri": "https://e.org"}},
        },
        bubble(
            styles={"header": {"backgroundColor": "#00ffff", "separator": True, "separatorColor": "#000000"}}
        ),
        bubble(styles={"comment": "unknown properties are ignored"}),
        bubble(box(ICON, TEXT, {"type": "filler"}, layout="baseline")),
        bubble(box(TEXT, ICON | {"size": "3xl", "aspectRatio": "1:1", "scaling": True}, layout="baseline")),
        bubble({"type": "text", "contents": [{"type": "span", "text": "a", "size": "xl"}, {"type": "span"}]}),
        bubble(TEXT | {"text": "x" * 5000}),
        bubble(IMAGE | {"action": TAP}, box(action=TAP)),
        bubbles(bubble()),
        bubbles(*[bubble(size="micro")] * 12),
        bubbles(bubble(), bubble(size="mega")),
        bubble(*[IMAGE | {"animated": True}] * 10),
    ],
)
def test_accepts(contents: Json) -> None:
    assert errors(flex(contents)) == []


REFUSED: list[tuple[Json, str, str]] = [
    # Containers
    ({"type": "panel"}, ".type", "Must be one of the following values: [bubble, carousel]"),
    ({"type": "bubble"}, "", "At least one block must be specified"),
    (bubble(size="huge"), ".size", INVALID),
    (bubble(direction="ttb"), ".direction", INVALID),
    (bubble(styles=[]), ".styles", "must be an object"),
    (bubble(styles={"body": {"separator": "yes"}}), ".styles.body.separator", INVALID),
    (bubble(body=TEXT), ".body", INVALID),
    (bubble(body="x"), ".body", INVALID),
    (bubble(hero=BUTTON), ".hero", INVALID),
    (bubble(footer=VIDEO), ".footer", INVALID),
    (bubble(TEXT | {"position": "absolute"}), ".body.contents[0].position", INVALID),
    (bubbles(), ".contents", "Size must be between 1 and 12"),
    (bubbles(*[bubble()] * 13), ".contents", "Size must be between 1 and 12"),
    (bubbles("x"), ".contents[0]", "must be an object"),
    (bubbles(bubble(), bubbles()), ".contents[1].type", "Must be one of the following values: [bubble]"),
    (
        bubbles(bubble(), bubble(size="nano")),
        ".contents[1].size",
        "must be the same in all bubbles of a carousel",
    ),
    (bubbles(bubble(), bubble(hero=VIDEO)), ".contents[1].hero", INVALID),
    (bubble(TEXT | {"text": "x" * 30_720}), "", f"{TOO_LARGE} bubble is 30 KB"),
    (bubbles(*[bubble(TEXT | {"text": "あ" * 3000})] * 6), "", f"{TOO_LARGE} carousel is 50 KB"),
    (bubble(*[IMAGE | {"animated": True}] * 11), "", "must not be more than 10 animated images"),
    # Components
    (bubble({"type": "spacer"}), ".body.contents[0]", INVALID),
    (bubble("x"), ".body.contents[0]", INVALID),
    (bubble(ICON), ".body.contents[0]", INVALID),
    (bubble(VIDEO), ".body.contents[0]", INVALID),
    (bubble({"type": "span", "text": "a"}), ".body.contents[0]", INVALID),
    (bubble(box(box(), layout="baseline")), ".body.contents[0].contents[0]", INVALID),
    (bubble(box(IMAGE, layout="baseline")), ".body.contents[0].contents[0]", INVALID),
    (bubble(box(BUTTON, layout="baseline")), ".body.contents[0].contents[0]", INVALID),
    (bubble(box(layout=None)), ".body.contents[0].layout", "must be specified"),
    (bubble(box() | {"contents": None}), ".body.contents[0].contents", "May not be empty"),
    (bubble(box() | {"contents": {}}), ".body.contents[0].contents", "must be an array"),
    (bubble({"type": "button"}), ".body.contents[0].action", "must be specified"),
    (bubble({"type": "image"}), ".body.contents[0].url", "must be specified"),
    (bubble(IMAGE | {"url": "http://example.com/a.png"}), ".body.contents[0].url", "invalid uri scheme"),
    (bubble({"type": "text"}), ".body.contents[0].text", "must be non-empty text"),
    (
        bubble({"type": "text", "text": "", "contents": []}),
        ".body.contents[0].text",
        "must be non-empty text",
    ),
    (bubble({"type": "text", "text": 4.0}), ".body.contents[0].text", INVALID),
    (bubble({"type": "text", "contents": [TEXT]}), ".body.contents[0].contents[0]", INVALID),
    (
        bubble(TEXT | {"action": {"type": "uri", "uri": "x:y"}}),
        ".body.contents[0].action.uri",
        "invalid uri scheme",
    ),
    (bubble(box(background=GRADIENT | {"angle": "360deg"})), ".body.contents[0].background.angle", INVALID),
    (bubble(box(background=GRADIENT | {"angle": 90})), ".body.contents[0].background.angle", INVALID),
    (
        bubble(box(background=GRADIENT | {"endColor": None})),
        ".body.contents[0].background.endColor",
        "must be specified",
    ),
    (
        bubble(box(background=GRADIENT | {"centerPosition": "101%"})),
        ".body.contents[0].background.centerPosition",
        INVALID,
    ),
    (
        bubble(box(background=GRADIENT | {"centerPosition": 5})),
        ".body.contents[0].background.centerPosition",
        INVALID,
    ),
    # Videos
    (bubble(size="micro", hero=VIDEO), ".hero", INVALID),
    (bubble(hero=VIDEO | {"altContent": None}), ".hero.altContent", "must be specified"),
    (bubble(hero=VIDEO | {"altContent": TEXT}), ".hero.altContent", INVALID),
    (bubble(hero=VIDEO | {"previewUrl": None}), ".hero.previewUrl", "must be specified"),
    (bubble(hero=VIDEO | {"action": TAP}), ".hero.action.type", "Must be one of the following values: [uri]"),
]


@pytest.mark.parametrize(("contents", "suffix", "words"), REFUSED)
def test_refuses(contents: Json, suffix: str, words: str) -> None:
    assert errors(flex(contents)) == [(f"messages[0].contents{suffix}", words)]


def test_needs_an_alternative_text_and_contents() -> None:
    assert errors({"type": "flex"}) == [
        ("messages[0].altText", "May not be empty"),
        ("messages[0].contents", "must be specified"),
    ]


def test_a_bubble_may_be_as_large_as_line_says() -> None:
    frame = 30 * 1024 - len(
        '{"type":"bubble","body":{"type":"box","layout":"vertical","contents":[{"type":"text","text":""}]}}'
    )
    assert errors(flex(bubble(TEXT | {"text": "x" * frame}))) == []
    assert errors(flex(bubble(TEXT | {"text": "x" * (frame + 1)}))) != []


def test_boxes_may_stand_in_boxes() -> None:
    nested = box(TEXT)
    for _ in range(40):
        nested = box(nested)
    assert errors(flex(bubble(nested))) == []


def test_reports_every_error_of_a_card() -> None:
    assert errors(flex(bubble(TEXT | {"color": "red", "text": ""}, IMAGE | {"url": None}), altText="")) == [
        ("messages[0].altText", "May not be empty"),
        ("messages[0].contents.body.contents[0].text", "must be non-empty text"),
        ("messages[0].contents.body.contents[0].color", INVALID),
        ("messages[0].contents.body.contents[1].url", "must be specified"),
    ]
