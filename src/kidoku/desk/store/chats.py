"""Chats: one per Official Account and user, group or room."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import bindparam, insert, select, update

from kidoku.desk.store.schema import chats
from kidoku.storage.prepared import Prepared
from kidoku.storage.refused import Missing

if TYPE_CHECKING:
    import sqlalchemy as sa


class Peer(NamedTuple):
    """Whom an account chats with: a user, a group or a room."""

    kind: str
    id: str


def peer_of(source: Mapping[str, Any] | None) -> Peer | None:
    """The peer of an event's `source`; None without one, or for a kind that LINE has added since."""
    kind = (source or {}).get("type")
    if source is None or kind not in {"user", "group", "room"}:
        return None
    peer_id = source.get(f"{kind}Id")
    return Peer(str(kind), peer_id) if isinstance(peer_id, str) else None


WITH_PEER = Prepared(
    select(chats.c.chat_id).where(
        chats.c.channel_id == bindparam("channel"), chats.c.peer_id == bindparam("peer")
    )
)
MAKE = Prepared(
    insert(chats), ["channel_id", "peer_kind", "peer_id", "created_at", "last_at", "profile_due_at"]
)


def chat_with(conn: sa.Connection, channel_id: int, peer: Peer) -> int | None:
    """The ID of the chat with a peer, if there was ever an event."""
    row = WITH_PEER(conn, channel=channel_id, peer=peer.id).fetchone()
    return None if row is None else int(row[0])


def make_chat(conn: sa.Connection, channel_id: int, peer: Peer, at: int) -> int:
    """The ID of a new chat."""
    row = {"channel_id": channel_id, "peer_kind": peer.kind, "peer_id": peer.id}
    made = MAKE(conn, **row, created_at=at, last_at=at, profile_due_at=at).lastrowid
    assert made is not None
    return made


def ensure_chat(conn: sa.Connection, channel_id: int, peer: Peer, at: int) -> int:
    """The ID of the chat with a peer, made at its first event."""
    found = chat_with(conn, channel_id, peer)
    return make_chat(conn, channel_id, peer, at) if found is None else found


def set_chat(conn: sa.Connection, chat_id: int, **values: Any) -> None:
    """Change columns of a chat. Raises Missing."""
    if not conn.execute(update(chats).where(chats.c.chat_id == chat_id).values(**values)).rowcount:
        raise Missing("no_such_chat", "There is no such chat.")


class Chat(NamedTuple):
    """A chat as it stands. Times in ms."""

    chat_id: int
    channel_id: int
    peer_kind: str
    peer_id: str
    display_name: str | None
    picture_url: str | None
    status_message: str | None
    language: str | None
    profile_at: int | None
    blocked_at: int | None
    state: str
    assignee_id: int | None
    last_at: int
    last_message_key: str | None
    unseen: int
    seen_at: int
    waiting_since: int | None
    read_at: int
    read_place: int
    created_at: int


COLUMNS = [chats.c[name] for name in Chat._fields]


def find_chat(conn: sa.Connection, chat_id: int) -> Chat:
    """Raises Missing."""
    row = conn.execute(select(*COLUMNS).where(chats.c.chat_id == chat_id)).one_or_none()
    if row is None:
        raise Missing("no_such_chat", "There is no such chat.")
    return Chat._make(row)
