"""Flat cost: a million chats against a thousand, and a mark over a deep backlog against one over a single message."""

from __future__ import annotations

import tempfile
from pathlib import Path

from bench.kit import Figure, median, ratio, slices
from bench.marks import in_turn
from bench.seed import seeded

DEEP = 100_000
TOKENS = 600_000


def run(rounds: int, seconds: float) -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        few = seeded(base / "few", 1_000, tokens=TOKENS, depth=TOKENS // 1_000)
        many = seeded(base / "many", 1_000_000, tokens=TOKENS, depth=1)
        # The same marks, but each takes its chat over a hundred thousand unread messages at once.
        deep = seeded(base / "deep", TOKENS, tokens=TOKENS, depth=DEEP, stride=DEEP)
        shallow = seeded(base / "shallow", TOKENS, tokens=TOKENS, depth=1)
        # Two at a time, so that no more of the machine's memory is taken by others than has to be.
        number = slices(rounds, seconds)
        seen = in_turn({"few": (few, ()), "many": (many, ())}, number)
        seen |= in_turn({"deep": (deep, ()), "shallow": (shallow, ())}, number)
    rates = {name: [one.load.rate for one in runs] for name, runs in seen.items()}
    cpu = seen
    return [
        Figure(
            "marks/s with 1 million chats / with 1 thousand",
            ratio(rates["many"], rates["few"]),
            at_least=0.85,
        ),
        Figure(
            "cost of a mark over 100,000 unread messages / over one",
            ratio([one.cpu_us for one in cpu["deep"]], [one.cpu_us for one in cpu["shallow"]]),
            at_most=1.1,
        ),
        *(Figure(f"{name}: rate", median(values), "/s") for name, values in rates.items()),
    ]
