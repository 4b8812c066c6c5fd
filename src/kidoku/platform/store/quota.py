"""How many messages an account has sent, per day and kind, and how many it may send a month.

One recipient is one message, however many objects the call holds; a group counts its members (LINE: pricing).
"""

from __future__ import annotations

import sqlalchemy as sa

from kidoku.core.calendar import day_jst, month_jst
from kidoku.platform.store.account import Account
from kidoku.platform.store.schema import sent_counts
from kidoku.storage.refused import Refused

CHARGED = ("push", "multicast", "broadcast")
"""Kinds that use up the monthly limit. Replies, greetings, auto-responses and operators' answers are free."""


def limit_of(of: Account, default: int | None) -> int | None:
    """Recipients a month: the account's own limit, else the platform's; None for no limit."""
    return default if of.settings.monthly_limit is None else of.settings.monthly_limit


def used_this_month(conn: sa.Connection, channel_id: int, now: int) -> int:
    """What the month, in Japanese time, has been charged so far."""
    month = month_jst(now)
    total = sa.select(sa.func.coalesce(sa.func.sum(sent_counts.c.count), 0)).where(
        sent_counts.c.channel_id == channel_id,
        sent_counts.c.day.between(f"{month}00", f"{month}99"),
        sent_counts.c.kind.in_(CHARGED),
    )
    return int(conn.execute(total).scalar_one())


def sent_on(conn: sa.Connection, channel_id: int, kind: str, day: str) -> int:
    """Messages of one kind on one day (`yyyymmdd`)."""
    found = sa.select(sent_counts.c.count).where(
        sent_counts.c.channel_id == channel_id, sent_counts.c.day == day, sent_counts.c.kind == kind
    )
    return conn.execute(found).scalar() or 0


def charge(
    conn: sa.Connection, of: Account, kind: str, number: int, default_limit: int | None, now: int
) -> None:
    """Count `number` recipients of a kind that is charged. Raises Refused when the month's limit doesn't allow them:
    then nobody gets the message."""
    limit = limit_of(of, default_limit)
    if limit is not None and number > 0:
        used = used_this_month(conn, of.channel_id, now)
        if used + number > limit:
            raise Refused(
                "monthly_limit", f"{used} of {limit} messages are used, {number} more were asked for."
            )
    count_sent(conn, of.channel_id, kind, number, now)


def count_sent(conn: sa.Connection, channel_id: int, kind: str, number: int, now: int) -> None:
    """Count `number` recipients on today's line."""
    if number == 0:
        return
    line = (
        sent_counts.c.channel_id == channel_id,
        sent_counts.c.day == day_jst(now),
        sent_counts.c.kind == kind,
    )
    if not conn.execute(
        sa.update(sent_counts).where(*line).values(count=sent_counts.c.count + number)
    ).rowcount:
        conn.execute(
            sa.insert(sent_counts).values(channel_id=channel_id, day=day_jst(now), kind=kind, count=number)
        )
