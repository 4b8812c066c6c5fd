"""What the bot behind a channel has not taken: looked at, and sent again."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET

from kidoku.desk.api.call import Call
from kidoku.desk.api.shapes.marks import RetriedTold
from kidoku.desk.api.shapes.relays import RelaysAsked, RelaysTold, RelayTold
from kidoku.desk.store.relays import Relay, list_relays, relay_counts, retry_relay, retry_relays
from kidoku.http.json_api.route import Route, get, post


def told(relay: Relay) -> RelayTold:
    state: Any = relay.state
    return RelayTold(
        relay_id=str(relay.relay_id),
        state=state,
        queued_at=relay.queued_at,
        next_at=relay.next_at if relay.state == "waiting" else None,
        attempt_count=relay.attempts,
        ended_at=relay.ended_at,
        status=relay.status,
        reason=relay.reason,
        advice=relay.advice,
    )


async def get_relays(call: Call) -> RelaysTold:
    asked, desk, channel_id = call.query(RelaysAsked), call.desk, call.channel.channel_id
    before = None if asked.cursor is None else int(asked.cursor)
    found = await desk.read(list_relays, channel_id, asked.state, before, asked.limit + 1)
    page = [one.relay for one in found[: asked.limit]]
    return RelaysTold(
        relays=[told(one) for one in page],
        counts=await desk.read(relay_counts, channel_id),
        next=str(page[-1].relay_id) if len(found) > len(page) else UNSET,
    )


async def post_relay_retry(call: Call) -> RelayTold:
    desk, channel_id = call.desk, call.channel.channel_id
    relay_id = call.id_of("relayId", "no_such_relay", "There is no such webhook.")
    again = await desk.apply(retry_relay, channel_id, relay_id, desk.now)
    desk.relay.wake()
    return told(again)


async def post_relays_retry(call: Call) -> RetriedTold:
    desk, channel_id = call.desk, call.channel.channel_id
    retried = await desk.apply(retry_relays, channel_id, desk.now)
    desk.relay.wake()
    return RetriedTold(retried=retried)


RELAYS = "/channels/{channelKey}/relays"


def routes() -> tuple[Route[Call], ...]:
    tag = "relays"
    return (
        get(
            RELAYS,
            get_relays,
            "List webhooks for the bot, newest first",
            tag,
            query=RelaysAsked,
            gives=RelaysTold,
        ),
        post(
            f"{RELAYS}/retry",
            post_relays_retry,
            "Send parked webhooks to the bot again",
            tag,
            gives=RetriedTold,
        ),
        post(
            f"{RELAYS}/{{relayId}}/retry",
            post_relay_retry,
            "Send a parked webhook to the bot again",
            tag,
            gives=RelayTold,
        ),
    )
