"""The live event `delivery`: an attempt has ended, or a delivery without one."""

from __future__ import annotations

from typing import Any

from kidoku.live.bus import LiveEvent
from kidoku.platform.store.accounts import Account
from kidoku.platform.store.change import Queued
from kidoku.platform.store.settle import Settled, Settlement, Stop
from kidoku.wire.heads import event_heads, peer_of


def attempt_event(account: Account, row: Queued, item: Settlement, done: Settled) -> LiveEvent:
    """An attempt with its outcome."""
    return delivery_event(
        account,
        row,
        {
            "attempt": done.attempt,
            "status": item.status,
            "reason": item.reason,
            "detail": item.detail,
            "durationMs": item.duration_us / 1_000,
            "state": done.state,
            "timestamp": item.started_at,
        },
    )


def end_event(account: Account, row: Queued, item: Stop) -> LiveEvent:
    """A delivery that ends because a setting was switched off."""
    return delivery_event(
        account,
        row,
        {
            "attempt": row.attempts,
            "status": None,
            "reason": item.reason,
            "detail": None,
            "durationMs": None,
            "state": item.state,
            "timestamp": item.at,
        },
    )


def delivery_event(account: Account, row: Queued, data: dict[str, Any]) -> LiveEvent:
    heads = event_heads(row.body)
    return LiveEvent(
        (f"account:{account.account_id}",),
        {
            "type": "delivery",
            "accountId": account.account_id,
            **peer_of(heads),
            "deliveryId": str(row.delivery_id),
            "eventTypes": [head.type for head in heads],
            "webhookEventIds": [head.webhook_event_id for head in heads],
            **data,
        },
    )
