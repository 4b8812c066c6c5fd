"""Messages that wait longer than their channel's target allows: told of once before, and once when it is missed.

What was told stands with the message, so that a restart tells nothing twice. The index is named, because what was read
long ago must not be looked at.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

from kidoku.core.report import target_of
from kidoku.desk.store.change import Change, Event
from kidoku.desk.store.channels import Channel
from kidoku.storage.sqlite import raw

if TYPE_CHECKING:
    import sqlalchemy as sa

NOT_TOLD, WARNED, MISSED = 0, 1, 2
Standing = Literal["warning", "missed"]
STANDINGS: dict[int, Standing] = {WARNED: "warning", MISSED: "missed"}

AT_ONCE = 1_000
"""Messages in one transaction."""


def tell_targets(conn: sa.Connection, channels: Iterable[Channel], now: int) -> Change[None]:
    """Tell of messages whose time is nearly or quite over, with one event for each chat. There may be more."""
    change: Change[None] = Change(None)
    for channel in channels:
        target_s = channel.settings.read_target_s
        if target_s is None or channel.removed_at is not None:
            continue
        target = target_of(0, target_s)
        # What is missed already needs no warning.
        for told, before, wait in (
            (MISSED, WARNED, target.due_at),
            (MISSED, NOT_TOLD, target.due_at),
            (WARNED, NOT_TOLD, target.warn_at),
        ):
            found = tell(raw(conn), channel.channel_id, told, before, now - wait)
            change.events += target_events(channel, STANDINGS[told], found, target_s)
            if len(found) == AT_ONCE:
                break
    return change


TELL = """
UPDATE read_waits SET told = ? WHERE (channel_id, at, chat_id, message_key) IN (
    SELECT channel_id, at, chat_id, message_key FROM read_waits INDEXED BY ix_read_waits_open
    WHERE channel_id = ? AND ended_at IS NULL AND told = ? AND at <= ? ORDER BY at LIMIT ?
) RETURNING chat_id, at
"""


def tell(
    driver: sqlite3.Connection, channel_id: int, told: int, before: int, up_to: int
) -> list[tuple[int, int]]:
    """Note that a channel's unread messages up to a moment are told of: chat and time of each."""
    return driver.execute(TELL, (told, channel_id, before, up_to, AT_ONCE)).fetchall()


def target_events(
    channel: Channel, standing: Standing, found: Sequence[tuple[int, int]], target_s: int
) -> list[Event]:
    oldest: dict[int, int] = {}
    for chat_id, at in found:
        oldest[chat_id] = min(at, oldest.get(chat_id, at))
    return [
        {
            "type": "target",
            "state": standing,
            "channelId": channel.channel_id,
            "chatId": str(chat_id),
            "dueAt": target_of(at, target_s).due_at,
        }
        for chat_id, at in oldest.items()
    ]


def next_target(conn: sa.Connection, channels: Iterable[Channel]) -> int | None:
    """When there is something to tell next."""
    moments = []
    for channel in channels:
        target_s = channel.settings.read_target_s
        if target_s is None or channel.removed_at is not None:
            continue
        target = target_of(0, target_s)
        for told, wait in ((NOT_TOLD, target.warn_at), (WARNED, target.due_at)):
            at = oldest_unread(raw(conn), channel.channel_id, told)
            if at is not None:
                moments.append(at + wait)
    return min(moments, default=None)


OLDEST = """
SELECT min(at) FROM read_waits INDEXED BY ix_read_waits_open
WHERE channel_id = ? AND ended_at IS NULL AND told = ?
"""


def oldest_unread(driver: sqlite3.Connection, channel_id: int, told: int) -> int | None:
    found: int | None = driver.execute(OLDEST, (channel_id, told)).fetchone()[0]
    return found


class Late(NamedTuple):
    """An unread message that was told of. Times in ms."""

    channel_id: int
    chat_id: int
    message_key: str
    at: int
    due_at: int
    standing: Standing


def late_messages(conn: sa.Connection, channels: Iterable[Channel], limit: int) -> list[Late]:
    """Unread messages that were told of, the most urgent first."""
    found = [late for channel in channels for late in late_of(conn, channel, limit)]
    return sorted(found, key=lambda late: late.due_at)[:limit]


LATE = """
SELECT chat_id, message_key, at FROM read_waits INDEXED BY ix_read_waits_open
WHERE channel_id = ? AND ended_at IS NULL AND told = ? ORDER BY at LIMIT ?
"""


def late_of(conn: sa.Connection, channel: Channel, limit: int) -> list[Late]:
    target_s = channel.settings.read_target_s
    if target_s is None or channel.removed_at is not None:
        return []
    return [
        Late(channel.channel_id, chat_id, key, at, target_of(at, target_s).due_at, standing)
        for told, standing in STANDINGS.items()
        for chat_id, key, at in raw(conn).execute(LATE, (channel.channel_id, told, limit))
    ]
