"""A hundred SIGKILLs of a desk, at named steps and anywhere: what LINE got its 200 for is kept, what is due is marked,
and nothing else is.
"""

from __future__ import annotations

import asyncio
import random
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import aiohttp

from tests.model.desk_line import Line
from tests.model.desk_load import API, AT_LINE, BY_HAND, IDS, KEY, End, Load
from tests.model.kit import WHEN, Dies, server

KILLS = 100
CALLS = 25
"""How many of them strike while LINE has a call of the desk's. What is left over comes after any number of answers."""
IMPORTS = ["kidoku.cli.main", "kidoku.cli.desk.group", "kidoku.desk.app", "alembic.command"]
TROUBLE = 0.1

STEPS = {
    # receive → store → answer 200
    "kidoku.desk.receive:Receiver._receive": 20,
    "kidoku.desk.receive:store_webhooks": 6,
    "kidoku.storage.writer:Writer._transaction": 20,
    "kidoku.desk.receive:Receiver._stored": 6,
    # what follows from it
    "kidoku.desk.processor:process_intakes": 5,
    "kidoku.desk.store.process:note_event": 10,
    "kidoku.desk.store.process:add_message": 10,
    "kidoku.desk.store.process:ask_mark": 10,
    "kidoku.desk.store.process:close_intake": 10,
    "kidoku.desk.runtime:Desk.committed": 20,
    # the team asks
    "kidoku.desk.api.chat_acts:read_chat": 1,
    "kidoku.desk.replier:ask_reply": 1,
    # due → send → confirm
    "kidoku.desk.marker:take_marks": 4,
    "kidoku.desk.store.take_marks:claim_marks": 4,
    "kidoku.desk.line.client:LineClient.mark": 4,
    "kidoku.desk.neighbours:finish_marks": 4,
    "kidoku.desk.store.finish_marks:confirm_marks": 4,
    "kidoku.desk.marker:Marker._sent": 4,
    # queued → send → sent
    "kidoku.desk.replier:claim_replies": 4,
    "kidoku.desk.replier:send_reply": 1,
    "kidoku.desk.replier:send_push": 1,
    "kidoku.desk.replier:finish_reply": 2,
    # after a crash
    "kidoku.desk.runtime:return_lost_marks": 1,
    "kidoku.desk.replier:return_lost_replies": 3,
}
"""The functions before and after which the desk is killed; in its n-th call, n up to this number."""


def ends(dice: random.Random) -> list[End]:
    """How each life ends. Shuffled, so that each step finds chats of all sorts, and what others have left undone."""
    made: list[End] = [Dies(at, when, dice.randint(1, most)) for at, most in STEPS.items() for when in WHEN]
    made.extend(AT_LINE for _ in range(CALLS))
    made.extend(BY_HAND for _ in range(KILLS - len(made)))
    dice.shuffle(made)
    return made


async def test_a_hundred_kills_break_no_promise(tmp_path: Path, kept_port: int) -> None:
    dice = random.Random(20261122)
    url = f"http://127.0.0.1:{kept_port}"
    command = ["desk", "--data", str(tmp_path), "--port", str(kept_port), "--log-level", "error"]
    line = Line(dice=dice, trouble=TROUBLE)
    listener = await asyncio.start_server(line.serve, "127.0.0.1", 0)
    line.url = f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}"
    load = Load(url, line, dice)
    async with listener, server(url, *command, imports=IMPORTS, KIDOKU_DESK_API_KEY=KEY) as desk:
        await desk.start()
        await load.prepare()
        await desk.kill()
        for end in ends(dice):
            await load.live(desk, end)
        line.trouble = 0.0
        await desk.start()
        async with load.client() as client, client.get(f"{url}{API}/events") as events:
            await load.catch_up(client)
            await settled(tmp_path / "desk.db", events)
            await check(load, client)


OPEN = """
SELECT (SELECT count(*) FROM intakes WHERE processed_at IS NULL)
    + (SELECT count(*) FROM marks WHERE state IN ('waiting', 'due', 'sending'))
    + (SELECT count(*) FROM replies WHERE state IN ('queued', 'sending'))
"""


async def settled(database: Path, events: aiohttp.ClientResponse) -> None:
    """Wait until the desk has nothing left to do; everything that it does is told by an event."""
    with closing(sqlite3.connect(database, isolation_level=None)) as driver:
        async with asyncio.timeout(90):
            while driver.execute(OPEN).fetchone() != (0,):
                await events.content.readany()


async def check(load: Load, client: aiohttp.ClientSession) -> None:
    """Hold what the desk shows, and what LINE was told, against what was promised."""
    shown: dict[str, list[dict[str, Any]]] = {}
    for policy, shop in load.shops.items():
        chats = await pages(load, client, f"/chats?channel={shop.key}&limit=200", "chats", "cursor")
        for chat in chats:
            path = f"/chats/{chat['chatId']}/messages?limit=200"
            shown[chat["userId"]] = await pages(load, client, path, "messages", "before")
        for user in shop.users:
            kept(load, user, shown.get(user, []))
            marked(load, policy, user, shown.get(user, []))
    manual = await load.api(client, "GET", f"/marks?channel={load.shops['manual'].key}")
    assert manual["marks"] == [], "a mark that nobody asked for"
    answered(load, [one for messages in shown.values() for one in messages if one["direction"] == "out"])


async def pages(
    load: Load, client: aiohttp.ClientSession, path: str, name: str, cursor: str
) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    more = ""
    while True:
        page = await load.api(client, "GET", path + more)
        found += page[name]
        if "next" not in page:
            return found
        more = f"&{cursor}={page['next']}"


def number_of(message: dict[str, Any]) -> int:
    return int(message["messageId"]) - IDS


def kept(load: Load, user: str, shown: list[dict[str, Any]]) -> None:
    """Every message whose webhook was answered 200 is there once, and none that nobody wrote."""
    there = Counter(number_of(one) for one in shown if one["direction"] == "in")
    for number in load.numbers[user]:
        assert number in load.stored
        assert there[number] == 1, f"{there[number]} times: message {number} of {load.came_in[number]}"
    assert there.keys() == set(load.numbers[user])


def marked(load: Load, policy: str, user: str, shown: list[dict[str, Any]]) -> None:
    """LINE shows Read what was due, and nothing else; so says the desk. No mark went back behind another."""
    line, newest = load.line, load.numbers[user][-1]
    due = {"on-receive": newest, "on-reply": load.covered[user], "manual": 0}[policy]
    most = {"on-receive": newest, "on-reply": load.asked[user], "manual": 0}[policy]
    where = f"user {user}, who wrote last in {load.came_in[newest]}"
    assert line.read[user] >= due, f"lost, {line.read[user]} instead of {due}: {where}"
    assert line.read[user] <= most, f"not due, {line.read[user]} instead of {most}: {where}"
    assert line.marked[user] == sorted(line.marked[user]), f"an older mark after a newer one: {where}"
    for one in shown:
        if one["direction"] == "in":
            read = number_of(one) <= line.read[user]
            assert one["read"]["state"] == ("confirmed" if read else "none"), where


def answered(load: Load, shown: list[dict[str, Any]]) -> None:
    """Every answer that was accepted is on the phone once, unless the desk says that it does not know."""
    by_text = {one["text"]: one["delivery"] for one in shown}
    assert len(by_text) == len(shown)
    assert by_text.keys() == set(load.answers)
    for text, delivery in by_text.items():
        if delivery["state"] == "sent":
            assert load.line.shown[text] == 1, delivery
        else:
            assert (delivery["state"], delivery["advice"]) == ("failed", "maybe-sent")
            assert load.line.shown[text] <= 1, delivery
