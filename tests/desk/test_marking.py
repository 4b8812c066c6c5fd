"""Marks: from the moment something is due until LINE has confirmed it, or a person has to look."""

from __future__ import annotations

from collections import deque
from pathlib import Path

import pytest

from kidoku.core.read_policy import Occasion, Policy, ReadPolicy
from tests.desk.kit import USER, World, desk_world, message_event
from tests.desk.line import ScriptedLine, Step, status

BY_TOKEN = "/v2/bot/chat/markAsRead"
BY_USER = "/v2/bot/message/markAsRead"


def tokens(line: ScriptedLine) -> list[str]:
    return [call.body["markAsReadToken"] for call in line.calls if call.path == BY_TOKEN]


async def test_a_mark_is_sent_once_and_confirmed(world: World, line: ScriptedLine) -> None:
    await world.webhook(message_event(1))
    chat_id = await world.received(1)
    mark_id = await world.ask(chat_id)
    assert mark_id is not None
    mark = await world.mark_becomes(mark_id, "confirmed")
    assert (mark.attempts, mark.status, mark.by, mark.occasion) == (1, 200, "agent:1", "asked")
    (call,) = line.calls
    assert (call.path, call.body) == (BY_TOKEN, {"markAsReadToken": "token-1"})
    assert call.headers["authorization"] == "Bearer token"
    assert await world.ask(chat_id) is None, "all is Read already"


async def test_only_what_the_policy_says_becomes_due(world: World, line: ScriptedLine) -> None:
    await world.webhook(message_event(1))
    await world.received(1)
    await world.policy(ReadPolicy(Policy.ON_RECEIVE))
    await world.webhook(message_event(2))
    await line.calls_become(1)
    assert tokens(line) == ["token-2"]


async def test_the_newest_token_stands_for_all(world: World, line: ScriptedLine) -> None:
    line.usual = Step(held=True)
    await world.policy(ReadPolicy(Policy.ON_RECEIVE))
    await world.webhook(message_event(1))
    await line.calls_become(1)
    await world.webhook(*(message_event(number) for number in (3, 2, 5, 4)))
    await world.received(4)
    line.usual = Step()
    line.released.set()
    await line.calls_become(2)
    assert tokens(line) == ["token-1", "token-5"]


async def test_by_user(world: World, line: ScriptedLine) -> None:
    await world.settings(mark_by="user")
    await world.webhook(message_event(1))
    mark_id = await world.ask(await world.received(1))
    assert mark_id is not None
    await world.mark_becomes(mark_id, "confirmed")
    assert [(call.path, call.body) for call in line.calls] == [(BY_USER, {"chat": {"userId": USER}})]


@pytest.mark.usefixtures("soon")
@pytest.mark.parametrize(
    "step",
    [
        Step(status(500)),
        Step(status(503)),
        Step(status(408)),
        Step(status(429, "The API rate limit has been exceeded.", "retry-after: 1")),
        Step(None),
        Step(b"HTTP/1.1 200 OK\r\ncontent-length: 999\r\n\r\n{"),
    ],
    ids=["500", "503", "408", "429", "reset", "truncated"],
)
async def test_what_may_pass_is_tried_again(world: World, line: ScriptedLine, step: Step) -> None:
    line.script = deque([step])
    await world.webhook(message_event(1))
    mark_id = await world.ask(await world.received(1))
    assert mark_id is not None
    mark = await world.mark_becomes(mark_id, "confirmed")
    assert mark.attempts == 2
    assert tokens(line) == ["token-1", "token-1"]


@pytest.mark.parametrize(
    ("answer", "advice"),
    [
        (status(400, "Failed to mark messages as read. Please ensure that chat is enabled."), "chat-off"),
        (status(401, "Authentication failed"), "access-token"),
        (status(403, "Access to this API is not available for your account"), "not-entitled"),
        (status(404, "Not found"), "wrong-base-url"),
    ],
)
async def test_what_will_not_pass_is_parked_and_can_be_replayed(
    world: World, line: ScriptedLine, answer: bytes, advice: str
) -> None:
    from kidoku.desk.store.marks import replay_mark

    line.script = deque([Step(answer)])
    await world.webhook(message_event(1))
    mark_id = await world.ask(await world.received(1))
    assert mark_id is not None
    mark = await world.mark_becomes(mark_id, "parked")
    assert (mark.advice, mark.attempts, mark.token) == (advice, 1, "token-1")
    await world.desk.apply(replay_mark, mark_id, "agent:2", world.desk.now)
    world.desk.marker.wake()
    await world.mark_becomes(mark_id, "confirmed")
    assert len(line.calls) == 2


async def test_opening_can_be_undone(world: World, line: ScriptedLine) -> None:
    from kidoku.desk.store.marks import undo_mark

    await world.webhook(message_event(1))
    chat_id = await world.received(1)
    mark_id = await world.ask(chat_id, Occasion.OPENED, delay_ms=60_000)
    assert mark_id is not None
    await world.desk.apply(undo_mark, mark_id)
    await world.mark_becomes(mark_id, "undone")
    assert line.calls == []


async def test_what_was_due_is_sent_after_a_restart(tmp_path: Path, line: ScriptedLine) -> None:
    async with desk_world(tmp_path / "data", line) as world:
        await world.desk.marker.close()
        await world.webhook(message_event(1))
        mark_id = await world.ask(await world.received(1))
        assert mark_id is not None
    assert line.calls == []
    async with desk_world(tmp_path / "data", line) as world:
        await line.calls_become(1)
    assert tokens(line) == ["token-1"]


async def test_what_a_newer_mark_covers_says_so(world: World, line: ScriptedLine) -> None:
    line.script.extend([Step(status(400, "no")), Step(status(500, "later")), Step(status(429, "later"))])
    await world.webhook(message_event(1))
    chat_id = await world.received(1)
    parked = await world.ask(chat_id)
    assert parked is not None
    await world.mark_becomes(parked, "parked")
    waiting = await world.ask(chat_id, delay_ms=3_600_000)
    assert waiting is not None
    await world.webhook(message_event(2))
    await world.received(2)
    due = await world.ask(chat_id)
    assert due is not None
    await line.calls_become(2)
    await world.webhook(message_event(3))
    await world.received(3)
    newest = await world.ask(chat_id)
    assert newest is not None
    heirs = {mark_id: await heir(world, mark_id) for mark_id in (parked, waiting, due)}
    assert heirs == {parked: str(newest), waiting: str(newest), due: str(newest)}
    assert (await world.mark_becomes(newest, "confirmed")).superseded_by is None


async def heir(world: World, mark_id: int) -> str:
    """Which mark took the place of one, as its live event says."""
    wanted = (str(mark_id), "superseded")
    event = await world.until(lambda one: (one.get("markId"), one.get("state")) == wanted)
    return str(event["supersededBy"])
