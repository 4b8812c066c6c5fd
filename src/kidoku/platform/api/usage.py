"""Quota, consumption and numbers of sent messages (LINE: reference, "Message")."""

from __future__ import annotations

from kidoku.core.calendar import day_jst, is_day
from kidoku.http.fastlane import FastAnswer
from kidoku.platform.api.answers import answered
from kidoku.platform.api.errors import invalid_parameter
from kidoku.platform.api.operation import Call, Handler
from kidoku.platform.store.quota import limit_of, sent_on, used_this_month
from kidoku.wire.answers import Consumption, NumberOfMessages, Quota

FIRST_DAY = "20180331"
"""Numbers of days before it are out of service (reference, "Get number of sent reply messages")."""


async def get_quota(call: Call) -> FastAnswer:
    limit = limit_of(call.account, call.platform.config.monthly_limit)
    return answered(call.request_id, Quota("none") if limit is None else Quota("limited", limit))


async def get_consumption(call: Call) -> FastAnswer:
    """Exact and at once, where LINE's number is approximate."""
    used = await call.platform.read(used_this_month, call.channel_id, call.now)
    return answered(call.request_id, Consumption(used))


def number_sent(kind: str) -> Handler:
    """The handler that tells how many messages of a kind were sent on the day `date`.

    Our decision: today's number is ready, as far as it has come, so that nobody waits a day for a test; LINE's takes
    about a day.
    """

    async def handler(call: Call) -> FastAnswer:
        day = call.query.get("date", "")
        if not is_day(day):
            raise invalid_parameter("date", "A date is written yyyyMMdd, as 20261122, and is a day in UTC+9.")
        if day < FIRST_DAY:
            return answered(call.request_id, NumberOfMessages("out_of_service"))
        if day > day_jst(call.now):
            return answered(call.request_id, NumberOfMessages("unready"))
        number = await call.platform.read(sent_on, call.channel_id, kind, day)
        return answered(call.request_id, NumberOfMessages("ready", number))

    return handler
