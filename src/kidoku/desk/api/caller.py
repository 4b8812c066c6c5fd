"""Who makes a request."""

from __future__ import annotations

from dataclasses import dataclass

from kidoku.desk.store.agents import Agent, Session

API = "api"
"""Who marks and messages name when a program caused them."""


@dataclass(frozen=True, slots=True)
class Caller:
    """An agent in a browser, or a program with the API key, which may do all that an admin may."""

    agent: Agent | None = None
    session: Session | None = None

    @property
    def by(self) -> str:
        """As marks and messages name whoever caused them."""
        return API if self.agent is None else self.agent.name

    @property
    def is_admin(self) -> bool:
        return self.agent is None or self.agent.role == "admin"
