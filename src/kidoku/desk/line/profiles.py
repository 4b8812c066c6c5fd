"""Profiles of users, groups, and members of groups and rooms (LINE: reference, "Users", "Group chats")."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from kidoku.core.mark_attempt import Tried
from kidoku.desk.line.client import LineClient, NoAnswer

TEXT_LIMIT = 1_000
"""Characters that are kept of a name, an address or a status message: more than LINE allows."""


async def get_profile(
    line: LineClient, api_base_url: str, access_token: str, path: str
) -> tuple[Tried, dict[str, str]]:
    """How asking ended, and what texts the answer has."""
    try:
        answer = await line.call("GET", api_base_url + path, access_token)
    except NoAnswer as error:
        return Tried(None, error.fault, error.message), {}
    message = "" if answer.status < 300 else answer.message
    return Tried(answer.status, None, message, answer.retry_after_s), texts(answer.body)


def texts(body: Any) -> dict[str, str]:
    if not isinstance(body, dict):
        return {}
    return {name: value[:TEXT_LIMIT] for name, value in body.items() if isinstance(value, str) and value}


def profile_path(kind: str, peer_id: str, user_id: str | None) -> str | None:
    """Where the profile of a chat's peer is, or of a member; a room has none."""
    peer = quote(peer_id, safe="")
    if user_id is not None:
        return f"/v2/bot/{kind}/{peer}/member/{quote(user_id, safe='')}"
    return {"user": f"/v2/bot/profile/{peer}", "group": f"/v2/bot/group/{peer}/summary"}.get(kind)
