"""Marking by token over real HTTP, each mark a true advance: against no database, no fast lane, and nothing to do."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench.kit import Figure, Load, free_port, interleave, median, ratio, serving, wrk
from bench.seed import Seeded, seeded

CHATS = 10_000
WARM_UP = 80_000
"""Tokens kept for warming a server up: more than are used, so that every measured mark is a true advance."""


@dataclass(frozen=True)
class Run:
    load: Load
    cpu_us: float
    rss_mb: float


def measure(seed: Seeded, seconds: float, *flags: str) -> Run:
    """One server on a fresh copy of the data, loaded once to warm up and once to measure."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        shutil.copytree(seed.data, data)
        port = free_port()
        command = ["-m", "bench.servers", *(flags or ("platform",)), "--port", str(port), "--data", str(data)]
        with serving(command, port, "/" if "bare" in flags else "/readyz") as server:
            wrk(server.url, "mark.lua", str(seed.tokens), seed.access_token, "0", seconds=1)
            before = server.cpu_s()
            load = wrk(
                server.url, "mark.lua", str(seed.tokens), seed.access_token, str(WARM_UP), seconds=seconds
            )
            spent = server.cpu_s() - before
            return Run(load, spent / (load.rate * seconds) * 1e6, server.rss_mb())


def run(rounds: int, seconds: float) -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        seed = seeded(Path(folder), CHATS, tokens=CHATS * 60)
        cases: dict[str, Callable[[int], Run]] = {
            "durable": lambda n: measure(seed, seconds),
            "no database": lambda n: measure(seed, seconds, "platform", "--no-database"),
            "plain ASGI": lambda n: measure(seed, seconds, "platform", "--plain"),
            "bare ASGI": lambda n: measure(seed, seconds, "bare"),
        }
        seen = interleave(cases, rounds)
    rates = {name: [one.load.rate for one in runs] for name, runs in seen.items()}
    durable: list[Run] = seen["durable"]
    return [
        Figure(
            "marks / the same without the database call",
            ratio(rates["durable"], rates["no database"]),
            at_least=0.70,
        ),
        Figure(
            "marks / the same without the fast lane",
            ratio(rates["durable"], rates["plain ASGI"]),
            at_least=2.2,
        ),
        Figure(
            "marks / bare uvicorn ASGI that answers {}",
            ratio(rates["durable"], rates["bare ASGI"]),
            at_least=1.5,
        ),
        *(Figure(f"{name}: rate", median(values), "/s") for name, values in rates.items()),
        Figure("p50 at saturation, 64 connections", median([one.load.p50 for one in durable]), "ms"),
        Figure("p99 at saturation, 64 connections", median([one.load.p99 for one in durable]), "ms"),
        Figure("CPU per mark", median([one.cpu_us for one in durable]), "µs"),
        Figure("RSS after the run", median([one.rss_mb for one in durable]), "MB"),
    ]
