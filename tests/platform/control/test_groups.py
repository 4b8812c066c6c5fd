"""Groups and rooms: membership, who gets what, and who has read it."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.platform.control.kit import Control, Json, World


@dataclass
class Group:
    world: World
    group_id: str
    ann: str
    ben: str

    @property
    def control(self) -> Control:
        return self.world.control

    def chat(self, user_id: str) -> str:
        return f"/users/{user_id}/chats/{self.group_id}"

    async def view(self, user_id: str) -> Json:
        found: Json = await self.control.get(self.chat(user_id))
        return found

    async def events(self) -> list[Json]:
        """Without the follow events of the world."""
        events = await self.control.webhooks(self.world.account_id)
        return [one for one in events if one["source"]["type"] != "user"]


@pytest.fixture
async def group(world: World) -> Group:
    control = world.control
    ben = await control.user("Ben")
    body = {"name": "Lunch", "members": [world.user_id, ben], "accountId": world.account_id}
    made = await control.post("/groups", body)
    return Group(world, made["groupId"], world.user_id, ben)


async def test_a_group_and_its_account(group: Group) -> None:
    control = group.control
    found = await control.get(f"/groups/{group.group_id}")
    assert found["account"]["accountId"] == group.world.account_id
    assert [one["displayName"] for one in found["members"]] == ["Ann", "Ben"]
    [join] = await group.events()
    assert join["type"] == "join"
    assert join["source"] == {"type": "group", "groupId": group.group_id}
    assert "replyToken" in join
    [chat] = (await control.get(f"/users/{group.ben}/home"))["chats"]
    assert chat["peer"] == {
        "kind": "group",
        "id": group.group_id,
        "displayName": "Lunch",
        "pictureUrl": None,
        "memberCount": 2,
        "accountId": group.world.account_id,
    }


async def test_members_come_and_go(group: Group) -> None:
    control, members = group.control, f"/groups/{group.group_id}/members"
    await control.say(group.ann, group.group_id, "before")
    cleo = await control.user("Cleo")
    assert len((await control.post(members, {"userId": cleo}))["members"]) == 3
    await control.post(members, {"userId": cleo})
    await control.say(group.ann, group.group_id, "after")
    assert [one["text"] for one in (await group.view(cleo))["messages"]] == ["after"]
    assert [one["text"] for one in (await group.view(group.ben))["messages"]] == ["before", "after"]
    assert len((await control.delete(f"{members}/{cleo}"))["members"]) == 2
    assert await control.error("DELETE", f"{members}/{cleo}", None, 404) == "not_a_member"
    assert await control.error("GET", group.chat(cleo), None, 404) == "not_a_member"
    await control.say(cleo, group.group_id, status=404)
    events = await group.events()
    assert [one["type"] for one in events] == ["join", "message", "memberJoined", "message", "memberLeft"]
    assert events[2]["joined"] == {"members": [{"type": "user", "userId": cleo}]}
    assert events[4]["left"] == {"members": [{"type": "user", "userId": cleo}]}
    assert ["replyToken" in one for one in events] == [True, True, True, True, False]
    assert events[1]["source"] == {"type": "group", "groupId": group.group_id, "userId": group.ann}


async def test_read_is_counted_reader_by_reader(group: Group) -> None:
    control = group.control
    await control.say(group.ann, group.group_id, "hello")

    async def counted(viewer: str) -> tuple[bool, int]:
        [shown] = (await group.view(viewer))["messages"]
        return shown["read"], shown["readCount"]

    assert await counted(group.ann) == (False, 0)
    assert await control.post(f"{group.chat(group.ann)}/read") == {"unread": 0, "readSeq": 1}
    assert await counted(group.ann) == (False, 0)
    await control.post(f"{group.chat(group.ben)}/read")
    await control.post(f"{group.chat(group.ben)}/read")
    assert await counted(group.ann) == (True, 1)
    await control.post(f"/chats/{group.world.account_id}/{group.group_id}/open")
    assert await counted(group.ann) == (True, 2)
    readers = (await group.view(group.ann))["readers"]
    assert {one["id"]: (one["fromSeq"], one["readSeq"]) for one in readers} == {
        group.world.account_id: (0, 1),
        group.ann: (0, 1),
        group.ben: (0, 1),
    }


async def test_who_joins_late_has_not_read_what_was_before(group: Group) -> None:
    control = group.control
    await control.say(group.ann, group.group_id, "before")
    cleo = await control.user("Cleo")
    await control.post(f"/groups/{group.group_id}/members", {"userId": cleo})
    await control.post(f"{group.chat(cleo)}/read")
    [shown] = (await group.view(group.ann))["messages"]
    assert shown["readCount"] == 0


async def test_mentions(group: Group) -> None:
    control = group.control
    mentionees = [
        {"index": 0, "length": 4, "userId": group.ben},
        {"index": 5, "length": 4, "userId": group.world.account_id},
        {"index": 10, "length": 4, "type": "all"},
    ]
    await control.say(group.ann, group.group_id, "@Ben @Bot @All", mention={"mentionees": mentionees})
    message = (await group.events())[-1]["message"]
    assert message["mention"] == {
        "mentionees": [
            {"index": 0, "length": 4, "type": "user", "userId": group.ben, "isSelf": False},
            {"index": 5, "length": 4, "type": "user", "userId": group.world.account_id, "isSelf": True},
            {"index": 10, "length": 4, "type": "all"},
        ]
    }
    stranger = await control.user("Stranger")
    for wrong in ({"index": 0, "length": 2, "userId": stranger}, {"index": 0, "length": 2}):
        body = {"type": "text", "text": "@X", "mention": {"mentionees": [wrong]}}
        code = await control.error("POST", f"{group.chat(group.ann)}/messages", body)
        assert code in {"mention_not_a_member", "mention_without_user"}


async def test_editing(group: Group) -> None:
    control = group.control
    sent = await control.say(group.ann, group.group_id, "helo")
    path = f"{group.chat(group.ann)}/messages/{sent['messageId']}"
    control.clock.advance(1_000)
    edited = await control.patch(path, {"text": "hello"})
    assert edited["messageId"] == sent["messageId"]
    [shown] = (await group.view(group.ben))["messages"]
    assert (shown["text"], shown["editedAt"], shown["timestamp"]) == (
        "hello",
        edited["editedAt"],
        sent["timestamp"],
    )
    _, original, event = await group.events()
    assert event["type"] == "messageEdited"
    message = event["message"]
    assert list(message) == ["type", "id", "quoteToken", "text"]
    assert message["id"] == original["message"]["id"]
    assert message["quoteToken"] != original["message"]["quoteToken"]
    assert event["replyToken"] != original["replyToken"]
    await control.patch(f"/accounts/{group.world.account_id}/settings", {"chat": True, "premium": False})
    answer = {"type": "text", "text": "ok", "quoteToken": message["quoteToken"]}
    await control.post(f"/chats/{group.world.account_id}/{group.group_id}/messages", {"messages": [answer]})
    assert (await group.view(group.ben))["messages"][-1]["quoted"]["text"] == "hello"
    theirs = f"{group.chat(group.ben)}/messages/{sent['messageId']}"
    assert await control.error("PATCH", theirs, {"text": "x"}, 409) == "not_own_message"
    assert await control.error("PATCH", path, {"text": ""}) == "invalid_body"
    await control.delete(path)
    assert await control.error("PATCH", path, {"text": "x"}, 409) == "already_unsent"


async def test_an_edit_keeps_the_quote_and_only_texts_can_be_edited(group: Group) -> None:
    control = group.control
    first = await control.say(group.ben, group.group_id, "first")
    sent = await control.say(group.ann, group.group_id, "second", quotedMessageId=first["messageId"])
    await control.patch(f"{group.chat(group.ann)}/messages/{sent['messageId']}", {"text": "2nd"})
    assert (await group.view(group.ann))["messages"][-1]["quoted"]["text"] == "first"
    body = {"type": "sticker", "packageId": "1", "stickerId": "2"}
    sticker = await control.post(f"{group.chat(group.ann)}/messages", body)
    path = f"{group.chat(group.ann)}/messages/{sticker['messageId']}"
    assert await control.error("PATCH", path, {"text": "x"}) == "edit_only_text"


async def test_an_account_that_left_hears_nothing(group: Group) -> None:
    control = group.control
    member = f"/groups/{group.group_id}/members"
    await control.say(group.ann, group.group_id, "with")
    assert (await control.delete(f"{member}/{group.world.account_id}"))["account"] is None
    assert await control.error("DELETE", f"{member}/{group.world.account_id}", None, 404) == "not_a_member"
    await control.patch(f"/accounts/{group.world.account_id}/settings", {"chat": False})
    await control.say(group.ann, group.group_id, "without")
    shown = (await group.view(group.ann))["messages"]
    assert [one["text"] for one in shown] == ["with", "without"]
    assert [one["readCount"] for one in shown] == [1, 0]
    await control.patch(f"/accounts/{group.world.account_id}/settings", {"chat": True})
    desk = f"/chats/{group.world.account_id}/{group.group_id}"
    assert await control.post(f"{desk}/open") == {"readSeq": 1, "newlyRead": 0, "newlySeen": 2}
    assert await control.error("POST", f"{desk}/messages", {"text": "x"}, 409) == "not_in_group"
    await control.post(member, {"accountId": group.world.account_id})
    await control.post(member, {"accountId": group.world.account_id})
    await control.say(group.ann, group.group_id, "again")
    types = [one["type"] for one in await group.events()]
    assert types == ["join", "message", "leave", "join", "message"]


async def test_one_account_at_most_and_only_if_it_wants(group: Group) -> None:
    control = group.control
    other = await control.account(displayName="Other")
    member = f"/groups/{group.group_id}/members"
    body = {"accountId": other["accountId"]}
    assert await control.error("POST", member, body, 409) == "groups_not_allowed"
    await control.patch(f"/accounts/{other['accountId']}/settings", {"joinGroups": True})
    assert await control.error("POST", member, body, 409) == "group_has_account"
    await control.say(group.ann, group.group_id, "to the first")
    await control.delete(f"{member}/{group.world.account_id}")
    await control.post(member, body)
    assert (await group.view(group.ann))["messages"] == []
    assert (await control.say(group.ann, group.group_id, "to the other"))["seq"] == 1


async def test_a_group_without_an_account(control: Control) -> None:
    ann = await control.user()
    made = await control.post("/groups", {"name": "Us", "members": [ann, ann]})
    assert made["account"] is None
    path = f"/users/{ann}/chats/{made['groupId']}"
    found = await control.get(path)
    assert (found["messages"], found["peer"]["memberCount"]) == ([], 1)
    body = {"type": "text", "text": "x"}
    assert await control.error("POST", f"{path}/messages", body, 409) == "no_account_in_group"
    assert await control.error("POST", f"{path}/postback", {"data": "x"}, 409) == "no_account_in_group"
    assert await control.post(f"{path}/read") == {"unread": 0, "readSeq": 0}
    [chat] = (await control.get(f"/users/{ann}/home"))["chats"]
    assert chat["lastMessage"] is None


async def test_rooms_and_other_worlds(world: World) -> None:
    control = world.control
    room = await control.post(
        "/groups", {"kind": "room", "members": [world.user_id], "accountId": world.account_id}
    )
    assert room["groupId"].startswith("R")
    sent = await control.say(world.user_id, room["groupId"])
    event = (await control.webhooks(world.account_id))[-1]
    assert event["source"] == {"type": "room", "roomId": room["groupId"], "userId": world.user_id}
    path = f"/users/{world.user_id}/chats/{room['groupId']}/messages/{sent['messageId']}"
    assert await control.error("PATCH", path, {"text": "x"}, 409) == "edit_only_in_groups"
    elsewhere = (await control.post("/providers", {"name": "Elsewhere"}))["providerId"]
    stranger = await control.user(providerId=elsewhere)
    foreign = await control.account(providerId=elsewhere, joinGroups=True)
    member = f"/groups/{room['groupId']}/members"
    assert await control.error("POST", member, {"userId": stranger}, 404) == "user_not_found"
    assert (
        await control.error("POST", member, {"accountId": foreign["accountId"]}, 404) == "account_not_found"
    )
    body = {"name": "X", "members": [world.user_id, stranger]}
    assert await control.error("POST", "/groups", body, 404) == "user_not_found"
    assert await control.error("POST", "/groups", {"members": []}) == "name_needed"
    assert await control.error("POST", member, {}) == "one_of_two"
    assert await control.error("GET", "/groups/C0", None, 404) == "group_not_found"


async def test_a_new_group_with_an_account_that_does_not_join_is_not_made(control: Control) -> None:
    ann, account = await control.user(), await control.account()
    body = {"name": "X", "members": [ann], "accountId": account["accountId"]}
    assert await control.error("POST", "/groups", body, 409) == "groups_not_allowed"
    assert (await control.get(f"/users/{ann}/home"))["chats"] == []
