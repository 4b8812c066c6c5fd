"""Marking by token over real HTTP, each mark a true advance: against no database, no fast lane, and nothing to do."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.kit import (
    SLICE_S,
    Figure,
    Load,
    Served,
    free_port,
    interleave,
    median,
    ratio,
    serving,
    slices,
    wrk,
)
from bench.seed import Seeded, seeded

CHATS = 10_000
DEPTH = 120
"""Tokens of each chat: enough for what a quick server without a database uses up."""
FEW, MANY = 64, 256
"""Connections: how many marks share a commit follows them."""
SETS = 5
"""Processes of each server: where its memory happens to lie makes one up to a tenth faster than another for life."""
LONGER = 2
"""Times as many slices as elsewhere: none of the other bars leaves so little room for what the machine does."""
ALSO_MANY = ("durable", "no database", "bare ASGI")
"""Servers that are loaded with many connections too."""


@dataclass(frozen=True)
class Run:
    load: Load
    cpu_us: float
    rss_mb: float


@dataclass
class Case:
    """A running server on data of its own, and how many of the tokens it has had."""

    server: Served
    seed: Seeded
    used: int = 0

    def measure(self, connections: int = FEW) -> Run:
        """Load it for a slice of time, each mark with the next token. Raises RuntimeError when they are used up."""
        before = self.server.cpu_s()
        load = wrk(
            self.server.url,
            "mark.lua",
            str(self.seed.tokens),
            self.seed.access_token,
            str(self.used),
            seconds=SLICE_S,
            connections=connections,
        )
        spent = self.server.cpu_s() - before
        self.used += load.requests
        if self.used > self.seed.count:
            raise RuntimeError("the tokens are used up: not every mark was an advance; ask for fewer rounds")
        return Run(load, spent / load.requests * 1e6, self.server.rss_mb())


@contextmanager
def running(seed: Seeded, *flags: str) -> Iterator[Case]:
    """A server on a copy of the data, loaded once to warm up."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        shutil.copytree(seed.data, data)
        port = free_port()
        command = ["-m", "bench.servers", *(flags or ("platform",)), "--port", str(port), "--data", str(data)]
        with serving(command, port, "/" if "bare" in flags else "/readyz") as server:
            case = Case(server, seed)
            case.measure()
            yield case


def in_turn(
    servers: Mapping[str, tuple[Seeded, Sequence[str]]], number: int, also_many: Sequence[str] = ()
) -> dict[str, list[Run]]:
    """Measure servers that run at the same time, one at a time, a slice each, in sets of new ones. Those of `also_many`
    are loaded with many connections as well.
    """
    seen: dict[str, list[Run]] = {name: [] for name in [*servers, *map(many, also_many)]}
    for _ in range(SETS):
        with ExitStack() as stack:
            cases = {
                name: stack.enter_context(running(seed, *flags)) for name, (seed, flags) in servers.items()
            }
            loads = {name: in_slice(case, FEW) for name, case in cases.items()}
            loads |= {many(name): in_slice(cases[name], MANY) for name in also_many}
            part = interleave(loads, -(-number // SETS))
        for name, runs in part.items():
            seen[name] += runs
    return seen


def in_slice(case: Case, connections: int) -> Callable[[int], Run]:
    return lambda number: case.measure(connections)


def many(name: str) -> str:
    """What a server's slices with many connections are called."""
    return f"{name}, {MANY} connections"


def run(rounds: int, seconds: float) -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        seed = seeded(Path(folder), CHATS, tokens=CHATS * DEPTH, depth=DEPTH)
        servers: dict[str, tuple[Seeded, Sequence[str]]] = {
            "durable": (seed, ()),
            "no database": (seed, ("platform", "--no-database")),
            "watched": (seed, ("platform", "--watched")),
            "plain ASGI": (seed, ("platform", "--plain")),
            "bare ASGI": (seed, ("bare",)),
        }
        seen = in_turn(servers, LONGER * slices(rounds, seconds), ALSO_MANY)
    rates = {name: [one.load.rate for one in runs] for name, runs in seen.items()}
    durable = seen["durable"]

    def over(name: str, one: str, other: str, at_least: float | None) -> Figure:
        return Figure(name, ratio(rates[one], rates[other]), at_least=at_least)

    return [
        over("marks / the same without the database call", "durable", "no database", 0.70),
        over("marks / the same without the fast lane", "durable", "plain ASGI", 2.2),
        over("marks / bare uvicorn ASGI that answers {}", "durable", "bare ASGI", 1.5),
        over(many("marks / no database"), many("durable"), many("no database"), 0.70),
        over(many("marks / bare ASGI"), many("durable"), many("bare ASGI"), 1.5),
        over("marks whose events somebody may ask for / marks", "watched", "durable", None),
        *(Figure(f"{name}: rate", median(values), "/s") for name, values in rates.items()),
        Figure(f"p50 at saturation, {FEW} connections", median([one.load.p50 for one in durable]), "ms"),
        Figure(f"p99 at saturation, {FEW} connections", median([one.load.p99 for one in durable]), "ms"),
        Figure("CPU per mark", median([one.cpu_us for one in durable]), "µs"),
        Figure("RSS after the run", median([one.rss_mb for one in durable]), "MB"),
    ]
