"""Events of the other types, read back by the official SDK."""

from __future__ import annotations

from typing import Any

import pytest
from linebot.v3.webhook import WebhookParser

from kidoku.platform.store.account import Account
from kidoku.platform.store.groups import create_group
from kidoku.platform.store.inject_event import EVENT_TYPES, inject_event
from kidoku.storage.refused import Invalid, Missing, Refused
from tests.platform.webhooks.receiver import Receiver, receiving
from tests.platform.webhooks.world import World

USER_EVENTS: list[tuple[str, dict[str, Any], bool]] = [
    ("postback", {"postback": {"data": "buy=1"}}, True),
    ("postback", {"postback": {"data": "", "params": {"date": "2026-01-02"}}}, True),
    ("postback", {"postback": {"data": "t", "params": {"time": "10:30"}}}, True),
    ("postback", {"postback": {"data": "dt", "params": {"datetime": "2026-01-02T10:30"}}}, True),
    (
        "postback",
        {"postback": {"data": "m", "params": {"newRichMenuAliasId": "b", "status": "SUCCESS"}}},
        True,
    ),
    ("videoPlayComplete", {"videoPlayComplete": {"trackingId": "video-1"}}, True),
    ("beacon", {"beacon": {"hwid": "d41d8cd98f", "type": "enter"}}, True),
    ("beacon", {"beacon": {"hwid": "d41d8cd98f", "type": "stay", "dm": "00ff"}}, True),
    ("accountLink", {"link": {"result": "ok", "nonce": "n"}}, True),
    ("membership", {"membership": {"type": "joined", "membershipId": 3}}, True),
    ("membership", {"membership": {"type": "renewed", "membershipId": 3}}, True),
    ("activated", {"chatControl": {"expireAt": 1_763_900_000_000}}, False),
    ("deactivated", {}, False),
    ("delivery", {"delivery": {"data": "tag"}}, False),
]
ACCOUNT_EVENTS: list[tuple[str, dict[str, Any]]] = [
    ("accountLink", {"link": {"result": "failed", "nonce": "n"}}),
    ("module", {"module": {"type": "attached", "botId": "U1", "scopes": ["message:send"]}}),
    ("module", {"module": {"type": "detached", "botId": "U1", "reason": "bot_deleted"}}),
    ("botSuspended", {}),
    ("botResumed", {}),
]


async def inject(world: World, of: Account, kind: str, payload: Any, *who: str | None, **more: Any) -> int:
    user_id, group_id = (*who, None, None)[:2]
    return await world.platform.apply(
        inject_event, of.channel_id, kind, payload, user_id, group_id, world.platform.env(), **more
    )


def read_back(bot: Receiver, of: Account) -> tuple[dict[str, Any], Any]:
    request = bot.requests[-1]
    parsed: Any = WebhookParser(of.channel_secret).parse(
        request.body.decode(), request.header("x-line-signature")
    )
    assert type(parsed[0]).__name__ != "UnknownEvent"
    return request.events[0], parsed[0]


@pytest.mark.parametrize(("kind", "payload", "replyable"), USER_EVENTS)
async def test_events_of_a_user(world: World, kind: str, payload: dict[str, Any], replyable: bool) -> None:
    async with receiving() as bot:
        of = await world.account(bot.url)
        user_id = await world.user()
        delivery_id = await inject(world, of, kind, payload, user_id)
        await world.dispatcher.idle()
    event, parsed = read_back(bot, of)
    assert {name: event[name] for name in payload} == payload
    assert next(iter(event)) == "type"
    assert event["source"] == {"type": "user", "userId": user_id}
    assert ("replyToken" in event) is replyable
    assert parsed.type == kind
    (view,) = await world.deliveries(of)
    assert (view.delivery_id, view.event_types, view.user_id) == (str(delivery_id), [kind], user_id)


@pytest.mark.parametrize(("kind", "payload"), ACCOUNT_EVENTS)
async def test_events_of_the_account(world: World, kind: str, payload: dict[str, Any]) -> None:
    async with receiving() as bot:
        of = await world.account(bot.url)
        await inject(world, of, kind, payload)
        await world.dispatcher.idle()
    event, parsed = read_back(bot, of)
    assert {name: event[name] for name in payload} == payload
    assert "source" not in event
    assert "replyToken" not in event
    assert parsed.type == kind
    (view,) = await world.deliveries(of)
    assert (view.user_id, view.group_id) == (None, None)


async def test_a_postback_in_a_group(world: World) -> None:
    async with receiving() as bot:
        of = await world.account(bot.url, join_groups=True)
        user_id, stranger = await world.user(), await world.user()
        group = await world.platform.apply(
            create_group, None, "group", "Trip", [user_id], of.channel_id, world.platform.env()
        )
        payload = {"postback": {"data": "x"}}
        await inject(world, of, "postback", payload, user_id, group.group_id)
        await inject(world, of, "postback", payload, None, group.group_id)
        await world.dispatcher.idle()
        with pytest.raises(Missing):
            await inject(world, of, "postback", payload, stranger, group.group_id)
        other = await world.account(bot.url)
        with pytest.raises(Missing):
            await inject(world, other, "postback", payload, None, group.group_id)
    sources = [event["source"] for r in bot.requests for event in r.events if event["type"] == "postback"]
    assert sources == [
        {"type": "group", "groupId": group.group_id, "userId": user_id},
        {"type": "group", "groupId": group.group_id},
    ]


async def test_standby_has_no_reply_token(world: World) -> None:
    async with receiving() as bot:
        of = await world.account(bot.url)
        await inject(world, of, "postback", {"postback": {"data": "x"}}, await world.user(), mode="standby")
        await world.dispatcher.idle()
    event, _ = read_back(bot, of)
    assert event["mode"] == "standby"
    assert "replyToken" not in event


@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        ("beacon", {}),
        ("beacon", {"beacon": {"hwid": "x", "type": "fly"}}),
        ("beacon", {"beacon": {"hwid": "x", "type": "enter"}, "more": 1}),
        ("postback", {"postback": {"data": "x" * 301}}),
        ("postback", {"postback": {"data": "x", "params": {}}}),
        ("postback", {"postback": {"data": "x", "params": {"date": "2026-01-02", "time": "10:30"}}}),
        ("postback", {"postback": {"data": "x", "params": {"date": "tomorrow"}}}),
        ("postback", {"postback": {"data": "x", "params": {"time": "10:30", "newRichMenuAliasId": "b"}}}),
        ("membership", {"membership": {"type": "joined", "membershipId": "3"}}),
        ("module", {"module": {"type": "attached", "botId": "U1"}}),
        ("deactivated", {"chatControl": {}}),
    ],
)
async def test_wrong_payloads(world: World, kind: str, payload: dict[str, Any]) -> None:
    of = await world.account("http://127.0.0.1:1/")
    with pytest.raises(Invalid, match=f"no {kind} event"):
        await inject(world, of, kind, payload, await world.user())
    assert await world.deliveries(of) == []


@pytest.mark.parametrize("kind", ["message", "follow", "unsend", "nonsense", ""])
async def test_other_types_are_refused_with_a_list(world: World, kind: str) -> None:
    of = await world.account("http://127.0.0.1:1/")
    with pytest.raises(Invalid) as refused:
        await inject(world, of, kind, {}, await world.user())
    assert all(known in str(refused.value.hint) for known in EVENT_TYPES)


@pytest.mark.parametrize(
    ("kind", "payload", "named"),
    [
        ("beacon", {"beacon": {"hwid": "x", "type": "enter"}}, False),
        ("accountLink", {"link": {"result": "ok", "nonce": "n"}}, False),
        ("botSuspended", {}, True),
    ],
)
async def test_wrong_sources(world: World, kind: str, payload: dict[str, Any], named: bool) -> None:
    of = await world.account("http://127.0.0.1:1/")
    with pytest.raises(Invalid, match="comes with"):
        await inject(world, of, kind, payload, await world.user() if named else None)


async def test_an_unknown_user(world: World) -> None:
    of = await world.account("http://127.0.0.1:1/")
    with pytest.raises(Missing):
        await inject(world, of, "deactivated", {}, "U" + "0" * 32)


async def test_nobody_would_get_it(world: World) -> None:
    of = await world.account(None)
    with pytest.raises(Refused, match="no webhooks"):
        await inject(world, of, "botResumed", {})
