"""Every operation that is not emulated yet, with arguments for the Node SDK's method."""

from __future__ import annotations

from typing import Any

from tests.sdk.kit.caller import API, DATA
from tests.sdk.kit.node import blob

USER = "U0123456789abcdef0123456789abcdef"
MENU = "richmenu-0123456789abcdef0123456789abcdef"
DAY = "20261122"
TEXTS = [{"type": "text", "text": "hello"}]
IDS = blob(USER.encode(), "text/plain")
PICTURE = blob(b"\x89PNG\r\n", "image/png")

Calls = dict[str, list[Any]]

MESSAGING: Calls = {
    "narrowcast": [{"messages": TEXTS}],
    "getNarrowcastProgress": ["0e3a1e4c-8e1f-4a6b-9b1c-2f7e8d9c0a1b"],
    "getAggregationUnitUsage": [],
    "getAggregationUnitNameList": [],
    "createRichMenu": [{"name": "menu"}],
    "validateRichMenuObject": [{"name": "menu"}],
    "getRichMenu": [MENU],
    "deleteRichMenu": [MENU],
    "getRichMenuList": [],
    "setDefaultRichMenu": [MENU],
    "getDefaultRichMenuId": [],
    "cancelDefaultRichMenu": [],
    "createRichMenuAlias": [{"richMenuAliasId": "alias", "richMenuId": MENU}],
    "getRichMenuAlias": ["alias"],
    "updateRichMenuAlias": ["alias", {"richMenuId": MENU}],
    "deleteRichMenuAlias": ["alias"],
    "getRichMenuAliasList": [],
    "getRichMenuIdOfUser": [USER],
    "unlinkRichMenuIdFromUser": [USER],
    "linkRichMenuIdToUser": [USER, MENU],
    "linkRichMenuIdToUsers": [{"richMenuId": MENU, "userIds": [USER]}],
    "unlinkRichMenuIdFromUsers": [{"userIds": [USER]}],
    "richMenuBatch": [{"operations": [{"type": "unlinkAll"}]}],
    "validateRichMenuBatchRequest": [{"operations": [{"type": "unlinkAll"}]}],
    "getRichMenuBatchProgress": ["0e3a1e4c-8e1f-4a6b-9b1c-2f7e8d9c0a1b"],
    "pushMessagesByPhone": [{"to": "0" * 64, "messages": TEXTS}],
    "getPNPMessageStatistics": [DAY],
    "getMembershipSubscription": [USER],
    "getMembershipList": [],
    "getJoinedMembershipUsers": [1],
    "listCoupon": [{"$set": ["RUNNING"]}],
    "createCoupon": [{"title": "coupon"}],
    "getCouponDetail": ["coupon"],
    "closeCoupon": ["coupon"],
}

INSIGHT: Calls = {
    "getFriendsDemographics": [],
    "getMessageEvent": ["0e3a1e4c-8e1f-4a6b-9b1c-2f7e8d9c0a1b"],
    "getNumberOfFollowers": [DAY],
    "getNumberOfMessageDeliveries": [DAY],
    "getRichMenuInsightDaily": [MENU, DAY, DAY],
    "getRichMenuInsightSummary": [MENU, DAY, DAY],
    "getStatisticsPerUnit": ["unit", DAY, DAY],
}

AUDIENCES: Calls = {
    "createAudienceGroup": [{"description": "people"}],
    "addAudienceToAudienceGroup": [{"audienceGroupId": 1}],
    "createClickBasedAudienceGroup": [{"description": "people"}],
    "createImpBasedAudienceGroup": [{"description": "people"}],
    "updateAudienceGroupDescription": [1, {"description": "people"}],
    "deleteAudienceGroup": [1],
    "getAudienceData": [1],
    "getAudienceGroups": [1],
    "getSharedAudienceData": [1],
    "getSharedAudienceGroups": [1],
}

LIFF: Calls = {
    "addLIFFApp": [{"view": {"type": "full", "url": "https://example.com"}}],
    "getAllLIFFApps": [],
    "updateLIFFApp": ["1-x", {"description": "app"}],
    "deleteLIFFApp": ["1-x"],
}

MODULES: Calls = {
    "detachModule": [{"botId": USER}],
    "acquireChatControl": [USER, {"expired": True, "ttl": 60}],
    "releaseChatControl": [USER],
    "getModules": [],
}

CALLS: dict[str, Calls] = {
    API: MESSAGING,
    DATA: {"getRichMenuImage": [MENU], "setRichMenuImage": [MENU, PICTURE]},
    "InsightClient": INSIGHT,
    "ManageAudienceClient": AUDIENCES,
    "ManageAudienceBlobClient": {
        "createAudienceForUploadingUserIds": [IDS, "people"],
        "addUserIdsToAudience": [IDS, 1],
    },
    "LiffClient": LIFF,
    "LineModuleClient": MODULES,
    "LineModuleAttachClient": {"attachModule": ["authorization_code", "code", "https://example.com"]},
    "ShopClient": {
        "missionStickerV3": [
            {"to": USER, "productId": "1", "productType": "STICKER", "sendPresentMessage": False}
        ]
    },
}
