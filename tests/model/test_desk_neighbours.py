"""Two desks on one data folder and one port, of which one is killed again and again: the other goes on, and no promise
is broken.
"""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

from tests.model.desk_line import Line
from tests.model.desk_load import API, KEY, Load
from tests.model.kit import server
from tests.model.test_desk_crash import IMPORTS, TROUBLE, check, settled

KILLS = 10
REQUESTS = 60
"""What users and team ask for around one kill."""


async def test_one_of_two_desks_dies_and_no_promise_is_broken(tmp_path: Path, kept_port: int) -> None:
    dice = random.Random(20261122)
    url = f"http://127.0.0.1:{kept_port}"
    leases = ["--set", "line_timeout_ms=2000", "--set", "lease_ms=2500"]
    command = ["desk", "--shared", "--data", str(tmp_path), "--port", str(kept_port), *leases]
    line = Line(dice=dice, trouble=TROUBLE)
    listener = await asyncio.start_server(line.serve, "127.0.0.1", 0)
    line.url = f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}"
    load = Load(url, line, dice)
    async with (
        listener,
        server(url, *command, "--log-level", "error", imports=IMPORTS, KIDOKU_DESK_API_KEY=KEY) as one,
        server(url, *command, "--log-level", "error", imports=IMPORTS, KIDOKU_DESK_API_KEY=KEY) as other,
    ):
        await one.start()
        await load.prepare()
        await other.start()
        for kill in range(KILLS):
            victim = dice.choice([one, other])
            await load.go_on(REQUESTS, victim.strike, at_line=kill % 2 == 0)
            await victim.died()
            await victim.start()
        line.trouble = 0.0
        async with load.client() as client, client.get(f"{url}{API}/events") as events:
            await load.catch_up(client)
            await settled(tmp_path / "desk.db", events)
            await check(load, client)
