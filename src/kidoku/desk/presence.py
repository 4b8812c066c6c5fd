"""Which agents have which chat open: in memory only, for as long as each page of theirs says so."""

from __future__ import annotations

from typing import NamedTuple

PRESENT_MS = 50_000
"""How long an agent is taken to be there without saying so again [our decision]."""


class View(NamedTuple):
    """A page of an agent's that shows a chat, until a moment in ms; `peeks`: it looks into it without opening it."""

    state: str
    peeks: bool
    expires_at: int


class Present(NamedTuple):
    """An agent in a chat: `viewing` or, in one of their pages, `typing`, until a moment in ms."""

    agent_id: int
    state: str
    expires_at: int


class Presence:
    """Owned by the event loop. An agent may have a chat in several pages, each with a name of its own."""

    def __init__(self) -> None:
        self._chats: dict[int, dict[int, dict[str, View]]] = {}

    def note(self, chat_id: int, agent_id: int, name: str, view: View, now: int) -> Present | None:
        """A page of an agent's says what they do in a chat; what they do in it by all that is known, None: nothing."""
        views = self._chats.setdefault(chat_id, {}).setdefault(agent_id, {})
        views[name] = view
        self._forget(now)
        return next((one for one in self.of_chat(chat_id, now) if one.agent_id == agent_id), None)

    def of_chat(self, chat_id: int, now: int) -> list[Present]:
        """Who is there, whoever came first first."""
        here = self._chats.get(chat_id, {})
        return [present(agent_id, left) for agent_id, views in here.items() if (left := still(views, now))]

    def keeps_open(self, chat_id: int, agent_id: int, now: int) -> bool:
        """Whether a page of an agent's has a chat open, rather than looks into it."""
        views = self._chats.get(chat_id, {}).get(agent_id, {})
        return any(not view.peeks for view in still(views, now).values())

    def _forget(self, now: int) -> None:
        """Keep nothing of those who left, with a word or without."""
        everybody = {
            chat_id: {agent_id: left for agent_id, views in here.items() if (left := still(views, now))}
            for chat_id, here in self._chats.items()
        }
        self._chats = {chat_id: here for chat_id, here in everybody.items() if here}


def view_of(state: str, now: int, *, peeks: bool) -> View:
    """A page that says `viewing`, `typing` or `away` at a moment."""
    return View(state, peeks, now if state == "away" else now + PRESENT_MS)


def still(views: dict[str, View], now: int) -> dict[str, View]:
    """Those whose time is not over; whoever is away has none left."""
    return {name: view for name, view in views.items() if view.expires_at > now}


def present(agent_id: int, views: dict[str, View]) -> Present:
    typing = any(view.state == "typing" for view in views.values())
    return Present(
        agent_id, "typing" if typing else "viewing", max(view.expires_at for view in views.values())
    )
