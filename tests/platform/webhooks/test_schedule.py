"""Who gets the next place."""

from __future__ import annotations

import pytest

from kidoku.platform.store.change import Queued
from kidoku.platform.webhooks.schedule import Job, Schedule

NUMBERS = iter(range(1, 1_000_000))


def add(schedule: Schedule, channel_id: int, count: int, chat_id: int | None = None) -> None:
    """Deliveries of one account, each in its own chat unless one is named."""
    for _ in range(count):
        number = next(NUMBERS)
        row = Queued(channel_id, number, number if chat_id is None else chat_id, b"", 0, 0)
        schedule.add(Job(schedule.lane(channel_id), row))


def fill(schedule: Schedule, places: int) -> list[Job]:
    """Take jobs for so many places."""
    taken: list[Job] = []
    while len(taken) < places and (job := schedule.take()) is not None:
        taken.append(job)
    return taken


def end(schedule: Schedule, jobs: list[Job], ms: float) -> None:
    for job in jobs:
        schedule.free(job, ms)
        schedule.release(job)


def channels(jobs: list[Job]) -> list[int]:
    return [job.row.channel_id for job in jobs]


def test_accounts_take_turns() -> None:
    schedule = Schedule(8)
    add(schedule, 1, 9)
    add(schedule, 2, 2)
    assert channels(fill(schedule, 8)) == [1, 2, 1, 2, 1, 1, 1, 1]


def test_one_account_leaves_a_quarter() -> None:
    schedule = Schedule(8)
    add(schedule, 1, 20)
    assert len(fill(schedule, 8)) == 6
    assert fill(schedule, 1) == []
    add(schedule, 2, 1)
    assert channels(fill(schedule, 1)) == [2]


def test_slow_accounts_have_half_between_them() -> None:
    schedule = Schedule(8)
    for slow in (1, 2):
        add(schedule, slow, 30)
    end(schedule, fill(schedule, 8), 2_000)
    assert channels(fill(schedule, 8)) == [1, 2, 1, 2], "both are slow now"
    add(schedule, 3, 4)
    assert channels(fill(schedule, 8)) == [3, 3, 3, 3]


def test_a_slow_account_does_not_wait_for_quick_ones_for_ever() -> None:
    schedule = Schedule(8)
    add(schedule, 1, 10)
    end(schedule, fill(schedule, 6), 2_000)
    add(schedule, 2, 10)
    assert sorted(channels(fill(schedule, 4))) == [1, 1, 2, 2]


def test_quick_answers_make_an_account_quick_again() -> None:
    schedule = Schedule(8)
    add(schedule, 1, 40)
    end(schedule, fill(schedule, 1), 2_000)
    one_round = fill(schedule, 8)
    assert len(one_round) == 4
    end(schedule, one_round, 5)
    assert len(fill(schedule, 8)) == 6


def test_a_chat_that_is_busy_is_passed_over() -> None:
    schedule = Schedule(8)
    add(schedule, 1, 3, chat_id=7)
    (job,) = fill(schedule, 8)
    assert fill(schedule, 1) == []
    schedule.free(job, 1)
    schedule.free(job, 1)
    assert len(fill(schedule, 8)) == 1, "freeing twice frees once"


def test_events_outside_a_chat_wait_for_nothing() -> None:
    schedule = Schedule(8)
    lane = schedule.lane(1)
    for number in (1, 2):
        schedule.add(Job(lane, Queued(1, number, None, b"", 0, 0)))
    assert len(fill(schedule, 8)) == 2


def test_somebody_who_waits_goes_before_the_chats_others() -> None:
    schedule = Schedule(8)
    add(schedule, 1, 2, chat_id=7)
    lane = schedule.lane(1)
    schedule.add(Job(lane, Queued(1, 99, 7, b"", 1, 0)), first=True)
    assert fill(schedule, 1)[0].row.delivery_id == 99


@pytest.mark.parametrize("places", [1, 2, 3])
def test_few_places_are_enough(places: int) -> None:
    schedule = Schedule(places)
    for channel_id in (1, 2):
        add(schedule, channel_id, 3)
    done = 0
    while jobs := fill(schedule, places):
        done += len(jobs)
        end(schedule, jobs, 2_000)
    assert done == 6
    assert schedule.held == 0


def test_a_lane_without_work_is_forgotten() -> None:
    schedule = Schedule(8)
    add(schedule, 1, 1)
    lane = schedule.lane(1)
    schedule.forget(lane)
    assert schedule.lanes
    end(schedule, fill(schedule, 1), 1)
    schedule.forget(lane)
    assert not schedule.lanes
