"""What the desk's API says of itself."""

from __future__ import annotations

from kidoku.desk.api.paths import OPENAPI, ROOT
from kidoku.http.json_api.about import BEARER, About

TEXT = """The team's inbox: channels, chats with the read state of every message, answers, marks, and the agents who do
all that. Everything needs an agent's session, which a login and a password open, or the API key. IDs are strings;
times are milliseconds since the epoch."""

COOKIE = {
    "type": "apiKey",
    "in": "cookie",
    "name": "kidoku_desk_8500",
    "description": "An agent's session; the number is the port that the desk listens on.",
}

ABOUT = About(
    name="desk API",
    root=ROOT,
    openapi=OPENAPI,
    text=TEXT,
    keys={"key": BEARER, "session": COOKIE},
    security=[{"key": []}, {"session": []}],
)
