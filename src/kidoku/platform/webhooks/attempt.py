"""One attempt: what is sent, and what becomes of its delivery afterwards. Decisions only; nothing is sent here."""

from __future__ import annotations

import msgspec

from kidoku.core.redelivery import next_attempt
from kidoku.platform.config import PlatformConfig
from kidoku.platform.store.account import Account
from kidoku.platform.store.change import Queued
from kidoku.platform.store.reply_windows import Window
from kidoku.platform.store.settle import Settlement
from kidoku.platform.webhooks.client import webhook_headers
from kidoku.platform.webhooks.outcome import Outcome, Stopped
from kidoku.wire.events import redelivered
from kidoku.wire.heads import event_heads

encode = msgspec.json.Encoder().encode
decode = msgspec.json.Decoder().decode


class Attempt(msgspec.Struct, frozen=True):
    """A request ready to be sent. `started_at` in ms."""

    row: Queued
    url: str
    body: bytes
    headers: dict[str, str]
    redelivery: bool
    manual: bool
    started_at: int


def prepare(row: Queued, account: Account, url: str, now: int, manual: bool) -> Attempt:
    """The next request of a delivery, for the endpoint and secret as they are now."""
    again = manual or row.attempts > 0
    body = encode(redelivered(decode(row.body))) if again else row.body
    return Attempt(row, url, body, webhook_headers(account.channel_secret, body), again, manual, now)


def reply_windows(attempt: Attempt) -> list[Window]:
    """The reply tokens of a request that leaves late or again."""
    row = attempt.row
    if row.chat_id is None:
        return []
    return [
        Window(
            row.channel_id, e.reply_token, row.chat_id, e.timestamp, attempt.started_at, attempt.redelivery
        )
        for e in event_heads(row.body)
        if e.reply_token is not None
    ]


def stopped(account: Account, row: Queued) -> Stopped | None:
    """Why a delivery isn't sent any more, by the settings as they are now."""
    settings = account.settings
    if not settings.use_webhook:
        return Stopped.WEBHOOK_OFF
    if settings.webhook is None:
        return Stopped.NO_ENDPOINT
    if settings.suspended:
        return Stopped.SUSPENDED
    return Stopped.REDELIVERY_OFF if row.attempts and not settings.redelivery else None


def settlement(
    attempt: Attempt,
    outcome: Outcome,
    account: Account,
    config: PlatformConfig,
    duration_us: int,
    now: int,
    random_unit: float,
    was_failing: bool,
) -> Settlement:
    """What is written about an attempt. `now` in ms; `random_unit`, in [0, 1], varies the delay of a redelivery."""
    row = attempt.row
    state, due_at = following(attempt, outcome, account, config, now, random_unit)
    return Settlement(
        channel_id=row.channel_id,
        delivery_id=row.delivery_id,
        attempts=row.attempts,
        manual=attempt.manual,
        redelivery=attempt.redelivery,
        url=attempt.url,
        request_headers=encode(attempt.headers).decode(),
        started_at=attempt.started_at,
        duration_us=duration_us,
        status=outcome.status,
        reason=outcome.reason,
        detail=outcome.detail,
        response_headers=outcome.headers,
        response_body=outcome.body,
        state=state,
        due_at=due_at,
        settled_at=None if state == "retrying" else now,
        counted=account.settings.error_statistics,
        was_failing=was_failing,
        suspend_at=config.suspension_threshold,
    )


def following(
    attempt: Attempt, outcome: Outcome, account: Account, config: PlatformConfig, now: int, random_unit: float
) -> tuple[str, int]:
    """The delivery's state after an attempt, and when it is due next (ms)."""
    row = attempt.row
    if outcome.ok:
        return "delivered", row.due_at
    if attempt.manual or not account.settings.redelivery:
        return "failed", row.due_at
    delay_s = next_attempt(
        config.redelivery_schedule_s, row.attempts + 1, config.redelivery_jitter, random_unit
    )
    return ("failed", row.due_at) if delay_s is None else ("retrying", now + round(delay_s * 1_000))
