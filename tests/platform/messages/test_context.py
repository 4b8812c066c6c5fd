"""What depends on who gets the message, and how it is sent."""

from dataclasses import replace

import pytest

from kidoku.platform.messages.validate import Context, Kind

from .samples import USER, Json, errors, sticker, text, text_v2, video

MENTION: Json = {"type": "mention", "mentionee": {"type": "user", "userId": USER}}
GREETING = text_v2(text="Hello {you}", substitution={"you": MENTION})
ONE_CHAT: list[Kind] = ["reply", "push"]
MANY_CHATS: list[Kind] = ["multicast", "narrowcast", "broadcast"]
QUOTES = [text(quoteToken="q"), text_v2(quoteToken="q"), sticker(quoteToken="q")]


@pytest.mark.parametrize("message", QUOTES)
def test_quotes_what_stands_in_the_chat(message: Json) -> None:
    for kind in ONE_CHAT:
        context = Context(kind=kind, quote_ok={"q"}.__contains__)
        assert errors(message, context=context) == []
        assert errors(message | {"quoteToken": "other"}, context=context) == [
            ("messages[0].quoteToken", "Invalid quote token")
        ]


@pytest.mark.parametrize("kind", MANY_CHATS)
@pytest.mark.parametrize("message", QUOTES)
def test_quotes_nothing_to_many(message: Json, kind: Kind) -> None:
    assert errors(message, context=Context(kind=kind)) == [
        ("messages[0].quoteToken", "Must not be specified")
    ]


@pytest.mark.parametrize("kind", ONE_CHAT)
def test_mentions_members_of_the_group(kind: Kind) -> None:
    context = Context(kind=kind, group=True, member_ok={USER}.__contains__)
    assert errors(GREETING, context=context) == []
    assert errors(GREETING, context=replace(context, member_ok=lambda _: False)) == [
        ("messages[0].substitution.you.mentionee.userId", "The user is not a member of the chat")
    ]


@pytest.mark.parametrize("context", [Context(kind="push", group=False), *map(Context, MANY_CHATS)])
def test_mentions_nobody_outside_a_group(context: Context) -> None:
    assert errors(GREETING, context=context) == [("messages[0].substitution.you", "Must not be specified")]


def test_leaves_open_what_the_validate_endpoints_cannot_know() -> None:
    context = Context(kind="reply")
    assert errors(GREETING, *QUOTES, video(trackingId="t"), context=context) == []


def test_tracks_no_video_in_a_group() -> None:
    tracked = video(trackingId="t")
    assert errors(tracked, context=Context(kind="push", group=False)) == []
    assert errors(tracked, context=Context(kind="push", group=True)) == [
        ("messages[0].trackingId", "Must not be specified")
    ]


def test_sends_the_stickers_it_is_told() -> None:
    context = Context(kind="push", sticker_ok=lambda package, sticker: (package, sticker) == ("1", "2"))
    assert errors(sticker(packageId="1", stickerId="2"), context=context) == []
    assert errors(sticker(), context=context) == [
        ("messages[0].stickerId", "The sticker cannot be sent with the Messaging API")
    ]
