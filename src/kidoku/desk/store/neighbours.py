"""Desks that share a database, and what they tell each other.

Whatever a commit of one makes its own pages and workers hear, the others hear from a row of the same commit: nothing is
told that did not happen, nothing that happened goes untold, and the order is that of the commits.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Concatenate, NamedTuple

import msgspec
from sqlalchemy import bindparam, delete, func, insert, select, update

from kidoku.desk.store.change import Change, Event
from kidoku.desk.store.neighbours_schema import desks, news
from kidoku.storage.engine import BatchWrite, I_contra, P, T

if TYPE_CHECKING:
    import sqlalchemy as sa

SILENT_MS = 5_000
"""A desk that has said nothing for so long is taken to be gone [our decision]."""
KEPT_MS = 60_000
"""What desks tell each other is kept for so long: whoever doesn't listen for a part of it was taken to be gone."""


class News(msgspec.Struct, omit_defaults=True):
    """What one desk tells the others."""

    events: Sequence[Event] = ()
    """Live events, as they leave there."""
    channels: bool = False
    """Whether a channel was changed."""
    signed: Mapping[int, tuple[int, int, int, int]] = {}
    """By channel, how webhooks were signed since the desk started: the fields of `desk.directory.Signed`."""


class Beat(NamedTuple):
    """Who is there: how many other desks, which are gone since the last time, and whether this one was taken to be."""

    others: int
    gone: list[str]
    was_gone: bool


class Heard(NamedTuple):
    """News by whom they came from, and up to which number everything is in it."""

    up_to: int
    news: list[tuple[str, News]]


encode = msgspec.json.Encoder().encode
decode = msgspec.json.Decoder(News).decode

OTHERS = select(desks.c.owner).where(desks.c.owner != bindparam("me")).limit(1)
TELL = insert(news)
HEAR = (
    select(news.c.news_id, news.c.owner, news.c.body)
    .where(news.c.news_id > bindparam("after"))
    .order_by(news.c.news_id)
    .limit(1_000)
)


def sign_on(conn: sa.Connection, owner: str, now: int, *, alone: bool) -> int:
    """A desk begins; the number of the newest news. `alone`: whoever else is written down has died."""
    if alone:
        conn.execute(delete(desks))
        conn.execute(delete(news))
    conn.execute(insert(desks).values(owner=owner, started_at=now, seen_at=now))
    newest: int = conn.execute(select(func.coalesce(func.max(news.c.news_id), 0))).scalar_one()
    return newest


def sign_off(conn: sa.Connection, owner: str) -> None:
    """A desk ends."""
    conn.execute(delete(desks).where(desks.c.owner == owner))


def beat(conn: sa.Connection, owner: str, now: int) -> Beat:
    """A desk says that it is there, forgets those that no longer do, and what all have heard."""
    seen = conn.execute(update(desks).where(desks.c.owner == owner).values(seen_at=now)).rowcount
    if not seen:
        conn.execute(insert(desks).values(owner=owner, started_at=now, seen_at=now))
    silent = delete(desks).where(desks.c.seen_at < now - SILENT_MS).returning(desks.c.owner)
    gone = [owner for (owner,) in conn.execute(silent)]
    conn.execute(delete(news).where(news.c.at < now - KEPT_MS))
    there = conn.execute(select(func.count()).select_from(desks)).scalar_one()
    return Beat(there - 1, gone, was_gone=not seen)


def tell(conn: sa.Connection, owner: str, now: int, told: News) -> None:
    """Tell the other desks, if there are any."""
    if conn.execute(OTHERS, {"me": owner}).first() is not None:
        conn.execute(TELL, {"owner": owner, "at": now, "body": encode(told)})


def hear(conn: sa.Connection, owner: str, after: int) -> Heard:
    """What other desks have told since."""
    rows = conn.execute(HEAR, {"after": after}).all()
    up_to = rows[-1].news_id if rows else after
    return Heard(up_to, [(row.owner, decode(row.body)) for row in rows if row.owner != owner])


def telling(
    fn: Callable[Concatenate[sa.Connection, P], Change[T]], owner: str, now: Callable[[], int]
) -> Callable[Concatenate[sa.Connection, P], Change[T]]:
    """`fn`, whose events are told in its own transaction."""

    def told(conn: sa.Connection, /, *args: P.args, **kwargs: P.kwargs) -> Change[T]:
        change = fn(conn, *args, **kwargs)
        if change.events or change.channels:
            tell(conn, owner, now(), News(change.events, bool(change.channels)))
        return change

    return told


def telling_all(
    batch: BatchWrite[I_contra, Change[T]], owner: str, now: Callable[[], int]
) -> BatchWrite[I_contra, Change[T]]:
    """The same for a hot write."""

    def told(conn: sa.Connection, items: Sequence[I_contra], /) -> Sequence[Change[T]]:
        changes = batch(conn, items)
        events: list[Mapping[str, Any]] = [event for change in changes for event in change.events]
        if events:
            tell(conn, owner, now(), News(events))
        return changes

    return told
