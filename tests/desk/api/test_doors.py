"""Doors: addresses that sign an agent in, made by whoever starts the desk."""

from __future__ import annotations

from http import HTTPStatus

import aiohttp

from kidoku.desk.store.agents import Agent, add_agent, change_agent
from tests.desk.api.kit import Client
from tests.desk.kit import World

COOKIE = "kidoku_desk_0"


async def agent(world: World, login: str) -> Agent:
    return await world.desk.apply(
        add_agent, login, login.title(), "agent", "no password fits", world.desk.now
    )


async def enter(world: World, key: str, **cookies: str) -> aiohttp.ClientResponse:
    """Go through a door as a browser does; where it leads to is not followed."""
    headers = {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"}
    async with aiohttp.ClientSession(cookies=cookies) as browser:
        url = f"{world.url}/door/{key}"
        async with browser.get(url, headers=headers, allow_redirects=False) as answer:
            assert (answer.status, answer.headers["Location"]) == (HTTPStatus.SEE_OTHER, "/")
            return answer


async def who(world: World, answer: aiohttp.ClientResponse) -> str:
    browser = Client(world, key=None, cookies={COOKIE: answer.cookies[COOKIE].value})
    login: str = (await browser.get("/agents/me"))["login"]
    return login


async def test_a_door_signs_its_agent_in_as_often_as_it_is_used(world: World) -> None:
    ann, ben = await agent(world, "ann"), await agent(world, "ben")
    to_ann, to_ben = (world.desk.doors.make(one.agent_id) for one in (ann, ben))
    assert await who(world, await enter(world, to_ann)) == "ann"
    assert await who(world, await enter(world, to_ben)) == "ben"
    assert await who(world, await enter(world, to_ann)) == "ann"


async def test_whoever_is_signed_in_stays_so(world: World) -> None:
    ann, ben = await agent(world, "ann"), await agent(world, "ben")
    first = await enter(world, world.desk.doors.make(ann.agent_id))
    again = await enter(world, world.desk.doors.make(ben.agent_id), **{COOKIE: first.cookies[COOKIE].value})
    assert COOKIE not in again.cookies


async def test_a_key_that_is_none_signs_nobody_in(world: World) -> None:
    answer = await enter(world, "no-key-of-this-process")
    assert COOKIE not in answer.cookies


async def test_who_is_disabled_stays_outside(world: World) -> None:
    ann = await agent(world, "ann")
    door = world.desk.doors.make(ann.agent_id)
    await world.desk.apply(change_agent, ann.agent_id, world.desk.now, disabled=True)
    answer = await enter(world, door)
    browser = Client(world, key=None, cookies={COOKIE: answer.cookies[COOKIE].value})
    assert await browser.get("/session") == {"signedIn": False, "hasAgents": False}
