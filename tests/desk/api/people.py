"""Agents for tests of the desk's API."""

from __future__ import annotations

from tests.desk.api.kit import Client

PASSWORD = "correct horse battery"


async def signed_in(api: Client, browser: Client, login: str = "ann", role: str = "agent") -> str:
    """An agent who is signed in in a browser; their ID."""
    made = await api.post("/agents", {"login": login, "password": PASSWORD, "role": role})
    await browser.post("/session", {"login": login, "password": PASSWORD})
    return str(made["agentId"])
