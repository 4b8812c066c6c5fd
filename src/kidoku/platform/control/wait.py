"""Waiting until something has happened, so that no test has to sleep."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from msgspec import UNSET
from msgspec.json import Decoder

from kidoku.http.json_api.parsing import convert
from kidoku.http.json_api.problems import Problem, bad
from kidoku.live.bus import Event, Subscription
from kidoku.platform.control.audience import Audience
from kidoku.platform.control.call import Call
from kidoku.platform.control.matching import check, matches
from kidoku.platform.control.shapes.live import ReadWanted, WaitAsked, WaitTold
from kidoku.platform.control.views import event_view
from kidoku.platform.store.message_place import message_place
from kidoku.storage.refused import Missing

WAIT = Decoder(WaitAsked)

Found = Callable[[Event], Mapping[str, Any] | None]
"""The event as it is answered, if it is the one; None if not."""


async def post_wait(call: Call) -> WaitTold:
    asked = await call.json(WAIT)
    bus = call.platform.bus
    if asked.since is not None and bus.position_of(asked.since) is None:
        raise Problem(
            409,
            "cursor_expired",
            "What happened since that cursor is not known any more.",
            "Take the X-Kidoku-Cursor of a recent answer; cursors end with the server.",
        )
    gone = asyncio.ensure_future(disconnected(call))
    try:
        if asked.match.keys() == {"read"}:
            return await wait_read(call, asked, gone)
        return await wait_event(call, asked, gone)
    finally:
        gone.cancel()


async def disconnected(call: Call) -> None:
    while (await call.receive())["type"] != "http.disconnect":
        pass


async def wait_event(call: Call, asked: WaitAsked, gone: asyncio.Future[None]) -> WaitTold:
    check(asked.match)
    audience = Audience(call.platform, asked.user, None, None)
    await audience.open(asked.since)
    kind = asked.match.get("type")

    def found(event: Event) -> Mapping[str, Any] | None:
        audience.observe(event)
        if isinstance(kind, str) and event.data["type"] != kind:
            return None
        view = event_view(event.data, asked.user)
        return view if matches(view, asked.match) else None

    return await first(call, audience.subscription, found, asked.timeout_ms, gone)


async def wait_read(call: Call, asked: WaitAsked, gone: asyncio.Future[None]) -> WaitTold:
    """Until the Official Account has read a message; at once if it has."""
    wanted = convert(asked.match["read"], ReadWanted)
    of, bus = call.account(wanted.account_id), call.platform.bus
    # From before the look at the state: an advance between the two is not missed.
    subscription = bus.subscribe([f"account:{of.account_id}"])
    try:
        place = await call.platform.read(message_place, of.channel_id, int(wanted.message_id))
        if place.peer_id not in {wanted.user_id, wanted.group_id, None} and (
            wanted.user_id or wanted.group_id
        ):
            raise Missing("message_not_found", f"The message {wanted.message_id} is not in that chat.")
        seq = place.seq
        if seq is None:
            raise bad("not_readable", "That is the account's own message: nobody is told who read it.")
    except BaseException:
        bus.unsubscribe(subscription)
        raise
    if seq <= place.read_seq:
        bus.unsubscribe(subscription)
        return WaitTold(matched=True, cursor=bus.cursor)
    peer_id = place.peer_id

    def found(event: Event) -> Mapping[str, Any] | None:
        data = event.data
        is_it = data["type"] == "read" and "reader" not in data and data["readSeq"] >= seq
        return data if is_it and peer_id in (data.get("userId"), data.get("groupId")) else None

    return await first(call, subscription, found, asked.timeout_ms, gone)


async def first(
    call: Call, subscription: Subscription, found: Found, timeout_ms: int, gone: asyncio.Future[None]
) -> WaitTold:
    """The first event that is the one, in time; ends the subscription."""
    bus, loop = call.platform.bus, asyncio.get_running_loop()
    deadline = loop.time() + timeout_ms / 1_000
    gone.add_done_callback(lambda _: subscription.wake())
    try:
        while True:
            while subscription.queue:
                event = subscription.queue.popleft()
                view = found(event)
                if view is not None:
                    return WaitTold(matched=True, cursor=bus.cursor_of(event), event=dict(view))
            left_s = deadline - loop.time()
            if left_s <= 0 or subscription.closed or subscription.reset or gone.done():
                return WaitTold(matched=False, cursor=bus.cursor, event=UNSET)
            await subscription.wait(left_s)
    finally:
        bus.unsubscribe(subscription)
