"""Rate limits: a bucket per channel and operation, whichever way a request is served."""

from __future__ import annotations

import pytest

from kidoku.platform.api import limits
from kidoku.platform.api.errors import ApiError
from kidoku.platform.api.limits import RateLimits
from kidoku.platform.api.rates import HOURLY_60, PER_MINUTE_1000, PER_SECOND_10, Rate
from kidoku.platform.api.table import OPERATIONS
from tests.platform.api.conftest import Open
from tests.platform.api.world import HI, Bot, World

EXCEEDED = {"message": "The API rate limit has been exceeded. Try again later."}
LIMITED = {
    "60/h": {
        "narrowcast",
        "broadcast",
        "testWebhookEndpoint",
        "getFriendsDemographics",
        "getNumberOfMessageDeliveries",
        "getNumberOfFollowers",
        "getMessageEvent",
        "getStatisticsPerUnit",
        "getRichMenuInsightSummary",
        "getRichMenuInsightDaily",
    },
    "1,000/min": {"getWebhookEndpoint", "setWebhookEndpoint"},
    "100/h": {"createRichMenu", "deleteRichMenu", "deleteRichMenuAlias", "getRichMenuBatchProgress"},
    "3/h": {"richMenuBatch"},
    "10/s": {"getRichMenuList"},
    "200/s": {
        "multicast",
        "getMembershipSubscription",
        "getMembershipList",
        "getJoinedMembershipUsers",
        "listCoupon",
        "createCoupon",
        "getCouponDetail",
        "closeCoupon",
    },
    "100/s": {"showLoadingAnimation"},
    "370/s": {"issueChannelToken"},
}


def test_the_rates_are_lines() -> None:
    for one in OPERATIONS:
        wanted = next((rate for rate, names in LIMITED.items() if one.name in names), "2,000/s")
        if one.api == "manage-audience":
            wanted = "60/min"
        assert str(one.rate) == wanted, one.name


async def test_beyond_the_rate_requests_are_refused(world: World, bot: Bot) -> None:
    for _ in range(60):
        await bot.post("/v2/bot/message/broadcast", {"messages": HI})
    refused = await bot.post("/v2/bot/message/broadcast", {"messages": HI}, expect=429)
    assert refused.json == EXCEEDED
    # Another operation, and another channel, have buckets of their own.
    await bot.post("/v2/bot/message/narrowcast", expect=501)
    await (await world.bot()).post("/v2/bot/message/broadcast", {"messages": HI})
    world.clock.advance(59_999)
    await bot.post("/v2/bot/message/broadcast", {"messages": HI}, expect=429)
    world.clock.advance(1)
    await bot.post("/v2/bot/message/broadcast", {"messages": HI})
    assert "60/h" in (await bot.calls())[1].reason


@pytest.mark.parametrize("fast_lane", [True, False])
async def test_marks_are_limited_on_both_ways(open_world: Open, fast_lane: bool) -> None:
    world = await open_world(fast_lane=fast_lane)
    bot = await world.bot(chat=True)
    mark = {"markAsReadToken": "x"}
    await bot.post("/v2/bot/chat/markAsRead", mark, expect=400)
    used = 0
    while used < 2_000 and await status_of(bot, mark) == 400:
        used += 1
    assert used == 1_999
    assert (await bot.post("/v2/bot/chat/markAsRead", mark, expect=429)).json == EXCEEDED


async def status_of(bot: Bot, mark: object) -> int:
    headers = {"Authorization": f"Bearer {bot.token}"}
    url = bot.world.url + "/v2/bot/chat/markAsRead"
    async with bot.world.http.post(url, json=mark, headers=headers) as answer:
        return answer.status


async def test_they_can_be_switched_off(open_world: Open) -> None:
    world = await open_world(rate_limits=False)
    bot = await world.bot()
    for _ in range(61):
        await bot.post("/v2/bot/message/broadcast", {"messages": HI})


def test_buckets_do_not_grow_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_BUCKETS", 2)
    buckets = RateLimits(enabled=True)
    one_a_second = Rate(1, 1)
    buckets.check(1, "x", one_a_second, 0)
    with pytest.raises(ApiError):
        buckets.check(1, "x", one_a_second, 0)
    buckets.check(2, "x", one_a_second, 0)
    buckets.check(3, "x", one_a_second, 0)
    assert len(buckets._buckets) == 1


def test_how_rates_are_written() -> None:
    assert [str(one) for one in (PER_SECOND_10, PER_MINUTE_1000, HOURLY_60)] == ["10/s", "1,000/min", "60/h"]
