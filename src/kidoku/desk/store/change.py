"""What a store function that changes something gives back, and how it refuses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from kidoku.desk.store.channels import Channel

T = TypeVar("T")


class Refused(Exception):
    """A change that the rules forbid. `code` is stable and names the rule; `message` is for people."""

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint


class Missing(Refused):
    """What was named doesn't exist."""


class Invalid(Refused):
    """What was asked for makes no sense, whatever the state."""


Event = Mapping[str, Any]
"""A live event: JSON with a `type`, and `channelKey` and `chatId` where it is about one."""


@dataclass(slots=True)
class Change(Generic[T]):
    """A result, the live events that leave once it is on disk, and channels as they are now."""

    value: T
    events: list[Event] = field(default_factory=list)
    channels: list[Channel] = field(default_factory=list)
