"""From the 200 of a mark to "Read" in the user's event stream, with 100 phones watching."""

from __future__ import annotations

import asyncio
import json
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from bench.kit import Figure, free_port, median, serving
from bench.seed import Seeded, seeded, user_id

PHONES = 100
PACE_S = 0.002
"""Seconds between marks: a steady load well below saturation, as it is the way to the phone that is measured."""


@dataclass
class Lags:
    """Seconds of each mark: from the request to its 200, and from the 200 to the event."""

    marks: list[float] = field(default_factory=list)
    events: list[float] = field(default_factory=list)
    arrived: dict[tuple[int, int], float] = field(default_factory=dict)
    answered: dict[tuple[int, int], float] = field(default_factory=dict)

    def meet(self, key: tuple[int, int]) -> None:
        if key in self.arrived and key in self.answered:
            self.events.append(max(0.0, self.arrived.pop(key) - self.answered.pop(key)))


async def watch(
    client: aiohttp.ClientSession, url: str, number: int, lags: Lags, ready: asyncio.Semaphore
) -> None:
    """One phone: follows its stream until cancelled."""
    async with client.get(f"{url}/_kidoku/v1/events?user={user_id(number)}") as stream:
        ready.release()
        async for line in stream.content:
            if line.startswith(b"data:"):
                event = json.loads(line[5:])
                if event.get("type") == "read":
                    key = (number, event["readSeq"])
                    lags.arrived[key] = time.perf_counter()
                    lags.meet(key)


async def mark(
    client: aiohttp.ClientSession, url: str, seed: Seeded, token: str, key: tuple[int, int], lags: Lags
) -> None:
    headers = {"Authorization": f"Bearer {seed.access_token}"}
    begun = time.perf_counter()
    async with client.post(
        f"{url}/v2/bot/chat/markAsRead", json={"markAsReadToken": token}, headers=headers
    ) as answer:
        await answer.read()
        if answer.status != 200:
            raise RuntimeError(str(answer.status))
    lags.answered[key] = time.perf_counter()
    lags.marks.append(lags.answered[key] - begun)
    lags.meet(key)


async def play(url: str, seed: Seeded, seconds: float) -> Lags:
    lags = Lags()
    ready = asyncio.Semaphore(0)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as client:
        phones = [asyncio.create_task(watch(client, url, n, lags, ready)) for n in range(1, PHONES + 1)]
        for _ in phones:
            await ready.acquire()
        marks: list[asyncio.Task[None]] = []
        deadline = time.perf_counter() + seconds
        with seed.tokens.open() as tokens:
            for number, line in enumerate(tokens):
                key = (number % PHONES + 1, number // PHONES + 1)
                marks.append(asyncio.create_task(mark(client, url, seed, line.strip(), key, lags)))
                await asyncio.sleep(PACE_S)
                if time.perf_counter() > deadline:
                    break
        await asyncio.gather(*marks)
        while lags.answered:
            await asyncio.sleep(PACE_S)
        for phone in phones:
            phone.cancel()
        await asyncio.gather(*phones, return_exceptions=True)
    return lags


def p99(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.99)]


def measure(seed: Seeded, seconds: float) -> Lags:
    port = free_port()
    with serving(
        ["-m", "bench.servers", "platform", "--port", str(port), "--data", str(seed.data)], port
    ) as server:
        return asyncio.run(play(server.url, seed, seconds))


def run(rounds: int, seconds: float) -> list[Figure]:
    seen: list[Lags] = []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            seen.append(measure(seeded(Path(folder), PHONES, tokens=PHONES * 80), seconds))
    return [
        Figure(
            "p99 from the 200 to the phone / p99 of the mark",
            median([p99(one.events) / p99(one.marks) for one in seen]),
            at_most=2.0,
        ),
        Figure("p99 of the mark", median([p99(one.marks) for one in seen]) * 1000, "ms"),
        Figure("p99 from the 200 to the phone", median([p99(one.events) for one in seen]) * 1000, "ms"),
    ]
