"""What can be done to a desk that doesn't run: its first agent, who can then sign in."""

from __future__ import annotations

import os

import msgspec

from kidoku.desk.api.agents import NEW_AGENT, SALT_BYTES, told
from kidoku.desk.api.shapes.agents import AgentTold
from kidoku.desk.config import DeskConfig
from kidoku.desk.passwords import hash_password
from kidoku.desk.runtime import open_database
from kidoku.desk.store.agents import add_agent
from kidoku.http.json_api.parsing import decode
from kidoku.storage.clock import SystemClock


async def make_agent(config: DeskConfig, body: bytes) -> AgentTold:
    """As `POST /api/v1/agents`. Raises DatabaseUnusable, also while a desk has the data folder; Problem; Refused."""
    asked = decode(NEW_AGENT, body)
    password = hash_password(asked.password, os.urandom(SALT_BYTES))
    login = asked.login.strip()
    name = login if asked.name is msgspec.UNSET else asked.name.strip()
    engine, _ = open_database(config)
    try:
        made = await engine.write(add_agent, login, name, asked.role, password, SystemClock().now())
    finally:
        await engine.close()
    return told(made.value)
