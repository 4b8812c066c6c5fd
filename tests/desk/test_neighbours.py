"""Two desks on one data folder: each hears what the other does, and what is to be done is done by one of them."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from kidoku.core.read_policy import Policy, ReadPolicy
from kidoku.desk.app import running
from kidoku.desk.config import DeskConfig
from kidoku.desk.store.channels import ChannelSettings, add_channel, change_channel
from kidoku.desk.store.intake import Webhook, store_webhooks
from kidoku.desk.store.neighbours import KEPT_MS, SILENT_MS
from kidoku.http.server import StartupError
from kidoku.storage.clock import ManualClock
from kidoku.storage.engine import DriverBatch
from tests.desk.kit import SECRET, START, World, desk_world, message_event
from tests.desk.line import ScriptedLine

MARK = "/v2/bot/chat/markAsRead"


class Turns:
    """Waits for a desk to listen to the others, which it does again and again."""

    def __init__(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        self._work = world.desk.neighbours.work
        self._ended: set[asyncio.Event] = set()
        monkeypatch.setattr(world.desk.neighbours, "work", self._turn)

    async def _turn(self) -> float | None:
        begun = self._ended.copy()
        seconds = await self._work()
        for one in begun:
            one.set()
        return seconds

    async def __call__(self) -> None:
        """Until it has looked once more from beginning to end."""
        ended = asyncio.Event()
        self._ended.add(ended)
        await asyncio.wait_for(ended.wait(), 20)
        self._ended.discard(ended)


class Pair(NamedTuple):
    one: World
    other: World
    clock: ManualClock
    data: Path
    one_turns: Turns
    other_turns: Turns


@pytest.fixture
async def pair(tmp_path: Path, line: ScriptedLine, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Pair]:
    clock = ManualClock(START)
    data = tmp_path / "data"
    async with (
        desk_world(data, line, clock=clock, shared=True) as one,
        desk_world(data, line, clock=clock, shared=True) as other,
    ):
        made = Pair(one, other, clock, data, Turns(one, monkeypatch), Turns(other, monkeypatch))
        clock.advance(2_000)
        await made.one_turns()  # it has seen the other, which has seen it when it began
        yield made


async def test_both_show_what_comes_to_one(pair: Pair) -> None:
    await pair.other.webhook(message_event(1))
    await pair.one.webhook(message_event(2))
    for world in pair.one, pair.other:
        assert await world.received(1) == await world.received(2)
        told = [one["messageId"] for one in world.seen if one["type"] == "message"]
        assert len(told) == len(set(told)), "told twice"


async def test_a_mark_is_made_by_one_and_told_by_both(pair: Pair, line: ScriptedLine) -> None:
    for number in range(1, 41):
        world = pair.one if number % 2 else pair.other
        await world.webhook(message_event(number, user=f"U{number:032x}"))
    chats = [await pair.one.received(number) for number in range(1, 41)]
    asked = [
        await (pair.one if number % 2 else pair.other).ask(chat_id) for number, chat_id in enumerate(chats)
    ]
    for mark_id in asked:
        assert mark_id is not None
        for world in pair.one, pair.other:
            await world.mark_becomes(mark_id, "confirmed")
    sent = Counter(call.body["markAsReadToken"] for call in line.calls if call.path == MARK)
    assert sent == Counter(f"token-{number}" for number in range(1, 41))


async def test_an_answer_waits_for_a_mark_that_the_other_makes(pair: Pair, line: ScriptedLine) -> None:
    await pair.one.webhook(message_event(1))
    chat_id = await pair.other.received(1)
    reply = await pair.other.desk.replier.ask(
        pair.other.channel, chat_id, [{"type": "text", "text": "Hello"}], "agent:1"
    )
    for world in pair.one, pair.other:
        await world.until(lambda one: (one.get("replyId"), one.get("state")) == (str(reply.reply_id), "sent"))
    assert [call.path for call in line.calls if "mark" in call.path.lower() or "reply" in call.path] == [
        MARK,
        "/v2/bot/message/reply",
    ]


async def test_what_one_changes_of_a_channel_holds_at_the_other(pair: Pair) -> None:
    settings = ChannelSettings(read_policy=ReadPolicy(Policy.MANUAL))
    channel_id = pair.one.channel.channel_id
    await pair.one.desk.apply(change_channel, channel_id, {"settings": settings})
    await pair.other.until(lambda one: one["type"] == "channel")
    assert pair.other.desk.directory.by_id[channel_id].settings.read_policy.policy == Policy.MANUAL
    made = ("second", "Second", SECRET, "token", ChannelSettings())
    await pair.one.desk.apply(add_channel, *made, START, "http://127.0.0.1:1", "http://127.0.0.1:1")
    await pair.other.until(lambda one: one["type"] == "channel" and one["channelKey"] == "second")
    body = b'{"destination":"U0","events":[]}'
    assert (await pair.other.post(body, key="second"))[0] == 200


async def test_who_is_in_a_chat_is_known_to_both(pair: Pair) -> None:
    await pair.one.webhook(message_event(1))
    chat_id = await pair.other.received(1)
    event: dict[str, Any] = {
        "type": "presence",
        "chatId": str(chat_id),
        "agentId": "7",
        "by": "agent:7",
        "state": "typing",
    }
    event |= {"view": "a page", "viewState": "typing", "peek": False}
    await pair.one.desk.neighbours.announce(event)
    await pair.other.until(lambda one: one["type"] == "presence")
    (present,) = pair.other.desk.presence.of_chat(chat_id, pair.clock.now())
    assert (present.agent_id, present.state) == (7, "typing")


async def test_signatures_count_wherever_they_come(pair: Pair) -> None:
    channel_id = pair.one.channel.channel_id
    body = b'{"destination":"U0","events":[]}'
    await pair.other.post(body)
    await pair.other.post(body, signature="wrong")
    await pair.one.post(body)
    await pair.other_turns()
    await pair.one_turns()
    signed = pair.one.desk.neighbours.signed(channel_id)
    assert (signed.right, signed.wrong) == (2, 1)


async def test_the_rate_of_a_channel_is_shared(pair: Pair) -> None:
    rates = [world.desk.marker._rate for world in (pair.one, pair.other)]
    assert rates == [1_000, 1_000]


async def test_what_a_desk_that_died_has_left_is_taken_over(pair: Pair) -> None:
    """It took a webhook in, and died before it looked at it."""
    dead = "a-desk-that-died"
    with closing(sqlite3.connect(pair.data / "desk.db", isolation_level=None)) as driver:
        driver.execute("INSERT INTO desks VALUES (?, ?, ?)", (dead, START, pair.clock.now()))
    stored = asyncio.get_running_loop().create_future()
    event = message_event(1)
    body = json.dumps({"destination": "U0", "events": [event]}).encode()
    webhook = Webhook(pair.one.channel.channel_id, pair.clock.now(), "signature", body)
    pair.one.desk.engine.submit(
        DriverBatch(store_webhooks), webhook, lambda result, error: stored.set_result(error)
    )
    assert await stored is None
    for _ in range(0, SILENT_MS + 1, 1_000):
        pair.clock.advance(1_000)
        await pair.one_turns()
        await pair.other_turns()
    await pair.one.received(1)


async def test_a_desk_that_was_taken_for_dead_begins_anew(pair: Pair) -> None:
    """It slept for so long that the others forgot it: events may have passed it by."""
    with closing(sqlite3.connect(pair.data / "desk.db", isolation_level=None)) as driver:
        driver.execute("DELETE FROM desks WHERE owner = ?", (pair.one.desk.owner,))
    pair.clock.advance(2_000)
    await pair.one_turns()
    assert pair.one.events.reset


async def test_news_are_kept_for_a_while_only(pair: Pair) -> None:
    await pair.one.webhook(message_event(1))
    await pair.other.received(1)
    with closing(sqlite3.connect(pair.data / "desk.db", isolation_level=None)) as driver:
        assert news(driver)
        for _ in range(0, KEPT_MS + 10_000, 4_000):
            pair.clock.advance(4_000)
            await pair.one_turns()
            await pair.other_turns()
        assert not news(driver)


def news(driver: sqlite3.Connection) -> list[Any]:
    return driver.execute("SELECT at FROM news").fetchall()


async def test_who_goes_says_so(pair: Pair, line: ScriptedLine) -> None:
    async with desk_world(pair.data, line, clock=pair.clock, shared=True) as third:
        assert desks(pair.data) == {pair.one.desk.owner, pair.other.desk.owner, third.desk.owner}
    assert desks(pair.data) == {pair.one.desk.owner, pair.other.desk.owner}


def desks(data: Path) -> set[str]:
    with closing(sqlite3.connect(data / "desk.db")) as driver:
        return {owner for (owner,) in driver.execute("SELECT owner FROM desks")}


async def test_nothing_is_told_where_nobody_listens(tmp_path: Path, line: ScriptedLine) -> None:
    async with desk_world(tmp_path / "data", line, shared=True) as alone:
        await alone.webhook(message_event(1))
        await alone.received(1)
        with closing(sqlite3.connect(tmp_path / "data" / "desk.db")) as driver:
            assert not news(driver)


async def test_a_desk_that_does_not_share_says_how_it_could(pair: Pair) -> None:
    with pytest.raises(StartupError, match="in use by another") as refused:
        async with running(DeskConfig(port=0, data_dir=pair.data)):
            raise AssertionError("it started")
    assert "--shared" in refused.value.hint


async def test_another_version_does_not_join(pair: Pair) -> None:
    with closing(sqlite3.connect(pair.data / "desk.db", isolation_level=None)) as driver:
        driver.execute("UPDATE alembic_version SET version_num = '0000'")
    with pytest.raises(StartupError, match="another version"):
        async with running(DeskConfig(port=0, data_dir=pair.data, shared=True)):
            raise AssertionError("it started")
