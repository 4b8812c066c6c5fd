"""Signing in and out: over HTTP, as browsers do it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from kidoku.desk.api.sign_in import ADDRESS_TRIES, LOGIN_TRIES
from kidoku.desk.passwords import hash_password
from kidoku.desk.store.agents import SEEN_MS, SESSION_MS, Agent, Role, add_agent
from kidoku.storage.clock import ManualClock
from tests.desk.api.kit import Client
from tests.desk.kit import START, World, desk_world
from tests.desk.line import ScriptedLine

PASSWORD = "correct horse"


async def agent(world: World, login: str = "ann", role: Role = "admin") -> Agent:
    hashed = await asyncio.to_thread(hash_password, PASSWORD, b"0" * 16)
    return await world.desk.apply(add_agent, login, login.title(), role, hashed, world.desk.now)


def login(name: str = "ann", password: str = PASSWORD) -> dict[str, Any]:
    return {"login": name, "password": password}


async def test_a_session_from_its_begin_to_its_end(world: World, browser: Client) -> None:
    assert await browser.get("/session") == {"signedIn": False, "hasAgents": False}
    made = await agent(world)
    assert await browser.get("/session") == {"signedIn": False, "hasAgents": True}
    signed_in = await browser.post("/session", login(" Ann "))
    assert signed_in["agent"] == {
        "agentId": str(made.agent_id),
        "login": "ann",
        "name": "Ann",
        "role": "admin",
        "disabled": False,
        "createdAt": made.created_at,
    }
    assert await browser.get("/session") == {"signedIn": True, "hasAgents": True, **signed_in}
    assert (await browser.get("/agents/me"))["login"] == "ann"
    stolen = dict(browser.cookies)
    await browser.delete("/session")
    assert browser.cookies == {}
    assert await Client(world, key=None, cookies=stolen).refused(401, "GET", "/agents/me")
    await browser.delete("/session")


async def test_the_cookie_is_for_this_server_alone(world: World) -> None:
    await agent(world)
    async with world.session.post(f"{world.url}/api/v1/session", json=login()) as answer:
        header = answer.headers["Set-Cookie"]
    assert header.startswith("kidoku_desk_0=")
    assert header.endswith("; Path=/; HttpOnly; SameSite=Strict")


async def test_it_is_secure_where_browsers_come_by_https(tmp_path: Path, line: ScriptedLine) -> None:
    async with desk_world(tmp_path / "data", line, public_url="https://desk.example.com") as world:
        await agent(world)
        async with world.session.post(f"{world.url}/api/v1/session", json=login()) as answer:
            assert answer.headers["Set-Cookie"].endswith("; Secure")


async def test_what_does_not_fit_is_answered_alike(world: World, browser: Client, api: Client) -> None:
    await agent(world)
    bob = await agent(world, "bob", "agent")
    await api.patch(f"/agents/{bob.agent_id}", {"disabled": True})
    wrong = [login(password="wrong"), login("nobody"), login("bob"), login("", ""), login("ann", "")]
    answers = [await browser.call("POST", "/session", one, 401) for one in wrong]
    assert {tuple(one.items()) for one in answers} == {tuple(answers[0].items())}
    assert answers[0]["code"] == "wrong_login"


async def test_passwords_are_the_same_however_composed(world: World, api: Client, browser: Client) -> None:
    await api.post("/agents", {"login": "zoe", "password": "Zoé à la plage"})
    await browser.post("/session", login("zoe", "Zoe\u0301 a\u0300 la plage"))


async def test_guessing_has_to_wait(still_world: World) -> None:
    world, browser = still_world, Client(still_world, key=None)
    await agent(world)
    await agent(world, "bob")
    for _ in range(LOGIN_TRIES + 1):
        await browser.call("POST", "/session", login(password="wrong"), 401)
    async with world.session.post(f"{world.url}/api/v1/session", json=login()) as answer:
        assert (answer.status, answer.headers["Retry-After"]) == (429, "1")
        assert (await answer.json())["error"]["code"] == "too_many_tries"
    await browser.post("/session", login("bob"))


async def test_guessing_at_many_logins_has_to_wait_too(tmp_path: Path, line: ScriptedLine) -> None:
    more: Any = {"public_url": "https://desk.example.com", "clock": ManualClock(START)}
    async with desk_world(tmp_path / "data", line, **more) as world:
        await agent(world)
        browser = Client(world, key=None)

        async def guess(number: int, address: str) -> int:
            url = f"{world.url}/api/v1/session"
            headers = {"X-Forwarded-For": f"10.9.9.9, {address}"}
            asked = world.session.post(url, json=login(f"no{number}"), headers=headers)
            async with asked as answer:
                return answer.status

        found = [await guess(number, "192.0.2.1") for number in range(ADDRESS_TRIES + 2)]
        assert found == [401] * (ADDRESS_TRIES + 1) + [429]
        assert await guess(0, "192.0.2.2") == 401
        await browser.post("/session", login())


async def test_many_at_once_are_one_after_the_other(still_world: World) -> None:
    world = still_world
    await agent(world)

    async def guess() -> int:
        asked = world.session.post(f"{world.url}/api/v1/session", json=login(password="wrong"))
        async with asked as answer:
            return answer.status

    found = await asyncio.gather(*(guess() for _ in range(12)))
    assert found.count(401) == LOGIN_TRIES + 1


async def test_a_session_that_is_used_goes_on(tmp_path: Path, line: ScriptedLine) -> None:
    clock = ManualClock(START)
    async with desk_world(tmp_path / "data", line, clock=clock) as world:
        await agent(world)
        browser = Client(world, key=None)
        await browser.post("/session", login())
        clock.advance(SESSION_MS - 1)
        [session] = (await browser.get("/agents/me/sessions"))["sessions"]
        assert session["seenAt"] == START + SESSION_MS - 1
        assert session["current"]
        clock.advance(SEEN_MS + 1)
        await browser.get("/agents/me")
        clock.advance(2 * SESSION_MS)
        await browser.refused(401, "GET", "/agents/me")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"login": "ann"},
        {"login": 1, "password": "x"},
        {"login": "a" * 257, "password": "x"},
        {"login": "ann", "password": "x" * 257},
        {"login": "ann", "password": "x", "more": 1},
        [],
    ],
)
async def test_bodies_that_do_not_fit(browser: Client, body: Any) -> None:
    assert await browser.refused(400, "POST", "/session", body) == "invalid_body"


@pytest.mark.parametrize("stream", ["events", "events/joined", "events/joined?of=,"])
async def test_streams_end_with_the_session(stream: str, world: World, browser: Client, api: Client) -> None:
    made = await agent(world)
    await browser.post("/session", login())
    url = f"{world.url}/api/v1/{stream}"
    async with world.session.get(url, headers=browser.credentials) as mine:
        await mine.content.readuntil(b"id: ")
        async with world.session.get(url, headers=api.credentials) as programs:
            await api.delete(f"/agents/{made.agent_id}/sessions")
            rest = await mine.content.read()
            assert b'"type":"agent"' in rest
            await programs.content.readuntil(b"id: ")
    async with world.session.get(url, headers=browser.credentials) as answer:
        assert answer.status == 401
