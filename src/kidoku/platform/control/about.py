"""What the control API says of itself."""

from __future__ import annotations

from typing import Any

from kidoku.http.json_api.about import About
from kidoku.http.json_api.openapi import ERROR
from kidoku.http.sessions import SESSION_PATH
from kidoku.platform.control.paths import OPENAPI, ROOT

TEXT = """Plays the world around a bot: people with phones, Official Accounts with their Manager, time to wait for what
happens. Every answer carries `X-Kidoku-Cursor`, the cursor of live events from before the request: give it as `since`
to `/wait` or `/events`, and nothing that the request caused is missed. IDs are strings; times are milliseconds since
the epoch."""

CURSOR = "X-Kidoku-Cursor"
"""Header of every answer: the cursor of live events before the request did anything."""


def session() -> dict[str, Any]:
    """The path that the guard in front of this API answers."""
    told = {"keyNeeded": {"type": "boolean"}, "signedIn": {"type": "boolean"}}
    key = {"type": "object", "properties": {"key": {"type": "string"}}, "required": ["key"]}
    asks = {"content": {"application/json": {"schema": key}}}

    def one(name: str, summary: str, properties: dict[str, Any], **more: Any) -> dict[str, Any]:
        schema = {"type": "object", "properties": properties}
        found = {"description": summary, "content": {"application/json": {"schema": schema}}}
        return {
            "operationId": name,
            "summary": summary,
            "tags": ["session"],
            "responses": {"200": found, "default": ERROR},
            **more,
        }

    return {
        "get": one("getSession", "Whether a key is needed and known", told),
        "post": one("postSession", "Exchange the control key for a session cookie", {}, requestBody=asks),
        "delete": one("deleteSession", "End the session", {}),
    }


ABOUT = About(
    name="control API",
    root=ROOT,
    openapi=OPENAPI,
    text=TEXT,
    headers=[CURSOR],
    security=[{}, {"key": []}],
    elsewhere={SESSION_PATH: session()},
)
