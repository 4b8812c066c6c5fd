"""Queueing webhooks for the bot behind the desk.

A request is queued in the transaction that processes it, so that none is lost, and none is forwarded that the desk
does not have. Those of one chat go in order: one is `waiting` or `sending`, later ones are `queued` behind it. One that
keeps failing lets the next one pass after a while, and so does a request with several chats in it: LINE promises no
order (docs/messaging-api/receiving-messages).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import and_, false, func, insert, select

from kidoku.desk.store.channels import Channel
from kidoku.desk.store.chats import peer_of
from kidoku.desk.store.events import event_id_of
from kidoku.desk.store.intake import Intake
from kidoku.desk.store.relays import Relay, set_relay
from kidoku.desk.store.schema import events, relays
from kidoku.storage.sqlite import raw

if TYPE_CHECKING:
    import sqlalchemy as sa

Json = Mapping[str, Any]


def queue_relay(conn: sa.Connection, channel: Channel, intake: Intake, now: int) -> bool:
    """Queue a request for the channel's bot, if it has one; before its events are noted. Whether it was.

    - One whose events the desk has all had before is not: LINE sent it again because it missed our answer, and what
      the bot misses comes again from here. It also ends the circle of a bot's URL that leads back to the desk.
    """
    if channel.settings.relay_url is None:
        return False
    found = msgspec.json.decode(intake.body)["events"]
    if all_known(conn, channel.channel_id, found):
        return False
    lane = lane_of(found)
    free = lane is None or not is_held(conn, channel.channel_id, lane)
    values = {
        "channel_id": channel.channel_id,
        "intake_id": intake.intake_id,
        "lane": lane,
        "state": "waiting" if free else "queued",
        "queued_at": now,
        "next_at": now,
    }
    conn.execute(insert(relays).values(**values))
    return True


def all_known(conn: sa.Connection, channel_id: int, found: Iterable[Json]) -> bool:
    ids = {event_id_of(body) for body in found}
    known = select(func.count()).where(events.c.channel_id == channel_id, events.c.event_id.in_(ids))
    return conn.execute(known).scalar_one() == len(ids)


def lane_of(found: Iterable[Json]) -> str | None:
    """The chat that a request is about; None when it is about several, or about none."""
    peers = {source_of(body) for body in found}
    return peers.pop() if len(peers) == 1 else None


def source_of(body: Json) -> str | None:
    source = body.get("source")
    peer = peer_of(source) if isinstance(source, Mapping) else None
    return None if peer is None else peer.id


def of_lane(channel_id: int, lane: str) -> Any:
    return and_(relays.c.channel_id == channel_id, relays.c.lane == lane, relays.c.ended_at.is_(None))


def holder(channel_id: int, lane: str) -> Any:
    """The one that the others of its chat wait for: written as the index `uq_relays_lane` is."""
    holds = and_(relays.c.state != "queued", relays.c.overtaken == false())
    return select(relays.c.relay_id).where(of_lane(channel_id, lane), holds)


def is_held(conn: sa.Connection, channel_id: int, lane: str) -> bool:
    """Whether a webhook of the chat has to go first."""
    return conn.execute(holder(channel_id, lane)).first() is not None


def let_next_go(conn: sa.Connection, relay: Relay, now: int) -> None:
    """Let the oldest queued webhook of a chat be sent, unless one that holds it up is before it."""
    if relay.lane is None:
        return
    if is_held(conn, relay.channel_id, relay.lane):
        return
    row = raw(conn).execute(NEXT, (relay.channel_id, relay.lane)).fetchone()
    if row is not None:
        set_relay(conn, row[0], state="waiting", next_at=now)


NEXT = """
SELECT relay_id FROM relays INDEXED BY ix_relays_lane
WHERE channel_id = ? AND lane = ? AND ended_at IS NULL AND state = 'queued' ORDER BY relay_id LIMIT 1
"""
"""The index is named, because SQLite would rather go through all webhooks of the channel in their order."""
