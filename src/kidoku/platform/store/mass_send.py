"""Multicast and broadcast: one message to many, in parts, so that the writer is never held up for long.

The first transaction checks, charges and remembers everything and delivers the first part; what is left stands in a
row of its own, which each further part moves on, until it is gone. A send that was accepted is so finished even when
the server stops in the middle of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

import msgspec
import sqlalchemy as sa

from kidoku.platform.store.account import Account, account
from kidoku.platform.store.change import Change, Env
from kidoku.platform.store.chats import ensure_user_chats
from kidoku.platform.store.quota import charge
from kidoku.platform.store.reach import reachable
from kidoku.platform.store.retry_keys import Retry, remember, require_new
from kidoku.platform.store.schema import friendships, mass_sends
from kidoku.platform.store.send import send_to_chats

PART = 50
"""Recipients in one transaction."""

encode = msgspec.json.Encoder().encode
decode_bodies = msgspec.json.Decoder(list[dict[str, Any]]).decode
decode_ids = msgspec.json.Decoder(list[str]).decode


class MassSend(NamedTuple):
    """A send that isn't finished: `after` is the last user who got it; `recipients` is None for all friends."""

    channel_id: int
    send_id: int
    via: str
    bodies: list[dict[str, Any]]
    recipients: list[str] | None
    after: str


def accept_mass_send(
    conn: sa.Connection,
    channel_id: int,
    via: Literal["multicast", "broadcast"],
    recipients: Sequence[str] | None,
    bodies: Sequence[Mapping[str, Any]],
    retry: Retry | None,
    default_limit: int | None,
    env: Env,
) -> Change[int | None]:
    """Accept a message to users of the account's provider, or with None to all its friends.

    The value is the ID under which it goes on (`continue_mass_send`), None when it is finished already. Raises
    AlreadyAccepted, and Refused for a month that is used up: then nobody gets it.

    Policies: everybody gets it once, whoever can't be reached gets nothing and costs nothing.
    """
    require_new(conn, channel_id, retry, env.now)
    of = account(conn, channel_id)
    reached = None if recipients is None else reachable(conn, channel_id, recipients, env.now)
    number = count_friends(conn, channel_id) if reached is None else len(reached)
    charge(conn, of, via, number, default_limit, env.now)
    remember(conn, channel_id, retry, b"[]", env.now)
    job = MassSend(channel_id, env.mint.serial(env.now), via, [dict(one) for one in bodies], reached, "")
    change: Change[int | None] = Change(None)
    last = change.carry(deliver_part(conn, of, job, env))
    if last is not None:
        keep(conn, job, last, env)
        change.value = job.send_id
    return change


def continue_mass_send(conn: sa.Connection, channel_id: int, send_id: int, env: Env) -> Change[bool]:
    """Deliver the next part; whether there is more to do."""
    job = find_mass_send(conn, channel_id, send_id)
    if job is None:
        return Change(False)
    this = (mass_sends.c.channel_id == channel_id, mass_sends.c.send_id == send_id)
    change: Change[bool] = Change(False)
    last = change.carry(deliver_part(conn, account(conn, channel_id), job, env))
    if last is None:
        conn.execute(sa.delete(mass_sends).where(*this))
    else:
        conn.execute(sa.update(mass_sends).where(*this).values(after=last))
        change.value = True
    return change


def unfinished_mass_sends(conn: sa.Connection) -> list[tuple[int, int]]:
    """(channel ID, send ID) of what the last run left over, oldest first."""
    found = sa.select(mass_sends.c.channel_id, mass_sends.c.send_id).order_by(mass_sends.c.send_id)
    return [(row.channel_id, row.send_id) for row in conn.execute(found)]


def deliver_part(conn: sa.Connection, of: Account, job: MassSend, env: Env) -> Change[str | None]:
    """Deliver to the next recipients; the last of them, or None when nobody comes after them."""
    part = next_recipients(conn, job)
    chats = ensure_user_chats(conn, of.channel_id, part, env.now)
    change: Change[str | None] = Change(part[-1] if len(part) == PART else None)
    change.carry(send_to_chats(conn, of, chats, job.bodies, job.via, env))
    return change


def next_recipients(conn: sa.Connection, job: MassSend) -> list[str]:
    if job.recipients is not None:
        return [one for one in job.recipients if one > job.after][:PART]
    found = sa.select(friendships.c.user_id).where(
        friendships.c.channel_id == job.channel_id,
        friendships.c.state == "friend",
        friendships.c.user_id > job.after,
    )
    return list(conn.execute(found.order_by(friendships.c.user_id).limit(PART)).scalars())


def count_friends(conn: sa.Connection, channel_id: int) -> int:
    return conn.execute(
        sa.select(sa.func.count()).where(
            friendships.c.channel_id == channel_id, friendships.c.state == "friend"
        )
    ).scalar_one()


def keep(conn: sa.Connection, job: MassSend, after: str, env: Env) -> None:
    conn.execute(
        sa.insert(mass_sends).values(
            channel_id=job.channel_id,
            send_id=job.send_id,
            via=job.via,
            bodies=encode(job.bodies),
            recipients=None if job.recipients is None else encode(job.recipients),
            after=after,
            created_at=env.now,
        )
    )


def find_mass_send(conn: sa.Connection, channel_id: int, send_id: int) -> MassSend | None:
    found = sa.select(mass_sends).where(
        mass_sends.c.channel_id == channel_id, mass_sends.c.send_id == send_id
    )
    row = conn.execute(found).first()
    if row is None:
        return None
    recipients = None if row.recipients is None else decode_ids(row.recipients)
    return MassSend(channel_id, send_id, row.via, decode_bodies(row.bodies), recipients, row.after)
