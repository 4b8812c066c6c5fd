"""Live events: who sees what, and that nothing is missed."""

from __future__ import annotations

import asyncio

import pytest

from kidoku.live.bus import BACKLOG, LiveEvent
from tests.platform.control.kit import Control, World
from tests.platform.control.sse import joined, stream


async def test_a_phone_sees_its_message_become_read(world: World) -> None:
    control = world.control
    async with stream(control, f"?user={world.user_id}") as phone:
        sent = await control.say(world.user_id, world.account_id, "hello")
        await control.post(f"{world.desk}/open")
        message, read = await phone.next(), await phone.next()
    [shown] = await control.screen(world.user_id, world.account_id)
    assert message["message"] == {**shown, "read": False}
    assert (message["accountId"], message["userId"], message["messageId"]) == (
        world.account_id,
        world.user_id,
        sent["messageId"],
    )
    assert {name: read[name] for name in ("type", "accountId", "userId", "fromSeq", "readSeq", "cause")} == {
        "type": "read",
        "accountId": world.account_id,
        "userId": world.user_id,
        "fromSeq": 0,
        "readSeq": 1,
        "cause": "operator",
    }


async def test_everybody_sees_their_own_side(world: World) -> None:
    control = world.control
    other = await control.friend(world.account_id, "Other")
    async with (
        stream(control, f"?user={world.user_id}") as mine,
        stream(control, f"?user={other}") as theirs,
        stream(control, f"?accountId={world.account_id}") as manager,
        stream(control) as everything,
    ):
        await control.say(world.user_id, world.account_id)
        await control.post(f"{world.desk}/messages", {"text": "answer"})
        await control.say(other, world.account_id)
        assert [(await mine.next())["message"]["own"] for _ in range(2)] == [True, False]
        assert [(await manager.next())["message"]["own"] for _ in range(3)] == [False, True, False]
        assert [(await everything.next())["type"] for _ in range(3)] == ["message"] * 3
        assert (await theirs.next())["userId"] == other


async def test_a_stream_goes_on_where_it_broke_off(world: World) -> None:
    control = world.control
    async with stream(control, f"?user={world.user_id}") as phone:
        await control.say(world.user_id, world.account_id, "one")
        assert (await phone.next())["message"]["text"] == "one"
        cursor = phone.cursor
    await control.say(world.user_id, world.account_id, "two")
    async with stream(control, f"?user={world.user_id}", since=cursor) as phone:
        await control.say(world.user_id, world.account_id, "three")
        assert [(await phone.next())["message"]["text"] for _ in range(2)] == ["two", "three"]
    async with stream(control, f"?user={world.user_id}&since={cursor}") as phone:
        assert (await phone.next())["message"]["text"] == "two"


async def test_the_cursor_of_an_answer_is_from_before_what_it_did(world: World) -> None:
    control = world.control
    await control.say(world.user_id, world.account_id, "one")
    async with stream(control, f"?user={world.user_id}", since=control.cursor) as phone:
        assert (await phone.next())["message"]["text"] == "one"
    found = await control.get(world.chat)
    await control.say(world.user_id, world.account_id, "two")
    async with stream(control, f"?user={world.user_id}", since=found["cursor"]) as phone:
        assert (await phone.next())["message"]["text"] == "two"


@pytest.mark.parametrize("cursor", ["gone-5", "nonsense", "x" * 500])
async def test_what_was_missed_for_good_is_said(world: World, cursor: str) -> None:
    control = world.control
    async with stream(control, f"?user={world.user_id}", since=cursor) as phone:
        assert await phone.next() == {"type": "reset"}
        await control.say(world.user_id, world.account_id)
        assert (await phone.next())["type"] == "message"


async def test_a_reader_that_falls_behind_is_reset(world: World) -> None:
    control, bus = world.control, world.control.platform.bus
    topics = (f"user:{world.user_id}",)
    # More than the sockets between us hold, and then more than the backlog.
    large = "x" * 10_000
    async with stream(control, f"?user={world.user_id}") as phone:
        for _ in range(10):
            bus.publish(LiveEvent(topics, {"type": "test", "large": large}) for _ in range(BACKLOG // 8))
            await asyncio.sleep(0)
        seen = 0
        while (await phone.next())["type"] != "reset":
            seen += 1
        assert seen < 10 * (BACKLOG // 8)
        await control.say(world.user_id, world.account_id)
        assert await phone.next("message")


async def test_groups_are_followed_as_they_come(world: World) -> None:
    control = world.control
    ben = await control.user("Ben")
    async with stream(control, f"?user={ben}") as phone:
        body = {"name": "Lunch", "members": [world.user_id], "accountId": world.account_id}
        group_id = (await control.post("/groups", body))["groupId"]
        await control.say(world.user_id, group_id, "before")
        joining = control.post(f"/groups/{group_id}/members", {"userId": ben})
        await asyncio.gather(joining, control.say(world.user_id, group_id, "about then"))
        await control.say(world.user_id, group_id, "after")
        joined = await phone.next("group")
        assert (joined["change"], joined["userId"]) == ("memberJoined", ben)
        texts = [(await phone.next("message"))["message"]["text"]]
        while texts[-1] != "after":
            texts.append((await phone.next("message"))["message"]["text"])
        assert "before" not in texts
        await control.post(f"/users/{world.user_id}/chats/{group_id}/read")
        read = await phone.next("read")
        assert read["reader"] == {"kind": "user", "id": world.user_id}
        assert read["groupId"] == group_id
        await control.delete(f"/groups/{group_id}/members/{ben}")
        await control.say(world.user_id, group_id, "without Ben")
        await control.friend(world.account_id, "Somebody")
        assert (await phone.next("group"))["change"] == "memberLeft"
        assert (await phone.next("user", "message"))["type"] == "user"
    async with stream(control, f"?user={world.user_id}") as phone:
        await control.post(f"/groups/{group_id}/members", {"userId": ben})
        assert (await phone.next("group"))["userId"] == ben


async def test_a_provider_is_followed_with_all_its_accounts(control: Control) -> None:
    provider_id = (await control.post("/providers", {"name": "One"}))["providerId"]
    elsewhere = await control.account()
    stranger = await control.friend(elsewhere["accountId"])
    async with stream(control, f"?provider={provider_id}") as world:
        account = await control.account(providerId=provider_id)
        user_id = await control.user(providerId=provider_id)
        await control.say(stranger, elsewhere["accountId"])
        await control.say(user_id, account["accountId"], "here")
        kinds = [(await world.next())["type"] for _ in range(4)]
        assert kinds == ["account", "user", "message", "read"]


async def test_what_else_happens(world: World) -> None:
    control = world.control
    path = f"/accounts/{world.account_id}"
    async with (
        stream(control, f"?account={world.account_id}") as manager,
        stream(control, f"?user={world.user_id}") as phone,
    ):
        await control.patch(f"{path}/settings", {"greeting": {"enabled": True}})
        assert (await manager.next())["settings"]["greeting"]["enabled"]
        await control.patch(path, {"displayName": "New name"})
        assert (await manager.next())["displayName"] == "New name"
        assert (await phone.next())["type"] == "account"
        sent = await control.say(world.user_id, world.account_id)
        await control.delete(f"{world.chat}/messages/{sent['messageId']}")
        assert (await phone.next("unsend"))["messageId"] == sent["messageId"]
        await control.patch(world.desk, {"label": "spam"})
        assert (await manager.next("chat"))["label"] == "spam"
        await control.post(f"{world.chat}/read")
        assert (await phone.next("chat"))["unread"] == 0
        await control.delete(f"/users/{world.user_id}/friends/{world.account_id}")
        assert (await phone.next("friend"))["state"] == "blocked"
        await control.patch(f"/users/{world.user_id}", {"displayName": "Anna"})
        assert (await phone.next("user"))["displayName"] == "Anna"


async def test_managers_hear_of_the_users_that_they_know(world: World) -> None:
    control = world.control
    ben, stranger = await control.user("Ben"), await control.user("Stranger")
    body = {"name": "Lunch", "members": [world.user_id, ben], "accountId": world.account_id}
    await control.post("/groups", body)
    async with stream(control, f"?account={world.account_id}") as manager:
        await control.patch(f"/users/{stranger}", {"displayName": "Stranger still"})
        await control.patch(f"/users/{ben}", {"displayName": "Benjamin"})
        await control.patch(f"/users/{world.user_id}", {"displayName": "Anna"})
        named = [(await manager.next("user"))["displayName"] for _ in range(2)]
    assert named == ["Benjamin", "Anna"]


async def test_an_edit_carries_the_whole_message(world: World) -> None:
    control = world.control
    body = {"name": "Lunch", "members": [world.user_id], "accountId": world.account_id}
    group_id = (await control.post("/groups", body))["groupId"]
    sent = await control.say(world.user_id, group_id, "helo")
    async with stream(control, f"?user={world.user_id}") as phone:
        control.clock.advance(5)
        await control.patch(
            f"/users/{world.user_id}/chats/{group_id}/messages/{sent['messageId']}", {"text": "hello"}
        )
        view = (await phone.next("edit"))["message"]
    [shown] = await control.screen(world.user_id, group_id)
    assert {name: view[name] for name in view} == {name: shown[name] for name in view}
    assert view["timestamp"] == sent["timestamp"]


async def test_a_stream_that_nobody_reads_any_more_is_let_go(world: World) -> None:
    bus = world.control.platform.bus
    async with stream(world.control, f"?user={world.user_id}"):
        assert bus.subscribers == 1
    async with asyncio.timeout(20):
        while bus.subscribers:
            await world.control.get("/providers")


async def test_streams_end_with_the_server(world: World) -> None:
    async with stream(world.control) as everything:
        world.control.platform.bus.close()
        with pytest.raises(EOFError):
            await everything.block()


async def test_streams_of_nobody(control: Control) -> None:
    assert await control.error("GET", "/events?account=nobody", None, 404) == "account_not_found"
    assert await control.error("GET", "/events?provider=x", None) == "invalid_query"
    assert control.platform.bus.subscribers == 0


async def test_streams_of_several_share_one_answer(world: World) -> None:
    control = world.control
    other = await control.friend(world.account_id, "Other")
    queries = (
        f"user={world.user_id}&types=message%2Cread",
        f"user={other}",
        f"account={world.account_id}",
        "account=nobody",
    )
    async with joined(control, *queries) as (streams, ended):
        await control.say(world.user_id, world.account_id, "one")
        await control.say(other, world.account_id, "two")
        assert (await streams(0))["message"]["own"] is True
        assert (await streams(1))["message"]["text"] == "two"
        assert [(await streams(2))["message"]["own"] for _ in range(2)] == [False, False]
        assert ended == {3}
        assert control.platform.bus.subscribers == 3
    async with asyncio.timeout(20):
        while control.platform.bus.subscribers:
            await control.get("/providers")


async def test_each_of_several_streams_goes_on_where_it_broke_off(world: World) -> None:
    control = world.control
    await control.say(world.user_id, world.account_id, "one")
    cursor = control.cursor
    await control.say(world.user_id, world.account_id, "two")
    queries = (
        f"user={world.user_id}&since={cursor}",
        f"account={world.account_id}&since={control.cursor}",
        f"user={world.user_id}&since=gone-1",
    )
    async with joined(control, *queries) as (streams, _):
        assert [(await streams(0))["message"]["text"] for _ in range(2)] == ["one", "two"]
        assert (await streams(1))["message"]["text"] == "two"
        assert await streams(2) == {"type": "reset"}


async def test_several_streams_end_with_the_server(world: World) -> None:
    async with joined(world.control, "", f"user={world.user_id}") as (streams, ended):
        world.control.platform.bus.close()
        with pytest.raises(EOFError):
            await streams(0)
        assert ended == {0, 1}


async def test_only_some_types_are_followed(world: World) -> None:
    control = world.control
    async with stream(control, "?types=user,account") as names:
        await control.say(world.user_id, world.account_id)
        await control.patch(f"/accounts/{world.account_id}/settings", {"greeting": {"enabled": True}})
        user_id = await control.user("Ben")
        assert ((told := await names.next())["type"], told["userId"]) == ("user", user_id)
        await control.patch(f"/accounts/{world.account_id}", {"displayName": "New name"})
        assert (await names.next())["displayName"] == "New name"
        before = names.cursor
        await control.say(world.user_id, world.account_id)
        # Others are not sent, but how far the stream is by then: it is alive, and goes on from there.
        assert (await names.block()).keys() == {"id"}
        assert names.cursor != before
    assert await control.error("GET", "/events?types=a%20b", None) == "invalid_query"


async def test_more_streams_than_there_can_be_pages_are_refused(world: World) -> None:
    path = "/events/joined?of=" + "," * 200
    assert await world.control.error("GET", path, None, 400) == "too_many_streams"
