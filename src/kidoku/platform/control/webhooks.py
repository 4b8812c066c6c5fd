"""Webhook deliveries, error statistics, verifying an endpoint, and events that nothing on a phone causes."""

from __future__ import annotations

from typing import Any

from msgspec.json import Decoder

from kidoku.http.json_api.answers import Sender, attachment
from kidoku.http.json_api.parsing import convert, to_id
from kidoku.http.json_api.problems import bad
from kidoku.platform.control.call import Call
from kidoku.platform.control.shapes.webhooks import (
    DeliveriesAsked,
    ErrorsAsked,
    Inject,
    Injected,
    Redelivered,
    TestAsked,
    TestTold,
    WebhookErrors,
)
from kidoku.platform.store.chats import find_chat
from kidoku.platform.store.deliveries import (
    DeliveryDetail,
    DeliveryPage,
    deliveries_page,
    delivery_detail,
)
from kidoku.platform.store.inject_event import inject_event
from kidoku.platform.store.settings import check_url
from kidoku.platform.store.webhook_errors import error_rows, error_tsv
from kidoku.storage.refused import Missing, Refused

OBJECT = Decoder(dict[str, Any])
TEST = Decoder(TestAsked)
ERRORS = 1_000
TSV = "text/tab-separated-values; charset=utf-8"


async def get_deliveries(call: Call) -> DeliveryPage:
    asked = call.query(DeliveriesAsked)
    of = None if asked.account_id is None else call.account(asked.account_id)
    chat_id = None
    if asked.peer_id is not None:
        if of is None:
            raise bad("account_needed", "`peerId` needs an `accountId`.")
        chat = await call.platform.read(find_chat, of.channel_id, asked.peer_id)
        if chat is None:
            raise Missing("chat_not_found", f"The account has no chat with {asked.peer_id}.")
        chat_id = chat.chat_id
    return await call.platform.read(
        deliveries_page,
        None if of is None else of.channel_id,
        state=asked.state,
        chat_id=chat_id,
        before=None if asked.cursor is None else int(asked.cursor),
        limit=asked.limit,
    )


def delivery_id(call: Call) -> int:
    """The delivery of the path. Raises Missing."""
    text = call.params["deliveryId"]
    number = to_id(text)
    if number is None:
        raise Missing("delivery_not_found", f"There is no delivery {text}.")
    return number


async def get_delivery(call: Call) -> DeliveryDetail:
    return await call.platform.read(delivery_detail, None, delivery_id(call))


async def post_redeliver(call: Call) -> Redelivered:
    """Send a delivery again now; answered once the bot has answered, or not."""
    number = delivery_id(call)
    platform = call.platform
    found = await platform.read(delivery_detail, None, number)
    of = call.account(found.delivery.account_id)
    attempt = await platform.dispatcher.redeliver(of.channel_id, number)
    after = await platform.read(delivery_detail, of.channel_id, number)
    return Redelivered(delivery=after.delivery, attempt=attempt)


async def post_webhook_test(call: Call) -> TestTold:
    asked, of = await call.json(TEST), call.account()
    url = asked.endpoint or of.settings.webhook
    if url is None:
        raise Refused(
            "no_endpoint", "The account has no webhook URL.", "Set one, or send `endpoint` in the body."
        )
    check_url(url)
    found = await call.platform.dispatcher.test_endpoint(url, of)
    return TestTold(
        success=found.success,
        timestamp=found.timestamp,
        status_code=found.status_code,
        reason=found.reason,
        detail=found.detail,
        endpoint=url,
    )


async def get_webhook_errors(call: Call) -> WebhookErrors | Sender:
    asked, of = call.query(ErrorsAsked), call.account()
    rows = await call.platform.read(error_rows, of.channel_id, asked.since or 0, asked.until, ERRORS)
    if asked.format == "tsv":
        return attachment(error_tsv(rows), TSV, f"webhook-errors-{of.basic_id[1:]}.tsv")
    return WebhookErrors(enabled=of.settings.error_statistics, errors=rows)


async def post_event(call: Call) -> Injected:
    """The payload stands beside `type`, as it does in the event; or inside `payload`."""
    fields = await call.json(OBJECT)
    known = {name: fields.pop(name) for name in Inject.__struct_encode_fields__ if name in fields}
    asked = convert(known, Inject)
    payload = {**asked.payload, **fields}
    of, platform = call.account(), call.platform
    made = await platform.apply(
        inject_event,
        of.channel_id,
        asked.type,
        payload,
        asked.user_id,
        asked.group_id,
        platform.env(),
        mode=asked.mode,
    )
    return Injected(delivery_id=str(made))
