"""Answers: after their mark, in order, and neither lost nor doubled whatever LINE answers."""

from __future__ import annotations

import json
from collections import deque
from pathlib import Path
from typing import Any

import pytest

from kidoku.core.read_policy import Occasion, Policy, ReadPolicy
from kidoku.desk.store.replies import Reply, find_reply
from kidoku.desk.store.reply_tokens import free_until
from kidoku.storage.clock import ManualClock
from kidoku.storage.refused import Invalid, Missing
from tests.desk.kit import START, USER, World, desk_world, message_event
from tests.desk.line import ScriptedLine, Step, status
from tests.desk.test_receive import rows

MARK = "/v2/bot/chat/markAsRead"
REPLY = "/v2/bot/message/reply"
PUSH = "/v2/bot/message/push"

HELLO = {"type": "text", "text": "Hello"}
TEXT = [HELLO]


def sent(*ids: str) -> bytes:
    messages = [{"id": one, "quoteToken": f"quote-{one}"} for one in ids]
    body = json.dumps({"sentMessages": messages}).encode()
    return b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%s" % (
        len(body),
        body,
    )


INVALID = status(400, "Invalid reply token")
ACCEPTED = status(409, "The retry key is already accepted")


def paths(line: ScriptedLine) -> list[str]:
    return [call.path for call in line.calls]


async def quiet(world: World) -> None:
    """Nothing is marked by itself, so that only answers are sent."""
    await world.policy(ReadPolicy(Policy.MANUAL))


async def chat_with(world: World, number: int = 1, **more: Any) -> int:
    await world.webhook(message_event(number, **more))
    return await world.received(number)


async def answer(world: World, chat_id: int, contents: Any = TEXT, **more: Any) -> Reply:
    return await world.desk.replier.ask(world.channel, chat_id, contents, "agent:1", **more)


async def becomes(world: World, reply: Reply, state: str) -> Reply:
    def holds(one: dict[str, Any]) -> bool:
        return (one.get("replyId"), one.get("state")) == (str(reply.reply_id), state)

    await world.until(holds)
    return await world.desk.read(find_reply, reply.reply_id)


async def spend_token(world: World, chat_id: int) -> None:
    """Leave the chat without a reply token."""
    await becomes(world, await answer(world, chat_id), "sent")


def outgoing(data: Path) -> list[tuple[object, ...]]:
    return rows(
        data,
        "SELECT message_key, type, text, sender_id, line_message_id, quote_token FROM messages"
        " WHERE direction = 'out' ORDER BY at, place",
    )


async def test_an_answer_is_a_free_reply(world: World, line: ScriptedLine, tmp_path: Path) -> None:
    await quiet(world)
    chat_id = await chat_with(world)
    line.script = deque([Step(sent("77", "78"))])
    flex = {"type": "flex", "altText": "A card", "contents": {"type": "bubble"}}
    asked = await answer(world, chat_id, [HELLO, flex])
    assert (asked.state, asked.way) == ("queued", None)
    reply = await becomes(world, asked, "sent")
    assert (reply.way, reply.attempts, reply.status, reply.doubtful) == ("reply", 1, 200, False)
    (call,) = line.calls
    assert (call.path, call.body) == (REPLY, {"replyToken": f"{1:032x}", "messages": [HELLO, flex]})
    assert "x-line-retry-key" not in call.headers
    assert outgoing(tmp_path / "data") == [
        (f"out:{reply.reply_id}:0", "text", "Hello", "agent:1", "77", "quote-77"),
        (f"out:{reply.reply_id}:1", "flex", "A card", "agent:1", "78", "quote-78"),
    ]
    chat = await world.chat(chat_id)
    assert (chat.waiting_since, chat.last_message_key) == (None, f"out:{reply.reply_id}:1")


async def test_the_mark_goes_first(tmp_path: Path, line: ScriptedLine) -> None:
    async with desk_world(tmp_path / "data", line, reply_wait_ms=60_000) as world:
        chat_id = await chat_with(world)
        line.script = deque([Step(held=True)])
        reply = await answer(world, chat_id)
        assert reply.mark_id is not None
        await line.calls_become(1)
        await world.desk.replier.work()
        assert paths(line) == [MARK]
        line.released.set()
        await becomes(world, reply, "sent")
        assert paths(line) == [MARK, REPLY]


async def test_a_mark_that_hangs_holds_an_answer_up_for_a_moment_only(
    tmp_path: Path, line: ScriptedLine
) -> None:
    async with desk_world(tmp_path / "data", line, reply_wait_ms=100) as world:
        chat_id = await chat_with(world)
        line.script = deque([Step(held=True)])
        await becomes(world, await answer(world, chat_id), "sent")
        assert paths(line) == [MARK, REPLY]
        line.released.set()


async def test_a_mark_that_is_parked_lets_the_answer_go(tmp_path: Path, line: ScriptedLine) -> None:
    async with desk_world(tmp_path / "data", line, reply_wait_ms=60_000) as world:
        chat_id = await chat_with(world)
        line.script = deque([Step(status(400, "Please ensure that chat is enabled."))])
        await becomes(world, await answer(world, chat_id), "sent")
        assert paths(line) == [MARK, REPLY]


async def test_a_mark_that_another_covers_is_waited_for(tmp_path: Path, line: ScriptedLine) -> None:
    async with desk_world(tmp_path / "data", line, reply_wait_ms=60_000) as world:
        chat_id = await chat_with(world)
        line.script = deque([Step(held=True)])
        under_way = await world.ask(chat_id)
        assert under_way is not None
        await line.calls_become(1)
        reply = await answer(world, chat_id)
        line.released.set()
        await becomes(world, reply, "sent")
        assert paths(line) == [MARK, REPLY]


async def test_nothing_to_mark_is_not_waited_for(world: World, line: ScriptedLine) -> None:
    chat_id = await chat_with(world)
    mark_id = await world.ask(chat_id, Occasion.ASKED)
    assert mark_id is not None
    await world.mark_becomes(mark_id, "confirmed")
    reply = await answer(world, chat_id)
    assert reply.mark_id is None
    await becomes(world, reply, "sent")
    assert paths(line) == [MARK, REPLY]


async def test_a_token_is_used_once_and_then_it_is_pushed(world: World, line: ScriptedLine) -> None:
    await quiet(world)
    chat_id = await chat_with(world)
    await spend_token(world, chat_id)
    reply = await becomes(world, await answer(world, chat_id), "sent")
    assert reply.way == "push"
    assert paths(line) == [REPLY, PUSH]
    call = line.calls[1]
    assert call.body == {"to": USER, "messages": TEXT}
    assert call.headers["x-line-retry-key"] == reply.retry_key


async def test_the_newest_token_is_used(world: World, line: ScriptedLine) -> None:
    await quiet(world)
    chat_id = await chat_with(world)
    await world.webhook(message_event(3), message_event(2))
    await world.received(2)
    await becomes(world, await answer(world, chat_id), "sent")
    assert line.calls[0].body["replyToken"] == f"{3:032x}"


async def test_a_token_that_is_too_old_is_not_tried(tmp_path: Path, line: ScriptedLine) -> None:
    clock = ManualClock(START)
    async with desk_world(tmp_path / "data", line, clock=clock) as world:
        await quiet(world)
        chat_id = await chat_with(world)
        assert await world.desk.read(free_until, world.channel, chat_id, world.desk.now) == START + 50_000
        clock.advance(50_001)
        assert await world.desk.read(free_until, world.channel, chat_id, world.desk.now) is None
        reply = await becomes(world, await answer(world, chat_id), "sent")
        assert (reply.way, paths(line)) == ("push", [PUSH])


async def test_old_tokens_are_forgotten(tmp_path: Path, line: ScriptedLine) -> None:
    clock = ManualClock(START)
    async with desk_world(tmp_path / "data", line, clock=clock) as world:
        await chat_with(world, 1)
        clock.advance(1_200_001)
        await chat_with(world, 2)
    kept = rows(tmp_path / "data", "SELECT reply_token FROM reply_tokens")
    assert kept == [(f"{2:032x}",)]


async def test_a_token_that_line_does_not_take_falls_back_to_push(world: World, line: ScriptedLine) -> None:
    await quiet(world)
    chat_id = await chat_with(world)
    line.script = deque([Step(INVALID)])
    reply = await becomes(world, await answer(world, chat_id), "sent")
    assert (reply.way, reply.doubtful) == ("push", False)
    assert paths(line) == [REPLY, PUSH]


@pytest.mark.usefixtures("soon")
@pytest.mark.parametrize(
    "lost", [Step(None), Step(status(500)), Step(status(504))], ids=["reset", "500", "504"]
)
async def test_a_lost_answer_of_line_is_asked_for_with_the_same_token(
    world: World, line: ScriptedLine, lost: Step
) -> None:
    await quiet(world)
    chat_id = await chat_with(world)
    line.script = deque([lost])
    reply = await becomes(world, await answer(world, chat_id), "sent")
    assert (reply.way, reply.attempts, reply.doubtful) == ("reply", 2, False)
    assert paths(line) == [REPLY, REPLY]
    assert line.calls[0].body == line.calls[1].body


@pytest.mark.usefixtures("soon")
async def test_a_token_that_was_used_by_a_lost_call_means_sent_and_can_be_sent_again(
    world: World, line: ScriptedLine
) -> None:
    await quiet(world)
    chat_id = await chat_with(world)
    line.script = deque([Step(None), Step(INVALID)])
    reply = await becomes(world, await answer(world, chat_id), "sent")
    assert (reply.way, reply.doubtful) == ("reply", True), "not certain"
    assert paths(line) == [REPLY, REPLY], "and not pushed too"
    world.seen.clear()
    await world.desk.replier.retry(world.channel, reply.reply_id, "agent:2")
    again = await becomes(world, reply, "sent")
    assert (again.way, again.doubtful) == ("push", False)
    assert len(line.calls) == 3


async def test_doubt_that_outlives_the_token_is_left_to_people(tmp_path: Path, line: ScriptedLine) -> None:
    clock = ManualClock(START)
    async with desk_world(tmp_path / "data", line, clock=clock) as world:
        await quiet(world)
        chat_id = await chat_with(world)
        line.script = deque([Step(None, held=True), Step(INVALID)])
        reply = await answer(world, chat_id)
        await line.calls_become(1)
        clock.advance(60_000)
        line.released.set()
        reply = await becomes(world, reply, "failed")
        assert (reply.advice, reply.doubtful) == ("maybe-sent", True)
        assert paths(line) == [REPLY, REPLY], "asked once more, and not pushed"
        assert (await world.chat(chat_id)).waiting_since == START + 1_000


async def test_the_bot_behind_the_relay_has_the_token_first(tmp_path: Path, line: ScriptedLine) -> None:
    clock = ManualClock(START)
    async with desk_world(tmp_path / "data", line, clock=clock) as world:
        await world.policy(ReadPolicy(Policy.MANUAL), relay_url=f"{line.url}/bot")
        chat_id = await chat_with(world)
        assert await world.desk.read(free_until, world.channel, chat_id, world.desk.now) is None
        clock.advance(10_000)
        assert await world.desk.read(free_until, world.channel, chat_id, world.desk.now) is not None


@pytest.mark.usefixtures("soon")
@pytest.mark.parametrize("lost", [Step(None), Step(status(500)), Step(status(429, "The API rate limit"))])
async def test_a_push_is_repeated_with_its_retry_key(world: World, line: ScriptedLine, lost: Step) -> None:
    await quiet(world)
    chat_id = await chat_with(world)
    await spend_token(world, chat_id)
    line.script = deque([lost])
    reply = await becomes(world, await answer(world, chat_id), "sent")
    assert reply.attempts == 2
    first, second = line.calls[1:]
    assert first.headers["x-line-retry-key"] == second.headers["x-line-retry-key"]


@pytest.mark.usefixtures("soon")
async def test_a_push_that_was_accepted_earlier_is_sent(world: World, line: ScriptedLine) -> None:
    await quiet(world)
    chat_id = await chat_with(world)
    await spend_token(world, chat_id)
    line.script = deque([Step(None), Step(ACCEPTED)])
    reply = await becomes(world, await answer(world, chat_id), "sent")
    assert (reply.status, reply.doubtful) == (409, False)


@pytest.mark.parametrize(
    ("refusal", "advice", "problem"),
    [
        (status(429, "You have reached your monthly limit."), "quota", "monthly limit"),
        (status(400, "Failed to send messages"), "unreachable", "Failed to send"),
        (status(401, "Authentication failed"), "access-token", "Authentication"),
    ],
)
async def test_what_will_not_pass_fails_and_can_be_retried(
    world: World, line: ScriptedLine, refusal: bytes, advice: str, problem: str
) -> None:
    await quiet(world)
    chat_id = await chat_with(world)
    await spend_token(world, chat_id)
    line.script = deque([Step(refusal)])
    reply = await becomes(world, await answer(world, chat_id), "failed")
    assert (reply.advice, reply.attempts) == (advice, 1)
    assert problem in (reply.problem or "")
    assert [call.path for call in line.calls] == [REPLY, PUSH]
    await world.desk.replier.retry(world.channel, reply.reply_id, "agent:2")
    again = await becomes(world, reply, "sent")
    assert (again.advice, again.problem) == (None, None)


async def test_what_line_finds_wrong_is_told_and_costs_no_token(world: World, line: ScriptedLine) -> None:
    await quiet(world)
    chat_id = await chat_with(world)
    body = {
        "message": "The request body has 1 error(s)",
        "details": [{"message": "May not be empty", "property": "x"}],
    }
    raw = json.dumps(body).encode()
    line.script = deque([Step(b"HTTP/1.1 400 X\r\ncontent-length: %d\r\n\r\n%s" % (len(raw), raw))])
    reply = await becomes(world, await answer(world, chat_id), "failed")
    assert reply.problem == "400 The request body has 1 error(s); x: May not be empty"
    better = await becomes(world, await answer(world, chat_id), "sent")
    assert better.way == "reply"


async def test_who_got_no_answer_waits_again(world: World, line: ScriptedLine) -> None:
    await quiet(world)
    chat_id = await chat_with(world)
    assert (await world.chat(chat_id)).waiting_since == START + 1_000
    line.script = deque([Step(status(403, "Access to this API is not available for your account"))])
    reply = await answer(world, chat_id)
    assert (await world.chat(chat_id)).waiting_since is None
    await becomes(world, reply, "failed")
    assert (await world.chat(chat_id)).waiting_since == START + 1_000


@pytest.mark.usefixtures("soon")
async def test_answers_of_a_chat_go_one_by_one_in_order(world: World, line: ScriptedLine) -> None:
    await quiet(world)
    chat_id = await chat_with(world)
    line.script = deque([Step(status(500))])
    asked = [await answer(world, chat_id, [{"type": "text", "text": str(n)}]) for n in range(4)]
    await becomes(world, asked[-1], "sent")
    assert [call.body["messages"][0]["text"] for call in line.calls] == ["0", "0", "1", "2", "3"]


async def test_chats_do_not_wait_for_each_other(world: World, line: ScriptedLine) -> None:
    await quiet(world)
    one = await chat_with(world, 1)
    other = await chat_with(world, 2, user="U" + "2" * 32)
    line.script = deque([Step(held=True)])
    slow = await answer(world, one)
    await line.calls_become(1)
    await becomes(world, await answer(world, other), "sent")
    line.released.set()
    await becomes(world, slow, "sent")


async def test_a_failed_answer_does_not_hold_the_next_up(world: World, line: ScriptedLine) -> None:
    await quiet(world)
    chat_id = await chat_with(world)
    line.script = deque([Step(status(400, "The request body has 1 error(s)"))])
    await answer(world, chat_id)
    await becomes(world, await answer(world, chat_id), "sent")


async def test_asking_twice_with_one_key_sends_once(world: World, line: ScriptedLine) -> None:
    await quiet(world)
    chat_id = await chat_with(world)
    key = "8b1f7f2e-5d2c-4e6a-9a53-1d1c1b1f7f2e"
    first = await answer(world, chat_id, retry_key=key)
    await becomes(world, first, "sent")
    again = await answer(world, chat_id, retry_key=key)
    assert (again.reply_id, again.state) == (first.reply_id, "sent")
    assert len(line.calls) == 1


async def test_what_cannot_be_an_answer_is_refused(world: World, line: ScriptedLine) -> None:
    chat_id = await chat_with(world)
    for contents in ([], [HELLO] * 6, ["Hello"], [{"text": "Hello"}]):
        with pytest.raises(Invalid):
            await answer(world, chat_id, contents)
    with pytest.raises(Missing):
        await answer(world, chat_id + 1)
    reply = await becomes(world, await answer(world, chat_id), "sent")
    with pytest.raises(Invalid):
        await world.desk.replier.retry(world.channel, reply.reply_id, "agent:1")
    with pytest.raises(Missing):
        await world.desk.replier.retry(world.channel, reply.reply_id + 1, "agent:1")


@pytest.mark.usefixtures("soon")
async def test_an_answer_stands_where_it_does_on_the_phone(
    world: World, line: ScriptedLine, tmp_path: Path
) -> None:
    await quiet(world)
    chat_id = await chat_with(world, at=world.desk.now + 60_000)
    line.script = deque([Step(status(500))])
    reply = await answer(world, chat_id)
    await becomes(world, reply, "sent")
    order = "SELECT direction FROM messages ORDER BY at, place"
    assert rows(tmp_path / "data", order) == [("in",), ("out",)], "LINE's clock is ahead of ours"


async def test_what_came_while_an_answer_waited_stands_before_it(
    world: World, line: ScriptedLine, tmp_path: Path
) -> None:
    await quiet(world)
    chat_id = await chat_with(world)
    line.script = deque([Step(status(500))])
    reply = await answer(world, chat_id)
    await line.calls_become(1)
    await chat_with(world, 2, at=world.desk.now)
    await becomes(world, reply, "sent")
    order = "SELECT direction FROM messages ORDER BY at, place"
    assert rows(tmp_path / "data", order) == [("in",), ("in",), ("out",)]
    assert (await world.chat(chat_id)).last_message_key == f"out:{reply.reply_id}:0"


async def test_what_was_queued_is_sent_after_a_restart(tmp_path: Path, line: ScriptedLine) -> None:
    async with desk_world(tmp_path / "data", line) as world:
        await quiet(world)
        await world.desk.replier.close()
        chat_id = await chat_with(world)
        await answer(world, chat_id)
    assert line.calls == []
    async with desk_world(tmp_path / "data", line):
        await line.calls_become(1)
    assert paths(line) == [REPLY]


async def killed_while_sending(data: Path, line: ScriptedLine, clock: ManualClock, *, push: bool) -> Reply:
    """A desk that claims an answer and is never heard of again."""
    from kidoku.desk.store.reply_sending import claim_replies

    async with desk_world(data, line, clock=clock) as world:
        await quiet(world)
        chat_id = await chat_with(world)
        await world.desk.replier.close()
        if push:
            clock.advance(60_000)
        reply = await answer(world, chat_id)
        channels = world.desk.directory.by_id
        (claimed,) = await world.desk.apply(claim_replies, channels, "dead", clock.now(), 30_000, 1)
        assert claimed.reply_id == reply.reply_id
        return claimed


async def test_what_was_being_sent_goes_on_with_the_same_token(tmp_path: Path, line: ScriptedLine) -> None:
    clock = ManualClock(START)
    lost = await killed_while_sending(tmp_path / "data", line, clock, push=False)
    clock.advance(2_000)
    line.script = deque([Step(INVALID)])
    async with desk_world(tmp_path / "data", line, clock=clock) as world:
        clock.advance(2_000)
        world.desk.replier.wake()
        await line.calls_become(1)
        reply = await becomes(world, lost, "sent")
    assert line.calls[0].body["replyToken"] == lost.reply_token
    assert (reply.way, reply.doubtful) == ("reply", True)


async def test_after_a_long_stop_a_person_decides(tmp_path: Path, line: ScriptedLine) -> None:
    clock = ManualClock(START)
    lost = await killed_while_sending(tmp_path / "data", line, clock, push=False)
    clock.advance(3_600_000)
    line.script = deque([Step(INVALID)])
    async with desk_world(tmp_path / "data", line, clock=clock) as world:
        reply = await becomes(world, lost, "failed")
    assert (reply.advice, paths(line)) == ("maybe-sent", [REPLY])


async def test_a_push_that_was_being_sent_goes_on_with_the_same_key(
    tmp_path: Path, line: ScriptedLine
) -> None:
    clock = ManualClock(START)
    lost = await killed_while_sending(tmp_path / "data", line, clock, push=True)
    line.script = deque([Step(ACCEPTED)])
    async with desk_world(tmp_path / "data", line, clock=clock) as world:
        clock.advance(3_600_000)
        world.desk.replier.wake()
        await becomes(world, lost, "sent")
    (call,) = line.calls
    assert call.headers["x-line-retry-key"] == lost.retry_key
