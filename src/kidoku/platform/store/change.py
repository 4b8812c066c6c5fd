"""What a store function that changes something gives back, and what it is given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from msgspec import Struct

if TYPE_CHECKING:
    from kidoku.core.seal import Seal
    from kidoku.live.bus import Event
    from kidoku.platform.mint import Mint
    from kidoku.platform.store.access_token import AccessToken
    from kidoku.platform.store.account import Account

T = TypeVar("T")
T2 = TypeVar("T2")


class Env(Struct, frozen=True):
    """The time and the sources of IDs and tokens for one change. `now` in ms since the epoch."""

    now: int
    mint: Mint
    seal: Seal
    token_when_chat_off: bool = True
    unsend_window_ms: int = 86_400_000


class Queued(NamedTuple):
    """A delivery written to the outbox by a change; the dispatcher takes it up after the commit."""

    channel_id: int
    delivery_id: int
    chat_id: int | None
    body: bytes
    attempts: int
    due_at: int


class Change(Struct, Generic[T]):
    """The result of a change and what leaves after its commit."""

    value: T
    events: list[Event] = []
    deliveries: list[Queued] = []
    accounts: list[Account] = []
    tokens: list[AccessToken] = []
    dropped_tokens: list[str] = []

    def carry(self, other: Change[T2]) -> T2:
        """Take over what leaves with another change of the same transaction; its value."""
        self.events += other.events
        self.deliveries += other.deliveries
        self.accounts += other.accounts
        self.tokens += other.tokens
        self.dropped_tokens += other.dropped_tokens
        return other.value
