"""Targets: the team is warned before one is missed and told when it is, and nothing is told twice."""

from __future__ import annotations

from pathlib import Path

from kidoku.desk.store.reports_targets import Late, late_messages, next_target, tell_targets
from kidoku.storage.clock import ManualClock
from tests.desk.kit import START, World, desk_world, message_event
from tests.desk.line import ScriptedLine

TARGET = {"read_target_s": 100}


def told(world: World) -> list[tuple[str, int]]:
    """What was told: how a message stands, and how many seconds after START it is due."""
    return [(one["state"], (one["dueAt"] - START) // 1_000) for one in world.seen if one["type"] == "target"]


async def test_a_warning_then_a_miss(tmp_path: Path, line: ScriptedLine) -> None:
    clock = ManualClock(START)
    async with desk_world(tmp_path / "data", line, clock=clock) as world:
        await world.settings(**TARGET)
        await world.webhook(message_event(0))
        chat_id = await world.received(0)
        channels = [world.channel]
        assert await world.desk.read(next_target, channels) == START + 80_000
        assert await world.desk.read(late_messages, channels, 9) == []

        clock.advance(80_000)
        world.desk.targets.wake()
        event = await world.until(lambda one: one["type"] == "target")
        assert event == {
            "type": "target",
            "state": "warning",
            "channelId": world.channel.channel_id,
            "chatId": str(chat_id),
            "dueAt": START + 100_000,
        }
        (late,) = await world.desk.read(late_messages, channels, 9)
        key = str(500_000_000_000_000_000)
        assert late == Late(world.channel.channel_id, chat_id, key, START, START + 100_000, "warning")

        clock.advance(20_000)
        world.desk.targets.wake()
        await world.until(lambda one: one["type"] == "target" and one["state"] == "missed")
        assert told(world) == [("warning", 100), ("missed", 100)]
        assert await world.desk.read(next_target, channels) is None


async def test_nothing_is_told_twice_after_a_restart(tmp_path: Path, line: ScriptedLine) -> None:
    clock = ManualClock(START + 85_000)
    async with desk_world(tmp_path / "data", line, clock=clock) as world:
        await world.settings(**TARGET)
        await world.webhook(message_event(0))
        await world.until(lambda one: one["type"] == "target")
    async with desk_world(tmp_path / "data", line, clock=clock) as world:
        await world.webhook(message_event(1, user="U" + "2" * 32))
        event = await world.until(lambda one: one["type"] == "target")
        assert told(world) == [("warning", 101)]
        assert event["chatId"] == str(await world.received(1))


async def test_what_was_missed_meanwhile_is_told_once_per_chat(tmp_path: Path, line: ScriptedLine) -> None:
    clock = ManualClock(START + 500_000)
    async with desk_world(tmp_path / "data", line, clock=clock) as world:
        await world.webhook(*(message_event(number) for number in (0, 1, 2)))
        await world.received(2)
        await world.settings(**TARGET)
        await world.until(lambda one: one["type"] == "target")
        await world.webhook(message_event(3))
        await world.until(lambda one: one["type"] == "target" and one["dueAt"] == START + 103_000)
        assert told(world) == [("missed", 100), ("missed", 103)]


async def test_what_is_read_in_time_is_not_told(tmp_path: Path, line: ScriptedLine) -> None:
    clock = ManualClock(START)
    async with desk_world(tmp_path / "data", line, clock=clock) as world:
        await world.settings(**TARGET)
        await world.webhook(message_event(0))
        mark_id = await world.ask(await world.received(0))
        assert mark_id is not None
        await world.mark_becomes(mark_id, "confirmed")
        assert await world.desk.read(next_target, [world.channel]) is None


async def test_without_a_target_nothing_is_due(world: World) -> None:
    await world.webhook(message_event(0))
    await world.received(0)
    assert await world.desk.read(next_target, [world.channel]) is None
    assert await world.desk.read(late_messages, [world.channel], 9) == []
    await world.desk.apply(tell_targets, [world.channel], world.desk.now)
    assert told(world) == []
