"""The calls that bots made, with the reason of every refusal."""

from __future__ import annotations

from msgspec import UNSET

from kidoku.http.json_api.parsing import to_id
from kidoku.platform.control.call import Call
from kidoku.platform.control.shapes.webhooks import CallsAsked, CallsTold, CallTold
from kidoku.platform.store.api_calls import ApiCall, one_call
from kidoku.storage.refused import Missing


def told(call: Call, one: ApiCall) -> CallTold:
    of = call.platform.directory.by_channel.get(one.channel_id)
    return CallTold(
        call_id=str(one.call_id),
        account_id=None if of is None else of.account_id,
        request_id=one.request_id,
        timestamp=one.at,
        method=one.method,
        path=one.path,
        operation=one.operation,
        status=one.status,
        cause=one.cause,
        reason=one.reason,
        request_body=None if one.request_body is None else one.request_body.decode("utf-8", "replace"),
        duration_ms=one.duration_us / 1_000,
        user_agent=one.user_agent,
    )


async def get_calls(call: Call) -> CallsTold:
    asked = call.query(CallsAsked)
    of = None if asked.account_id is None else call.account(asked.account_id)
    before = None if asked.cursor is None else int(asked.cursor)
    log = call.platform.calls
    found = await log.recent(of, asked.limit + 1, before, refused=asked.refused)
    page = found[: asked.limit]
    return CallsTold(
        calls=[told(call, one) for one in page],
        dropped=log.dropped,
        next=str(page[-1].call_id) if len(found) > asked.limit else UNSET,
    )


async def get_call(call: Call) -> CallTold:
    text = call.params["callId"]
    number = to_id(text)
    await call.platform.calls.flush()
    found = None if number is None else await call.platform.read(one_call, number)
    if found is None:
        raise Missing("call_not_found", f"There is no API call {text}.")
    return told(call, found)
