"""Every operation of the Messaging API that is emulated, as the Node SDK calls it, and what has to come back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.sdk.kit import samples
from tests.sdk.kit.caller import API, DATA, TOKENS, NodeBot
from tests.sdk.kit.matching import (
    ACCESS_TOKEN,
    GROUP_ID,
    ISO_TIME,
    JPEG,
    MESSAGE_ID,
    OPAQUE,
    TEXT,
    TEXTS,
    in_any_order,
    whole,
)
from tests.sdk.kit.scene import ASSERTION, Scene

MESSAGES = {
    "messages": [
        {"type": "text", "text": "ได้เลย 😀"},
        {"type": "sticker", "packageId": "446", "stickerId": "1988"},
    ]
}
SENT = {"sentMessages": [{"id": MESSAGE_ID, "quoteToken": OPAQUE}, {"id": MESSAGE_ID, "quoteToken": OPAQUE}]}
GRANT = "client_credentials"
THIRTY_DAYS_S = 2_592_000


@dataclass(frozen=True)
class Operation:
    """`args` makes the arguments of one call, `expected` the body that it has to give."""

    client: str
    method: str
    args: Callable[[Scene], list[Any]] = lambda _: []
    expected: Callable[[Scene], Any] = lambda _: {}
    status: int = 200
    bot: Callable[[Scene], NodeBot] = lambda s: s.bot

    def __str__(self) -> str:
        return self.method


def today(_: Scene) -> list[str]:
    """The day in Japan, in which LINE counts."""
    return [(datetime.now(UTC) + timedelta(hours=9)).strftime("%Y%m%d")]


def short_lived(s: Scene) -> str:
    made = s.bot.call(TOKENS, "issueChannelToken", GRANT, s.account.channel_id, s.account.secret)
    return str(made.body["access_token"])


def by_jwt(s: Scene) -> str:
    args = GRANT, ASSERTION, s.assertion(token_exp_s=THIRTY_DAYS_S)
    return str(s.bot.call(TOKENS, "issueChannelTokenByJWT", *args).body["access_token"])


def member(of: Scene) -> dict[str, str]:
    return {"displayName": of.bob.name, "userId": of.bob.user_id}


def verified(s: Scene) -> dict[str, Any]:
    expires_in = whole(THIRTY_DAYS_S - 60, THIRTY_DAYS_S)
    return {"client_id": s.account.channel_id, "expires_in": expires_in, "scope": TEXT}


STATELESS = {"access_token": ACCESS_TOKEN, "expires_in": 900, "token_type": "Bearer"}

SENDING = [
    Operation(API, "replyMessage", lambda s: [{"replyToken": s.reply_token, **MESSAGES}], lambda _: SENT),
    Operation(API, "pushMessage", lambda s: [{"to": s.alice.user_id, **MESSAGES}], lambda _: SENT),
    Operation(API, "multicast", lambda s: [{"to": [s.alice.user_id, s.bob.user_id], **MESSAGES}]),
    Operation(API, "broadcast", lambda _: [MESSAGES]),
    *(
        Operation(API, f"validate{kind}", lambda _: [MESSAGES])
        for kind in ("Reply", "Push", "Multicast", "Narrowcast", "Broadcast")
    ),
    Operation(API, "getMessageQuota", expected=lambda _: {"type": "none"}),
    Operation(API, "getMessageQuotaConsumption", expected=lambda _: {"totalUsage": whole()}),
    *(
        Operation(
            API, f"getNumberOfSent{kind}Messages", today, lambda _: {"status": "ready", "success": whole()}
        )
        for kind in ("Reply", "Push", "Multicast", "Broadcast")
    ),
]

READING = [
    Operation(API, "markMessagesAsReadByToken", lambda s: [{"markAsReadToken": s.read_token}]),
    Operation(
        API,
        "markMessagesAsRead",
        lambda s: [{"chat": {"userId": s.bob.user_id}}],
        bot=lambda s: s.optional,
    ),
    Operation(
        API, "showLoadingAnimation", lambda s: [{"chatId": s.alice.user_id, "loadingSeconds": 5}], status=202
    ),
]

PEOPLE = [
    Operation(
        API,
        "getBotInfo",
        expected=lambda s: {
            "userId": s.account.account_id,
            "basicId": s.account.basic_id,
            "displayName": "Node",
            "chatMode": "chat",
            "markAsReadMode": "manual",
        },
    ),
    Operation(API, "getProfile", lambda s: [s.bob.user_id], lambda s: member(s) | {"language": "en"}),
    Operation(
        API, "getFollowers", expected=lambda s: {"userIds": in_any_order(s.alice.user_id, s.bob.user_id)}
    ),
    Operation(API, "issueLinkToken", lambda s: [s.alice.user_id], lambda _: {"linkToken": OPAQUE}),
]


def of_kind(kind: str) -> list[Operation]:
    """The operations on groups, which are those on rooms, too."""
    name = kind.capitalize()
    return [
        Operation(API, f"get{name}MemberProfile", lambda s: [s.group(kind), s.bob.user_id], member),
        Operation(
            API,
            f"get{name}MembersIds",
            lambda s: [s.group(kind)],
            lambda s: {"memberIds": in_any_order(s.alice.user_id, s.bob.user_id)},
        ),
        Operation(API, f"get{name}MemberCount", lambda s: [s.group(kind)], lambda _: {"count": 2}),
        Operation(API, f"leave{name}", lambda s: [s.group(kind)]),
    ]


GROUPS = [
    *of_kind("group"),
    *of_kind("room"),
    Operation(
        API,
        "getGroupSummary",
        lambda s: [s.group()],
        lambda _: {"groupId": GROUP_ID, "groupName": "Trip"},
    ),
]

WEBHOOK = [
    Operation(API, "getWebhookEndpoint", expected=lambda s: {"endpoint": s.receiver.url, "active": True}),
    Operation(API, "setWebhookEndpoint", lambda s: [{"endpoint": s.receiver.url}]),
    Operation(
        API,
        "testWebhookEndpoint",
        lambda s: [{"endpoint": s.receiver.url}],
        lambda _: {
            "success": True,
            "timestamp": ISO_TIME,
            "statusCode": 200,
            "reason": "OK",
            "detail": "200",
        },
    ),
]

CONTENT = [
    Operation(DATA, "getMessageContent", lambda s: [s.picture], lambda _: samples.picture()),
    Operation(DATA, "getMessageContentPreview", lambda s: [s.picture], lambda _: JPEG),
    Operation(
        DATA,
        "getMessageContentTranscodingByMessageId",
        lambda s: [s.film],
        lambda _: {"status": "succeeded"},
    ),
]

ACCESS = [
    Operation(
        TOKENS,
        "issueChannelToken",
        lambda s: [GRANT, s.account.channel_id, s.account.secret],
        lambda _: {"access_token": ACCESS_TOKEN, "expires_in": THIRTY_DAYS_S, "token_type": "Bearer"},
    ),
    Operation(TOKENS, "verifyChannelToken", lambda s: [short_lived(s)], verified),
    Operation(TOKENS, "revokeChannelToken", lambda s: [short_lived(s)], lambda _: None),
    Operation(
        TOKENS,
        "issueChannelTokenByJWT",
        lambda s: [GRANT, ASSERTION, s.assertion(token_exp_s=THIRTY_DAYS_S)],
        lambda _: {
            "access_token": ACCESS_TOKEN,
            "expires_in": THIRTY_DAYS_S,
            "token_type": "Bearer",
            "key_id": TEXT,
        },
    ),
    Operation(TOKENS, "verifyChannelTokenByJWT", lambda s: [by_jwt(s)], verified),
    Operation(
        TOKENS,
        "revokeChannelTokenByJWT",
        lambda s: [s.account.channel_id, s.account.secret, by_jwt(s)],
        lambda _: None,
    ),
    Operation(
        TOKENS,
        "getsAllValidChannelAccessTokenKeyIds",
        lambda s: [ASSERTION, s.assertion()],
        lambda _: {"kids": TEXTS},
    ),
    Operation(
        TOKENS,
        "issueStatelessChannelToken",
        lambda s: [GRANT, "", "", s.account.channel_id, s.account.secret],
        lambda _: STATELESS,
    ),
    Operation(
        TOKENS, "issueStatelessChannelTokenByJWTAssertion", lambda s: [s.assertion()], lambda _: STATELESS
    ),
    Operation(
        TOKENS,
        "issueStatelessChannelTokenByClientSecret",
        lambda s: [s.account.channel_id, s.account.secret],
        lambda _: STATELESS,
    ),
]

OPERATIONS = [*SENDING, *READING, *PEOPLE, *GROUPS, *WEBHOOK, *CONTENT, *ACCESS]
