"""Reply, push, multicast, broadcast (LINE: reference, "Message")."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from kidoku.core import ids
from kidoku.http.fastlane import FastAnswer
from kidoku.platform.api.answers import answered
from kidoku.platform.api.bodies import EMPTY, parse
from kidoku.platform.api.errors import invalid_property
from kidoku.platform.api.operation import Call
from kidoku.platform.api.outgoing import aggregation_errors, checked, retry_of
from kidoku.platform.mass_sends import finish_mass_send
from kidoku.platform.store.destination import peer_destination, reply_destination
from kidoku.platform.store.mass_send import accept_mass_send
from kidoku.platform.store.push import push as push_messages
from kidoku.platform.store.reach import known_users
from kidoku.platform.store.reply import send_reply
from kidoku.platform.store.retry_keys import Retry
from kidoku.wire import requests as wire
from kidoku.wire.answers import SentMessages
from kidoku.wire.errors import Detail

MAX_RECIPIENTS = 500
"""Users in one multicast."""

REPLY = msgspec.json.Decoder(wire.Reply)
PUSH = msgspec.json.Decoder(wire.Push)
MULTICAST = msgspec.json.Decoder(wire.Multicast)
BROADCAST = msgspec.json.Decoder(wire.Broadcast)


async def reply(call: Call) -> FastAnswer:
    """Messages that are refused leave the reply token unused [our decision]."""
    request = parse(REPLY, call.content_type, call.body)
    token = request.reply_token or ""
    details = [] if token else [Detail(EMPTY, "replyToken")]
    platform = call.platform
    to = await platform.read(reply_destination, call.channel_id, token)
    bodies = checked(call, request.messages, "reply", details, to)
    window_ms = platform.config.reply_token_ms
    sent = await platform.apply(send_reply, call.channel_id, token, bodies, window_ms, platform.env())
    return answered(call.request_id, SentMessages(sent))


async def push(call: Call) -> FastAnswer:
    request = parse(PUSH, call.content_type, call.body)
    retry = await retry_of(call)
    to = request.to or ""
    details = [] if to else [Detail(EMPTY, "to")]
    if to and not (ids.is_user_id(to) or ids.is_group_id(to) or ids.is_room_id(to)):
        raise invalid_property("'to'", "A destination is U, C or R and 32 hexadecimal digits.")
    details += aggregation_errors(request.custom_aggregation_units)
    platform = call.platform
    place = await platform.read(peer_destination, call.channel_id, to) if to else None
    bodies = checked(call, request.messages, "push", details, place)
    limit = platform.config.monthly_limit
    sent = await platform.apply(push_messages, call.channel_id, to, bodies, retry, limit, platform.env())
    return answered(call.request_id, SentMessages(sent))


async def multicast(call: Call) -> FastAnswer:
    request = parse(MULTICAST, call.content_type, call.body)
    retry = await retry_of(call)
    recipients = request.to or []
    details = recipient_errors(request.to) + aggregation_errors(request.custom_aggregation_units)
    bodies = checked(call, request.messages, "multicast", details)
    known = await call.platform.read(known_users, call.account.provider_id, recipients)
    for n, user_id in enumerate(recipients):
        if user_id not in known:
            raise invalid_property(f"to[{n}]", "This is the ID of no user of this channel's provider.")
    return await send_to_many(call, "multicast", recipients, bodies, retry)


async def broadcast(call: Call) -> FastAnswer:
    request = parse(BROADCAST, call.content_type, call.body)
    retry = await retry_of(call)
    bodies = checked(call, request.messages, "broadcast")
    return await send_to_many(call, "broadcast", None, bodies, retry)


async def send_to_many(
    call: Call,
    via: Literal["multicast", "broadcast"],
    recipients: list[str] | None,
    bodies: list[dict[str, Any]],
    retry: Retry | None,
) -> FastAnswer:
    """Accept a message for many and deliver it; answered when everybody has it."""
    platform = call.platform
    limit = platform.config.monthly_limit
    send_id = await platform.apply(
        accept_mass_send, call.channel_id, via, recipients, bodies, retry, limit, platform.env()
    )
    if send_id is not None:
        await finish_mass_send(platform, call.channel_id, send_id)
    return answered(call.request_id)


def recipient_errors(to: list[str] | None) -> list[Detail]:
    """What is wrong with the size of a multicast's `to`. Raises ApiError for an ID that can be no user's."""
    if to is None:
        return [Detail(EMPTY, "to")]
    if not 1 <= len(to) <= MAX_RECIPIENTS:
        return [Detail(f"Size must be between 1 and {MAX_RECIPIENTS}", "to")]
    for n, user_id in enumerate(to):
        if not ids.is_user_id(user_id):
            raise invalid_property(f"to[{n}]", "A multicast goes to users: U and 32 hexadecimal digits.")
    return []
