"""Webhooks taken in, each event new: against no database and no fast lane; and with all that follows from them."""

from __future__ import annotations

import asyncio
import json
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.kit import Figure, Load, Served, free_port, interleave, median, ratio, serving, wrk
from kidoku.core.signature import sign
from kidoku.desk.config import DeskConfig
from kidoku.desk.runtime import Desk
from kidoku.desk.store.channels import ChannelSettings, add_channel

SECRET = "0123456789abcdef0123456789abcdef"
CHANNEL = "shop"
CHATS = 10_000
SLICE_S = 1.0
SLICES = 9
"""At most: more would need more requests than are prepared."""
MANY = 10
"""Events in one request of the second kind."""
BODIES = {1: 450_000, MANY: 45_000}
"""Requests that are prepared, by their number of events."""
LOADED = 60_000
"""Requests that wrk holds at a time: more than it can send in a slice."""
NOBODY = "http://127.0.0.1:9"
"""Where LINE would be: nothing here is sent to it."""


def event(number: int) -> dict[str, Any]:
    """A text message's event; `number` makes its IDs."""
    return {
        "type": "message",
        "message": {
            "type": "text",
            "id": str(500_000_000_000_000_000 + number),
            "quoteToken": f"q{number:063d}",
            "markAsReadToken": f"t{number:063d}",
            "text": f"Is my order {number} on its way?",
        },
        "webhookEventId": f"01K{number:023d}",
        "deliveryContext": {"isRedelivery": False},
        "timestamp": 1_763_800_000_000 + number,
        "source": {"type": "user", "userId": f"U{number % CHATS:032x}"},
        "replyToken": f"{number:032x}",
        "mode": "active",
    }


@dataclass(frozen=True)
class Requests:
    """A file with a signature and a body per line, and how many there are."""

    file: Path
    count: int


def prepared(file: Path, events: int) -> Requests:
    count = BODIES[events]
    with file.open("w") as out:
        for number in range(count):
            told = [event(number * events + one) for one in range(events)]
            body = json.dumps({"destination": "U" + "0" * 32, "events": told}, separators=(",", ":"))
            out.write(f"{sign(SECRET, body.encode())} {body}\n")
    return Requests(file, count)


async def make_desk(data: Path) -> None:
    """A desk with one channel, where nothing is marked unasked."""
    desk = await Desk.open(DeskConfig(data_dir=data))
    settings = ChannelSettings()
    await desk.apply(add_channel, CHANNEL, "Shop", SECRET, "token", settings, desk.now, NOBODY, NOBODY)
    await desk.close()


@dataclass(frozen=True)
class Run:
    load: Load
    cpu_us: float


@dataclass
class Case:
    """A running desk on data of its own, and how many of the requests it has had."""

    server: Served
    requests: Requests
    database: Path
    used: int = 0

    def measure(self, seconds: float = SLICE_S) -> Run:
        """Load it for a while, each request with new events. Raises RuntimeError when they are used up."""
        before = self.server.cpu_s()
        args = (str(self.requests.file), f"/webhook/{CHANNEL}", str(self.used), str(LOADED))
        load = wrk(self.server.url, "intake.lua", *args, seconds=seconds)
        spent = self.server.cpu_s() - before
        self.used += load.requests
        if load.requests > LOADED or self.used > self.requests.count:
            raise RuntimeError("the requests are used up: not every event was new; ask for fewer rounds")
        return Run(load, spent / load.requests * 1e6)

    def processed(self) -> int:
        with closing(sqlite3.connect(self.database)) as driver:
            return int(driver.execute("SELECT count(*) FROM events").fetchone()[0])


@contextmanager
def running(seed: Path, requests: Requests, *flags: str) -> Iterator[Case]:
    """A desk on a copy of the data, loaded once to warm up."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        shutil.copytree(seed, data)
        port = free_port()
        command = ["-m", "bench.servers", "desk", *flags, "--port", str(port), "--data", str(data)]
        with serving(command, port) as server:
            case = Case(server, requests, DeskConfig(data_dir=data).database_path)
            case.measure()
            yield case


def in_turn(
    seed: Path, requests: Requests, cases: Mapping[str, Sequence[str]], slices: int
) -> dict[str, list[Run]]:
    """Measure desks that run at the same time, one at a time, a slice each. None looks at what it takes in: it would
    do so in the others' slices.
    """
    with ExitStack() as stack:
        desks = {
            name: stack.enter_context(running(seed, requests, "--no-processing", *flags))
            for name, flags in cases.items()
        }
        return interleave({name: in_slice(desk) for name, desk in desks.items()}, slices)


def in_slice(case: Case) -> Callable[[int], Run]:
    return lambda number: case.measure()


@dataclass(frozen=True)
class Whole:
    """A desk that does all its work. `busy`, `idle`: events that it processes per second meanwhile, and afterwards."""

    load: Load
    busy: float
    idle: float


def whole(seed: Path, requests: Requests, seconds: float) -> Whole:
    with running(seed, requests) as case:
        before = case.processed()
        load = case.measure(seconds).load
        after = case.processed()
        time.sleep(seconds)
        return Whole(load, (after - before) / seconds, (case.processed() - after) / seconds)


def run(rounds: int, seconds: float) -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        seed = Path(folder) / "data"
        asyncio.run(make_desk(seed))
        one = prepared(Path(folder) / "one.txt", 1)
        many = prepared(Path(folder) / "many.txt", MANY)
        cases = {"durable": (), "no database": ("--no-database",), "plain ASGI": ("--plain",)}
        seen = in_turn(seed, one, cases, min(SLICES, round(rounds * seconds / SLICE_S)))
        full = interleave(
            {"one": lambda n: whole(seed, one, seconds), "many": lambda n: whole(seed, many, seconds)}, rounds
        )
    rates = {name: [one.load.rate for one in runs] for name, runs in seen.items()}
    return [
        Figure(
            "webhooks / the same without the database call",
            ratio(rates["durable"], rates["no database"]),
            at_least=0.55,
        ),
        Figure(
            "webhooks / the same without the fast lane",
            ratio(rates["durable"], rates["plain ASGI"]),
            at_least=1.5,
        ),
        *(Figure(f"{name}: rate", median(values), "/s") for name, values in rates.items()),
        *(
            Figure(f"{name}: CPU per webhook", median([run.cpu_us for run in runs]), "µs")
            for name, runs in seen.items()
        ),
        Figure("p99 at saturation, 64 connections", median([run.load.p99 for run in seen["durable"]]), "ms"),
        *whole_figures("one event each", 1, full["one"]),
        *whole_figures(f"{MANY} events each", MANY, full["many"]),
    ]


def whole_figures(name: str, events: int, seen: Sequence[Whole]) -> list[Figure]:
    """What a desk that processes what comes takes in. LINE waits two seconds for its answer."""
    return [
        Figure(f"all at work, {name}: events", median([one.load.rate * events for one in seen]), "/s"),
        Figure(f"all at work, {name}: p99", median([one.load.p99 for one in seen]), "ms", at_most=2_000),
        Figure(f"all at work, {name}: processed meanwhile", median([one.busy for one in seen]), "/s"),
        Figure(f"all at work, {name}: processed afterwards", median([one.idle for one in seen]), "/s"),
    ]
