"""Every operation that is emulated, called as a bot calls it, with what has to come back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from linebot.v3 import messaging as m

from tests.platform.api.world import DAY
from tests.sdk.python.scene import ASSERTION, GRANT, Scene

Operation = Callable[[Scene], Awaitable[None]]
OPERATIONS: dict[str, Operation] = {}

MONTH_S = 2_592_000


def operation(name: str) -> Callable[[Operation], Operation]:
    """Under which operationId a call stands in LINE's OpenAPI."""

    def keep(call: Operation) -> Operation:
        OPERATIONS[name] = call
        return call

    return keep


def texts(*lines: str) -> list[Any]:
    return [m.TextMessage(text=line) for line in lines]


# -- reading


@operation("markMessagesAsReadByToken")
async def mark_by_token(s: Scene) -> None:
    token = (await s.event())["message"]["markAsReadToken"]
    await s.sdk(
        "mark_messages_as_read_by_token", m.MarkMessagesAsReadByTokenRequest(mark_as_read_token=token)
    )
    read = [one.data for one in s.world.events.queue if one.data["type"] == "read"]
    assert [(one["userId"], one["cause"]) for one in read] == [(s.user, "token")]


@operation("markMessagesAsRead")
async def mark_by_user(s: Scene) -> None:
    await s.use_option()
    await s.event()
    request = m.MarkMessagesAsReadRequest(chat=m.ChatReference(user_id=s.user))
    await s.sdk("mark_messages_as_read", request)
    read = [one.data for one in s.world.events.queue if one.data["type"] == "read"]
    assert [(one["userId"], one["cause"]) for one in read] == [(s.user, "user")]


# -- sending


@operation("replyMessage")
async def reply(s: Scene) -> None:
    event = await s.event()
    quoting = m.TextMessage(text="that", quote_token=event["message"]["quoteToken"])
    request = m.ReplyMessageRequest(reply_token=event["replyToken"], messages=[quoting])
    answer = await s.sdk("reply_message", request)
    assert answer.sent_messages[0].id == s.world.messages_to(s.user)[-1]["messageId"]
    assert answer.sent_messages[0].quote_token


@operation("pushMessage")
async def push(s: Scene) -> None:
    for to in (s.user, s.group, s.room):
        request = m.PushMessageRequest(to=to, messages=texts("one", "two"))
        answer = await s.sdk("push_message", request, x_line_retry_key=retry_key(to))
        assert [one.id for one in answer.sent_messages] == [
            one["messageId"] for one in s.world.messages_to(to)[-2:]
        ]


def retry_key(of: str) -> str:
    digits = of[1:]
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


@operation("multicast")
async def multicast(s: Scene) -> None:
    request = m.MulticastRequest(to=[s.user, s.other], messages=texts("hi"))
    await s.sdk("multicast", request)
    assert [s.world.messages_to(one)[-1]["via"] for one in (s.user, s.other)] == ["multicast"] * 2


@operation("broadcast")
async def broadcast(s: Scene) -> None:
    await s.sdk("broadcast", m.BroadcastRequest(messages=texts("hi")))
    assert [s.world.messages_to(one)[-1]["via"] for one in (s.user, s.other)] == ["broadcast"] * 2


def validates(kind: str) -> None:
    @operation(f"validate{kind.capitalize()}")
    async def call(s: Scene) -> None:
        await s.sdk(f"validate_{kind}", m.ValidateMessageRequest(messages=texts("hi")))


for one in ("reply", "push", "multicast", "narrowcast", "broadcast"):
    validates(one)


@operation("showLoadingAnimation")
async def loading(s: Scene) -> None:
    await s.sdk("show_loading_animation", m.ShowLoadingAnimationRequest(chat_id=s.user, loading_seconds=5))
    assert s.world.events.queue[-1].data["type"] == "typing"


# -- usage


@operation("getMessageQuota")
async def quota(s: Scene) -> None:
    assert (await s.sdk("get_message_quota")).type == "none"
    await s.bot.change(monthlyLimit=10)
    limited = await s.sdk("get_message_quota")
    assert (limited.type, limited.value) == ("limited", 10)


@operation("getMessageQuotaConsumption")
async def consumption(s: Scene) -> None:
    await broadcast(s)
    assert (await s.sdk("get_message_quota_consumption")).total_usage == 2


def counts(kind: str, send: Operation, expected: int) -> None:
    @operation(f"getNumberOfSent{kind.capitalize()}Messages")
    async def call(s: Scene) -> None:
        await send(s)
        answer = await s.sdk(f"get_number_of_sent_{kind}_messages", DAY)
        assert (answer.status, answer.success) == ("ready", expected)


# A push to a user, a group of two and a room of one.
counts("push", push, 4)
counts("reply", reply, 1)
counts("multicast", multicast, 2)
counts("broadcast", broadcast, 2)


# -- people


@operation("getProfile")
async def profile(s: Scene) -> None:
    found = await s.sdk("get_profile", s.user)
    assert (found.display_name, found.user_id, found.language) == ("Mika", s.user, "ja")
    assert found.picture_url == "https://example.com/mika.png"


@operation("getFollowers")
async def followers(s: Scene) -> None:
    first = await s.sdk("get_followers", limit=1)
    second = await s.sdk("get_followers", limit=1, start=first.next)
    assert sorted(first.user_ids + second.user_ids) == sorted([s.user, s.other])
    assert second.next is None


@operation("getBotInfo")
async def bot_info(s: Scene) -> None:
    info = await s.sdk("get_bot_info")
    account = s.bot.account
    assert (info.user_id, info.basic_id, info.display_name) == (account.account_id, account.basic_id, "Shop")
    assert (info.chat_mode, info.mark_as_read_mode) == ("chat", "manual")


@operation("issueLinkToken")
async def link_token(s: Scene) -> None:
    assert (await s.sdk("issue_link_token", s.user)).link_token


# -- groups


@operation("getGroupSummary")
async def group_summary(s: Scene) -> None:
    found = await s.sdk("get_group_summary", s.group)
    assert (found.group_id, found.group_name) == (s.group, "Lunch")


@operation("getGroupMemberCount")
async def group_count(s: Scene) -> None:
    assert (await s.sdk("get_group_member_count", s.group)).count == 2


@operation("getRoomMemberCount")
async def room_count(s: Scene) -> None:
    assert (await s.sdk("get_room_member_count", s.room)).count == 1


@operation("getGroupMembersIds")
async def group_members(s: Scene) -> None:
    assert (await s.sdk("get_group_members_ids", s.group)).member_ids == sorted([s.user, s.other])


@operation("getRoomMembersIds")
async def room_members(s: Scene) -> None:
    assert (await s.sdk("get_room_members_ids", s.room)).member_ids == [s.user]


@operation("getGroupMemberProfile")
async def group_member(s: Scene) -> None:
    assert (await s.sdk("get_group_member_profile", s.group, s.other)).display_name == "Ken"


@operation("getRoomMemberProfile")
async def room_member(s: Scene) -> None:
    assert (await s.sdk("get_room_member_profile", s.room, s.user)).display_name == "Mika"


@operation("leaveGroup")
async def leave_group(s: Scene) -> None:
    await s.sdk("leave_group", s.group)
    assert s.world.deliveries[-1]["events"][0]["source"]["groupId"] == s.group


@operation("leaveRoom")
async def leave_room(s: Scene) -> None:
    await s.sdk("leave_room", s.room)
    assert s.world.deliveries[-1]["events"][0]["source"]["roomId"] == s.room


# -- content


@operation("getMessageContent")
async def content(s: Scene) -> None:
    data = bytes(range(256)) * 1_000
    assert bytes(await s.sdk("get_message_content", await s.sent(data, "image", "image/png"))) == data


@operation("getMessageContentPreview")
async def preview(s: Scene) -> None:
    small = s.world.content(b"small", "image/jpeg").digest
    message_id = await s.sent(b"large", "video", "video/mp4", preview_digest=small)
    assert bytes(await s.sdk("get_message_content_preview", message_id)) == b"small"


@operation("getMessageContentTranscodingByMessageId")
async def transcoding(s: Scene) -> None:
    message_id = await s.sent(b"x", "audio", "audio/mp4", ready_at=s.world.clock.now() + 1)
    method = "get_message_content_transcoding_by_message_id"
    assert (await s.sdk(method, message_id)).status == "processing"
    s.world.clock.advance(1)
    assert (await s.sdk(method, message_id)).status == "succeeded"


# -- webhook settings


@operation("setWebhookEndpoint")
async def set_endpoint(s: Scene) -> None:
    url = "https://example.com/callback"
    await s.sdk("set_webhook_endpoint", m.SetWebhookEndpointRequest(endpoint=url))
    assert s.bot.account.settings.webhook == url


@operation("getWebhookEndpoint")
async def get_endpoint(s: Scene) -> None:
    found = await s.sdk("get_webhook_endpoint")
    assert (found.endpoint, found.active) == (s.bot.account.settings.webhook, True)


@operation("testWebhookEndpoint")
async def test_endpoint(s: Scene) -> None:
    request = m.TestWebhookEndpointRequest(endpoint="http://127.0.0.1:9/")
    for result in (
        await s.sdk("test_webhook_endpoint", request),
        await s.sdk("test_webhook_endpoint"),
    ):
        assert (result.success, result.status_code, result.reason) == (False, 0, "COULD_NOT_CONNECT")
        assert result.timestamp.year == 2025


test_endpoint.__test__ = False  # type: ignore[attr-defined]  # a call, not a test case


# -- channel access tokens


@operation("issueChannelToken")
async def issue_short_lived(s: Scene) -> None:
    issued = await s.sdk("issue_channel_token", GRANT, *s.credentials.values())
    assert (issued.expires_in, issued.token_type) == (MONTH_S, "Bearer")
    await s.bot.call("GET", "/v2/bot/info", token=issued.access_token)


@operation("verifyChannelToken")
async def verify(s: Scene) -> None:
    assert (await s.sdk("verify_channel_token", s.bot.token)).client_id == str(s.bot.channel_id)


@operation("revokeChannelToken")
async def revoke(s: Scene) -> None:
    await s.sdk("revoke_channel_token", s.bot.token)
    await s.bot.call("GET", "/v2/bot/info", expect=401)


@operation("issueChannelTokenByJWT")
async def issue_by_jwt(s: Scene) -> None:
    issued = await s.token_by_jwt()
    assert (issued.expires_in, issued.token_type) == (3_600, "Bearer")
    await s.bot.call("GET", "/v2/bot/info", token=issued.access_token)


@operation("getsAllValidChannelAccessTokenKeyIds")
async def key_ids(s: Scene) -> None:
    issued = await s.token_by_jwt()
    found = await s.sdk("gets_all_valid_channel_access_token_key_ids", ASSERTION, await s.assertion())
    assert found.kids == [issued.key_id]


@operation("verifyChannelTokenByJWT")
async def verify_by_jwt(s: Scene) -> None:
    told = await s.sdk("verify_channel_token_by_jwt", (await s.token_by_jwt()).access_token)
    assert (told.client_id, told.expires_in) == (str(s.bot.channel_id), 3_600)


@operation("revokeChannelTokenByJWT")
async def revoke_by_jwt(s: Scene) -> None:
    token = (await s.token_by_jwt()).access_token
    await s.sdk("revoke_channel_token_by_jwt", *s.credentials.values(), token)
    await s.bot.call("GET", "/v2/bot/info", token=token, expect=401)


@operation("issueStatelessChannelToken")
async def issue_stateless(s: Scene) -> None:
    for issued in (
        await s.sdk("issue_stateless_channel_token", GRANT, "", "", *s.credentials.values()),
        await s.sdk("issue_stateless_channel_token_by_client_secret", *s.credentials.values()),
        await s.sdk("issue_stateless_channel_token_by_jwt_assertion", await s.assertion()),
    ):
        assert (issued.expires_in, issued.token_type) == (900, "Bearer")
        await s.bot.call("GET", "/v2/bot/info", token=issued.access_token)
