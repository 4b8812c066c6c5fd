"""A user's message on its way to the bot: the request as LINE sends it, and what is kept of it."""

from __future__ import annotations

from typing import Any

from linebot.v3.webhook import SignatureValidator, WebhookParser

from tests.platform.webhooks.receiver import http, receiving
from tests.platform.webhooks.world import START, World


async def test_a_message_arrives_as_line_sends_it(world: World) -> None:
    async with receiving() as bot:
        of = await world.account(bot.url)
        user_id = await world.user()
        await world.say(of, user_id, "既読 😀")
        await world.dispatcher.idle()
    (request,) = bot.requests
    assert request.line == "POST /webhook HTTP/1.1"
    names = {name: value for name, value in request.headers if name.lower() != "host"}
    assert names == {
        "user-agent": "LineBotWebhook/2.0",
        "content-type": "application/json; charset=utf-8",
        "x-line-signature": request.header("x-line-signature"),
        "accept-encoding": "gzip",
        "content-length": str(len(request.body)),
    }
    assert SignatureValidator(of.channel_secret).validate(
        request.body.decode(), request.header("x-line-signature")
    )
    parsed: Any = WebhookParser(of.channel_secret).parse(
        request.body.decode(), request.header("x-line-signature"), as_payload=True
    )
    assert parsed.destination == of.account_id
    (event,) = parsed.events
    assert event.message.text == "既読 😀"
    assert event.message.mark_as_read_token
    assert event.source.user_id == user_id
    assert event.timestamp == START
    assert not event.delivery_context.is_redelivery
    assert len(event.webhook_event_id) == 26


async def test_a_delivery_keeps_request_answer_timing(world: World) -> None:
    async with receiving(http(201, b"thanks", "x-bot: yes\r\n")) as bot:
        of = await world.account(bot.url)
        user_id = await world.user()
        await world.say(of, user_id)
        await world.dispatcher.idle()
    kept = await world.delivery(of)
    view = kept.delivery
    assert (view.state, view.attempts, view.status, view.reason) == ("delivered", 1, 201, None)
    assert (view.user_id, view.event_types, view.due_at) == (user_id, ["message"], None)
    assert kept.request_body == bot.requests[0].json
    (attempt,) = kept.attempts
    assert (attempt.attempt, attempt.url, attempt.redelivery, attempt.manual) == (1, bot.url, False, False)
    assert (attempt.status, attempt.reason, attempt.response_body) == (201, None, "thanks")
    assert ("x-bot", "yes") in attempt.response_headers
    assert attempt.request_headers["x-line-signature"] == bot.requests[0].header("x-line-signature")
    assert attempt.duration_ms > 0


async def test_a_delivery_is_told_live(world: World) -> None:
    async with receiving() as bot:
        of = await world.account(bot.url)
        user_id = await world.user()
        await world.say(of, user_id)
        await world.dispatcher.idle()
    (told,) = world.seen("delivery")
    event = bot.requests[0].events[0]
    assert told.pop("durationMs") > 0
    assert told == {
        "type": "delivery",
        "accountId": of.account_id,
        "userId": user_id,
        "deliveryId": (await world.deliveries(of))[0].delivery_id,
        "eventTypes": ["message"],
        "webhookEventIds": [event["webhookEventId"]],
        "attempt": 1,
        "status": 200,
        "reason": None,
        "detail": None,
        "state": "delivered",
        "timestamp": START,
    }
