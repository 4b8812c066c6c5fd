"""Handing queued webhooks to the bot behind the desk: who has which, and what became of each attempt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import func, or_, select, true, update

from kidoku.core.mark_attempt import Fault, Tried
from kidoku.core.relay_attempt import GIVE_UP_S, GivenUp, Handled, Verdict, is_outage
from kidoku.core.relay_attempt import verdict as judge
from kidoku.desk.store.bot_handled import bot_left, bot_took
from kidoku.desk.store.change import Change, Event
from kidoku.desk.store.channels import Channel
from kidoku.desk.store.marks import Mark
from kidoku.desk.store.relay_queue import let_next_go
from kidoku.desk.store.relays import (
    COLUMNS,
    INTAKE,
    Parcel,
    Relay,
    find_relay,
    relay_event,
    set_relay,
    to_parcel,
)
from kidoku.desk.store.schema import intakes, relays

if TYPE_CHECKING:
    import sqlalchemy as sa

AT_ONCE = 200
"""Webhooks that are parked in one transaction: others wait for their turn in the writer."""

INTERRUPTED = Tried(None, Fault.NO_ANSWER, "the desk was stopped while it sent this")


class Agenda(NamedTuple):
    """When there is something to do: by channel, and for what a dead process has left. Times in ms."""

    next_at: Mapping[int, int]
    lease_ends_at: int | None


def relay_agenda(conn: sa.Connection) -> Agenda:
    waiting = (
        select(relays.c.channel_id, func.min(relays.c.next_at))
        .where(relays.c.state == "waiting")
        .group_by(relays.c.channel_id)
    )
    leases = select(func.min(relays.c.lease_until)).where(relays.c.state == "sending")
    return Agenda({row[0]: row[1] for row in conn.execute(waiting)}, conn.execute(leases).scalar_one())


def claim_relays(
    conn: sa.Connection, channel_id: int, owner: str, now: int, lease_ms: int, limit: int, probe: bool = False
) -> Change[list[Parcel]]:
    """Take a channel's webhooks whose time has come, oldest first. They are the owner's until the lease ends.

    `probe`: the least tried first, so that it is not one the bot can never take which decides whether it is back.
    """
    order = [relays.c.attempts, relays.c.relay_id] if probe else [relays.c.relay_id]
    wanted = (
        select(*COLUMNS, *INTAKE)
        .join(intakes, intakes.c.intake_id == relays.c.intake_id)
        .where(relays.c.channel_id == channel_id, relays.c.state == "waiting", relays.c.next_at <= now)
        .order_by(*order)
        .limit(limit)
    )
    found = [to_parcel(row) for row in conn.execute(wanted)]
    ids = [parcel.relay.relay_id for parcel in found]
    lease: dict[str, Any] = {"state": "sending", "lease_owner": owner, "lease_until": now + lease_ms}
    tried = {"attempts": relays.c.attempts + 1, "first_at": func.coalesce(relays.c.first_at, now)}
    conn.execute(update(relays).where(relays.c.relay_id.in_(ids)).values(**lease, **tried))
    return Change([leased(parcel, now, lease) for parcel in found])


def leased(parcel: Parcel, now: int, lease: Mapping[str, Any]) -> Parcel:
    """A parcel as it is once it has been claimed."""
    first_at = now if parcel.relay.first_at is None else parcel.relay.first_at
    relay = parcel.relay._replace(attempts=parcel.relay.attempts + 1, first_at=first_at, **lease)
    return parcel._replace(relay=relay)


class Ended(NamedTuple):
    """What became of an attempt; `marks` are those that were asked for because the bot has taken the webhook, or will
    not take it.
    """

    verdict: Verdict
    marks: Sequence[Mark]


class Attempt(NamedTuple):
    """How an attempt to hand a webhook over went."""

    tried: Tried
    duration_ms: int | None


def finish_relay(
    conn: sa.Connection, channel: Channel, parcel: Parcel, attempt: Attempt, now: int, random_unit: float
) -> Change[Ended | None]:
    """Write down how the owner's attempt ended; None when the lease had gone to somebody else meanwhile. That the bot
    has taken the webhook counts whoever holds the lease.
    """
    mine, found = parcel.relay, find_relay(conn, channel.channel_id, parcel.relay.relay_id)
    verdict = judged(mine, attempt.tried, now, random_unit)
    ours = found.state == "sending" and lease_of(found) == lease_of(mine)
    if not ours and not (isinstance(verdict, Handled) and found.state != "handled"):
        return Change(None)
    settle(conn, found, verdict, attempt, now)
    asked: Change[list[Mark]] = Change([])
    if isinstance(verdict, Handled):
        asked = bot_took(conn, channel, parcel.intake, now)
    elif isinstance(verdict, GivenUp):
        asked = bot_left(conn, channel, [found], now)
    change: Change[Ended | None] = Change(Ended(verdict, asked.value), asked.events)
    if isinstance(verdict, GivenUp) and is_outage(attempt.tried):
        change.events += park_old(conn, channel, now, verdict.reason).events
    change.events.append(relay_event(find_relay(conn, channel.channel_id, mine.relay_id)))
    return change


def lease_of(relay: Relay) -> tuple[str | None, int]:
    return relay.lease_owner, relay.attempts


def judged(relay: Relay, tried: Tried, now: int, random_unit: float) -> Verdict:
    return judge(
        tried,
        attempts=relay.attempts,
        age_s=(now - relay.queued_at) / 1_000,
        trying_s=(now - (relay.first_at or now)) / 1_000,
        random_unit=random_unit,
    )


def settle(conn: sa.Connection, relay: Relay, verdict: Verdict, attempt: Attempt, now: int) -> None:
    """Give up the lease, with what the verdict makes of the webhook, and let the next one of its chat go."""
    after: dict[str, Any] = {
        "lease_owner": None,
        "lease_until": None,
        "status": attempt.tried.status,
        "duration_ms": attempt.duration_ms,
        "reason": None if isinstance(verdict, Handled) else verdict.reason,
    }
    if isinstance(verdict, Handled):
        after |= {"state": "handled", "ended_at": now, "advice": None}
    elif isinstance(verdict, GivenUp):
        after |= {"state": "parked", "ended_at": now, "advice": "gave-up"}
    else:
        after |= {"state": "waiting", "next_at": now + round(verdict.wait_s * 1_000)}
        after |= {"overtaken": relay.overtaken or verdict.lets_pass}
    set_relay(conn, relay.relay_id, **after)
    let_next_go(conn, relay, now)


def return_lost_relays(
    conn: sa.Connection,
    channels: Mapping[int, Channel],
    now: int,
    random_unit: float,
    owner: str | None = None,
) -> Change[int]:
    """Judge the webhooks whose lease has ended, as attempts without an answer: whoever sent them has died, and whether
    the bot got them is not known. `owner`: the only process that may be alive, so that all leases of others have
    ended.
    """
    ended = relays.c.lease_until <= now
    if owner is not None:
        ended = or_(ended, relays.c.lease_owner != owner)
    wanted = select(*COLUMNS).where(relays.c.state == "sending", ended).limit(1_000)
    change: Change[int] = Change(0)
    for relay in [Relay._make(row) for row in conn.execute(wanted)]:
        verdict = judged(relay, INTERRUPTED, now, random_unit)
        settle(conn, relay, verdict, Attempt(INTERRUPTED, None), now)
        if isinstance(verdict, GivenUp):
            change.events += bot_left(conn, channels[relay.channel_id], [relay], now).events
        change.events.append(relay_event(find_relay(conn, relay.channel_id, relay.relay_id)))
        change.value += 1
    return change


def park_old(conn: sa.Connection, channel: Channel, now: int, reason: str) -> Change[int]:
    """Give up what is too old while the bot can't be reached, as it can't all be tried."""
    too_old = relays.c.queued_at <= now - round(GIVE_UP_S * 1_000)
    return park_where(conn, channel, too_old, now, "gave-up", reason)


def park_channel(conn: sa.Connection, channel: Channel, now: int, advice: str, reason: str) -> Change[int]:
    """Stop trying with a channel's webhooks, a part at a time; how many there were."""
    return park_where(conn, channel, true(), now, advice, reason)


def park_where(
    conn: sa.Connection, channel: Channel, condition: Any, now: int, advice: str, reason: str
) -> Change[int]:
    open_ones = (
        relays.c.channel_id == channel.channel_id,
        relays.c.ended_at.is_(None),
        relays.c.state != "sending",
    )
    wanted = select(*COLUMNS).where(*open_ones, condition).order_by(relays.c.relay_id).limit(AT_ONCE)
    found = [Relay._make(row) for row in conn.execute(wanted)]
    after: dict[str, Any] = {"state": "parked", "ended_at": now, "advice": advice, "reason": reason}
    ids = [relay.relay_id for relay in found]
    conn.execute(update(relays).where(relays.c.relay_id.in_(ids)).values(**after))
    for relay in {relay.lane: relay for relay in found}.values():
        let_next_go(conn, relay, now)
    left: list[Event] = [relay_event(relay._replace(**after)) for relay in found]
    return Change(len(found), left + bot_left(conn, channel, found, now).events)
