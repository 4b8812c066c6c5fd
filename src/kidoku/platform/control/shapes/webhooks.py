"""Webhook deliveries, error statistics, tests and injected events; API calls."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, field

from kidoku.http.json_api.shapes import Asked, Maybe, Told
from kidoku.platform.control.shapes.common import Id
from kidoku.platform.store.deliveries import AttemptView, DeliveryView
from kidoku.platform.store.webhook_errors import WebhookError

Serial = Annotated[str, Meta(pattern=r"^[0-9]{1,18}\Z")]


class DeliveriesAsked(Asked, frozen=True, kw_only=True):
    """`peerId`: only those of one chat."""

    account_id: Id | None = None
    state: Literal["pending", "retrying", "delivered", "failed", "skipped"] | None = None
    peer_id: Id | None = None
    cursor: Serial | None = None
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


class Redelivered(Told, frozen=True, kw_only=True):
    delivery: DeliveryView
    attempt: AttemptView


class TestAsked(Asked, frozen=True, kw_only=True):
    """Another URL than the account's, to try it."""

    __test__ = False  # not a test case, whatever the name says

    endpoint: str | None = None


class TestTold(Told, frozen=True, kw_only=True):
    """`statusCode` is 0 without an answer; `reason` is OK, or as LINE's test says it."""

    __test__ = False

    success: bool
    timestamp: int
    status_code: int
    reason: str
    detail: str
    endpoint: str


class ErrorsAsked(Asked, frozen=True, kw_only=True):
    """From `since` to `until`, in ms."""

    format: Literal["json", "tsv"] = "json"
    since: Annotated[int, Meta(ge=0, le=2**53)] | None = None
    until: Annotated[int, Meta(ge=0, le=2**53)] | None = None


class WebhookErrors(Told, frozen=True, kw_only=True):
    """`enabled` says whether errors are being counted."""

    enabled: bool
    errors: list[WebhookError]


class Inject(Asked, frozen=True, kw_only=True):
    """A webhook event that nothing on a phone causes. What is particular to its type stands beside `type` as it does
    in the event (`{"type": "beacon", "userId": …, "beacon": {…}}`), or inside `payload`.
    """

    type: Annotated[str, Meta(min_length=1, max_length=64)]
    user_id: Id | None = None
    group_id: Id | None = None
    mode: Literal["active", "standby"] = "active"
    payload: dict[str, Any] = field(default_factory=dict)


class Injected(Told, frozen=True, kw_only=True):
    delivery_id: str


class CallsAsked(Asked, frozen=True, kw_only=True):
    """Calls of an account; of those whom nobody knows, as with a wrong access token, without one."""

    account_id: Id | None = None
    refused: bool = False
    cursor: Serial | None = None
    limit: Annotated[int, Meta(ge=1, le=500)] = 50


class CallTold(Told, frozen=True, kw_only=True):
    """A call that a bot made. Of a refusal, `reason` says what caused it, `cause` names it; the body may be cut off."""

    call_id: str
    account_id: str | None
    request_id: str
    timestamp: int
    method: str
    path: str
    operation: str | None
    status: int
    cause: str | None
    reason: str | None
    request_body: str | None
    duration_ms: float
    user_agent: str | None


class CallsTold(Told, frozen=True, kw_only=True):
    """Newest first. `next`: give it as `cursor` for more; left out on the last page. `dropped` calls came too fast to
    be written down.
    """

    calls: list[CallTold]
    dropped: int
    next: Maybe[str] = UNSET
