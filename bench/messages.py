"""Messages from the control API into the outbox: against the same client posting the same bodies to a bare server."""

from __future__ import annotations

import asyncio
import socket
import tempfile
import time
from pathlib import Path

import aiohttp

from bench.kit import Figure, free_port, interleave, median, ratio, serving
from bench.seed import Seeded, seeded, user_id

CONNECTIONS = 64
USERS = 1_000
WARM_UP_S = 2.0


async def post(url: str, account_id: str, seconds: float) -> float:
    """Messages answered per second by one client with `CONNECTIONS` connections."""
    body = b'{"type":"text","text":"Hello, is anybody there?"}'
    headers = {"Content-Type": "application/json"}
    sent = 0
    deadline = time.perf_counter() + seconds

    async def writer(number: int) -> None:
        nonlocal sent
        turn = number
        while time.perf_counter() < deadline:
            turn += CONNECTIONS
            path = f"/_kidoku/v1/users/{user_id(turn % USERS + 1)}/chats/{account_id}/messages"
            async with client.post(url + path, data=body, headers=headers) as answer:
                await answer.read()
                if answer.status != 200:
                    raise RuntimeError(f"{answer.status}: {await answer.text()}")
                sent += 1

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=CONNECTIONS)) as client:
        begun = time.perf_counter()
        await asyncio.gather(*(writer(number) for number in range(CONNECTIONS)))
        return sent / (time.perf_counter() - begun)


def measure(seed: Seeded | None, seconds: float) -> float:
    port = free_port()
    kind = ["hello"] if seed is None else ["platform", "--data", str(seed.data)]
    with serving(["-m", "bench.servers", *kind, "--port", str(port)], port, "/readyz") as server:
        account_id = "U0" if seed is None else seed.account_id
        # Ready is not warm: what the first requests load is not what they cost.
        asyncio.run(post(server.url, account_id, WARM_UP_S))
        return asyncio.run(post(server.url, account_id, seconds))


def run(rounds: int, seconds: float) -> list[Figure]:
    # Use webhook is on, with a bot that never answers: each message writes its delivery, and what sending them costs
    # is the other benchmark's.
    with (
        tempfile.TemporaryDirectory() as folder,
        socket.create_server(("127.0.0.1", 0), backlog=256) as silent,
    ):
        webhook = f"http://127.0.0.1:{silent.getsockname()[1]}/webhook"
        seed = seeded(Path(folder), USERS, tokens=1, webhook=webhook)
        seen = interleave(
            {"messages": lambda n: measure(seed, seconds), "bare": lambda n: measure(None, seconds)}, rounds
        )
    return [
        Figure(
            "messages/s into the outbox / the client alone",
            ratio(seen["messages"], seen["bare"]),
            at_least=0.60,
        ),
        Figure("messages into the outbox", median(seen["messages"]), "/s"),
        Figure("the client alone", median(seen["bare"]), "/s"),
    ]
