"""Webhooks on their way to the bot behind the desk."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import UNSET, Meta

from kidoku.desk.api.shapes.chats import Id
from kidoku.http.json_api.shapes import Asked, Maybe, Told

RelayStates = Literal["queued", "waiting", "sending", "handled", "parked"]


class RelayTold(Told, frozen=True, kw_only=True):
    """A webhook that the bot gets as LINE sent it.

    - `state`: `queued` behind an earlier one of its chat, `waiting` for its time, `sending`, `handled` once the bot has
      taken it, `parked` when a person has to look.
    - `status` and `reason`: how the last attempt failed. `advice`: why it is parked: `gave-up` after a day, `no-bot`
      once the bot's address was taken away, `removed` with its channel.
    """

    relay_id: str
    state: RelayStates
    queued_at: int
    next_at: int | None
    attempt_count: int
    ended_at: int | None
    status: int | None
    reason: str | None
    advice: str | None


class RelaysTold(Told, frozen=True, kw_only=True):
    """Newest first. `next`: give it as `cursor` for more; left out on the last page. `counts`: how many webhooks of the
    channel the bot has not taken, by state.
    """

    relays: list[RelayTold]
    counts: dict[str, int]
    next: Maybe[str] = UNSET


class RelaysAsked(Asked, frozen=True, kw_only=True):
    state: RelayStates | None = None
    cursor: Id | None = None
    limit: Annotated[int, Meta(ge=1, le=200)] = 50
