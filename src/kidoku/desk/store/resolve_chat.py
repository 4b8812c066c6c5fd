"""Saying where the work on a chat stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from kidoku.desk.store.change import Change
from kidoku.desk.store.chat_event import chat_changed
from kidoku.desk.store.chats import find_chat, set_chat
from kidoku.desk.store.waiting import somebody_waits

if TYPE_CHECKING:
    import sqlalchemy as sa

State = Literal["open", "waiting", "resolved"]
"""`waiting`: for the user, who has been asked something. A new message opens what is resolved."""


def set_state(conn: sa.Connection, chat_id: int, state: State, by: str) -> Change[State]:
    """Resolve a chat, or open it again. Nobody waits in a chat that is resolved; LINE is told nothing. Raises
    Missing.
    """
    if find_chat(conn, chat_id).state == state:
        return Change(state)
    values: dict[str, Any] = {"state": state}
    set_chat(conn, chat_id, **values)
    somebody_waits(conn, chat_id)
    return Change(state, [chat_changed(conn, chat_id, by)])
