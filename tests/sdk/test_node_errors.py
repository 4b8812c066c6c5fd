"""How refusals look in the official Node SDK: its error class, LINE's status and text."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.sdk.kit.caller import API, DATA, TOKENS, NodeBot
from tests.sdk.kit.control import Control
from tests.sdk.kit.node import Node
from tests.sdk.kit.scene import Scene, scene
from tests.sdk.operations import GRANT, MESSAGES, SENT

INVALID_TOKEN = "Invalid markAsReadToken. Tokens must be used by the bot that received them via Webhook."
AUTH_FAILED = "Authentication failed. Confirm that the access token in the authorization header is valid."
NO_ACCESS = "Access to this API is not available for your account"
NOBODY = "U" + "0" * 32


@pytest.fixture(scope="module")
def s(control: Control, node: Node) -> Iterator[Scene]:
    with scene(control, node) as made:
        yield made


def other_bot(s: Scene, **settings: object) -> NodeBot:
    return NodeBot(s.node, s.provider.account("Other", **settings))


def test_an_unknown_access_token(s: Scene) -> None:
    stranger = NodeBot(s.node, replace(s.account, token="A" * 172))
    refused = stranger.refused(API, "getBotInfo")
    assert (refused.status, refused.json) == (401, {"message": AUTH_FAILED})


def test_a_made_up_read_token(s: Scene) -> None:
    refused = s.bot.refused(API, "markMessagesAsReadByToken", {"markAsReadToken": "A" * 60})
    assert (refused.status, refused.json) == (400, {"message": INVALID_TOKEN})


def test_another_bots_read_token(s: Scene) -> None:
    refused = other_bot(s).refused(API, "markMessagesAsReadByToken", {"markAsReadToken": s.read_token})
    assert (refused.status, refused.json) == (400, {"message": INVALID_TOKEN})


def test_the_option_endpoint_without_the_option(s: Scene) -> None:
    refused = s.bot.refused(API, "markMessagesAsRead", {"chat": {"userId": s.alice.user_id}})
    assert (refused.status, refused.json) == (403, {"message": NO_ACCESS})


def test_the_option_endpoint_with_an_unknown_user(s: Scene) -> None:
    refused = s.optional.refused(API, "markMessagesAsRead", {"chat": {"userId": NOBODY}})
    message = "The property, 'chat.chatId', in the request body is invalid (line: -, column: -)"
    assert (refused.status, refused.json) == (400, {"message": message})


def test_a_reply_token_works_once(s: Scene) -> None:
    reply = {"replyToken": s.reply_token, **MESSAGES}
    assert s.bot.call(API, "replyMessage", reply).body == SENT
    refused = s.bot.refused(API, "replyMessage", reply)
    assert (refused.status, refused.json) == (400, {"message": "Invalid reply token"})


def test_a_retry_key_that_was_accepted(s: Scene) -> None:
    push, key = {"to": s.alice.user_id, **MESSAGES}, str(uuid.uuid4())
    accepted = s.bot.call(API, "pushMessage", push, key)
    refused = s.bot.refused(API, "pushMessage", push, key)
    assert refused.headers["x-line-accepted-request-id"] == accepted.headers["x-line-request-id"]
    assert refused.status == 409
    assert refused.json == {"message": "The retry key is already accepted", **accepted.body}


def test_all_that_is_wrong_with_messages_at_once(s: Scene) -> None:
    messages = [{"type": "text", "text": ""}, {"type": "sticker", "packageId": "446"}]
    refused = s.bot.refused(API, "pushMessage", {"to": s.alice.user_id, "messages": messages})
    assert (refused.status, refused.json["message"]) == (400, "The request body has 2 error(s)")
    assert [one["property"] for one in refused.json["details"]] == [
        "messages[0].text",
        "messages[1].stickerId",
    ]


def test_a_push_to_nobody(s: Scene) -> None:
    refused = s.bot.refused(API, "pushMessage", {"to": NOBODY, **MESSAGES})
    assert (refused.status, refused.json) == (400, {"message": "Failed to send messages"})


def test_the_monthly_limit(s: Scene) -> None:
    bot = other_bot(s, monthlyLimit=1)
    s.alice.follow(bot.account)
    push = {"to": s.alice.user_id, **MESSAGES}
    bot.call(API, "pushMessage", push)
    refused = bot.refused(API, "pushMessage", push)
    assert (refused.status, refused.json) == (429, {"message": "You have reached your monthly limit."})


def test_the_rate_limit(s: Scene) -> None:
    bot = other_bot(s)
    for _ in range(60):
        bot.call(API, "broadcast", MESSAGES)
    refused = bot.refused(API, "broadcast", MESSAGES)
    message = "The API rate limit has been exceeded. Try again later."
    assert (refused.status, refused.json) == (429, {"message": message})


def test_the_profile_of_somebody_who_blocked_the_account(s: Scene) -> None:
    carol = s.provider.user("Carol", s.account)
    carol.block(s.account)
    refused = s.bot.refused(API, "getProfile", carol.user_id)
    assert (refused.status, refused.json) == (404, {"message": "Not found"})


def test_content_that_is_not_there(s: Scene) -> None:
    refused = s.bot.refused(DATA, "getMessageContent", "100000000000000000")
    assert (refused.status, refused.json) == (404, {"message": "not found"})


def test_content_of_an_unsent_message(s: Scene) -> None:
    to = s.account.account_id
    message_id = s.alice.upload(to, "audio", b"sound", "a.m4a", "audio/mp4", duration=100)
    assert s.bot.call(DATA, "getMessageContent", message_id).body == b"sound"
    s.alice.unsend(to, message_id)
    refused = s.bot.refused(DATA, "getMessageContent", message_id)
    assert (refused.status, refused.json) == (410, {"message": "The content is gone"})


def test_a_preview_of_what_has_none(s: Scene) -> None:
    message_id = s.alice.upload(s.account.account_id, "file", b"text", "a.txt", "text/plain")
    refused = s.bot.refused(DATA, "getMessageContentPreview", message_id)
    assert (refused.status, refused.json) == (400, {"message": "The content can not be previewed"})


def test_a_wrong_channel_secret(s: Scene) -> None:
    refused = s.bot.refused(TOKENS, "issueChannelToken", GRANT, s.account.channel_id, "0" * 32)
    told = {"error": "invalid_client", "error_description": "invalid client_secret"}
    assert (refused.status, refused.json) == (400, told)


def test_a_revoked_token_is_worth_nothing(s: Scene) -> None:
    made = s.bot.call(TOKENS, "issueChannelToken", GRANT, s.account.channel_id, s.account.secret)
    bot = NodeBot(s.node, replace(s.account, token=made.body["access_token"]))
    assert bot.call(API, "getBotInfo").status == 200
    s.bot.call(TOKENS, "revokeChannelToken", bot.account.token)
    assert bot.refused(API, "getBotInfo").status == 401
    refused = s.bot.refused(TOKENS, "verifyChannelToken", bot.account.token)
    told = {"error": "invalid_request", "error_description": "access_token invalid"}
    assert (refused.status, refused.json) == (400, told)


def test_a_stateless_token_lets_a_bot_in(s: Scene) -> None:
    made = s.bot.call(TOKENS, "issueStatelessChannelTokenByJWTAssertion", s.assertion())
    bot = NodeBot(s.node, replace(s.account, token=made.body["access_token"]))
    assert bot.call(API, "getBotInfo").body["userId"] == s.account.account_id
