"""Agents over HTTP."""

from __future__ import annotations

from typing import Any

import pytest

from tests.desk.api.kit import Client
from tests.desk.kit import World

PASSWORD = "correct horse"


async def made(api: Client, login: str, **more: Any) -> Any:
    return await api.post("/agents", {"login": login, "password": PASSWORD, **more})


async def signed_in(world: World, login: str, password: str = PASSWORD) -> Client:
    browser = Client(world, key=None)
    await browser.post("/session", {"login": login, "password": password})
    return browser


async def test_agents_are_made_and_listed(api: Client) -> None:
    ann = await made(api, "Ann@Example.com", name=" Ann ", role="admin")
    bob = await made(api, "bob")
    assert (ann["login"], ann["name"], ann["role"]) == ("ann@example.com", "Ann", "admin")
    assert (bob["name"], bob["role"], bob["disabled"]) == ("bob", "agent", False)
    assert (await api.get("/agents"))["agents"] == [ann, bob]
    assert await api.get(f"/agents/{bob['agentId']}") == bob
    assert await api.refused(400, "POST", "/agents", {"login": "BOB", "password": PASSWORD}) == "login_taken"


@pytest.mark.parametrize(
    "body",
    [
        {"login": "ann"},
        {"login": "", "password": PASSWORD},
        {"login": "a b", "password": PASSWORD},
        {"login": "ann\n", "password": "short"},
        {"login": "ann", "password": PASSWORD, "role": "owner"},
        {"login": "ann", "password": PASSWORD, "name": " "},
        {"login": "ann", "password": "x" * 257},
    ],
)
async def test_agents_that_can_not_be(api: Client, body: Any) -> None:
    assert await api.refused(400, "POST", "/agents", body) == "invalid_body"


async def test_agents_change(api: Client, world: World) -> None:
    ann = await made(api, "ann", role="admin")
    path = f"/agents/{ann['agentId']}"
    assert (await api.patch(path, {"name": "Anna"}))["name"] == "Anna"
    assert await api.refused(400, "PATCH", path, {}) == "nothing_to_change"
    assert await api.refused(400, "PATCH", path, {"role": "agent"}) == "last_admin"
    assert await api.refused(400, "PATCH", path, {"disabled": True}) == "last_admin"
    assert (await api.get("/agents/" + ann["agentId"]))["role"] == "admin"
    await made(api, "bob", role="admin")
    assert (await api.patch(path, {"role": "agent", "disabled": True}))["disabled"]
    assert not (await api.patch(path, {"disabled": False}))["disabled"]
    await signed_in(world, "ann")


async def test_what_agents_may_do(api: Client, world: World) -> None:
    ann, bob = await made(api, "ann", role="admin"), await made(api, "bob")
    browser = await signed_in(world, "bob")
    assert len((await browser.get("/agents"))["agents"]) == 2
    refused = [
        ("POST", "/agents", {"login": "x", "password": PASSWORD}),
        ("PATCH", f"/agents/{ann['agentId']}", {"name": "x"}),
        ("PATCH", "/agents/me", {"role": "admin"}),
        ("PATCH", f"/agents/{bob['agentId']}", {"disabled": False}),
        ("GET", f"/agents/{ann['agentId']}/sessions", None),
        ("DELETE", f"/agents/{ann['agentId']}/sessions", None),
        ("DELETE", f"/agents/{ann['agentId']}/sessions/{'0' * 64}", None),
    ]
    for method, path, body in refused:
        assert await browser.refused(403, method, path, body) == "admins_only", path
    assert (await browser.patch("/agents/me", {"name": "Bobby"}))["name"] == "Bobby"


async def test_an_own_password_needs_the_old_one(api: Client, world: World) -> None:
    await made(api, "bob")
    browser, other = await signed_in(world, "bob"), await signed_in(world, "bob")
    new = {"password": "battery staple"}
    assert await browser.refused(400, "PATCH", "/agents/me", new) == "wrong_password"
    assert await browser.refused(400, "PATCH", "/agents/me", new | {"oldPassword": "x"}) == "wrong_password"
    await browser.patch("/agents/me", new | {"oldPassword": PASSWORD})
    await browser.get("/agents/me")
    await other.refused(401, "GET", "/agents/me")
    await signed_in(world, "bob", "battery staple")


async def test_guessing_the_old_password_has_to_wait(still_world: World) -> None:
    world = still_world
    await made(Client(world), "bob")
    browser = await signed_in(world, "bob")
    found = set()
    for _ in range(7):
        async with world.session.patch(
            f"{world.url}/api/v1/agents/me",
            json={"password": "battery staple", "oldPassword": "x"},
            headers=browser.credentials,
        ) as answer:
            found.add(answer.status)
    assert found == {400, 429}


async def test_an_admin_sets_a_password(api: Client, world: World) -> None:
    await made(api, "ann", role="admin")
    bob = await made(api, "bob")
    admin, browser = await signed_in(world, "ann"), await signed_in(world, "bob")
    await admin.patch(f"/agents/{bob['agentId']}", {"password": "battery staple"})
    await browser.refused(401, "GET", "/agents/me")
    await admin.get("/agents/me")
    assert await admin.refused(400, "PATCH", "/agents/me", {"password": "battery staple"}) == "wrong_password"


async def test_sessions_are_listed_and_ended(api: Client, world: World) -> None:
    bob = await made(api, "bob")
    browser, other, third = [await signed_in(world, "bob") for _ in range(3)]
    found = (await browser.get("/agents/me/sessions"))["sessions"]
    assert [one["current"] for one in found].count(True) == 1
    assert found == [
        one | {"current": mine["current"]}
        for one, mine in zip(
            (await api.get(f"/agents/{bob['agentId']}/sessions"))["sessions"], found, strict=True
        )
    ]
    [theirs] = [
        one["sessionId"] for one in (await other.get("/agents/me/sessions"))["sessions"] if one["current"]
    ]
    await browser.delete(f"/agents/me/sessions/{theirs}")
    assert await browser.refused(404, "DELETE", f"/agents/me/sessions/{theirs}") == "no_such_session"
    await other.refused(401, "GET", "/agents/me")
    await third.get("/agents/me")
    await browser.delete("/agents/me/sessions")
    await third.refused(401, "GET", "/agents/me")
    await browser.get("/agents/me")


async def test_an_agent_that_is_disabled_is_out_at_once(api: Client, world: World) -> None:
    bob = await made(api, "bob")
    browser = await signed_in(world, "bob")
    await api.patch(f"/agents/{bob['agentId']}", {"disabled": True})
    await browser.refused(401, "GET", "/agents/me")


async def test_who_is_not_there(api: Client) -> None:
    for path in ("/agents/99", "/agents/x", "/agents/-1", "/agents/" + "9" * 30):
        assert await api.refused(404, "GET", path) == "no_such_agent"
        assert await api.refused(404, "PATCH", path, {"name": "x"}) == "no_such_agent"
        assert await api.refused(404, "GET", path + "/sessions") == "no_such_agent"
        assert await api.refused(404, "DELETE", path + "/sessions") == "no_such_agent"
    assert await api.refused(400, "GET", "/agents/me") == "no_agent"
