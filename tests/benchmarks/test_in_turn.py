"""That the benchmarks load the servers they were asked to load, as often as asked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from bench import marks
from bench.kit import Load
from bench.marks import MANY, Run, in_turn, many
from bench.seed import Seeded

SEED = Seeded(Path(), Path(), 0, "", 0, "")


class Loaded:
    """A server that answers one request a slice for each connection."""

    def measure(self, connections: int = marks.FEW) -> Run:
        return Run(Load(connections, connections, 0, 0, 0), 0, 0)


@contextmanager
def running(*_: Any) -> Iterator[Loaded]:
    yield Loaded()


@pytest.fixture(autouse=True)
def _no_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(marks, "running", running)


def rates(runs: list[Run]) -> set[float]:
    return {one.load.rate for one in runs}


def test_every_server_is_loaded_with_few_connections() -> None:
    seen = in_turn({"few": (SEED, ()), "many": (SEED, ())}, 10)
    assert {name: len(runs) for name, runs in seen.items()} == {"few": 10, "many": 10}
    assert rates(seen["few"]) == {marks.FEW}


def test_those_that_are_asked_for_are_loaded_with_many_too() -> None:
    seen = in_turn({"durable": (SEED, ()), "plain ASGI": (SEED, ("--plain",))}, 10, ["durable"])
    assert set(seen) == {"durable", "plain ASGI", many("durable")}
    assert rates(seen[many("durable")]) == {MANY}
