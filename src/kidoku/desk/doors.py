"""Doors: addresses that sign an agent in without a password, for as long as this process lives.

Whoever starts the desk in a process of theirs makes them (`kidoku up` for the agent of its demo); nobody can from
outside.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Callable

from kidoku.desk.store.agents import digest_of

KEY_BYTES = 24


class Doors:
    """The doors of one process. Only digests of their keys are kept."""

    def __init__(self, entropy: Callable[[int], bytes]) -> None:
        self._entropy = entropy
        self._agents: dict[str, int] = {}

    def make(self, agent_id: int) -> str:
        """The key of a new door for an agent."""
        key = urlsafe_b64encode(self._entropy(KEY_BYTES)).decode()
        self._agents[digest_of(key)] = agent_id
        return key

    def agent_id(self, key: str) -> int | None:
        """Whom a key signs in; None if it is no key of this process."""
        return self._agents.get(digest_of(key))
