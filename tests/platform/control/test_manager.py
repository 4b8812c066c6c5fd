"""The Manager: the list of chats, opening, answering, folders, timeline."""

from __future__ import annotations

from tests.platform.control.kit import NOW, World


async def test_opening_a_chat_reads_it_and_clears_the_badge(world: World) -> None:
    control = world.control
    for n in range(3):
        await control.say(world.user_id, world.account_id, str(n))
    [row] = (await control.get(f"/chats?accountId={world.account_id}"))["chats"]
    assert (row["unread"], row["badge"], row["displayName"], row["label"]) == (3, 3, "Ann", "inbox")
    assert row["lastMessage"]["text"] == "2"
    assert row["peer"]["kind"] == "user"
    opened = await control.post(f"{world.desk}/open")
    assert opened == {"readSeq": 3, "newlyRead": 3, "newlySeen": 3}
    assert await control.post(f"{world.desk}/open") == {"readSeq": 3, "newlyRead": 0, "newlySeen": 0}
    [row] = (await control.get(f"/chats?accountId={world.account_id}"))["chats"]
    assert (row["unread"], row["badge"], row["readSeq"], row["seenSeq"]) == (0, 0, 3, 3)
    assert all(one["read"] for one in await control.screen(world.user_id, world.account_id))


async def test_a_chat_shows_since_when_and_how_it_is_read(world: World) -> None:
    control = world.control
    await control.say(world.user_id, world.account_id, "one")
    control.clock.advance(1_000)
    await control.post(f"{world.desk}/open")
    await control.say(world.user_id, world.account_id, "two")
    control.clock.advance(1_000)
    await control.patch(f"/accounts/{world.account_id}/settings", {"chat": False})
    await control.patch(f"/accounts/{world.account_id}/settings", {"chat": True})
    await control.say(world.user_id, world.account_id, "three")
    await control.post(f"{world.desk}/messages", {"text": "answer"})
    log = await control.get(f"{world.desk}/messages")
    shown = [
        (one["text"], one["own"], one["read"], one.get("readAt"), one.get("readCause"))
        for one in log["messages"]
    ]
    assert shown == [
        ("one", False, True, NOW + 1_000, "operator"),
        ("two", False, True, NOW + 2_000, "chat_off"),
        ("three", False, False, None, None),
        ("answer", True, False, None, None),
    ]
    page = await control.get(f"{world.desk}/messages?limit=3")
    assert [one.get("readCause") for one in page["messages"]] == ["chat_off", None, None]
    timeline = await control.get(f"{world.desk}/timeline")
    assert [(one["fromSeq"], one["toSeq"], one["at"], one["cause"]) for one in timeline["steps"]] == [
        (0, 1, NOW + 1_000, "operator"),
        (1, 2, NOW + 2_000, "chat_off"),
    ]
    assert [one.get("seq") for one in timeline["messages"]] == [1, 2, 3, None]
    assert [one.get("cause") for one in timeline["messages"]] == ["operator", "chat_off", None, None]
    assert (timeline["readSeq"], timeline["seenSeq"], timeline["lastSeq"]) == (2, 1, 3)


async def test_the_chat_screen_needs_chat(world: World) -> None:
    control = world.control
    await control.say(world.user_id, world.account_id)
    await control.patch(f"/accounts/{world.account_id}/settings", {"chat": False})
    for path, body in ((f"{world.desk}/open", None), (f"{world.desk}/messages", {"text": "x"})):
        assert await control.error("POST", path, body, 409) == "chat_screen_unavailable"
    assert (await control.get(f"{world.desk}/messages"))["messages"]


async def test_operators_answer_with_any_message(world: World) -> None:
    control = world.control
    template = {
        "type": "template",
        "altText": "choose",
        "template": {
            "type": "confirm",
            "text": "Sure?",
            "actions": [
                {"type": "postback", "label": "Yes", "data": "yes"},
                {"type": "message", "label": "No", "text": "no"},
            ],
        },
    }
    answered = await control.post(
        f"{world.desk}/messages", {"messages": [{"type": "text", "text": "hi"}, template]}
    )
    assert len(answered["messageIds"]) == 2
    shown = await control.screen(world.user_id, world.account_id)
    assert [(one["type"], one["via"], one["own"]) for one in shown] == [
        ("text", "operator", False),
        ("template", "operator", False),
    ]
    assert shown[1]["template"] == template["template"]
    account = await control.get(f"/accounts/{world.account_id}")
    assert account["quota"]["used"] == 0
    path = f"{world.desk}/messages"
    assert await control.error("POST", path, {}) == "one_of_two"
    assert await control.error("POST", path, {"text": "x", "messages": [template]}) == "one_of_two"
    assert await control.error("POST", path, {"messages": [{"type": "text"}]}) == "invalid_message"
    await control.delete(f"/users/{world.user_id}/friends/{world.account_id}")
    assert await control.error("POST", path, {"text": "x"}, 409) == "blocked"


async def test_folders_filters_search_and_pages(world: World) -> None:
    control = world.control
    names = ["Ann", "Ben", "Cleo", "Dan"]
    users = [world.user_id, *[await control.friend(world.account_id, name) for name in names[1:]]]
    for user_id in users:
        control.clock.advance(10)
        await control.say(user_id, world.account_id)
    base = f"/chats?accountId={world.account_id}"

    async def listed(query: str) -> list[str]:
        return [row["displayName"] for row in (await control.get(f"{base}{query}"))["chats"]]

    assert await listed("") == ["Dan", "Cleo", "Ben", "Ann"]
    await control.patch(world.desk, {"label": "follow_up"})
    await control.patch(f"/chats/{world.account_id}/{users[1]}", {"label": "resolved"})
    await control.post(f"/chats/{world.account_id}/{users[2]}/open")
    assert await listed("&label=follow_up") == ["Ann"]
    assert await listed("&filter=resolved") == ["Ben"]
    assert await listed("&filter=unread") == ["Dan", "Ben", "Ann"]
    assert await listed("&filter=badge&q=a") == ["Dan", "Ann"]
    assert await listed(f"&q={users[3]}") == ["Dan"]
    assert await listed("&q=%25") == []
    first = await control.get(f"{base}&limit=3")
    assert await listed(f"&limit=3&cursor={first['next']}") == ["Ann"]
    await control.say(users[1], world.account_id, "again")
    assert await listed("&filter=inbox") == ["Ben", "Dan", "Cleo"]
    assert await control.error("PATCH", world.desk, {"label": "bin"}) == "invalid_body"
    assert await control.error("GET", "/chats") == "invalid_query"
    assert await control.error("GET", "/chats?accountId=nobody", None, 404) == "account_not_found"
    missing = f"/chats/{world.account_id}/Unobody"
    assert await control.error("POST", f"{missing}/open", None, 404) == "chat_not_found"
    assert await control.error("GET", f"{missing}/timeline", None, 404) == "chat_not_found"
    assert await control.error("PATCH", missing, {"label": "spam"}, 404) == "chat_not_found"
