"""What a store function that changes something gives back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from kidoku.desk.store.channels import Channel

T = TypeVar("T")


Event = Mapping[str, Any]
"""A live event: JSON with a `type`, and `channelKey` and `chatId` where it is about one."""


@dataclass(slots=True)
class Change(Generic[T]):
    """A result, the live events that leave once it is on disk, and channels as they are now."""

    value: T
    events: list[Event] = field(default_factory=list)
    channels: list[Channel] = field(default_factory=list)
