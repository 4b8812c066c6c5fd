"""Webhook deliveries as people look at them: a list, newest first, and one with all its attempts."""

from __future__ import annotations

import zlib
from typing import Any

import msgspec
import sqlalchemy as sa

from kidoku.platform.store.change import Queued
from kidoku.platform.store.schema import accounts, deliveries, delivery_attempts
from kidoku.storage.refused import Missing, Refused
from kidoku.wire.events import redelivered
from kidoku.wire.heads import event_heads, peer_of

PAGE = 50
MOST = 200
SHOWN = 4_096
"""Bytes of an answer's body that are shown, after decompression."""

decode = msgspec.json.Decoder().decode
decode_headers = msgspec.json.Decoder(list[tuple[str, str]]).decode

d = deliveries.c
LISTED = (
    d.delivery_id,
    accounts.c.account_id,
    d.state,
    d.attempts,
    d.created_at,
    d.due_at,
    d.settled_at,
    d.status,
    d.reason,
    d.detail,
    d.body,
)


class DeliveryView(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """A delivery. Times in ms; `due_at` only while it is open; status, reason and detail are the newest attempt's,
    or say why it was ended."""

    delivery_id: str
    account_id: str
    user_id: str | None
    group_id: str | None
    state: str
    attempts: int
    event_types: list[str]
    webhook_event_ids: list[str]
    created_at: int
    due_at: int | None
    settled_at: int | None
    status: int | None
    reason: str | None
    detail: str | None


class AttemptView(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """One request and its answer. `response_body` is text, decompressed and cut after 4 KB."""

    attempt: int
    url: str
    redelivery: bool
    manual: bool
    started_at: int
    duration_ms: float
    status: int | None
    reason: str | None
    detail: str | None
    request_headers: dict[str, str]
    response_headers: list[tuple[str, str]]
    response_body: str | None


class DeliveryDetail(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """A delivery with the request body of its first attempt; redeliveries differ in `isRedelivery` alone."""

    delivery: DeliveryView
    request_body: dict[str, Any]
    attempts: list[AttemptView]


class DeliveryPage(msgspec.Struct, frozen=True, rename="camel"):
    """Deliveries, newest first. `next` is the cursor of the page behind it."""

    deliveries: list[DeliveryView]
    next: str | None


def deliveries_page(
    conn: sa.Connection,
    channel_id: int | None,
    *,
    state: str | None = None,
    chat_id: int | None = None,
    before: int | None = None,
    limit: int = PAGE,
) -> DeliveryPage:
    """Deliveries of one account (None: of all), of one state, of one chat. `before` is the cursor as a number."""
    limit = max(1, min(limit, MOST))
    wanted: list[sa.ColumnElement[bool]] = []
    if channel_id is not None:
        wanted.append(d.channel_id == channel_id)
    if state is not None:
        wanted.append(d.state == state)
    if chat_id is not None:
        wanted.append(d.chat_id == chat_id)
    if before is not None:
        wanted.append(d.delivery_id < before)
    query = select_listed().where(*wanted).order_by(d.delivery_id.desc()).limit(limit + 1)
    rows = list(conn.execute(query))
    views = [to_view(*row) for row in rows[:limit]]
    return DeliveryPage(views, views[-1].delivery_id if len(rows) > limit else None)


def delivery_detail(conn: sa.Connection, channel_id: int | None, delivery_id: int) -> DeliveryDetail:
    """One delivery with its attempts, oldest first; with `channel_id`, only of that account. Raises Missing."""
    wanted = [d.delivery_id == delivery_id]
    if channel_id is not None:
        wanted.append(d.channel_id == channel_id)
    row = conn.execute(select_listed().add_columns(d.channel_id).where(*wanted)).first()
    if row is None:
        raise missing(delivery_id)
    *listed, of_channel = row
    a = delivery_attempts.c
    attempts = conn.execute(
        sa.select(delivery_attempts)
        .where(a.channel_id == of_channel, a.delivery_id == delivery_id)
        .order_by(a.attempt)
    )
    return DeliveryDetail(
        delivery=to_view(*listed),
        request_body=decode(listed[-1]),
        attempts=[to_attempt(attempt) for attempt in attempts],
    )


def attempt_view(conn: sa.Connection, channel_id: int, delivery_id: int, attempt: int) -> AttemptView:
    """One attempt. Raises Missing."""
    a = delivery_attempts.c
    row = conn.execute(
        sa.select(delivery_attempts).where(
            a.channel_id == channel_id, a.delivery_id == delivery_id, a.attempt == attempt
        )
    ).first()
    if row is None:
        raise missing(delivery_id)
    return to_attempt(row)


def request_body(detail: DeliveryDetail, attempt: AttemptView) -> dict[str, Any]:
    """What one attempt sent."""
    return redelivered(detail.request_body) if attempt.redelivery else detail.request_body


def queued_row(conn: sa.Connection, channel_id: int, delivery_id: int) -> Queued:
    """A delivery to be sent again by hand. Raises Missing, and Refused before its first attempt."""
    row = conn.execute(
        sa.select(d.channel_id, d.delivery_id, d.chat_id, d.body, d.attempts, d.due_at, d.state).where(
            d.channel_id == channel_id, d.delivery_id == delivery_id
        )
    ).first()
    if row is None:
        raise missing(delivery_id)
    *queued, state = row
    if state == "pending":
        raise Refused(
            "delivery_pending",
            "The delivery has not been sent for the first time yet.",
            "Wait for its first attempt.",
        )
    return Queued(*queued)


def missing(delivery_id: int) -> Missing:
    return Missing(
        "delivery_not_found", f"There is no delivery {delivery_id}.", "List them: GET /_kidoku/v1/deliveries"
    )


def select_listed() -> sa.Select[Any]:
    return sa.select(*LISTED).join(accounts, accounts.c.channel_id == d.channel_id)


def to_view(
    delivery_id: int,
    account_id: str,
    state: str,
    attempts: int,
    created_at: int,
    due_at: int,
    settled_at: int | None,
    status: int | None,
    reason: str | None,
    detail: str | None,
    body: bytes,
) -> DeliveryView:
    heads = event_heads(body)
    peer = peer_of(heads)
    return DeliveryView(
        delivery_id=str(delivery_id),
        account_id=account_id,
        user_id=peer.get("userId"),
        group_id=peer.get("groupId"),
        state=state,
        attempts=attempts,
        event_types=[head.type for head in heads],
        webhook_event_ids=[head.webhook_event_id for head in heads],
        created_at=created_at,
        due_at=due_at if state in {"pending", "retrying"} else None,
        settled_at=settled_at,
        status=status,
        reason=reason,
        detail=detail,
    )


def to_attempt(row: sa.Row[Any]) -> AttemptView:
    headers = decode_headers(row.response_headers) if row.response_headers else []
    return AttemptView(
        attempt=row.attempt,
        url=row.url,
        redelivery=row.redelivery,
        manual=row.manual,
        started_at=row.started_at,
        duration_ms=row.duration_us / 1_000,
        status=row.status,
        reason=row.reason,
        detail=row.detail,
        request_headers=decode(row.request_headers),
        response_headers=headers,
        response_body=None if row.response_body is None else shown(row.response_body, headers),
    )


def shown(body: bytes, headers: list[tuple[str, str]]) -> str:
    """The kept start of a body as text. Decompression stops at what is shown, whatever the answer claims to hold."""
    encoding = next((value for name, value in headers if name.lower() == "content-encoding"), "")
    if encoding.strip().lower() in {"gzip", "x-gzip", "deflate"}:
        try:
            body = zlib.decompressobj(wbits=47).decompress(body, SHOWN)
        except zlib.error:
            return f"({len(body)} bytes that are not {encoding})"
    return body[:SHOWN].decode("utf-8", "replace")
