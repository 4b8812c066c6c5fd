"""Messages from the control API into the outbox: against the same client posting the same bodies to a bare server."""

from __future__ import annotations

import asyncio
import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from bench.kit import SLICE_S, Figure, Served, free_port, interleave, median, ratio, serving, slices
from bench.seed import Seeded, seeded, user_id

CONNECTIONS = 64
USERS = 1_000
WARM_UP_S = 2.0


@dataclass(frozen=True)
class Run:
    """What one slice of load saw; `cpu_us` is the server's for one message."""

    rate: float
    cpu_us: float


@dataclass(frozen=True)
class Case:
    """A running server; `account_id` is whom the messages go to."""

    server: Served
    account_id: str

    def measure(self, number: int = 0, seconds: float = SLICE_S) -> Run:
        """Load it for a while."""
        before, begun = self.server.cpu_s(), time.perf_counter()
        sent = asyncio.run(post(self.server.url, self.account_id, seconds))
        took, spent = time.perf_counter() - begun, self.server.cpu_s() - before
        return Run(sent / took, spent / sent * 1e6)


async def post(url: str, account_id: str, seconds: float) -> int:
    """Messages that one client with `CONNECTIONS` connections got answered."""
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
        await asyncio.gather(*(writer(number) for number in range(CONNECTIONS)))
    return sent


@contextmanager
def running(seed: Seeded | None) -> Iterator[Case]:
    """The platform on this data, or the bare server; ready and warm, as what the first requests load is not what they
    cost.
    """
    port = free_port()
    kind = ["hello"] if seed is None else ["platform", "--data", str(seed.data)]
    with serving(["-m", "bench.servers", *kind, "--port", str(port)], port, "/readyz") as server:
        case = Case(server, "U0" if seed is None else seed.account_id)
        case.measure(seconds=WARM_UP_S)
        yield case


def run(rounds: int, seconds: float) -> list[Figure]:
    # Use webhook is on, with a bot that never answers: each message writes its delivery, and what sending them costs
    # is the other benchmark's.
    with (
        tempfile.TemporaryDirectory() as folder,
        socket.create_server(("127.0.0.1", 0), backlog=256) as silent,
    ):
        webhook = f"http://127.0.0.1:{silent.getsockname()[1]}/webhook"
        seed = seeded(Path(folder), USERS, tokens=1, webhook=webhook)
        with running(seed) as messages, running(None) as bare:
            seen = interleave({"messages": messages.measure, "bare": bare.measure}, slices(rounds, seconds))
    rates = {name: [one.rate for one in runs] for name, runs in seen.items()}
    return [
        Figure(
            "messages/s into the outbox / the client alone",
            ratio(rates["messages"], rates["bare"]),
            at_least=0.60,
        ),
        Figure("messages into the outbox", median(rates["messages"]), "/s"),
        Figure("the client alone", median(rates["bare"]), "/s"),
        Figure("CPU per message", median([one.cpu_us for one in seen["messages"]]), "µs"),
    ]
