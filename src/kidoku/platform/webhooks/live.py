"""The live event `delivery`: an attempt has ended, or a delivery without one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kidoku.platform.store.account import Account
from kidoku.platform.store.settle import Settlement, Stop
from kidoku.wire.heads import event_heads, peer_of


class DeliveryEvent:
    """One leaves with every attempt, so that it is only taken note of here; topics and data are worked out when
    somebody listens."""

    __slots__ = ("_account_id", "_attempt", "_body", "_item", "_state", "position")

    def __init__(
        self, account: Account, body: bytes, item: Settlement | Stop, attempt: int, state: str
    ) -> None:
        self._account_id = account.account_id
        self._body = body
        self._item = item
        self._attempt = attempt
        self._state = state
        self.position = 0

    @property
    def topics(self) -> tuple[str, ...]:
        return (f"account:{self._account_id}",)

    @property
    def data(self) -> Mapping[str, Any]:
        heads = event_heads(self._body)
        item = self._item
        return {
            "type": "delivery",
            "accountId": self._account_id,
            **peer_of(heads),
            "deliveryId": str(item.delivery_id),
            "eventTypes": [head.type for head in heads],
            "webhookEventIds": [head.webhook_event_id for head in heads],
            "attempt": self._attempt,
            **(ended_without(item) if isinstance(item, Stop) else outcome(item)),
            "state": self._state,
        }


def outcome(item: Settlement) -> dict[str, Any]:
    """What came of a request."""
    return {
        "status": item.status,
        "reason": item.reason,
        "detail": item.detail,
        "durationMs": item.duration_us / 1_000,
        "timestamp": item.started_at,
    }


def ended_without(item: Stop) -> dict[str, Any]:
    """A setting was switched off."""
    return {"status": None, "reason": item.reason, "detail": None, "durationMs": None, "timestamp": item.at}
