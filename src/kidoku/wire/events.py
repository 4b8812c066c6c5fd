"""Webhook events, with LINE's properties in LINE's order.

Source: LINE reference, "Webhook Event Objects"; the order is what real webhooks show (docs/coverage.md says what is
documented and what was observed). Properties without a value are left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

Json = dict[str, Any]

QUOTABLE = frozenset({"text", "image", "video", "sticker"})
"""Inbound message types that carry a `quoteToken`."""

REPLYABLE = frozenset(
    {
        "message",
        "messageEdited",
        "follow",
        "join",
        "memberJoined",
        "postback",
        "videoPlayComplete",
        "beacon",
        "accountLink",
        "membership",
    }
)
"""Event types that carry a `replyToken` while the channel is active."""


def source(peer_kind: str, peer_id: str, user_id: str | None = None) -> Json:
    """Where an event comes from: a user, or a group or room with the member who acted."""
    found: Json = {"type": peer_kind, f"{peer_kind}Id": peer_id}
    if peer_kind != "user" and user_id is not None:
        found["userId"] = user_id
    return found


def event(
    kind: str,
    payload: Mapping[str, Any],
    *,
    event_id: str,
    at: int,
    source: Json | None,
    reply_token: str | None = None,
    mode: Literal["active", "standby"] = "active",
) -> Json:
    """One webhook event. `payload` holds what is particular to its type, as `{"message": …}`."""
    made: Json = {
        "type": kind,
        **payload,
        "webhookEventId": event_id,
        "deliveryContext": {"isRedelivery": False},
        "timestamp": at,
    }
    if source is not None:
        made["source"] = source
    if reply_token is not None:
        made["replyToken"] = reply_token
    made["mode"] = mode
    return made


def message(
    body: Mapping[str, Any], message_id: int, quote_token: str | None, read_token: str | None
) -> Json:
    """The message object of a message event, from the stored body (`type` and what the type holds)."""
    made: Json = {"type": body["type"], "id": str(message_id)}
    if quote_token is not None:
        made["quoteToken"] = quote_token
    if read_token is not None:
        made["markAsReadToken"] = read_token
    made.update(body)
    return made


def redelivered(body: Json) -> Json:
    """The request body of a redelivery: the same but for `isRedelivery`."""
    return {**body, "events": [{**one, "deliveryContext": {"isRedelivery": True}} for one in body["events"]]}
