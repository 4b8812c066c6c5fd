"""Live events and waiting for them."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import UNSET, Meta

from kidoku.http.json_api.shapes import Asked, Maybe, Told
from kidoku.platform.control.shapes.common import Id, NumberId

Cursor = Annotated[str, Meta(max_length=64)]


class EventsAsked(Asked, frozen=True, kw_only=True):
    """Whose events: of a user's phone, an account's Manager, a provider's world, together; of all without any.

    `since` is a cursor; the header `Last-Event-ID` goes before it. `types` are the only ones that are sent, with commas
    between them.
    """

    user: Id | None = None
    account: Id | None = None
    provider: NumberId | None = None
    user_id: Id | None = None
    account_id: Id | None = None
    provider_id: NumberId | None = None
    types: Annotated[str, Meta(pattern=r"^[A-Za-z]+(,[A-Za-z]+)*\Z", max_length=200)] | None = None
    since: Cursor | None = None


class WaitAsked(Asked, frozen=True, kw_only=True):
    """Wait until an event matches: every property named in `match` has that value, or satisfies `{gte, gt, lte, lt,
    eq, ne, in, contains, exists}`; objects are looked into, and `a.b` names a property of a property.

    `match: {"read": {"accountId", "userId" or "groupId", "messageId"}}` waits until that message is Read, and is
    answered at once if it is. `since` takes in what has happened since that cursor. `user` sees messages as that
    user's phone.
    """

    match: Annotated[dict[str, Any], Meta(min_length=1, max_length=50)]
    since: Cursor | None = None
    timeout_ms: Annotated[int, Meta(ge=0, le=60_000)] = 30_000
    user: Id | None = None


class WaitTold(Told, frozen=True, kw_only=True):
    """`event` is what matched; it is left out when a state was reached already, or the time ran out."""

    matched: bool
    cursor: str
    event: Maybe[dict[str, Any]] = UNSET


class ReadWanted(Asked, frozen=True, kw_only=True):
    account_id: Id
    message_id: Annotated[str, Meta(pattern=r"^[0-9]{1,18}\Z")]
    user_id: Id | None = None
    group_id: Id | None = None
