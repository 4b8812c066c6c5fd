"""Messages that LINE accepts, small and complete; the tests break them in one place at a time."""

from typing import Any

from kidoku.platform.messages.validate import Context, validate_messages

Json = dict[str, Any]

USER = "U" + "0123456789abcdef" * 2
PICTURE = "https://media.example.com/cat.jpg"
FILM = "https://media.example.com/cat.mp4"
AREA: Json = {"x": 0, "y": 0, "width": 520, "height": 520}
TAP: Json = {"type": "message", "label": "Yes", "text": "yes"}
PUSH = Context(kind="push")


def errors(*messages: Any, context: Context = PUSH) -> list[tuple[str | None, str | None]]:
    """(property, message) of everything that is wrong with these messages."""
    return [(detail.property, detail.message) for detail in validate_messages(list(messages), context)]


def text(**changes: Any) -> Json:
    return {"type": "text", "text": "hello"} | changes


def text_v2(**changes: Any) -> Json:
    return {"type": "textV2", "text": "hello"} | changes


def sticker(**changes: Any) -> Json:
    return {"type": "sticker", "packageId": "446", "stickerId": "1988"} | changes


def image(**changes: Any) -> Json:
    return {"type": "image", "originalContentUrl": PICTURE, "previewImageUrl": PICTURE} | changes


def video(**changes: Any) -> Json:
    return {"type": "video", "originalContentUrl": FILM, "previewImageUrl": PICTURE} | changes


def audio(**changes: Any) -> Json:
    return {
        "type": "audio",
        "originalContentUrl": "https://media.example.com/a.m4a",
        "duration": 60000,
    } | changes


def location(**changes: Any) -> Json:
    place = {"title": "Office", "address": "1-3 Kioicho", "latitude": 35.67966, "longitude": 139.73669}
    return {"type": "location"} | place | changes


def coupon(**changes: Any) -> Json:
    return {"type": "coupon", "couponId": "01JYNW8JMQVFBNWF1APF8Z3FS7"} | changes


def imagemap(**changes: Any) -> Json:
    return {
        "type": "imagemap",
        "baseUrl": "https://media.example.com/map",
        "altText": "a map",
        "baseSize": {"width": 1040, "height": 585},
        "actions": [{"type": "uri", "linkUri": "https://example.com/", "area": AREA}],
    } | changes


def template(body: Json, **changes: Any) -> Json:
    return {"type": "template", "altText": "a template", "template": body} | changes


def buttons(**changes: Any) -> Json:
    return {"type": "buttons", "text": "Choose", "actions": [TAP]} | changes


def confirm(**changes: Any) -> Json:
    return {"type": "confirm", "text": "Sure?", "actions": [TAP, TAP]} | changes


def column(**changes: Any) -> Json:
    return {"text": "Choose", "actions": [TAP]} | changes


def carousel(*columns: Json, **changes: Any) -> Json:
    return {"type": "carousel", "columns": list(columns or [column()])} | changes


def image_carousel(*columns: Json) -> Json:
    return {"type": "image_carousel", "columns": list(columns or [{"imageUrl": PICTURE, "action": TAP}])}


def flex(contents: Any, **changes: Any) -> Json:
    return {"type": "flex", "altText": "a card", "contents": contents} | changes


def box(*contents: Any, **changes: Any) -> Json:
    return {"type": "box", "layout": "vertical", "contents": list(contents)} | changes


def bubble(*contents: Any, **changes: Any) -> Json:
    return {"type": "bubble", "body": box(*contents or ({"type": "text", "text": "hi"},))} | changes


def bubbles(*contents: Any) -> Json:
    return {"type": "carousel", "contents": list(contents)}


def quick(*actions: Any, **changes: Any) -> Json:
    return text(quickReply={"items": [{"type": "action", "action": action} | changes for action in actions]})
