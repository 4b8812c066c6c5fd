"""Verifying an endpoint: one signed request without events.

LINE: reference/messaging-api, "Test webhook endpoint"; docs/messaging-api/verify-webhook-url. Not counted in the error
statistics, not kept as a delivery.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from kidoku.platform.store.account import Account
from kidoku.platform.store.suspension import resume
from kidoku.platform.webhooks.client import WebhookClient, webhook_headers
from kidoku.platform.webhooks.outcome import Outcome

if TYPE_CHECKING:
    from kidoku.platform.runtime import Platform

encode = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class TestResult:
    """The answer to a test. `timestamp` in ms; `status_code` is 0 without an answer; `reason` is OK or upper case."""

    __test__ = False  # not a test case, whatever the name says

    success: bool
    timestamp: int
    status_code: int
    reason: str
    detail: str


async def verify(platform: Platform, client: WebhookClient, url: str, account: Account) -> TestResult:
    """Send the request; a success for the account's own endpoint ends a suspension."""
    at = platform.clock.now()
    body = encode({"destination": account.account_id, "events": []})
    outcome = await client.post(url, body, webhook_headers(account.channel_secret, body))
    if outcome.ok and account.settings.suspended and url == account.settings.webhook:
        await platform.apply(resume, account.channel_id, platform.clock.now())
    return result(outcome, url, at)


def result(outcome: Outcome, url: str, at: int) -> TestResult:
    """In the words of the test: a failure without an answer names the URL in its detail."""
    if outcome.reason is None:
        return TestResult(True, at, outcome.status or 0, "OK", str(outcome.status))
    detail = outcome.detail or ""
    if outcome.status is None:
        detail = f"{detail}: {url}"
    return TestResult(False, at, outcome.status or 0, outcome.reason.upper(), detail)
