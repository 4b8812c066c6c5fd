"""What LINE's own Python SDK builds is accepted, every kind of message, action, template and component of it."""

from collections.abc import Iterator
from typing import Any

import pytest
from linebot.v3 import messaging as line

from .samples import FILM, PICTURE, USER, errors

REPLY = line.MessageAction(label="Yes", text="yes")
LINK = line.URIAction(label="Go", uri="https://e.org", altUri=line.AltUri(desktop="https://e.org/pc"))
BUY = line.PostbackAction(
    label="Buy", data="action=buy", displayText="Buy", inputOption="openKeyboard", fillInText="Name: "
)
WHEN = line.DatetimePickerAction(
    label="When",
    data="d",
    mode="datetime",
    initial="2026-01-02T00:00",
    max="2026-12-31T23:59",
    min="2026-01-01T00:00",
)
COPY = line.ClipboardAction(label="Copy", clipboardText="3B48740B")
TAPS = [REPLY, LINK, BUY, WHEN, COPY]
QUICK_TAPS = [
    *TAPS,
    line.CameraAction(label="Camera"),
    line.CameraRollAction(label="Photos"),
    line.LocationAction(label="Here"),
]
COMMON: dict[str, Any] = {
    "quickReply": line.QuickReply(
        items=[line.QuickReplyItem(imageUrl=PICTURE, action=tap) for tap in QUICK_TAPS]
    ),
    "sender": line.Sender(name="Cony", iconUrl=PICTURE),
}
AREA = line.ImagemapArea(x=0, y=0, width=520, height=520)
PLACED = {
    "margin": "md",
    "position": "relative",
    "offsetTop": "1px",
    "offsetBottom": "sm",
    "offsetStart": "10%",
    "offsetEnd": "none",
}
FONT = {"size": "xl", "color": "#ff0000", "weight": "bold", "style": "italic", "decoration": "underline"}

IMAGE = line.FlexImage(
    url=PICTURE,
    flex=1,
    align="center",
    gravity="center",
    size="full",
    aspectRatio="20:13",
    aspectMode="cover",
    backgroundColor="#ffffff",
    action=LINK,
    animated=False,
    **PLACED,
)
TEXT = line.FlexText(
    text="hi",
    flex=0,
    align="start",
    gravity="top",
    wrap=True,
    lineSpacing="4px",
    maxLines=2,
    adjustMode="shrink-to-fit",
    scaling=True,
    action=BUY,
    **PLACED,
    **FONT,
)
SPANS = line.FlexText(contents=[line.FlexSpan(text="a", **FONT), line.FlexSpan(text="b")])
BUTTONS = [
    line.FlexButton(
        action=tap,
        flex=1,
        color="#00ff00",
        style="primary",
        gravity="center",
        height="sm",
        adjustMode="shrink-to-fit",
        scaling=True,
        **PLACED,
    )
    for tap in TAPS
]
BASELINE = line.FlexBox(
    layout="baseline",
    contents=[
        line.FlexIcon(url=PICTURE, size="sm", aspectRatio="1:1", scaling=True, **PLACED),
        TEXT,
        line.FlexFiller(),
    ],
)
BOX = line.FlexBox(
    layout="vertical",
    contents=[
        SPANS,
        BASELINE,
        IMAGE,
        *BUTTONS,
        line.FlexSeparator(margin="md", color="#000000"),
        line.FlexFiller(flex=1),
    ],
    flex=1,
    spacing="sm",
    width="50%",
    maxWidth="300px",
    height="50px",
    maxHeight="100%",
    backgroundColor="#00000000",
    borderColor="#000000",
    borderWidth="semi-bold",
    cornerRadius="md",
    paddingAll="md",
    paddingTop="1px",
    paddingBottom="1%",
    paddingStart="none",
    paddingEnd="xxl",
    justifyContent="space-evenly",
    alignItems="flex-end",
    background=line.FlexBoxLinearGradient(
        angle="90deg", startColor="#ffff00", endColor="#0080ff", centerColor="#00ff00", centerPosition="10%"
    ),
    action=REPLY,
    **PLACED,
)
STYLE = line.FlexBlockStyle(backgroundColor="#ffffff", separator=True, separatorColor="#000000")
BUBBLE = line.FlexBubble(
    size="mega",
    direction="ltr",
    header=BOX,
    hero=IMAGE,
    body=BOX,
    footer=BOX,
    styles=line.FlexBubbleStyles(header=STYLE, hero=STYLE, body=STYLE, footer=STYLE),
    action=LINK,
)
FILM_BUBBLE = line.FlexBubble(
    hero=line.FlexVideo(url=FILM, previewUrl=PICTURE, altContent=IMAGE, aspectRatio="20:13", action=LINK)
)
BUTTONS_TEMPLATE = line.ButtonsTemplate(
    thumbnailImageUrl=PICTURE,
    imageAspectRatio="rectangle",
    imageSize="cover",
    imageBackgroundColor="#FFFFFF",
    title="Menu",
    text="Please select",
    defaultAction=LINK,
    actions=TAPS[1:],
)
COLUMN = line.CarouselColumn(
    thumbnailImageUrl=PICTURE,
    imageBackgroundColor="#FFFFFF",
    title="Item",
    text="words",
    defaultAction=LINK,
    actions=TAPS[:3],
)
TEMPLATES = [
    BUTTONS_TEMPLATE,
    line.ConfirmTemplate(text="Sure?", actions=[REPLY, BUY]),
    line.CarouselTemplate(columns=[COLUMN, COLUMN], imageAspectRatio="square", imageSize="contain"),
    line.ImageCarouselTemplate(
        columns=[line.ImageCarouselColumn(imageUrl=PICTURE, action=tap) for tap in TAPS]
    ),
]
IMAGEMAP = line.ImagemapMessage(
    baseUrl="https://e.org/map",
    altText="a map",
    baseSize=line.ImagemapBaseSize(width=1040, height=585),
    video=line.ImagemapVideo(
        originalContentUrl=FILM,
        previewImageUrl=PICTURE,
        area=AREA,
        externalLink=line.ImagemapExternalLink(linkUri="https://e.org", label="More"),
    ),
    actions=[
        line.URIImagemapAction(linkUri="https://e.org", area=AREA, label="go"),
        line.MessageImagemapAction(text="hi", area=AREA),
        line.ClipboardImagemapAction(clipboardText="3B48740B", area=AREA),
    ],
    **COMMON,
)
V2 = line.TextMessageV2(
    text="Hi {you} {all} {smile}",
    substitution={
        "you": line.MentionSubstitutionObject(mentionee=line.UserMentionTarget(userId=USER)),
        "all": line.MentionSubstitutionObject(mentionee=line.AllMentionTarget()),
        "smile": line.EmojiSubstitutionObject(productId="5ac1bfd5040ab15980c9b435", emojiId="001"),
    },
    quoteToken="q",
    **COMMON,
)
EMOJI = line.Emoji(index=0, productId="5ac1bfd5040ab15980c9b435", emojiId="001")

MESSAGES = [
    line.TextMessage(text="$ hello", emojis=[EMOJI], quoteToken="q", **COMMON),
    V2,
    line.StickerMessage(packageId="446", stickerId="1988", quoteToken="q", **COMMON),
    line.ImageMessage(originalContentUrl=PICTURE, previewImageUrl=PICTURE, **COMMON),
    line.VideoMessage(originalContentUrl=FILM, previewImageUrl=PICTURE, trackingId="track-id", **COMMON),
    line.AudioMessage(originalContentUrl="https://e.org/a.m4a", duration=60000, **COMMON),
    line.LocationMessage(
        title="Office", address="1-3 Kioicho", latitude=35.67966, longitude=139.73669, **COMMON
    ),
    line.CouponMessage(couponId="01JYNW8JMQVFBNWF1APF8Z3FS7", deliveryTag="winter", **COMMON),
    IMAGEMAP,
    *(line.TemplateMessage(altText="a template", template=each, **COMMON) for each in TEMPLATES),
    line.FlexMessage(altText="a card", contents=BUBBLE, **COMMON),
    line.FlexMessage(altText="a film", contents=FILM_BUBBLE),
    line.FlexMessage(altText="cards", contents=line.FlexCarousel(contents=[BUBBLE, BUBBLE])),
]


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: type(message).__name__)
def test_accepts_what_the_sdk_builds(message: Any) -> None:
    assert errors(message.to_dict()) == []


def test_these_are_all_kinds_that_the_sdk_can_build() -> None:
    built = set(_types([message.to_dict() for message in MESSAGES]))
    for base in (line.Message, line.Template, line.ImagemapAction, line.FlexContainer, line.FlexComponent):
        assert built >= _kinds(base)
    assert built >= _kinds(line.Action) - {"richmenuswitch"}


def _kinds(base: type) -> set[str]:
    return set(getattr(base, f"_{base.__name__}__discriminator_value_class_map"))


def _types(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from [value["type"]] if "type" in value else []
        value = list(value.values())
    if isinstance(value, list):
        for child in value:
            yield from _types(child)
