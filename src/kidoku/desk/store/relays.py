"""Webhooks on their way to the bot behind the desk: what stands in their rows, and what people do with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import delete, func, literal, select, update

from kidoku.desk.store.change import Change, Event
from kidoku.desk.store.intake import Intake
from kidoku.desk.store.schema import intakes, relays
from kidoku.storage.refused import Invalid, Missing

if TYPE_CHECKING:
    import sqlalchemy as sa


class Relay(NamedTuple):
    """A webhook request on its way to the bot. Times in ms."""

    relay_id: int
    channel_id: int
    intake_id: int
    lane: str | None
    state: str
    queued_at: int
    next_at: int
    attempts: int
    first_at: int | None
    overtaken: bool
    lease_owner: str | None
    lease_until: int | None
    ended_at: int | None
    duration_ms: int | None
    status: int | None
    reason: str | None
    advice: str | None


COLUMNS = [relays.c[name] for name in Relay._fields]
INTAKE = [intakes.c[name] for name in Intake._fields]


class Parcel(NamedTuple):
    """A webhook that somebody has claimed, with the request as LINE sent it."""

    relay: Relay
    intake: Intake


def find_relay(conn: sa.Connection, channel_id: int, relay_id: int) -> Relay:
    """Raises Missing."""
    wanted = select(*COLUMNS).where(relays.c.channel_id == channel_id, relays.c.relay_id == relay_id)
    row = conn.execute(wanted).one_or_none()
    if row is None:
        raise Missing("no_such_relay", "There is no such webhook.")
    return Relay._make(row)


def list_relays(
    conn: sa.Connection,
    channel_id: int,
    state: str | None = None,
    before: int | None = None,
    limit: int = 50,
) -> list[Parcel]:
    """A channel's webhooks on their way to its bot, newest first, with the requests; `before` a relay_id."""
    wanted = (
        select(*COLUMNS, *INTAKE)
        .join(intakes, intakes.c.intake_id == relays.c.intake_id)
        .where(relays.c.channel_id == channel_id)
    )
    if state is not None:
        wanted = wanted.where(in_state(state))
    if before is not None:
        wanted = wanted.where(relays.c.relay_id < before)
    return [to_parcel(row) for row in conn.execute(wanted.order_by(relays.c.relay_id.desc()).limit(limit))]


def to_parcel(row: Any) -> Parcel:
    return Parcel(Relay._make(row[: len(COLUMNS)]), Intake._make(row[len(COLUMNS) :]))


def relay_counts(conn: sa.Connection, channel_id: int) -> dict[str, int]:
    """How many webhooks of a channel are on their way, by state, and how many are parked."""
    mine, count = relays.c.channel_id == channel_id, func.count()
    under_way = select(relays.c.state, count).where(mine, relays.c.ended_at.is_(None))
    found = {row.state: row[1] for row in conn.execute(under_way.group_by(relays.c.state))}
    parked = conn.execute(select(count).select_from(relays).where(mine, in_state("parked"))).scalar_one()
    return {**found, "parked": parked} if parked else found


def in_state(state: str) -> sa.ColumnElement[bool]:
    """The condition with the state in its text: a parameter would keep SQLite from that state's index, and most of the
    table is what the bot has taken.
    """
    return relays.c.state == literal(state, literal_execute=True)


def relay_event(relay: Relay) -> Event:
    """The live event of an attempt's end."""
    return {
        "type": "relay",
        "channelId": relay.channel_id,
        "relayId": str(relay.relay_id),
        "state": relay.state,
        "attempts": relay.attempts,
        "nextAt": relay.next_at if relay.state == "waiting" else None,
        "status": relay.status,
        "reason": relay.reason,
        "advice": relay.advice,
    }


def set_relay(conn: sa.Connection, relay_id: int, **values: Any) -> None:
    conn.execute(update(relays).where(relays.c.relay_id == relay_id).values(**values))


def retry_relay(conn: sa.Connection, channel_id: int, relay_id: int, now: int) -> Change[Relay]:
    """Let a parked webhook be sent again, for another day if need be; it holds nothing up. Raises Missing, Invalid for
    one that is not parked.
    """
    relay = find_relay(conn, channel_id, relay_id)
    if relay.state != "parked":
        raise Invalid("not_parked", f"The webhook is {relay.state}, not parked.")
    let_go(conn, relay, now)
    after = find_relay(conn, channel_id, relay_id)
    return Change(after, [relay_event(after)])


def retry_relays(conn: sa.Connection, channel_id: int, now: int, limit: int = 500) -> Change[int]:
    """Let a channel's parked webhooks be sent again, oldest first; how many there were, `limit` at most."""
    parked = select(*COLUMNS).where(relays.c.channel_id == channel_id, in_state("parked"))
    found = [Relay._make(row) for row in conn.execute(parked.order_by(relays.c.relay_id).limit(limit))]
    for relay in found:
        let_go(conn, relay, now)
    return Change(len(found), [relay_event(find_relay(conn, channel_id, relay.relay_id)) for relay in found])


def let_go(conn: sa.Connection, relay: Relay, now: int) -> None:
    fresh: dict[str, Any] = {"attempts": 0, "first_at": None, "ended_at": None, "advice": None}
    set_relay(conn, relay.relay_id, state="waiting", overtaken=True, queued_at=now, next_at=now, **fresh)


def prune_relays(conn: sa.Connection, before: int, limit: int = 500) -> Change[int]:
    """Forget webhooks that ended before a moment, taken or parked; how many."""
    old = select(relays.c.relay_id).where(relays.c.ended_at < before).limit(limit)
    return Change(conn.execute(delete(relays).where(relays.c.relay_id.in_(old))).rowcount)
