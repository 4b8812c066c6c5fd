"""The marker's work."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import UNSET, Meta

from kidoku.desk.api.shapes.chats import Id, MarkStates, Occasion
from kidoku.http.json_api.shapes import Asked, Maybe, Told


class AttemptTold(Told, frozen=True, kw_only=True):
    """`status` null: no answer came. `requestId`: LINE's, of the answer."""

    started_at: int
    duration_ms: int | None
    status: int | None
    reason: str | None
    request_id: str | None


class MarkTold(Told, frozen=True, kw_only=True):
    """A request to mark a chat as Read up to the message of `upTo`. `reason`: why the last attempt failed; `advice`:
    why it is parked, as a code. The first 50 attempts are kept one by one.
    """

    mark_id: str
    channel_key: str
    chat_id: str
    display_name: str | None
    form: Literal["token", "user"]
    up_to: int
    occasion: Occasion
    by: str
    asked_at: int
    due_at: int
    state: MarkStates
    next_at: int | None
    attempts: list[AttemptTold]
    attempt_count: int
    confirmed_at: int | None
    superseded_by: str | None
    status: int | None
    reason: str | None
    advice: str | None


class MarksTold(Told, frozen=True, kw_only=True):
    """Newest first. `next`: give it as `cursor` for more; left out on the last page."""

    marks: list[MarkTold]
    next: Maybe[str] = UNSET


class MarksAsked(Asked, frozen=True, kw_only=True):
    state: MarkStates | None = None
    channel: str = ""
    chat_id: Id | None = None
    cursor: Id | None = None
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


class RetryAsked(Asked, frozen=True, kw_only=True):
    """Which parked marks: those with one advice, of one channel, or all."""

    state: Literal["parked"] = "parked"
    advice: Annotated[str, Meta(max_length=50)] | None = None
    channel: str = ""


class RetriedTold(Told, frozen=True, kw_only=True):
    """How many are tried again; 1000 at most: there may be more."""

    retried: int
