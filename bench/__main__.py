"""Runs the benchmarks. Usage: python -m bench [NAME …] [--rounds N] [--seconds S]

Prints a table and writes bench/results/<time>.json. Every figure is a ratio of cases that ran in turn, as a median
of rounds: machines are noisy, ratios less so.
"""

from __future__ import annotations

import argparse
import json
import platform
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from bench import deliveries, flat, inbox, intake, live, marks, messages, outage, start
from bench.kit import Figure, keep_to_load_core

BENCHES: dict[str, Callable[[int, float], list[Figure]]] = {
    "marks": marks.run,
    "flat": flat.run,
    "messages": messages.run,
    "deliveries": deliveries.run,
    "start": start.run,
    "live": live.run,
    "inbox": inbox.run,
    "intake": intake.run,
    "outage": outage.run,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*BENCHES, []])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3.0)
    given = parser.parse_args()
    keep_to_load_core()
    figures: list[Figure] = []
    for name in given.names or BENCHES:
        print(f"\n{name}", flush=True)
        for figure in BENCHES[name](given.rounds, given.seconds):
            print("  " + figure.line(), flush=True)
            figures.append(figure)
    results = Path(__file__).parent / "results"
    results.mkdir(exist_ok=True)
    file = results / f"{time.strftime('%Y%m%d-%H%M%S')}.json"
    machine = {"python": platform.python_version(), "system": platform.platform()}
    file.write_text(json.dumps({"machine": machine, "figures": [asdict(f) for f in figures]}, indent=2))
    missed = [figure for figure in figures if not figure.holds]
    print(f"\n{len(figures)} figures, {len(missed)} below their bar; written to {file}")
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
