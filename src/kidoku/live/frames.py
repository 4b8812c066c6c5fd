"""Events on the wire, encoded once for all who see them alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar

import msgspec

from kidoku.live.bus import Bus, Event
from kidoku.live.sse import frame_of

V = TypeVar("V")

encode = msgspec.json.Encoder().encode

KEPT = 512
"""Events whose bytes are kept for those who still have to get them."""


class Frames(Generic[V]):
    """The frames of one bus, for viewers of the type `V`.

    - `view(data, viewer)` is an event as that viewer sees it.
    - `sight(data, viewer)` is in what that differs between viewers: who has the same sight gets the same bytes.
    """

    def __init__(
        self,
        view: Callable[[Mapping[str, Any], V], Mapping[str, Any]],
        sight: Callable[[Mapping[str, Any], V], object],
    ) -> None:
        self._view = view
        self._sight = sight
        self._kept: dict[tuple[int, object], bytes] = {}

    def frame(self, bus: Bus, event: Event, viewer: V) -> bytes:
        data = event.data
        key = event.position, self._sight(data, viewer)
        found = self._kept.get(key)
        if found is None:
            found = frame_of(bus, event, encode(self._view(data, viewer)))
            self._kept[key] = found
            if len(self._kept) > KEPT:
                del self._kept[next(iter(self._kept))]
        return found
