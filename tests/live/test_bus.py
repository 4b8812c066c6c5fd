"""The bus: who gets what, and resuming without a gap."""

import asyncio

import pytest

from kidoku.live.bus import BACKLOG, LISTENED_S, Bus, LiveEvent


def event(topic: str, number: int) -> LiveEvent:
    return LiveEvent((topic,), {"type": "test", "number": number})


def numbers(queue: object) -> list[int]:
    return [one.data["number"] for one in queue]  # type: ignore[attr-defined]


def test_subscribers_get_their_topics_in_order() -> None:
    bus = Bus("e")
    mine, all_of_it = bus.subscribe(["user:1"]), bus.subscribe(None)
    bus.publish([event("user:1", 1), event("user:2", 2), event("user:1", 3)])
    assert numbers(mine.queue) == [1, 3]
    assert numbers(all_of_it.queue) == [1, 2, 3]


def test_an_event_with_two_of_my_topics_comes_once() -> None:
    bus = Bus("e")
    mine = bus.subscribe(["a", "b"])
    bus.publish([LiveEvent(("a", "b"), {"number": 1})])
    assert numbers(mine.queue) == [1]


def test_resume_gives_exactly_what_was_missed() -> None:
    bus = Bus("e")
    bus.publish([event("a", 1)])
    cursor = bus.cursor
    bus.publish([event("a", 2), event("b", 3), event("a", 4)])
    again = bus.subscribe(["a"], since=cursor)
    bus.publish([event("a", 5)])
    assert numbers(again.queue) == [2, 4, 5]
    assert not again.reset


def test_a_cursor_that_cannot_be_resumed_resets() -> None:
    bus = Bus("e", ring=2)
    bus.publish([event("a", n) for n in range(5)])
    for cursor in ("other-5", "e-1", "e-99", "e-x", "", "5", "e-\u0665", "e-" + "9" * 5000):
        assert bus.subscribe(["a"], since=cursor).reset, cursor
    assert not bus.subscribe(["a"], since="e-3").reset


def test_a_subscriber_that_falls_behind_is_reset() -> None:
    bus = Bus("e")
    slow = bus.subscribe(["a"])
    bus.publish(event("a", n) for n in range(BACKLOG + 1))
    assert slow.reset
    assert numbers(slow.queue) == [BACKLOG]


def test_topics_come_and_go() -> None:
    bus = Bus("e")
    mine = bus.subscribe(["a"])
    bus.add_topic(mine, "b")
    bus.drop_topic(mine, "a")
    bus.publish([event("a", 1), event("b", 2)])
    bus.unsubscribe(mine)
    bus.publish([event("b", 3)])
    assert numbers(mine.queue) == [2]
    assert bus.subscribers == 0


def test_a_topic_that_comes_later_is_caught_up_in_order() -> None:
    bus = Bus("e")
    mine = bus.subscribe(["a"])
    bus.publish([event("b", 1), event("a", 2)])
    after = bus.position
    bus.publish([event("b", 3), LiveEvent(("a", "b"), {"number": 4}), event("a", 5), event("b", 6)])
    bus.add_topic(mine, "b", after)
    bus.add_topic(mine, "b", 0)
    bus.publish([event("b", 7)])
    assert numbers(mine.queue) == [2, 3, 4, 5, 6, 7]


async def test_wait_wakes_on_an_event_and_on_close() -> None:
    bus = Bus("e")
    mine = bus.subscribe(["a"])
    waiting = asyncio.ensure_future(mine.wait())
    await asyncio.sleep(0)
    bus.publish([event("a", 1)])
    assert await waiting
    mine.queue.clear()
    assert not await mine.wait(0)
    waiting = asyncio.ensure_future(mine.wait())
    await asyncio.sleep(0)
    bus.close()
    assert await waiting
    assert mine.closed


def test_who_listens_or_may_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1_000.0
    monkeypatch.setattr("kidoku.live.bus.monotonic", lambda: now)
    bus = Bus("e")
    seen = [bus.listened]
    assert bus.cursor
    seen.append(bus.listened)
    now += LISTENED_S
    seen.append(bus.listened)
    mine = bus.subscribe(["a"])
    now += 10 * LISTENED_S
    seen.append(bus.listened)
    bus.unsubscribe(mine)
    seen.append(bus.listened)  # a stream that was cut comes back
    now += LISTENED_S
    seen.append(bus.listened)
    assert seen == [False, True, False, True, True, False]


def test_events_that_nobody_listened_to_are_missed_and_not_passed_over() -> None:
    bus = Bus("e")
    bus.publish([event("a", 1)])
    before = bus.cursor
    bus.skip(3)
    after = bus.cursor
    bus.publish([event("a", 5)])
    assert bus.subscribe(["a"], since=before).reset
    assert numbers(bus.subscribe(["a"], since=after).queue) == [5]


def test_everybody_starts_over_when_events_are_missed() -> None:
    bus = Bus("e")
    bus.publish([event("a", 1)])
    before = bus.cursor
    mine = bus.subscribe(["a"], since=before)
    bus.start_over()
    assert mine.reset
    assert bus.subscribe(["a"], since=before).reset
    bus.publish([event("a", 2)])
    assert numbers(mine.queue) == [2]
