"""Which agents have which chat open: in memory only, for as long as each says so."""

from __future__ import annotations

from typing import NamedTuple

PRESENT_MS = 50_000
"""How long an agent is taken to be there without saying so again [our decision]."""


class Present(NamedTuple):
    """An agent in a chat: `viewing` or `typing`, until a moment in ms."""

    agent_id: int
    state: str
    expires_at: int


class Presence:
    """Owned by the event loop."""

    def __init__(self) -> None:
        self._chats: dict[int, dict[int, Present]] = {}

    def note(self, chat_id: int, agent_id: int, state: str, now: int) -> int:
        """An agent says what they do in a chat; until when that is taken to be so."""
        here = self._chats.setdefault(chat_id, {})
        here.pop(agent_id, None)
        expires_at = now if state == "away" else now + PRESENT_MS
        if state != "away":
            here[agent_id] = Present(agent_id, state, expires_at)
        self._forget(now)
        return expires_at

    def of_chat(self, chat_id: int, now: int) -> list[Present]:
        """Who is there, whoever came first first."""
        return [one for one in self._chats.get(chat_id, {}).values() if one.expires_at > now]

    def _forget(self, now: int) -> None:
        """Keep nothing of those who left without a word."""
        for chat_id, here in list(self._chats.items()):
            kept = {agent_id: one for agent_id, one in here.items() if one.expires_at > now}
            if kept:
                self._chats[chat_id] = kept
            else:
                del self._chats[chat_id]
