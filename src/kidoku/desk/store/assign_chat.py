"""Giving a chat to an agent, or to nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kidoku.core.read_policy import Occasion
from kidoku.desk.store.agents import find_agent
from kidoku.desk.store.change import Change, Event
from kidoku.desk.store.channels import Channel
from kidoku.desk.store.chat_event import chat_changed
from kidoku.desk.store.chats import find_chat, set_chat
from kidoku.desk.store.due_marks import ask_due
from kidoku.storage.refused import Invalid

if TYPE_CHECKING:
    import sqlalchemy as sa


def assign_chat(
    conn: sa.Connection, channel: Channel, chat_id: int, agent_id: int | None, by: str, now: int
) -> Change[None]:
    """Ask for what the policy makes due when a chat finds its agent. Raises Missing, and Invalid for an agent who can't
    sign in.
    """
    before = find_chat(conn, chat_id)
    if agent_id is not None and find_agent(conn, agent_id).disabled_at is not None:
        raise Invalid("agent_disabled", "This agent is disabled.", "Choose an agent who can sign in.")
    if before.assignee_id == agent_id:
        return Change(None)
    set_chat(conn, chat_id, assignee_id=agent_id)
    assigned: Event = {
        "type": "assign",
        "channelId": channel.channel_id,
        "chatId": str(chat_id),
        "agentId": None if agent_id is None else str(agent_id),
        "by": by,
    }
    left = [assigned, chat_changed(conn, chat_id, by)]
    if agent_id is not None:
        left += ask_due(conn, channel, chat_id, Occasion.ASSIGNED, by, now).events
    return Change(None, left)
