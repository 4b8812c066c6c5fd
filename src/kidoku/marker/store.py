"""What a marker keeps: the desk's tables, of which it needs those about chats, messages and marks.

The desk's own store functions do the marking, so that both give the same guarantees. Access tokens are not kept.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from sqlalchemy import and_, delete, exists, func, insert, or_, select, update

from kidoku.core.read_policy import Occasion
from kidoku.desk.store.change import Change
from kidoku.desk.store.channels import Channel, ChannelSettings, add_channel, all_channels
from kidoku.desk.store.chats import ensure_chat
from kidoku.desk.store.marks import COLUMNS, Mark, ask_mark, find_mark, replay_mark
from kidoku.desk.store.schema import chats, mark_attempts, marks, messages
from kidoku.marker.events import TOKEN, Letter

if TYPE_CHECKING:
    import sqlalchemy as sa

OPEN = ("waiting", "due", "sending")
DONE = ("confirmed", "superseded", "undone")


def open_channels(conn: sa.Connection, names: Collection[str], now: int) -> dict[str, Channel]:
    """All channels by their names, these made where they are new. What waits in others is parked: nobody can send
    it.
    """
    known = {channel.channel_key: channel for channel in all_channels(conn)}
    for name in names:
        if name not in known:
            known[name] = add_channel(conn, name, name, "", "", ChannelSettings(), now).value
    ids = [known[name].channel_id for name in names]
    conn.execute(
        update(marks)
        .where(marks.c.state.in_(OPEN), marks.c.channel_id.not_in(ids))
        .values(state="parked", reason="no access token was given for its channel", advice="access-token")
    )
    return known


def put_due(
    conn: sa.Connection, channel: Channel, letter: Letter, now: int, delay_ms: int
) -> Change[Mark | None]:
    """Ask for a message, and all before it, to be marked; None when that is Read already."""
    chat_id = ensure_chat(conn, channel.channel_id, letter.peer, letter.up_to.at)
    row = {
        "chat_id": chat_id,
        "message_key": letter.message_id,
        "at": letter.up_to.at,
        "place": letter.up_to.place,
        "direction": "in",
        "type": "",
        "body": "{}",
        "token": letter.token,
    }
    conn.execute(insert(messages).prefix_with("OR IGNORE", dialect="sqlite").values(**row))
    asked = ask_mark(conn, channel, chat_id, Occasion.ASKED, "bot", now, delay_ms, letter.up_to)
    return Change(None if asked.value is None else find_mark(conn, asked.value), asked.events)


def marks_in(conn: sa.Connection, states: Collection[str], limit: int) -> list[Mark]:
    """Marks in these states, oldest first."""
    wanted = select(*COLUMNS).where(marks.c.state.in_(states)).order_by(marks.c.mark_id).limit(limit)
    return [Mark._make(row) for row in conn.execute(wanted)]


def count_open(conn: sa.Connection) -> int:
    return int(conn.execute(select(func.count()).where(marks.c.state.in_(OPEN))).scalar_one())


def replay(
    conn: sa.Connection, channel_ids: Collection[int], mark_ids: Sequence[int] | None, limit: int, now: int
) -> Change[int]:
    """Let parked marks of these channels be tried again: these, or all; how many there were, `limit` at most."""
    parked = select(marks.c.mark_id).where(marks.c.state == "parked", marks.c.channel_id.in_(channel_ids))
    if mark_ids is not None:
        parked = parked.where(marks.c.mark_id.in_(mark_ids))
    found = conn.execute(parked.order_by(marks.c.mark_id).limit(limit)).scalars().all()
    changes = [replay_mark(conn, mark_id, "bot", now) for mark_id in found]
    return Change(len(found), [event for change in changes for event in change.events])


def kinds_of(conn: sa.Connection, found: Sequence[Mark]) -> dict[int, str]:
    """The kinds of peers in the chats of marks."""
    ids = {mark.chat_id for mark in found}
    return dict(
        conn.execute(select(chats.c.chat_id, chats.c.peer_kind).where(chats.c.chat_id.in_(ids))).all()
    )


def prune(conn: sa.Connection, before: int, parked_before: int, limit: int = 500) -> Change[int]:
    """Forget what is of no more use: marks that ended, and what they were about; how many rows."""
    ended = or_(
        and_(marks.c.state.in_(DONE), marks.c.asked_at < before),
        and_(marks.c.state == "parked", marks.c.asked_at < parked_before),
    )
    old = conn.execute(select(marks.c.mark_id).where(ended).limit(limit)).scalars().all()
    conn.execute(delete(mark_attempts).where(mark_attempts.c.mark_id.in_(old)))
    forgotten = conn.execute(delete(marks).where(marks.c.mark_id.in_(old))).rowcount
    # A message is looked at when its mark is asked for, and while a mark by user is under way.
    covered = or_(
        messages.c.at < chats.c.read_at,
        and_(messages.c.at == chats.c.read_at, messages.c.place <= chats.c.read_place),
        messages.c.at < before,
    )
    read = select(messages.c.message_no).join(chats, chats.c.chat_id == messages.c.chat_id).where(covered)
    forgotten += conn.execute(delete(messages).where(messages.c.message_no.in_(read.limit(limit)))).rowcount
    marked = exists().where(marks.c.chat_id == chats.c.chat_id)
    lone = select(chats.c.chat_id).where(chats.c.peer_kind == TOKEN, ~marked).limit(limit)
    forgotten += conn.execute(delete(chats).where(chats.c.chat_id.in_(lone))).rowcount
    return Change(forgotten)
