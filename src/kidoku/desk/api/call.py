"""One request to the desk's API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kidoku.desk.api.access import CALLER
from kidoku.desk.api.caller import Caller
from kidoku.http.json_api import call
from kidoku.http.json_api.parsing import to_id
from kidoku.http.json_api.problems import Problem
from kidoku.storage.refused import Missing

if TYPE_CHECKING:
    from kidoku.desk.runtime import Desk
    from kidoku.desk.store.agents import Agent
    from kidoku.desk.store.channels import Channel


class Call(call.Call["Desk"]):
    """A request, who makes it, and what its path names."""

    __slots__ = ()

    @property
    def desk(self) -> Desk:
        return self.server

    @property
    def caller(self) -> Caller | None:
        """None only where nobody has to be signed in."""
        found: Caller | None = self.scope.get(CALLER)
        return found

    @property
    def known(self) -> Caller:
        found = self.caller
        assert found is not None
        return found

    @property
    def agent(self) -> Agent | None:
        """Who is signed in; None for a program with the API key."""
        return self.known.agent

    @property
    def by(self) -> str:
        """As marks and messages name whoever caused them: `agent:7`, or `api`."""
        return self.known.by

    def require_admin(self) -> None:
        """Raises Problem (403) for agents who are no admins."""
        if not self.known.is_admin:
            raise Problem(403, "admins_only", "Only an admin may do this.", "Ask an admin of your team.")

    @property
    def channel(self) -> Channel:
        """The channel of the path. Raises Missing."""
        key = self.params["channelKey"]
        found = self.desk.directory.by_key.get(key)
        if found is None:
            raise Missing("no_such_channel", f"There is no channel {key}.")
        return found

    def id_of(self, name: str, code: str, message: str) -> int:
        """A number that the path names; `code` and `message` are for what can't be one. Raises Missing."""
        number = to_id(self.params[name])
        if number is None:
            raise Missing(code, message)
        return number
