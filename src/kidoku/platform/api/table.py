"""The route table: every operation of LINE's OpenAPI, and who handles it. What has no handler answers 501.

`docs/coverage.md` is made from it by `scripts/coverage_table.py`.
"""

from __future__ import annotations

from kidoku.platform.api import content, groups, loading, oauth, people, rates, send, usage, webhook
from kidoku.platform.api.hot import MARK_BY_TOKEN, MARK_BY_USER
from kidoku.platform.api.operation import Operation
from kidoku.platform.api.validate import validate

MESSAGING = (
    Operation(
        "getWebhookEndpoint",
        "GET",
        "/v2/bot/channel/webhook/endpoint",
        webhook.get_endpoint,
        rate=rates.PER_MINUTE_1000,
    ),
    Operation(
        "setWebhookEndpoint",
        "PUT",
        "/v2/bot/channel/webhook/endpoint",
        webhook.set_endpoint,
        rate=rates.PER_MINUTE_1000,
    ),
    Operation(
        "testWebhookEndpoint",
        "POST",
        "/v2/bot/channel/webhook/test",
        webhook.test_endpoint,
        rate=rates.HOURLY_60,
    ),
    Operation("getMessageContent", "GET", "/v2/bot/message/{messageId}/content", content.get_content),
    Operation(
        "getMessageContentPreview", "GET", "/v2/bot/message/{messageId}/content/preview", content.get_preview
    ),
    Operation(
        "getMessageContentTranscodingByMessageId",
        "GET",
        "/v2/bot/message/{messageId}/content/transcoding",
        content.get_transcoding,
    ),
    Operation("replyMessage", "POST", "/v2/bot/message/reply", send.reply),
    Operation("pushMessage", "POST", "/v2/bot/message/push", send.push, retry_key=True),
    Operation(
        "multicast",
        "POST",
        "/v2/bot/message/multicast",
        send.multicast,
        rate=rates.PER_SECOND_200,
        retry_key=True,
    ),
    Operation("narrowcast", "POST", "/v2/bot/message/narrowcast", rate=rates.HOURLY_60, retry_key=True),
    Operation("getNarrowcastProgress", "GET", "/v2/bot/message/progress/narrowcast"),
    Operation(
        "broadcast", "POST", "/v2/bot/message/broadcast", send.broadcast, rate=rates.HOURLY_60, retry_key=True
    ),
    Operation("getMessageQuota", "GET", "/v2/bot/message/quota", usage.get_quota),
    Operation(
        "getMessageQuotaConsumption", "GET", "/v2/bot/message/quota/consumption", usage.get_consumption
    ),
    Operation(
        "getNumberOfSentReplyMessages", "GET", "/v2/bot/message/delivery/reply", usage.number_sent("reply")
    ),
    Operation(
        "getNumberOfSentPushMessages", "GET", "/v2/bot/message/delivery/push", usage.number_sent("push")
    ),
    Operation(
        "getNumberOfSentMulticastMessages",
        "GET",
        "/v2/bot/message/delivery/multicast",
        usage.number_sent("multicast"),
    ),
    Operation(
        "getNumberOfSentBroadcastMessages",
        "GET",
        "/v2/bot/message/delivery/broadcast",
        usage.number_sent("broadcast"),
    ),
    Operation("validateReply", "POST", "/v2/bot/message/validate/reply", validate("reply")),
    Operation("validatePush", "POST", "/v2/bot/message/validate/push", validate("push")),
    Operation("validateMulticast", "POST", "/v2/bot/message/validate/multicast", validate("multicast")),
    Operation("validateNarrowcast", "POST", "/v2/bot/message/validate/narrowcast", validate("narrowcast")),
    Operation("validateBroadcast", "POST", "/v2/bot/message/validate/broadcast", validate("broadcast")),
    Operation("getAggregationUnitUsage", "GET", "/v2/bot/message/aggregation/info"),
    Operation("getAggregationUnitNameList", "GET", "/v2/bot/message/aggregation/list"),
    Operation("getProfile", "GET", "/v2/bot/profile/{userId}", people.get_profile),
    Operation("getFollowers", "GET", "/v2/bot/followers/ids", people.get_followers),
    Operation("getBotInfo", "GET", "/v2/bot/info", people.get_bot_info),
    Operation("getGroupMemberProfile", "GET", "/v2/bot/group/{groupId}/member/{userId}", groups.get_member),
    Operation("getRoomMemberProfile", "GET", "/v2/bot/room/{roomId}/member/{userId}", groups.get_member),
    Operation("getGroupMembersIds", "GET", "/v2/bot/group/{groupId}/members/ids", groups.get_member_ids),
    Operation("getRoomMembersIds", "GET", "/v2/bot/room/{roomId}/members/ids", groups.get_member_ids),
    Operation("leaveGroup", "POST", "/v2/bot/group/{groupId}/leave", groups.leave),
    Operation("leaveRoom", "POST", "/v2/bot/room/{roomId}/leave", groups.leave),
    Operation("getGroupSummary", "GET", "/v2/bot/group/{groupId}/summary", groups.get_summary),
    Operation("getGroupMemberCount", "GET", "/v2/bot/group/{groupId}/members/count", groups.get_member_count),
    Operation("getRoomMemberCount", "GET", "/v2/bot/room/{roomId}/members/count", groups.get_member_count),
    Operation("createRichMenu", "POST", "/v2/bot/richmenu", rate=rates.HOURLY_100),
    Operation("validateRichMenuObject", "POST", "/v2/bot/richmenu/validate"),
    Operation("getRichMenuImage", "GET", "/v2/bot/richmenu/{richMenuId}/content"),
    Operation("setRichMenuImage", "POST", "/v2/bot/richmenu/{richMenuId}/content"),
    Operation("getRichMenu", "GET", "/v2/bot/richmenu/{richMenuId}"),
    Operation("deleteRichMenu", "DELETE", "/v2/bot/richmenu/{richMenuId}", rate=rates.HOURLY_100),
    Operation("getRichMenuList", "GET", "/v2/bot/richmenu/list", rate=rates.PER_SECOND_10),
    Operation("setDefaultRichMenu", "POST", "/v2/bot/user/all/richmenu/{richMenuId}"),
    Operation("getDefaultRichMenuId", "GET", "/v2/bot/user/all/richmenu"),
    Operation("cancelDefaultRichMenu", "DELETE", "/v2/bot/user/all/richmenu"),
    Operation("createRichMenuAlias", "POST", "/v2/bot/richmenu/alias"),
    Operation("getRichMenuAlias", "GET", "/v2/bot/richmenu/alias/{richMenuAliasId}"),
    Operation("updateRichMenuAlias", "POST", "/v2/bot/richmenu/alias/{richMenuAliasId}"),
    Operation(
        "deleteRichMenuAlias", "DELETE", "/v2/bot/richmenu/alias/{richMenuAliasId}", rate=rates.HOURLY_100
    ),
    Operation("getRichMenuAliasList", "GET", "/v2/bot/richmenu/alias/list"),
    Operation("getRichMenuIdOfUser", "GET", "/v2/bot/user/{userId}/richmenu"),
    Operation("unlinkRichMenuIdFromUser", "DELETE", "/v2/bot/user/{userId}/richmenu"),
    Operation("linkRichMenuIdToUser", "POST", "/v2/bot/user/{userId}/richmenu/{richMenuId}"),
    Operation("linkRichMenuIdToUsers", "POST", "/v2/bot/richmenu/bulk/link"),
    Operation("unlinkRichMenuIdFromUsers", "POST", "/v2/bot/richmenu/bulk/unlink"),
    Operation("richMenuBatch", "POST", "/v2/bot/richmenu/batch", rate=rates.HOURLY_3),
    Operation("validateRichMenuBatchRequest", "POST", "/v2/bot/richmenu/validate/batch"),
    Operation("getRichMenuBatchProgress", "GET", "/v2/bot/richmenu/progress/batch", rate=rates.HOURLY_100),
    Operation("issueLinkToken", "POST", "/v2/bot/user/{userId}/linkToken", people.get_link_token),
    MARK_BY_USER,
    Operation("pushMessagesByPhone", "POST", "/bot/pnp/push"),
    Operation("getPNPMessageStatistics", "GET", "/v2/bot/message/delivery/pnp"),
    Operation(
        "getMembershipSubscription",
        "GET",
        "/v2/bot/membership/subscription/{userId}",
        rate=rates.PER_SECOND_200,
    ),
    Operation("getMembershipList", "GET", "/v2/bot/membership/list", rate=rates.PER_SECOND_200),
    Operation(
        "getJoinedMembershipUsers",
        "GET",
        "/v2/bot/membership/{membershipId}/users/ids",
        rate=rates.PER_SECOND_200,
    ),
    Operation("listCoupon", "GET", "/v2/bot/coupon", rate=rates.PER_SECOND_200),
    Operation("createCoupon", "POST", "/v2/bot/coupon", rate=rates.PER_SECOND_200),
    Operation("getCouponDetail", "GET", "/v2/bot/coupon/{couponId}", rate=rates.PER_SECOND_200),
    Operation("closeCoupon", "PUT", "/v2/bot/coupon/{couponId}/close", rate=rates.PER_SECOND_200),
    Operation(
        "showLoadingAnimation",
        "POST",
        "/v2/bot/chat/loading/start",
        loading.show_loading,
        rate=rates.PER_SECOND_100,
    ),
    MARK_BY_TOKEN,
)

TOKENS = (
    Operation(
        "issueStatelessChannelToken",
        "POST",
        "/oauth2/v3/token",
        oauth.issue_stateless,
        public=True,
        api="channel-access-token",
    ),
    Operation(
        "getsAllValidChannelAccessTokenKeyIds",
        "GET",
        "/oauth2/v2.1/tokens/kid",
        oauth.list_key_ids,
        public=True,
        api="channel-access-token",
    ),
    Operation(
        "issueChannelTokenByJWT",
        "POST",
        "/oauth2/v2.1/token",
        oauth.issue_v21,
        public=True,
        api="channel-access-token",
    ),
    Operation(
        "verifyChannelTokenByJWT",
        "GET",
        "/oauth2/v2.1/verify",
        oauth.verify_v21,
        public=True,
        api="channel-access-token",
    ),
    Operation(
        "revokeChannelTokenByJWT",
        "POST",
        "/oauth2/v2.1/revoke",
        oauth.revoke_v21,
        public=True,
        api="channel-access-token",
    ),
    Operation(
        "issueChannelToken",
        "POST",
        "/v2/oauth/accessToken",
        oauth.issue_short_lived,
        rate=rates.PER_SECOND_370,
        public=True,
        api="channel-access-token",
    ),
    Operation(
        "verifyChannelToken",
        "POST",
        "/v2/oauth/verify",
        oauth.verify,
        public=True,
        api="channel-access-token",
    ),
    Operation(
        "revokeChannelToken",
        "POST",
        "/v2/oauth/revoke",
        oauth.revoke,
        public=True,
        api="channel-access-token",
    ),
)

MODULE = (
    Operation("detachModule", "POST", "/v2/bot/channel/detach", api="module"),
    Operation("acquireChatControl", "POST", "/v2/bot/chat/{chatId}/control/acquire", api="module"),
    Operation("releaseChatControl", "POST", "/v2/bot/chat/{chatId}/control/release", api="module"),
    Operation("getModules", "GET", "/v2/bot/list", api="module"),
)

MODULE_ATTACH = (
    Operation("attachModule", "POST", "/module/auth/v1/token", public=True, api="module-attach"),
)

INSIGHT = (
    Operation(
        "getFriendsDemographics", "GET", "/v2/bot/insight/demographic", rate=rates.HOURLY_60, api="insight"
    ),
    Operation(
        "getNumberOfMessageDeliveries",
        "GET",
        "/v2/bot/insight/message/delivery",
        rate=rates.HOURLY_60,
        api="insight",
    ),
    Operation(
        "getNumberOfFollowers", "GET", "/v2/bot/insight/followers", rate=rates.HOURLY_60, api="insight"
    ),
    Operation("getMessageEvent", "GET", "/v2/bot/insight/message/event", rate=rates.HOURLY_60, api="insight"),
    Operation(
        "getStatisticsPerUnit",
        "GET",
        "/v2/bot/insight/message/event/aggregation",
        rate=rates.HOURLY_60,
        api="insight",
    ),
    Operation(
        "getRichMenuInsightSummary",
        "GET",
        "/v2/bot/insight/richmenu/{richMenuId}/summary",
        rate=rates.HOURLY_60,
        api="insight",
    ),
    Operation(
        "getRichMenuInsightDaily",
        "GET",
        "/v2/bot/insight/richmenu/{richMenuId}/daily",
        rate=rates.HOURLY_60,
        api="insight",
    ),
)

AUDIENCE = (
    Operation(
        "createAudienceGroup",
        "POST",
        "/v2/bot/audienceGroup/upload",
        rate=rates.PER_MINUTE_60,
        api="manage-audience",
    ),
    Operation(
        "addAudienceToAudienceGroup",
        "PUT",
        "/v2/bot/audienceGroup/upload",
        rate=rates.PER_MINUTE_60,
        api="manage-audience",
    ),
    Operation(
        "createAudienceForUploadingUserIds",
        "POST",
        "/v2/bot/audienceGroup/upload/byFile",
        rate=rates.PER_MINUTE_60,
        api="manage-audience",
    ),
    Operation(
        "addUserIdsToAudience",
        "PUT",
        "/v2/bot/audienceGroup/upload/byFile",
        rate=rates.PER_MINUTE_60,
        api="manage-audience",
    ),
    Operation(
        "createClickBasedAudienceGroup",
        "POST",
        "/v2/bot/audienceGroup/click",
        rate=rates.PER_MINUTE_60,
        api="manage-audience",
    ),
    Operation(
        "createImpBasedAudienceGroup",
        "POST",
        "/v2/bot/audienceGroup/imp",
        rate=rates.PER_MINUTE_60,
        api="manage-audience",
    ),
    Operation(
        "updateAudienceGroupDescription",
        "PUT",
        "/v2/bot/audienceGroup/{audienceGroupId}/updateDescription",
        rate=rates.PER_MINUTE_60,
        api="manage-audience",
    ),
    Operation(
        "deleteAudienceGroup",
        "DELETE",
        "/v2/bot/audienceGroup/{audienceGroupId}",
        rate=rates.PER_MINUTE_60,
        api="manage-audience",
    ),
    Operation(
        "getAudienceData",
        "GET",
        "/v2/bot/audienceGroup/{audienceGroupId}",
        rate=rates.PER_MINUTE_60,
        api="manage-audience",
    ),
    Operation(
        "getAudienceGroups",
        "GET",
        "/v2/bot/audienceGroup/list",
        rate=rates.PER_MINUTE_60,
        api="manage-audience",
    ),
    Operation(
        "getSharedAudienceData",
        "GET",
        "/v2/bot/audienceGroup/shared/{audienceGroupId}",
        rate=rates.PER_MINUTE_60,
        api="manage-audience",
    ),
    Operation(
        "getSharedAudienceGroups",
        "GET",
        "/v2/bot/audienceGroup/shared/list",
        rate=rates.PER_MINUTE_60,
        api="manage-audience",
    ),
)

LIFF = (
    Operation("addLIFFApp", "POST", "/liff/v1/apps", api="liff"),
    Operation("getAllLIFFApps", "GET", "/liff/v1/apps", api="liff"),
    Operation("updateLIFFApp", "PUT", "/liff/v1/apps/{liffId}", api="liff"),
    Operation("deleteLIFFApp", "DELETE", "/liff/v1/apps/{liffId}", api="liff"),
)

SHOP = (Operation("missionStickerV3", "POST", "/shop/v3/mission", api="shop"),)

# Not in LINE's OpenAPI files, but in its SDKs.
SDK = (
    Operation("pushMessagesByPhoneTemplate", "POST", "/v2/bot/message/pnp/templated/push", api="sdk-only"),
    Operation(
        "getPNPTemplatedMessageStatistics", "GET", "/v2/bot/message/delivery/pnp/templated", api="sdk-only"
    ),
)
OPERATIONS = (
    *MESSAGING,
    *TOKENS,
    *MODULE,
    *MODULE_ATTACH,
    *INSIGHT,
    *AUDIENCE,
    *LIFF,
    *SHOP,
    *SDK,
)
"""All of them, in the order of LINE's files."""
