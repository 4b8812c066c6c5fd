"""The bot behind the desk: it gets every webhook as LINE sent it, whatever happens to it or to the desk."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from linebot.v3 import WebhookParser
from linebot.v3.webhooks import MessageEvent

from kidoku.core.read_policy import Policy, ReadPolicy
from kidoku.core.relay_attempt import GIVE_UP_S
from kidoku.desk.store.channels import ChannelSettings, add_channel
from kidoku.desk.store.marks import Mark, find_mark
from kidoku.desk.store.relay_attempts import claim_relays
from kidoku.desk.store.relays import Parcel, find_relay, list_relays, relay_counts, retry_relay, retry_relays
from kidoku.storage.clock import ManualClock
from kidoku.storage.refused import Invalid, Missing
from tests.desk.kit import SECRET, START, World, desk_world, message_event
from tests.desk.line import ScriptedLine
from tests.platform.webhooks.receiver import Receiver, hang, http, receiving

OTHER = "U" + "2" * 32


@pytest.fixture
async def bot(world: World) -> AsyncIterator[Receiver]:
    """The team's bot, to which the channel's webhooks are forwarded."""
    async with receiving() as made:
        await world.settings(relay_url=made.url)
        yield made


async def ended(world: World, state: str, number: int = 1) -> list[dict[str, Any]]:
    """The live events of so many webhooks in a state."""

    def told() -> list[dict[str, Any]]:
        return [one for one in world.seen if one["type"] == "relay" and one["state"] == state]

    await world.until(lambda _: len(told()) >= number)
    return told()


async def relays(world: World, state: str | None = None) -> list[Parcel]:
    return await world.desk.read(list_relays, world.channel.channel_id, state)


# -- what arrives


async def test_the_bot_gets_what_line_sent(world: World, bot: Receiver) -> None:
    body = json.dumps(
        {"destination": "U" + "0" * 32, "events": [message_event(1, text="既読 😀")], "new": [None]}, indent=3
    ).encode()
    assert await world.post(body) == (200, {})
    (request,) = await bot.received(1)
    assert request.body == body
    assert request.line == "POST /webhook HTTP/1.1"
    assert request.signed_with(SECRET)
    headers = {name: value for name, value in request.headers if name not in {"Host", "x-line-signature"}}
    assert headers == {
        "content-type": "application/json; charset=utf-8",
        "user-agent": "LineBotWebhook/2.0",
        "accept-encoding": "gzip",
        "Content-Length": str(len(body)),
    }


async def test_the_official_sdk_takes_it(world: World, bot: Receiver) -> None:
    await world.webhook(message_event(1, text="hello"), message_event(2, user=OTHER))
    (request,) = await bot.received(1)
    first, second = WebhookParser(SECRET).parse(request.body.decode(), request.header("x-line-signature"))
    assert isinstance(first, MessageEvent)
    assert isinstance(second, MessageEvent)
    assert first.message.mark_as_read_token == "token-1"
    assert second.source.user_id == OTHER


async def test_a_channel_without_a_bot_forwards_nothing(world: World) -> None:
    await world.webhook(message_event(1))
    await world.received(1)
    assert await relays(world) == []


async def test_what_line_sends_again_is_not_forwarded_again(world: World, bot: Receiver) -> None:
    await world.webhook(message_event(1))
    await bot.received(1)
    await world.webhook(message_event(1, deliveryContext={"isRedelivery": True}))
    await world.webhook(message_event(1), message_event(2))
    _, second = await bot.received(2)
    assert second.texts == ["message 1", "message 2"]


async def test_what_the_desk_cannot_read_is_forwarded_all_the_same(world: World, bot: Receiver) -> None:
    await world.webhook({"type": "message", "source": "nobody"})
    (request,) = await bot.received(1)
    assert request.events == [{"type": "message", "source": "nobody"}]


@pytest.mark.usefixtures("soon")
async def test_a_redirect_is_no_2xx_and_is_not_followed(world: World, bot: Receiver) -> None:
    bot.script = [http(302, headers=f"location: {bot.url}/elsewhere\r\n")]
    await world.webhook(message_event(1))
    lines = [request.line for request in await bot.received(2)]
    assert lines == ["POST /webhook HTTP/1.1"] * 2


# -- a bot in trouble


async def test_a_bot_that_is_down_gets_everything_when_it_is_back(world: World) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    await world.settings(relay_url=f"http://127.0.0.1:{port}/webhook")
    for number in (1, 2, 3):
        await world.webhook(message_event(number))
    (refused,) = await ended(world, "waiting")
    assert (refused["attempts"], refused["status"]) == (1, None)
    assert refused["reason"].startswith("not-sent")
    async with bot_at(port) as bot:
        texts = [text for request in await bot.received(3) for text in request.texts]
        await ended(world, "handled", 3)
    assert texts == ["message 1", "message 2", "message 3"]
    assert world.desk.counts.relays["handled"] == 3


@asynccontextmanager
async def bot_at(port: int) -> AsyncIterator[Receiver]:
    bot = Receiver(port=port)
    server = await asyncio.start_server(bot.serve, "127.0.0.1", port)
    try:
        yield bot
    finally:
        server.close()
        await bot.stop()
        await server.wait_closed()


@pytest.mark.usefixtures("soon")
async def test_a_desk_that_stops_goes_on_afterwards(tmp_path: Path, line: ScriptedLine) -> None:
    async with receiving(http(503)) as bot:
        async with desk_world(tmp_path / "data", line) as world:
            await world.settings(relay_url=bot.url)
            await world.webhook(message_event(1))
            await world.webhook(message_event(2, user=OTHER))
            await ended(world, "waiting")
        before = len(bot.requests)
        bot.answer = http()
        async with desk_world(tmp_path / "data", line) as world:
            await bot.received(before + 2)
            await ended(world, "handled", 2)


@pytest.mark.usefixtures("soon")
async def test_what_a_process_that_died_was_sending_is_sent_again(tmp_path: Path, line: ScriptedLine) -> None:
    async with receiving(http()) as bot:
        async with desk_world(tmp_path / "data", line) as world:
            await world.settings(relay_url=bot.url)
            await world.desk.relay.close()
            await world.webhook(message_event(1))
            await world.received(1)
            args = world.channel.channel_id, "who died", world.desk.now, 60_000, 1
            (claimed,) = await world.desk.apply(claim_relays, *args)
            assert claimed.relay.lease_owner == "who died"
        async with desk_world(tmp_path / "data", line) as world:
            await bot.received(1)
            await ended(world, "handled")
            (parcel,) = await relays(world)
            assert (parcel.relay.state, parcel.relay.attempts) == ("handled", 2)


async def test_a_hanging_bot_holds_nobody_up(tmp_path: Path, line: ScriptedLine) -> None:
    async with (
        receiving(hang) as hanging,
        receiving() as other,
        desk_world(tmp_path / "data", line, relay_timeout_ms=300, relay_concurrency=2) as world,
    ):
        await world.settings(relay_url=hanging.url)
        made = "other", "Other", SECRET, "token", ChannelSettings(relay_url=other.url)
        await world.desk.apply(add_channel, *made, world.desk.now, line.url, line.url)
        for number in range(10):
            await world.webhook(message_event(number, user=f"U{number:032x}"))
        body = json.dumps({"destination": "U", "events": [message_event(100)]}).encode()
        assert await world.post(body, key="other") == (200, {})
        await other.received(1)
        await world.received(9)
        assert hanging.connections <= 2, "more than a channel may have"
        first = (await ended(world, "waiting"))[0]
        assert first["reason"] == "no-answer: timed out"
        hanging.answer = http()
        await hanging.received(12)
        assert {text for request in hanging.requests for text in request.texts} == {
            f"message {number}" for number in range(10)
        }


async def test_a_slow_end_of_an_answer_changes_nothing(tmp_path: Path, line: ScriptedLine) -> None:
    cut = b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nmore to come"
    async with (
        receiving(cut) as bot,
        desk_world(tmp_path / "data", line, relay_timeout_ms=300) as world,
    ):
        await world.settings(relay_url=bot.url)
        await world.webhook(message_event(1))
        await ended(world, "handled")
        assert len(bot.requests) == 1


@pytest.mark.usefixtures("soon")
async def test_the_reason_says_what_the_bot_said(world: World, bot: Receiver) -> None:
    bot.script = [http(400, "署名が\n違います".encode())]
    await world.webhook(message_event(1))
    (event,) = await ended(world, "waiting")
    assert (event["status"], event["reason"]) == (400, "400 署名が 違います")
    (handled,) = await ended(world, "handled")
    assert (handled["status"], handled["reason"], handled["attempts"]) == (200, None, 2)


# -- giving up


async def test_after_a_day_it_is_parked_and_can_be_sent_again(tmp_path: Path, line: ScriptedLine) -> None:
    clock = ManualClock(START)
    async with (
        receiving(http(503, b"down")) as bot,
        desk_world(tmp_path / "data", line, clock=clock) as world,
    ):
        await world.settings(relay_url=bot.url)
        await world.webhook(message_event(1))
        await ended(world, "waiting")
        await world.webhook(message_event(2, user=OTHER))  # wait: the bot is away
        await world.webhook(message_event(3, user=OTHER))
        await world.received(3)
        clock.advance(round(GIVE_UP_S * 1_000))
        world.desk.relay.wake()
        parked = await ended(world, "parked", 3)
        assert {(one["advice"], one["reason"]) for one in parked} == {("gave-up", "503 down")}
        assert await world.desk.read(relay_counts, world.channel.channel_id) == {"parked": 3}
        bot.answer = http()
        tried = len(bot.requests)
        clock.advance(60_000)
        channel_id = world.channel.channel_id
        again = await world.desk.apply(retry_relay, channel_id, int(parked[0]["relayId"]), clock.now())
        assert (again.state, again.attempts) == ("waiting", 0)
        world.desk.relay.wake()
        await ended(world, "handled", 1)
        assert await world.desk.apply(retry_relays, channel_id, clock.now()) == 2
        world.desk.relay.wake()
        await ended(world, "handled", 3)
        assert len(bot.requests) == tried + 3


def plans(conn: sa.Connection, channel_id: int) -> list[str]:
    """How SQLite looks for what the bot has not taken."""
    seen: list[tuple[str, Any]] = []

    def note(_conn: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        seen.append((statement, values))

    sa.event.listen(conn, "before_cursor_execute", note)
    relay_counts(conn, channel_id)
    list_relays(conn, channel_id, "parked")
    sa.event.remove(conn, "before_cursor_execute", note)
    return [
        row[3]
        for query, values in seen
        for row in conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", values)
    ]


async def test_what_the_bot_has_taken_is_not_looked_at(world: World) -> None:
    steps = await world.desk.read(plans, world.channel.channel_id)
    looked = [step.split(" (")[0] for step in steps if "relays" in step]
    assert looked == [f"SEARCH relays USING INDEX ix_relays_{name}" for name in ("lane", "parked", "parked")]


async def test_only_what_is_parked_can_be_sent_again(world: World, bot: Receiver) -> None:
    await world.webhook(message_event(1))
    (handled,) = await ended(world, "handled")
    channel_id, relay_id = world.channel.channel_id, int(handled["relayId"])
    with pytest.raises(Invalid):
        await world.desk.apply(retry_relay, channel_id, relay_id, world.desk.now)
    for there in ((channel_id, relay_id + 1), (channel_id + 1, relay_id)):
        with pytest.raises(Missing):
            await world.desk.read(find_relay, *there)


@pytest.mark.usefixtures("soon")
@pytest.mark.parametrize("number", [1, 2])
async def test_without_a_bot_what_waits_is_parked(world: World, bot: Receiver, number: int) -> None:
    bot.answer = http(503)
    for one in range(number):
        await world.webhook(message_event(one))
    await ended(world, "waiting")
    await world.settings(relay_url=None)
    world.desk.relay.wake()
    parked = await ended(world, "parked", number)
    assert {one["advice"] for one in parked} == {"no-bot"}


async def test_what_ended_long_ago_is_forgotten(tmp_path: Path, line: ScriptedLine) -> None:
    clock = ManualClock(START)
    async with (
        receiving() as bot,
        desk_world(tmp_path / "data", line, clock=clock, relay_retention_days=2) as world,
    ):
        await world.settings(relay_url=bot.url)
        await world.webhook(message_event(1))
        await ended(world, "handled")
        clock.advance(2 * 86_400_000)
        await world.webhook(message_event(2))
        await ended(world, "handled", 2)
        assert len(await relays(world)) == 2
        clock.advance(3_600_000)
        await world.webhook(message_event(3))
        await ended(world, "handled", 3)
        world.desk.relay.wake()
        await world.desk.relay.close()
        assert [parcel.relay.relay_id for parcel in await relays(world)] == [3, 2]


# -- what the bot has handled


async def marks(world: World, number: int) -> list[Mark]:
    """So many marks that the bot's answers have led to."""

    def told() -> set[int]:
        return {int(one["markId"]) for one in world.seen if one["type"] == "mark" and one["by"] == "bot"}

    await world.until(lambda _: len(told()) >= number)
    return [await world.desk.read(find_mark, mark_id) for mark_id in sorted(told())]


async def test_what_the_bot_took_is_marked_where_the_policy_says_so(
    world: World, bot: Receiver, line: ScriptedLine
) -> None:
    await world.policy(ReadPolicy(bot_handled=Policy.ON_RECEIVE), relay_url=bot.url)
    await world.webhook(message_event(2), message_event(1), message_event(3, user=OTHER))
    await line.calls_become(2)
    assert {call.body["markAsReadToken"] for call in line.calls} == {"token-2", "token-3"}
    assert {(mark.by, mark.occasion) for mark in await marks(world, 2)} == {("bot", "bot-handled")}


@pytest.mark.usefixtures("soon")
async def test_what_came_after_it_is_not_marked(world: World, bot: Receiver, line: ScriptedLine) -> None:
    await world.policy(ReadPolicy(bot_handled=Policy.ON_RECEIVE), relay_url=bot.url)
    bot.script = [http(500), http(200)]
    bot.answer = http(500)
    await world.webhook(message_event(1))
    await world.webhook(message_event(2))
    await line.calls_become(1)
    await ended(world, "handled")
    await ended(world, "waiting", 2)
    assert [call.body["markAsReadToken"] for call in line.calls] == ["token-1"]


async def test_by_default_the_bot_marks_or_nobody_does(
    world: World, bot: Receiver, line: ScriptedLine
) -> None:
    await world.webhook(message_event(1))
    await ended(world, "handled")
    assert line.calls == []


async def test_standby_is_forwarded_and_not_marked(world: World, bot: Receiver, line: ScriptedLine) -> None:
    await world.policy(ReadPolicy(bot_handled=Policy.ON_RECEIVE), relay_url=bot.url)
    await world.webhook(message_event(1, mode="standby"), {"type": "follow", "source": {"type": "user"}})
    await bot.received(1)
    await ended(world, "handled")
    assert line.calls == []
