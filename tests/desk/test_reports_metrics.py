"""What Prometheus is told about the desk's work."""

from __future__ import annotations

from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from kidoku.storage.clock import ManualClock
from tests.desk.kit import START, World, desk_world, message_event
from tests.desk.line import ScriptedLine
from tests.platform.webhooks.receiver import http, receiving


async def metrics(world: World) -> dict[tuple[str, str], float]:
    """Values by name and label."""
    async with world.session.get(f"{world.url}/metrics") as answer:
        assert answer.status == 200
        text = await answer.text()
    return {
        (sample.name.removeprefix("kidoku_desk_"), "/".join(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def test_the_backlog_and_times_to_read(tmp_path: Path, line: ScriptedLine) -> None:
    clock = ManualClock(START + 90_000)
    async with desk_world(tmp_path / "data", line, clock=clock) as world:
        await world.webhook(message_event(0), message_event(20))
        chat_id = await world.received(20)
        found = await metrics(world)
        assert found["unread_messages", "shop"] == 2
        assert found["oldest_unread_seconds", "shop"] == 90
        assert found["read_seconds_count", "shop"] == 0

        mark_id = await world.ask(chat_id)
        assert mark_id is not None
        await world.mark_becomes(mark_id, "confirmed")
        found = await metrics(world)
        assert found["unread_messages", "shop"] == found["oldest_unread_seconds", "shop"] == 0
        assert found["read_seconds_bucket", "shop/60.0"] == 0
        assert found["read_seconds_bucket", "shop/120.0"] == 2
        assert found["read_seconds_bucket", "shop/+Inf"] == found["read_seconds_count", "shop"] == 2
        assert found["read_seconds_sum", "shop"] == 90 + 70
        assert found["marks_total", "confirmed"] == 1


async def test_marks_that_wait_and_webhooks_that_nobody_looked_at(tmp_path: Path, line: ScriptedLine) -> None:
    clock = ManualClock(START)
    async with desk_world(tmp_path / "data", line, clock=clock) as world:
        await world.webhook(message_event(0))
        await world.ask(await world.received(0), delay_ms=60_000)
        await world.desk.processor.close()
        await world.webhook(message_event(1))
        clock.advance(5_000)
        found = await metrics(world)
        assert [found["open_marks", state] for state in ("waiting", "due", "sending", "parked")] == [
            1,
            0,
            0,
            0,
        ]
        assert (found["waiting_webhooks", ""], found["intake_lag_seconds", ""]) == (1, 5)
        assert found["webhooks_total", "stored"] == 2


async def test_what_the_bot_has_not_taken(tmp_path: Path, line: ScriptedLine) -> None:
    clock = ManualClock(START)
    async with (
        receiving(http(500)) as bot,
        desk_world(tmp_path / "data", line, clock=clock) as world,
    ):
        found = await metrics(world)
        assert found["open_relays", "shop/waiting"] == found["open_relays", "shop/parked"] == 0
        assert found["relay_lag_seconds", "shop"] == 0

        await world.settings(relay_url=bot.url)
        await world.webhook(message_event(1))
        await world.until(lambda one: one["type"] == "relay" and one["attempts"] == 1)
        await world.webhook(message_event(2))
        await world.received(2)
        clock.advance(500)
        found = await metrics(world)
        assert (found["open_relays", "shop/waiting"], found["relay_lag_seconds", "shop"]) == (2, 0.5)

        await world.settings(relay_url=None)
        clock.advance(60_000)
        world.desk.relay.wake()
        await world.until(lambda _: sum(one.get("state") == "parked" for one in world.seen) == 2)
        found = await metrics(world)
        assert (found["open_relays", "shop/waiting"], found["open_relays", "shop/parked"]) == (0, 2)
        assert found["relay_lag_seconds", "shop"] == 0
