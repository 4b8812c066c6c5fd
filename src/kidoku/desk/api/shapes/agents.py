"""Agents and their sessions."""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, Meta

from kidoku.desk.api.shapes.common import Name
from kidoku.desk.passwords import LONGEST, SHORTEST
from kidoku.desk.store.agents import Role
from kidoku.http.json_api.shapes import Asked, Maybe, Told

Login = Annotated[str, Meta(max_length=64, pattern=r"^\s*[A-Za-z0-9][A-Za-z0-9._@+-]*\s*\Z")]
NewPassword = Annotated[str, Meta(min_length=SHORTEST, max_length=LONGEST)]
Given = Annotated[str, Meta(max_length=LONGEST)]
"""A login or password as somebody typed it."""


class SignInAsked(Asked, frozen=True, kw_only=True):
    login: Given
    password: Given


class AgentTold(Told, frozen=True, kw_only=True):
    """`disabled`: cannot sign in; what they did keeps their name."""

    agent_id: str
    login: str
    name: str
    role: Role
    disabled: bool
    created_at: int


class Agents(Told, frozen=True, kw_only=True):
    agents: list[AgentTold]


class SessionTold(Told, frozen=True, kw_only=True):
    """`agent` is left out for nobody, and for a program with the API key. `has_agents`: whether anybody could sign
    in.
    """

    signed_in: bool
    has_agents: bool
    agent: Maybe[AgentTold] = UNSET


class SignedIn(Told, frozen=True, kw_only=True):
    agent: AgentTold


class NewAgent(Asked, frozen=True, kw_only=True):
    """`name` is the login without it."""

    login: Login
    password: NewPassword
    name: Maybe[Name] = UNSET
    role: Role = "agent"


class AgentChanges(Asked, frozen=True, kw_only=True):
    """Agents change their own name, and their password with the old one; the rest is for admins."""

    name: Maybe[Name] = UNSET
    role: Maybe[Role] = UNSET
    password: Maybe[NewPassword] = UNSET
    old_password: Maybe[Given] = UNSET
    disabled: Maybe[bool] = UNSET


class OpenSession(Told, frozen=True, kw_only=True):
    """A browser in which an agent is signed in. `current`: the one that asks."""

    session_id: str
    created_at: int
    seen_at: int
    ends_at: int
    user_agent: str | None
    current: bool


class OpenSessions(Told, frozen=True, kw_only=True):
    sessions: list[OpenSession]
