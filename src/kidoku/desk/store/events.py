"""What LINE's events have in common: when they happened, and by what they are known."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import msgspec

from kidoku.desk.store.intake import Intake

Json = Mapping[str, Any]


def time_of(body: Json, intake: Intake) -> int:
    at = body.get("timestamp")
    return at if isinstance(at, int) else intake.received_at


def event_id_of(body: Json) -> str:
    """LINE's ID of an event; of one without, a digest of all that a redelivery leaves as it is."""
    given = body.get("webhookEventId")
    if isinstance(given, str):
        return given
    same = {name: value for name, value in body.items() if name != "deliveryContext"}
    return "sha256:" + hashlib.sha256(msgspec.json.encode(same, order="deterministic")).hexdigest()
