"""Events are encoded once for all who see them alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kidoku.live.bus import Bus, LiveEvent
from kidoku.live.frames import KEPT, Frames


def test_a_frame_for_each_sight() -> None:
    viewed: list[str] = []

    def view(data: Mapping[str, Any], viewer: str) -> Mapping[str, Any]:
        viewed.append(viewer)
        return {**data, "own": data["by"] == viewer}

    bus, frames = Bus("e"), Frames(view, lambda data, viewer: data["by"] == viewer)
    subscription = bus.subscribe(None)
    bus.publish([LiveEvent(("a",), {"type": "message", "by": "ann"}) for _ in range(KEPT + 1)])
    first, *others = subscription.queue
    made = [frames.frame(bus, first, viewer) for viewer in ("ann", "bob", "cid")]
    assert made[0] == b'id: e-1\ndata: {"type":"message","by":"ann","own":true}\n\n'
    assert made[1] is made[2]
    assert viewed == ["ann", "bob"]
    for event in others:
        frames.frame(bus, event, "bob")
    assert frames.frame(bus, first, "bob") == made[1]
    assert viewed.count("bob") == len(others) + 2, "those that were first are forgotten first"
