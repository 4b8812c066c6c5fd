"""The webhook endpoint: get, set, test (LINE: reference, "Webhook settings")."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from kidoku.http.fastlane import FastAnswer
from kidoku.platform.api.answers import answered
from kidoku.platform.api.bodies import EMPTY, parse
from kidoku.platform.api.errors import ApiError, body_errors, not_found
from kidoku.platform.api.operation import Call
from kidoku.platform.store.settings import change_settings, check_url
from kidoku.storage.refused import Refused
from kidoku.wire import requests
from kidoku.wire.answers import WebhookEndpoint, WebhookTest
from kidoku.wire.errors import Detail

INVALID = "Invalid webhook endpoint URL"
NOT_SET = "Webhook endpoint not found"
UNKNOWN_HOST = "Unknown host"

SET = msgspec.json.Decoder(requests.SetEndpoint)
TEST = msgspec.json.Decoder(requests.TestEndpoint)


async def get_endpoint(call: Call) -> FastAnswer:
    settings = call.account.settings
    if settings.webhook is None:
        raise not_found("no_endpoint", "The account has no webhook URL.", NOT_SET)
    return answered(call.request_id, WebhookEndpoint(settings.webhook, settings.use_webhook))


async def set_endpoint(call: Call) -> FastAnswer:
    request = parse(SET, call.content_type, call.body)
    if not request.endpoint:
        raise body_errors([Detail(EMPTY, "endpoint")])
    require_url(call, request.endpoint)
    platform = call.platform
    await platform.apply(change_settings, call.channel_id, {"webhook": request.endpoint}, platform.env())
    return answered(call.request_id)


async def test_endpoint(call: Call) -> FastAnswer:
    """Sends a signed request without events, to the URL of the request or else to the account's."""
    request = parse(TEST, call.content_type, call.body) if call.body else requests.TestEndpoint()
    url = request.endpoint or call.account.settings.webhook
    if url is None:
        raise not_found("no_endpoint", "The account has no webhook URL.", NOT_SET)
    require_url(call, url)
    result = await call.platform.dispatcher.test_endpoint(url, call.account)
    # The one failure that is a 400 (reference, "Test webhook endpoint").
    if result.detail.startswith(UNKNOWN_HOST):
        raise ApiError(400, INVALID, cause="unknown_host", reason=result.detail)
    told = WebhookTest(
        success=result.success,
        timestamp=iso(result.timestamp),
        status_code=result.status_code,
        reason=result.reason,
        detail=result.detail,
    )
    return answered(call.request_id, told)


def require_url(call: Call, url: str) -> None:
    """LINE takes https only; plain http is for bots that the platform may reach that way. Raises ApiError 400."""
    try:
        check_url(url)
    except Refused as refused:
        raise ApiError(400, INVALID, cause=refused.code, reason=refused.message) from None
    config = call.platform.config
    if url.lower().startswith("http:") and not config.private_targets and not config.webhook_allow:
        reason = "This platform sends webhooks over https only."
        raise ApiError(400, INVALID, cause="https_only", reason=reason)


def iso(at_ms: int) -> str:
    """A time in ISO 8601, UTC, with milliseconds."""
    return datetime.fromtimestamp(at_ms / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
