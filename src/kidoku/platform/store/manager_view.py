"""What the Manager shows: an account's chats with their unread and badge, and one chat with its read times."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Literal, NamedTuple

import sqlalchemy as sa

from kidoku.core.seal import Seal
from kidoku.platform.store.chat_log import Logged, chat_log, last_messages
from kidoku.platform.store.chats import COLUMNS as CHAT
from kidoku.platform.store.chats import WHOLE, Chat
from kidoku.platform.store.operator import require_chat
from kidoku.platform.store.schema import accounts, chats, groups, users, watermarks
from kidoku.platform.store.timeline import Step, steps

Filter = Literal["all", "unread", "badge", "inbox", "follow_up", "resolved", "spam"]

STEPS = 2_000
"""Advances that are read for one page at most."""


class Row(NamedTuple):
    """A chat in the Manager's list. `name` and `picture_url` are the user's or group's."""

    chat: Chat
    name: str
    picture_url: str | None
    last: Logged | None


class Log(NamedTuple):
    """A chat in the Manager: a page of its messages, and the advances that cover them, oldest first."""

    row: Row
    messages: list[Logged]
    steps: list[Step]
    has_more: bool


LISTED = sa.select(
    *CHAT,
    sa.func.coalesce(users.c.display_name, groups.c.name, "").label("name"),
    sa.func.coalesce(users.c.picture_url, groups.c.picture_url),
).select_from(
    WHOLE.join(accounts, accounts.c.channel_id == chats.c.channel_id)
    .outerjoin(users, (users.c.provider_id == accounts.c.provider_id) & (users.c.user_id == chats.c.peer_id))
    .outerjoin(
        groups, (groups.c.provider_id == accounts.c.provider_id) & (groups.c.group_id == chats.c.peer_id)
    )
)


def list_chats(
    conn: sa.Connection,
    channel_id: int,
    limit: int,
    *,
    labels: Collection[str] = (),
    unread: bool = False,
    badge: bool = False,
    query: str | None = None,
    before: tuple[int, int] | None = None,
) -> list[Row]:
    """An account's chats with messages, newest first. `before` is the time and ID of the last page's last message.

    `unread`: only those that are not Read for the user; `badge`: only those that no operator has opened since.
    """
    found = LISTED.where(chats.c.channel_id == channel_id, chats.c.last_message_at.is_not(None))
    if labels:
        found = found.where(chats.c.label.in_(labels))
    if unread:
        found = found.where(watermarks.c.read_seq < watermarks.c.last_seq)
    if badge:
        found = found.where(chats.c.seen_seq < watermarks.c.last_seq)
    if query:
        found = found.where(matching(query))
    if before is not None:
        found = found.where(sa.tuple_(chats.c.last_message_at, chats.c.last_message_id) < sa.tuple_(*before))
    newest_first = found.order_by(chats.c.last_message_at.desc(), chats.c.last_message_id.desc()).limit(limit)
    return to_rows(conn, conn.execute(newest_first).all())


def matching(query: str) -> Any:
    """A name that contains the words, or exactly this ID."""
    name = sa.func.coalesce(users.c.display_name, groups.c.name, "")
    return name.icontains(query, autoescape=True) | (chats.c.peer_id == query)


def to_rows(conn: sa.Connection, rows: Any) -> list[Row]:
    listed = [(Chat(*row[: len(CHAT)]), row[len(CHAT)], row[len(CHAT) + 1]) for row in rows]
    last = last_messages(conn, [chat for chat, *_ in listed])
    return [
        Row(chat, name, picture, last.get((chat.channel_id, chat.chat_id))) for chat, name, picture in listed
    ]


def chat_row(conn: sa.Connection, channel_id: int, peer_id: str) -> Row:
    """One chat of the list. Raises Missing."""
    chat = require_chat(conn, channel_id, peer_id)
    one = LISTED.where(chats.c.channel_id == channel_id, chats.c.chat_id == chat.chat_id)
    [row] = to_rows(conn, conn.execute(one).all())
    return row


def manager_log(
    conn: sa.Connection, channel_id: int, peer_id: str, seal: Seal, limit: int, before: int | None
) -> Log:
    """A page of a chat's messages with the advances that made them Read. Raises Missing."""
    row = chat_row(conn, channel_id, peer_id)
    logged, more = chat_log(conn, row.chat, seal, limit, before=before)
    lowest = min((one.seq for one in logged if one.seq is not None), default=row.chat.last_seq + 1)
    return Log(row, logged, steps(conn, row.chat, STEPS, lowest), more)


def manager_timeline(
    conn: sa.Connection, channel_id: int, peer_id: str, seal: Seal, limit: int, before: int | None
) -> Log:
    """The same for the picture of how the watermark rose: with every advance since the page's first message.

    A page without a user's message has the newest advances. Raises Missing.
    """
    row = chat_row(conn, channel_id, peer_id)
    logged, more = chat_log(conn, row.chat, seal, limit, before=before)
    lowest = min((one.seq for one in logged if one.seq is not None), default=0) if more else 0
    return Log(row, logged, steps(conn, row.chat, STEPS, lowest), more)
