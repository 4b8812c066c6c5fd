"""Every webhook event: what causes it, and the whole of it as LINE writes it, in LINE's order of properties."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.sdk.kit import samples
from tests.sdk.kit.control import Account, Provider, User
from tests.sdk.kit.matching import (
    GROUP_ID,
    MESSAGE_ID,
    OPAQUE,
    REPLY_TOKEN,
    ROOM_ID,
    ULID,
    USER_ID,
    Fits,
    whole,
)

Json = dict[str, Any]


@dataclass
class Stage:
    """A bot and two of its friends; `bot` is the ID of the account, in which a user's chat with it is named."""

    provider: Provider
    account: Account
    alice: User
    bob: User

    @property
    def bot(self) -> str:
        return self.account.account_id

    def group(self, *members: User, kind: str = "group") -> str:
        return self.provider.group(self.account, *(members or (self.alice, self.bob)), kind=kind)


@dataclass(frozen=True)
class Case:
    """`cause` makes it happen, `expected` is the event. `kind` is its class in the Python SDK.

    Where other events of the same type come first, `pick` tells this one from them.
    """

    name: str
    kind: str
    cause: Callable[[Stage], object]
    expected: Callable[[Stage], Json]
    pick: Json = field(default_factory=dict)

    def __str__(self) -> str:
        return self.name


def event(kind: str, payload: Json, source: Json | None, *, reply: bool = True, mode: str = "active") -> Json:
    made: Json = {
        "type": kind,
        **payload,
        "webhookEventId": ULID,
        "deliveryContext": {"isRedelivery": False},
        "timestamp": whole(1_600_000_000_000),
    }
    if source is not None:
        made["source"] = source
    if reply:
        made["replyToken"] = REPLY_TOKEN
    return made | {"mode": mode}


def alice(s: Stage) -> Json:
    return {"type": "user", "userId": s.alice.user_id}


def alice_in_group(s: Stage) -> Json:
    return {"type": "group", "groupId": GROUP_ID, "userId": s.alice.user_id}


A_GROUP = {"type": "group", "groupId": GROUP_ID}
A_ROOM = {"type": "room", "roomId": ROOM_ID}
QUOTE = {"quoteToken": OPAQUE}
READ = {"markAsReadToken": OPAQUE}
LINE = {"contentProvider": {"type": "line"}}


def inbound(
    name: str,
    cause: Callable[[Stage], object],
    kind: str,
    content: Json,
    *,
    quotable: bool = True,
    source: Callable[[Stage], Json] = alice,
    pick: Json | None = None,
) -> Case:
    """A message event."""
    message = {"type": kind, "id": MESSAGE_ID} | (QUOTE if quotable else {}) | READ | content
    return Case(
        name, "MessageEvent", cause, lambda s: event("message", {"message": message}, source(s)), pick or {}
    )


def quoting(s: Stage) -> None:
    quoted = s.alice.say(s.bot, "first")
    s.alice.say(s.bot, "second", quotedMessageId=quoted)


def mentioning(s: Stage) -> None:
    mentionees = [
        {"index": 0, "length": 4, "type": "user", "userId": s.bot},
        {"index": 5, "length": 4, "type": "all"},
    ]
    s.alice.say(s.group(), "@Bot @All", mention={"mentionees": mentionees})


def mentioned(s: Stage) -> Json:
    mentionees = [
        {"index": 0, "length": 4, "type": "user", "userId": s.bot, "isSelf": True},
        {"index": 5, "length": 4, "type": "all"},
    ]
    message = {"type": "text", "id": MESSAGE_ID} | QUOTE | READ
    message |= {"text": "@Bot @All", "mention": {"mentionees": mentionees}}
    return event("message", {"message": message}, alice_in_group(s))


EMOJI = {"index": 0, "length": 6, "productId": "8409", "emojiId": "004"}
SET_ID = "E005D41A7288F41B65593ED38FF6E9834B046AB36A37921A56BC236F13A91855"
OF_A_SET = {"imageSetId": SET_ID, "imageSetIndex": 1, "imageSetTotal": 2}
ELSEWHERE = {
    "originalContentUrl": "https://example.com/sea.png",
    "previewImageUrl": "https://example.com/small.png",
}
PLACE = {"title": "Ueno", "address": "Tokyo", "latitude": 35.71, "longitude": 139.77}

MESSAGES = [
    inbound("text", lambda s: s.alice.say(s.bot, "既読 😀"), "text", {"text": "既読 😀"}),
    inbound(
        "text with an emoji",
        lambda s: s.alice.say(s.bot, "(love) it", emojis=[EMOJI]),
        "text",
        {"text": "(love) it", "emojis": [EMOJI]},
    ),
    Case("text with mentions", "MessageEvent", mentioning, mentioned),
    inbound(
        "text with a quote",
        quoting,
        "text",
        {"text": "second", "quotedMessageId": MESSAGE_ID},
        pick={"message": Fits(lambda one: isinstance(one, dict) and one["text"] == "second", "second")},
    ),
    inbound(
        "text in a room",
        lambda s: s.alice.say(s.group(kind="room")),
        "text",
        {"text": "hello"},
        source=lambda s: A_ROOM | {"userId": s.alice.user_id},
    ),
    inbound(
        "image",
        lambda s: s.alice.upload(s.bot, "image", samples.picture(), "sea.png", "image/png"),
        "image",
        LINE,
    ),
    inbound(
        "image of a set",
        lambda s: s.alice.upload(s.bot, "image", samples.picture(), "sea.png", "image/png", **OF_A_SET),
        "image",
        LINE | {"imageSet": {"id": SET_ID, "index": 1, "total": 2}},
    ),
    inbound(
        "image from elsewhere",
        lambda s: s.alice.send(s.bot, {"type": "image", **ELSEWHERE}),
        "image",
        {"contentProvider": {"type": "external", **ELSEWHERE}},
    ),
    inbound(
        "video",
        lambda s: s.alice.upload(s.bot, "video", samples.FILM, "sea.mp4", "video/mp4", duration=1200),
        "video",
        {"duration": 1200} | LINE,
    ),
    inbound(
        "audio",
        lambda s: s.alice.upload(s.bot, "audio", samples.SOUND, "sea.m4a", "audio/mp4", duration=800),
        "audio",
        {"duration": 800} | LINE,
        quotable=False,
    ),
    inbound(
        "file",
        lambda s: s.alice.upload(s.bot, "file", samples.PAPER, "sea.pdf", "application/pdf"),
        "file",
        {"fileName": "sea.pdf", "fileSize": len(samples.PAPER)},
        quotable=False,
    ),
    inbound(
        "location",
        lambda s: s.alice.send(s.bot, {"type": "location", **PLACE}),
        "location",
        PLACE,
        quotable=False,
    ),
    inbound(
        "sticker",
        lambda s: s.alice.send(s.bot, {"type": "sticker", "packageId": "8401", "stickerId": "840101"}),
        "sticker",
        {"packageId": "8401", "stickerId": "840101", "stickerResourceType": "STATIC"},
    ),
]


def editing(s: Stage) -> None:
    group_id = s.group()
    s.alice.edit(group_id, s.alice.say(group_id, "helo"), "hello")


def edited(s: Stage) -> Json:
    message = {"type": "text", "id": MESSAGE_ID} | QUOTE | {"text": "hello"}
    return event("messageEdited", {"message": message}, alice_in_group(s))


def refollowing(s: Stage) -> None:
    s.alice.block(s.account)
    s.alice.follow(s.account)


def joining(s: Stage) -> None:
    group_id = s.group(s.alice)
    s.provider.control.post(f"/groups/{group_id}/members", userId=s.bob.user_id)


def leaving(s: Stage, who: str) -> None:
    s.provider.control.delete(f"/groups/{s.group()}/members/{who}")


def members(s: Stage) -> Json:
    return {"members": [{"type": "user", "userId": s.bob.user_id}]}


PICKED = {"data": "when", "params": {"datetime": "2026-11-22T10:30"}}

WORLD = [
    Case("messageEdited", "MessageEditedEvent", editing, edited),
    Case(
        "unsend",
        "UnsendEvent",
        lambda s: s.alice.unsend(s.bot, s.alice.say(s.bot)),
        lambda s: event("unsend", {"unsend": {"messageId": MESSAGE_ID}}, alice(s), reply=False),
    ),
    Case(
        "follow",
        "FollowEvent",
        lambda s: s.provider.user("Carol").follow(s.account),
        lambda _: event("follow", {"follow": {"isUnblocked": False}}, {"type": "user", "userId": USER_ID}),
    ),
    Case(
        "follow after a block",
        "FollowEvent",
        refollowing,
        lambda s: event("follow", {"follow": {"isUnblocked": True}}, alice(s)),
        {"follow": {"isUnblocked": True}},
    ),
    Case(
        "unfollow",
        "UnfollowEvent",
        lambda s: s.alice.block(s.account),
        lambda s: event("unfollow", {}, alice(s), reply=False),
    ),
    Case("join", "JoinEvent", lambda s: s.group(), lambda _: event("join", {}, A_GROUP)),
    Case("join of a room", "JoinEvent", lambda s: s.group(kind="room"), lambda _: event("join", {}, A_ROOM)),
    Case(
        "leave",
        "LeaveEvent",
        lambda s: leaving(s, s.bot),
        lambda _: event("leave", {}, A_GROUP, reply=False),
    ),
    Case(
        "memberJoined",
        "MemberJoinedEvent",
        joining,
        lambda s: event("memberJoined", {"joined": members(s)}, A_GROUP),
    ),
    Case(
        "memberLeft",
        "MemberLeftEvent",
        lambda s: leaving(s, s.bob.user_id),
        lambda s: event("memberLeft", {"left": members(s)}, A_GROUP, reply=False),
    ),
    Case(
        "postback",
        "PostbackEvent",
        lambda s: s.alice.tap(s.bot, data="buy=1"),
        lambda s: event("postback", {"postback": {"data": "buy=1"}}, alice(s)),
    ),
    Case(
        "postback of a date",
        "PostbackEvent",
        lambda s: s.alice.tap(s.bot, **PICKED),
        lambda s: event("postback", {"postback": PICKED}, alice(s)),
    ),
]


def injected(
    name: str,
    class_name: str,
    payload: Json,
    *,
    source: bool = True,
    reply: bool = False,
    mode: str = "active",
) -> Case:
    """An event that the control API is asked for. The type is the name's first word."""
    kind = name.split()[0]

    def cause(s: Stage) -> None:
        from_user = {"userId": s.alice.user_id} if source else {}
        s.account.emit(kind, payload, **from_user, **({"mode": mode} if mode != "active" else {}))

    return Case(
        name,
        class_name,
        cause,
        lambda s: event(kind, payload, shown_source(s, payload) if source else None, reply=reply, mode=mode),
    )


def shown_source(s: Stage, payload: Json) -> Json | None:
    """LINE leaves the source out when linking an account failed."""
    return None if payload.get("link", {}).get("result") == "failed" else alice(s)


SWITCHED = {"newRichMenuAliasId": "two", "status": "SUCCESS"}

INJECTED = [
    injected(
        "postback of a rich menu",
        "PostbackEvent",
        {"postback": {"data": "switch", "params": SWITCHED}},
        reply=True,
    ),
    injected(
        "videoPlayComplete", "VideoPlayCompleteEvent", {"videoPlayComplete": {"trackingId": "t1"}}, reply=True
    ),
    injected(
        "beacon",
        "BeaconEvent",
        {"beacon": {"hwid": "d41d8cd98f", "type": "enter", "dm": "1234567890abcdef"}},
        reply=True,
    ),
    injected("accountLink", "AccountLinkEvent", {"link": {"result": "ok", "nonce": "xkjn"}}, reply=True),
    injected("accountLink failed", "AccountLinkEvent", {"link": {"result": "failed", "nonce": "xkjn"}}),
    *(
        injected(
            f"membership {kind}",
            "MembershipEvent",
            {"membership": {"type": kind, "membershipId": 3189}},
            reply=True,
        )
        for kind in ("joined", "left", "renewed")
    ),
    injected(
        "module attached",
        "ModuleEvent",
        {"module": {"type": "attached", "botId": "Uf0", "scopes": ["message:send"]}},
        source=False,
    ),
    injected(
        "module detached",
        "ModuleEvent",
        {"module": {"type": "detached", "botId": "Uf0", "reason": "bot_deleted"}},
        source=False,
    ),
    injected("activated", "ActivatedEvent", {"chatControl": {"expireAt": 1_763_800_000_000}}),
    injected("deactivated", "DeactivatedEvent", {}),
    injected("botSuspended", "BotSuspendedEvent", {}, source=False),
    injected("botResumed", "BotResumedEvent", {}, source=False),
    injected(
        "delivery", "PnpDeliveryCompletionEvent", {"delivery": {"data": "15034552939884E28681A7D668CEA94C"}}
    ),
    injected("postback in standby", "PostbackEvent", {"postback": {"data": "x"}}, mode="standby"),
]

CASES = [*MESSAGES, *WORLD, *INJECTED]
