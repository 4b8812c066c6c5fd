"""Profiles: asked for in the background, once a day at most, and again where that may help."""

from __future__ import annotations

import json
from collections import deque
from pathlib import Path
from typing import Any

import pytest

from kidoku.desk.store.profiles import Member, members_of
from kidoku.storage.clock import ManualClock
from tests.desk.kit import START, USER, World, desk_world, message_event
from tests.desk.line import ScriptedLine, Step, content, status
from tests.desk.test_receive import rows

GROUP = "C" + "1" * 32
ROOM = "R" + "1" * 32
PROFILE = f"/v2/bot/profile/{USER}"
SUMMARY = f"/v2/bot/group/{GROUP}/summary"
MEMBER = f"/v2/bot/group/{GROUP}/member/{USER}"
DAY = 86_400_000

AKI = {
    "userId": USER,
    "displayName": "Aki",
    "pictureUrl": "https://p/1",
    "statusMessage": "…",
    "language": "ja",
}


def page(body: Any) -> Step:
    return Step(content(json.dumps(body).encode(), "application/json"))


def in_group(number: int, kind: str = "group", **more: Any) -> dict[str, Any]:
    source = {"type": kind, f"{kind}Id": GROUP if kind == "group" else ROOM, "userId": USER}
    return message_event(number, source=source, **more)


async def chat_changes(world: World, kind: str = "chat") -> dict[str, Any]:
    """The next change of a chat that is told; it is forgotten."""
    event = await world.until(lambda one: one["type"] == kind)
    world.seen.remove(event)
    return event


async def test_a_new_chat_gets_its_name(world: World, line: ScriptedLine) -> None:
    line.pages[PROFILE] = deque([page(AKI)])
    await world.webhook(message_event(1))
    chat_id = await world.received(1)
    await chat_changes(world)
    chat = await world.chat(chat_id)
    assert (chat.display_name, chat.picture_url, chat.status_message, chat.language) == (
        "Aki",
        "https://p/1",
        "…",
        "ja",
    )
    assert chat.profile_at is not None
    (look,) = line.looks
    assert look.headers["authorization"] == "Bearer token"


async def test_a_profile_is_fresh_for_a_day(tmp_path: Path, line: ScriptedLine) -> None:
    clock = ManualClock(START + 5_000)
    line.pages[PROFILE] = deque([page(AKI), page({**AKI, "displayName": "Aki 2"})])
    async with desk_world(tmp_path / "data", line, clock=clock) as world:
        await world.webhook(message_event(1))
        await chat_changes(world)
        await world.webhook(message_event(2))
        chat_id = await world.received(2)
        await world.desk.profiles.work()
        assert len(line.looks) == 1
        clock.advance(DAY)
        await world.webhook(message_event(3, at=clock.now()))
        await chat_changes(world)
        assert (await world.chat(chat_id)).display_name == "Aki 2"
        assert len(line.looks) == 2


async def test_who_is_not_found_is_left_alone_for_a_day(tmp_path: Path, line: ScriptedLine) -> None:
    clock = ManualClock(START + 5_000)
    async with desk_world(tmp_path / "data", line, clock=clock) as world:
        await world.webhook(message_event(1))
        chat_id = await world.received(1)
        await line.looks_become(1)
        while (await world.chat(chat_id)).profile_at is None:
            await world.desk.profiles.work()
        await world.webhook(message_event(2))
        await world.received(2)
        await world.desk.profiles.work()
        assert len(line.looks) == 1
        line.pages[PROFILE] = deque([page(AKI)])
        await world.webhook({**message_event(3), "type": "follow", "follow": {"isUnblocked": True}})
        await line.looks_become(2)


async def test_a_name_outlives_the_friendship(tmp_path: Path, line: ScriptedLine) -> None:
    clock = ManualClock(START + 5_000)
    line.pages[PROFILE] = deque([page(AKI), Step(status(404, "Not found"))])
    async with desk_world(tmp_path / "data", line, clock=clock) as world:
        await world.webhook(message_event(1))
        chat_id = await world.received(1)
        await chat_changes(world)
        clock.advance(DAY)
        await world.webhook(message_event(2, at=clock.now()))
        while (await world.chat(chat_id)).profile_at != clock.now():
            await world.received(2)
            await world.desk.profiles.work()
        assert (await world.chat(chat_id)).display_name == "Aki"


@pytest.mark.usefixtures("soon")
@pytest.mark.parametrize(
    "fault", [Step(status(500)), Step(status(429)), Step(None)], ids=["500", "429", "reset"]
)
async def test_what_may_pass_is_tried_again(world: World, line: ScriptedLine, fault: Step) -> None:
    line.pages[PROFILE] = deque([fault, page(AKI)])
    await world.webhook(message_event(1))
    await chat_changes(world)
    assert len(line.looks) == 2


async def test_a_token_that_is_not_taken_is_tried_later(
    world: World, line: ScriptedLine, tmp_path: Path
) -> None:
    line.pages[PROFILE] = deque([Step(status(401, "Authentication failed"))])
    await world.webhook(message_event(1))
    await line.looks_become(1)
    due = "SELECT profile_due_at FROM chats"
    while int(str(rows(tmp_path / "data", due)[0][0])) < world.desk.now + 3_500_000:
        await world.desk.profiles.work()
    assert len(line.looks) == 1


async def test_an_answer_of_another_form_is_none(world: World, line: ScriptedLine) -> None:
    line.pages[PROFILE] = deque([page(["Aki"])])
    await world.webhook(message_event(1))
    chat_id = await world.received(1)
    await line.looks_become(1)
    while (await world.chat(chat_id)).profile_at is None:
        await world.desk.profiles.work()
    assert (await world.chat(chat_id)).display_name is None


async def test_a_group_and_who_writes_in_it(world: World, line: ScriptedLine) -> None:
    line.pages[SUMMARY] = deque(
        [page({"groupId": GROUP, "groupName": "Friends", "pictureUrl": "https://p/2"})]
    )
    line.pages[MEMBER] = deque([page({"userId": USER, "displayName": "Aki", "pictureUrl": "https://p/1"})])
    await world.webhook(in_group(1))
    chat_id = await world.received(1)
    await chat_changes(world)
    event = await chat_changes(world, kind="member")
    assert (event["chatId"], event["userId"]) == (str(chat_id), USER)
    assert (await world.chat(chat_id)).display_name == "Friends"
    known = await world.desk.read(members_of, world.channel.channel_id, GROUP, [USER, "U2"])
    assert known == {USER: Member(USER, "Aki", "https://p/1")}
    await world.webhook(in_group(2))
    await world.received(2)
    await world.desk.profiles.work()
    assert len(line.looks) == 2, "both are fresh"


async def test_who_joins_a_group_gets_a_name(world: World, line: ScriptedLine) -> None:
    joined = {"members": [{"type": "user", "userId": USER}]}
    line.pages[MEMBER] = deque([page({"userId": USER, "displayName": "Aki"})])
    source = {"type": "group", "groupId": GROUP}
    await world.webhook({**message_event(1), "type": "memberJoined", "joined": joined, "source": source})
    await chat_changes(world, kind="member")


async def test_a_room_has_members_and_no_name(world: World, line: ScriptedLine) -> None:
    path = f"/v2/bot/room/{ROOM}/member/{USER}"
    line.pages[path] = deque([page({"userId": USER, "displayName": "Aki"})])
    await world.webhook(in_group(1, "room"))
    await chat_changes(world, kind="member")
    assert [look.path for look in line.looks] == [path]


async def test_so_many_at_a_time(tmp_path: Path, line: ScriptedLine) -> None:
    users = ["U" + f"{n:032x}" for n in range(5)]
    for user in users:
        line.pages[f"/v2/bot/profile/{user}"] = deque([Step(page({"displayName": user}).answer, held=True)])
    async with desk_world(tmp_path / "data", line, profile_concurrency=2) as world:
        await world.webhook(*(message_event(n, user=user) for n, user in enumerate(users)))
        await line.looks_become(2)
        await world.desk.profiles.work()
        assert len(line.looks) == 2
        line.released.set()
        await line.looks_become(5)


async def test_none_are_asked_for_where_that_is_switched_off(tmp_path: Path, line: ScriptedLine) -> None:
    async with desk_world(tmp_path / "data", line, profile_concurrency=0) as world:
        await world.webhook(message_event(1))
        await world.received(1)
        await world.desk.profiles.work()
        assert line.looks == []


async def test_what_a_stopped_desk_was_asking_for_is_asked_for_again(
    tmp_path: Path, line: ScriptedLine
) -> None:
    from kidoku.desk.store.profiles import take_profiles

    line.pages[PROFILE] = deque([page(AKI)])
    async with desk_world(tmp_path / "data", line, profile_concurrency=0) as world:
        await world.webhook(message_event(1))
        await world.received(1)
        (taken,) = await world.desk.apply(take_profiles, world.desk.now, 100, 5)
        assert (taken.kind, taken.peer_id, taken.attempts) == ("user", USER, 1)
    async with desk_world(tmp_path / "data", line) as world:
        await chat_changes(world)
