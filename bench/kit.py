"""What the benchmarks share: servers as processes of their own, wrk as the load, medians of interleaved rounds."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

HERE = Path(__file__).parent
CORES = sorted(os.sched_getaffinity(0))
SERVER_CORES = CORES[:-1] or CORES
LOAD_CORE = CORES[-1]
"""Load and servers keep to cores of their own: left alone, some kernels let both share one core for seconds."""
SLICE_S = 1.0
"""Servers that run at the same time are loaded for so long in turn: shorter than the phases in which a shared machine
is fast or slow."""


def keep_to_load_core() -> None:
    """Pin this process, and what it starts from now on; `serving` pins servers elsewhere."""
    os.sched_setaffinity(0, {LOAD_CORE})


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Served:
    """A server process under test; `started_s` from its start to its first answer."""

    url: str
    process: psutil.Process
    started_s: float

    def cpu_s(self) -> float:
        times = self.process.cpu_times()
        return float(times.user + times.system)

    def rss_mb(self) -> float:
        return float(self.process.memory_info().rss) / 1_048_576


@contextlib.contextmanager
def serving(
    command: Sequence[str], port: int, ready: str = "/readyz", env: Mapping[str, str] = {}
) -> Iterator[Served]:
    """Run `python -m …` as a server until the block ends."""
    begun = time.perf_counter()
    child = subprocess.Popen(
        [sys.executable, *command], env={**os.environ, **env}, stdout=subprocess.DEVNULL, cwd=HERE.parent
    )
    os.sched_setaffinity(child.pid, SERVER_CORES)
    try:
        url = f"http://127.0.0.1:{port}"
        wait_until_ready(url + ready, child)
        yield Served(url, psutil.Process(child.pid), time.perf_counter() - begun)
    finally:
        child.send_signal(signal.SIGTERM)
        child.wait(30)


def wait_until_ready(url: str, child: subprocess.Popen[bytes], seconds: float = 60) -> None:
    deadline = time.perf_counter() + seconds
    while time.perf_counter() < deadline:
        if child.poll() is not None:
            raise RuntimeError(f"the server ended with exit code {child.returncode}")
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=1):
            return
        time.sleep(0.005)
    raise RuntimeError(f"{url} did not answer within {seconds} s")


@dataclass(frozen=True)
class Load:
    """What one run of wrk saw. Latencies in ms, at saturation unless said otherwise."""

    requests: int
    rate: float
    p50: float
    p99: float
    bad: int


def wrk(url: str, script: str, *args: str, seconds: float, connections: int = 64) -> Load:
    """Run wrk with one thread and a Lua script of this folder. Raises RuntimeError when an answer was not 2xx."""
    done = subprocess.run(
        [
            "wrk",
            "-t1",
            f"-c{connections}",
            f"-d{max(1, round(seconds))}s",
            "--timeout",
            "10s",
            "-s",
            str(HERE / script),
            url,
            "--",
            *args,
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    line = next(line for line in done.stdout.splitlines() if line.startswith("{"))
    seen = json.loads(line)
    rate = seen["requests"] / seen["seconds"]
    load = Load(seen["requests"], rate, seen["p50"] / 1000, seen["p99"] / 1000, seen["bad"])
    if load.bad:
        raise RuntimeError(f"{load.bad} answers were errors: {done.stdout}")
    return load


def interleave(cases: Mapping[str, Callable[[int], Any]], rounds: int) -> dict[str, list[Any]]:
    """Run every case once per round, so that a slow phase of the machine hits all of them; in another order each time,
    so that what comes before a case is not always the same.
    """
    seen: dict[str, list[Any]] = {name: [] for name in cases}
    for number in range(rounds):
        order = list(cases)
        random.Random(number).shuffle(order)
        for name in order:
            seen[name].append(cases[name](number))
    return seen


def slices(rounds: int, seconds: float) -> int:
    """How many slices are as long as so many rounds."""
    return round(rounds * seconds / SLICE_S)


def median(values: Sequence[float]) -> float:
    return statistics.median(values)


def ratio(over: Sequence[float], under: Sequence[float]) -> float:
    """Median of the ratios of each round."""
    return statistics.median(a / b for a, b in zip(over, under, strict=True))


@dataclass(frozen=True)
class Figure:
    """One line of the report: what was measured, its value, and the bar it is held to."""

    name: str
    value: float
    unit: str = "×"
    at_least: float | None = None
    at_most: float | None = None
    note: str = ""

    @property
    def holds(self) -> bool:
        low = self.at_least is None or self.value >= self.at_least
        return low and (self.at_most is None or self.value <= self.at_most)

    def line(self) -> str:
        bar = (
            f"≥ {self.at_least:g}"
            if self.at_least is not None
            else f"≤ {self.at_most:g}"
            if self.at_most is not None
            else ""
        )
        verdict = "" if not bar else "ok" if self.holds else "MISSED"
        return f"{self.name:<62} {self.value:>12,.2f} {self.unit:<10} {bar:<8} {verdict:<7} {self.note}"
