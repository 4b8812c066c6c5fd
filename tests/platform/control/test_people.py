"""Providers, users and friends."""

from __future__ import annotations

import pytest

from tests.platform.control.kit import NOW, Control, World


async def test_a_user_has_a_profile(control: Control) -> None:
    made = await control.post(
        "/users",
        {
            "displayName": "葵",
            "language": "ja",
            "statusMessage": "hello",
            "pictureUrl": "https://example.com/a.png",
        },
    )
    assert made["createdAt"] == NOW
    assert await control.get(f"/users/{made['userId']}") == made
    changed = await control.patch(f"/users/{made['userId']}", {"displayName": "Aoi", "statusMessage": None})
    assert changed == {**made, "displayName": "Aoi", "statusMessage": None}
    assert (await control.get("/users"))["users"] == [changed]


async def test_users_come_in_pages(control: Control) -> None:
    made = [await control.user(f"U{n}") for n in range(5)]
    first = await control.get("/users?limit=2")
    second = await control.get(f"/users?limit=2&after={first['next']}")
    third = await control.get(f"/users?limit=2&after={second['next']}")
    found = [one["userId"] for page in (first, second, third) for one in page["users"]]
    assert sorted(found) == sorted(made)
    assert "next" not in third


async def test_users_are_found_by_name_and_id(control: Control) -> None:
    made = [await control.user(name) for name in ("Hana Sato", "Mei", "花 100%")]

    async def found(query: str) -> list[str]:
        return [one["userId"] for one in (await control.get(f"/users?{query}"))["users"]]

    assert await found("q=hana") == [made[0]]
    assert await found(f"q={made[1]}") == [made[1]]
    assert await found("q=0%25") == await found("q=%E8%8A%B1") == [made[2]]
    assert await found("q=_") == []
    assert sorted(await found("q=")) == sorted(made)
    page = await control.get("/users?q=a&limit=1")
    assert [one["userId"] for one in page["users"]] == [made[0]]
    assert "next" not in page
    assert await control.error("GET", f"/users?q={'x' * 201}", None, 400) == "invalid_query"


async def test_providers_are_worlds_of_their_own(control: Control) -> None:
    one = (await control.post("/providers", {"name": "One"}))["providerId"]
    two = (await control.post("/providers", {"name": "Two"}))["providerId"]
    assert {row["name"] for row in (await control.get("/providers"))["providers"]} == {"One", "Two"}
    here = await control.account(providerId=one)
    there = await control.user(providerId=int(two))
    assert (
        await control.error("POST", f"/users/{there}/friends", {"accountId": here["accountId"]}, 404)
        == "user_not_found"
    )
    assert [row["accountId"] for row in (await control.get(f"/accounts?providerId={one}"))["accounts"]] == [
        here["accountId"]
    ]
    assert (await control.get(f"/accounts?providerId={two}"))["accounts"] == []
    assert (await control.get(f"/users?providerId={two}"))["users"][0]["userId"] == there
    await control.say(there, here["accountId"], status=404)
    assert (
        await control.error("POST", "/users", {"displayName": "X", "providerId": 1}, 404)
        == "provider_not_found"
    )


async def test_following_and_blocking(world: World) -> None:
    control, friend = world.control, f"/users/{world.user_id}/friends"
    assert (await control.get(f"/users/{world.user_id}/home"))["friends"][0]["state"] == "friend"
    assert (await control.delete(f"{friend}/{world.account_id}"))["state"] == "blocked"
    assert (await control.delete(f"{friend}/{world.account_id}"))["state"] == "blocked"
    assert (
        await control.error("POST", f"{world.chat}/messages", {"type": "text", "text": "x"}, 409) == "blocked"
    )
    assert (await control.post(friend, {"accountId": world.account_id}))["state"] == "friend"
    assert (await control.post(friend, {"accountId": world.account_id}))["state"] == "friend"
    events = await control.webhooks(world.account_id)
    assert [one["type"] for one in events] == ["follow", "unfollow", "follow"]
    assert [one["follow"] for one in events if "follow" in one] == [
        {"isUnblocked": False},
        {"isUnblocked": True},
    ]
    assert ["replyToken" in one for one in events] == [True, False, True]
    assert all(one["source"] == {"type": "user", "userId": world.user_id} for one in events)
    assert list(events[0]) == [
        "type",
        "follow",
        "webhookEventId",
        "deliveryContext",
        "timestamp",
        "source",
        "replyToken",
        "mode",
    ]


async def test_a_stranger_may_write_and_block(world: World) -> None:
    control = world.control
    stranger = await control.user("Stranger")
    assert (await control.say(stranger, world.account_id))["seq"] == 1
    assert (await control.delete(f"/users/{stranger}/friends/{world.account_id}"))["state"] == "blocked"
    assert [one["type"] for one in await control.webhooks(world.account_id)] == ["follow", "message"]


async def test_the_greeting_comes_with_following(control: Control) -> None:
    account = await control.account(greeting={"text": "Hi {userName}, this is {accountName}."})
    user_id = await control.friend(account["accountId"], "Ann")
    [hello] = await control.screen(user_id, account["accountId"])
    assert (hello["text"], hello["via"], hello["own"]) == ("Hi Ann, this is Bot.", "greeting", False)
    home = await control.get(f"/users/{user_id}/home")
    assert home["chats"][0]["unread"] == 1


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "invalid_body"),
        ({"displayName": ""}, "invalid_body"),
        ({"displayName": "   "}, "invalid_body"),
        ({"displayName": 5}, "invalid_body"),
        ({"displayName": "x", "shoeSize": 42}, "invalid_body"),
        ({"displayName": "x", "language": "not a language"}, "invalid_body"),
        ({"displayName": "x", "pictureUrl": "javascript:alert(1)"}, "invalid_body"),
        ({"displayName": "x", "providerId": "abc"}, "invalid_body"),
        ([], "invalid_body"),
    ],
)
async def test_what_is_no_user_is_refused(control: Control, body: object, code: str) -> None:
    assert await control.error("POST", "/users", body) == code


async def test_who_does_not_exist(control: Control) -> None:
    account = await control.account()
    nobody = "U" + "0" * 32
    for method, path, body in (
        ("GET", f"/users/{nobody}", None),
        ("PATCH", f"/users/{nobody}", {"displayName": "x"}),
        ("GET", f"/users/{nobody}/home", None),
        ("POST", f"/users/{nobody}/friends", {"accountId": account["accountId"]}),
        ("GET", f"/users/{nobody}/chats/{account['accountId']}", None),
        ("POST", f"/users/{nobody}/chats/{account['accountId']}/messages", {"type": "text", "text": "x"}),
        ("GET", f"/events?user={nobody}", None),
    ):
        assert await control.error(method, path, body, 404) == "user_not_found", path
    user_id = await control.user()
    assert (
        await control.error("POST", f"/users/{user_id}/friends", {"accountId": nobody}, 404)
        == "account_not_found"
    )
    assert await control.error("GET", f"/users/{user_id}/chats/{nobody}", None, 404) == "group_not_found"
    assert (
        await control.error(
            "POST", f"/users/{user_id}/chats/{nobody}/messages", {"type": "text", "text": "x"}, 404
        )
        == "chat_not_found"
    )
    assert await control.error("PATCH", f"/users/{user_id}", {}) == "nothing_to_change"
