"""The list of chats, newest first, by filter and by words; what one line of it shows.

Who has a hundred thousand chats waits no longer for a page than who has a hundred: each filter has an index in the
order of the list, led by the channel, and of each channel only one page is looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple, get_args

import sqlalchemy as sa
from sqlalchemy import func, literal_column, select

from kidoku.desk.store.chats import COLUMNS as CHAT
from kidoku.desk.store.chats import Chat
from kidoku.desk.store.place import Place
from kidoku.desk.store.read_state import ReadState, open_marks, read_state
from kidoku.desk.store.schema import channels, chats, messages
from kidoku.desk.store.search import message_hits, name_hits
from kidoku.storage.refused import Missing

Filter = Literal["all", "unread", "mine", "unassigned", "waiting", "resolved"]
FILTERS: tuple[Filter, ...] = get_args(Filter)

COUNTED = 1_000
"""Chats of one channel that are counted for a filter at most: pages show "999+"."""


class Preview(NamedTuple):
    """A message in one line."""

    message_key: str
    type: str
    text: str | None
    at: int
    direction: str
    sender_id: str | None
    unsent_at: int | None


class Row(NamedTuple):
    """A line of the list. `read`: of the newest message of a user's, if there is one; `found`: the newest message that
    a search found.
    """

    chat: Chat
    last: Preview | None
    read: ReadState | None
    found: Preview | None


class Wanted(NamedTuple):
    """Which chats: of some channels, by filter, by words; `before` is the time and ID of the last page's last chat."""

    channel_ids: Sequence[int]
    filter: Filter = "all"
    agent_id: int | None = None
    query: str = ""
    before: tuple[int, int] | None = None


last = messages.alias("last")
inbound = messages.alias("inbound")
newest_inbound = (
    select(messages.c.message_no)
    .where(messages.c.chat_id == chats.c.chat_id, messages.c.direction == "in", messages.c.standby.is_(False))
    .order_by(messages.c.at.desc(), messages.c.place.desc())
    .limit(1)
    .scalar_subquery()
)


def preview(table: Any) -> list[Any]:
    return [table.c[name] for name in Preview._fields]


def lines(source: Any, found_no: Any) -> Any:
    """What a line shows, of the chats in `source`; `found_no` is the number of the message that a search found."""
    return select(*CHAT, *preview(last), found_no, inbound.c.at, inbound.c.place).select_from(
        source.outerjoin(
            last, (last.c.chat_id == chats.c.chat_id) & (last.c.message_key == chats.c.last_message_key)
        ).outerjoin(inbound, inbound.c.message_no == newest_inbound)
    )


def list_chats(conn: sa.Connection, wanted: Wanted, limit: int) -> list[Row]:
    """A page of the list, newest first."""
    return rows(conn, page_of(wanted, limit))


def page_of(wanted: Wanted, limit: int) -> Any:
    query = searched(wanted) if wanted.query.strip() else filtered(wanted, limit)
    return query.order_by(chats.c.last_at.desc(), chats.c.chat_id.desc()).limit(limit)


def find_line(conn: sa.Connection, chat_id: int) -> Row:
    """One line of the list. Raises Missing."""
    made = rows(conn, lines(chats, sa.null()).where(chats.c.chat_id == chat_id))
    if not made:
        raise Missing("no_such_chat", "There is no such chat.")
    return made[0]


def filtered(wanted: Wanted, limit: int) -> Any:
    """The newest chats of each channel: its first page, found by the filter's index."""
    one = chats.alias("one")
    newest = (
        select(one.c.chat_id)
        .where(one.c.channel_id == channels.c.channel_id, *conditions(one, wanted))
        .order_by(one.c.last_at.desc(), one.c.chat_id.desc())
        .limit(limit)
        .correlate(channels)
    )
    source = channels.join(chats, chats.c.chat_id.in_(newest))
    return lines(source, sa.null()).where(channels.c.channel_id.in_(wanted.channel_ids))


def searched(wanted: Wanted) -> Any:
    """The chats whose name or messages contain the words, or whose peer has exactly this ID."""
    by_message, by_name = message_hits(wanted.query), name_hits(wanted.query)
    hits = sa.union_all(
        select(messages.c.chat_id, messages.c.message_no).join(
            by_message, by_message.c.number == messages.c.message_no
        ),
        select(by_name.c.number, sa.null()),
        select(chats.c.chat_id, sa.null()).where(
            chats.c.channel_id.in_(wanted.channel_ids), chats.c.peer_id == wanted.query.strip()
        ),
    ).subquery()
    newest = (
        select(hits.c.chat_id, func.max(hits.c.message_no).label("message_no"))
        .group_by(hits.c.chat_id)
        .subquery()
    )
    source = newest.join(chats, chats.c.chat_id == newest.c.chat_id)
    of_channels = chats.c.channel_id.in_(wanted.channel_ids)
    return lines(source, newest.c.message_no).where(of_channels, *conditions(chats, wanted))


def conditions(one: Any, wanted: Wanted) -> list[Any]:
    """What a chat has to be for the filter and the page. Constants, so that SQLite finds the partial indexes.

    Mine and unassigned are work to do: what is resolved stands under resolved.
    """
    unresolved = one.c.state != literal_column("'resolved'")
    by_filter: dict[Filter, list[Any]] = {
        "all": [],
        "unread": [one.c.unseen > literal_column("0")],
        "mine": [one.c.assignee_id == wanted.agent_id, unresolved],
        "unassigned": [one.c.assignee_id.is_(None), unresolved],
        "waiting": [one.c.waiting_since.is_not(None)],
        "resolved": [one.c.state == literal_column("'resolved'")],
    }
    page = (
        [] if wanted.before is None else [sa.tuple_(one.c.last_at, one.c.chat_id) < sa.tuple_(*wanted.before)]
    )
    return [*by_filter[wanted.filter], *page]


def rows(conn: sa.Connection, query: Any) -> list[Row]:
    read = conn.execute(query).all()
    split = len(CHAT)
    listed = [Chat._make(row[:split]) for row in read]
    known = open_marks(conn, [chat.chat_id for chat in listed])
    found = found_messages(conn, [row[-3] for row in read if row[-3] is not None])
    return [
        Row(chat, to_preview(row[split:-3]), chat_state(chat, row[-2], row[-1], known), found.get(row[-3]))
        for chat, row in zip(listed, read, strict=True)
    ]


def found_messages(conn: sa.Connection, numbers: Sequence[int]) -> dict[int, Preview]:
    if not numbers:
        return {}
    wanted = select(messages.c.message_no, *preview(messages)).where(messages.c.message_no.in_(numbers))
    return {row[0]: Preview._make(row[1:]) for row in conn.execute(wanted)}


def to_preview(values: Sequence[Any]) -> Preview | None:
    return None if values[0] is None else Preview._make(values)


def chat_state(chat: Chat, at: int | None, place: int | None, known: dict[int, Any]) -> ReadState | None:
    """The read state of a chat's newest message of a user's; None if no user has written."""
    if at is None or place is None:
        return None
    return read_state(Place(at, place), Place(chat.read_at, chat.read_place), known.get(chat.chat_id, ()))


def count_chats(conn: sa.Connection, channel_ids: Sequence[int], agent_id: int | None) -> dict[Filter, int]:
    """How many chats each filter has, counted up to a limit."""
    numbers = []
    for name in FILTERS:
        one = chats.alias(f"of_{name}")
        asked = Wanted(channel_ids, name, agent_id)
        some = (
            select(literal_column("1"))
            .select_from(one)
            .where(one.c.channel_id == channels.c.channel_id, *conditions(one, asked))
            .limit(COUNTED)
            .correlate(channels)
            .subquery()
        )
        numbers.append(func.sum(select(func.count()).select_from(some).scalar_subquery()))
    counted = conn.execute(select(*numbers).where(channels.c.channel_id.in_(channel_ids))).one()
    return {name: min(COUNTED, number or 0) for name, number in zip(FILTERS, counted, strict=True)}
