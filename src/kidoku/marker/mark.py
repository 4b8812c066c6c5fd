"""A mark, as those see it who asked for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

State = Literal["waiting", "due", "sending", "confirmed", "parked", "superseded", "undone"]
"""`waiting` for its time · `due`, until it is sent or sent again · `sending` · `confirmed` by LINE · `parked`, because
it is of no use to try again · `superseded` by one that covers it · `undone`."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A request to mark one chat as read up to a message, as it stood when it was looked at."""

    mark_id: int
    channel: str
    """The channel's name; `default` when there is only one."""
    chat: str | None
    """ID of the user, group or room; None when only a token was given."""
    token: str | None
    """What is sent to LINE; None when marking by user."""
    state: State
    asked_at: datetime
    due_at: datetime
    attempts: int
    status: int | None
    """HTTP status of the last attempt; None without an answer."""
    reason: str | None
    """Why the last attempt failed."""
    advice: str | None
    """What to do about a parked mark, as a code: `chat-off`, `access-token`, `wrong-channel`, …"""


def moment(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1_000, UTC)
