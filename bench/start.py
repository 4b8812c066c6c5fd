"""From the start of the process to its first answer, and idle memory: against a bare uvicorn that says hello."""

from __future__ import annotations

import tempfile
import urllib.request
from pathlib import Path

from bench.kit import Figure, free_port, interleave, median, ratio, serving
from bench.seed import seeded


def start(data: Path | None) -> tuple[float, float]:
    """Seconds to the first answer and idle RSS in MB. The data folder is an existing one, as at every usual start."""
    port = free_port()
    kind = ["hello"] if data is None else ["platform", "--data", str(data)]
    with serving(["-m", "bench.servers", *kind, "--port", str(port)], port, "/readyz") as server:
        # What is loaded after the port is open counts too: a first request to the control API waits for it.
        with urllib.request.urlopen(server.url + "/_kidoku/v1/accounts", timeout=60) as answer:
            answer.read()
        return server.started_s, server.rss_mb()


def run(rounds: int, seconds: float) -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        seed = seeded(Path(folder), 1_000, tokens=1)
        start(seed.data)  # byte code and page cache are warm from here on
        start(None)
        seen = interleave({"ours": lambda n: start(seed.data), "hello": lambda n: start(None)}, rounds * 2)
    ours, hello = seen["ours"], seen["hello"]
    return [
        Figure(
            "start to readyz / bare uvicorn hello",
            ratio([a for a, _ in ours], [a for a, _ in hello]),
            at_most=2.5,
        ),
        Figure(
            "RSS idle / bare uvicorn hello", ratio([b for _, b in ours], [b for _, b in hello]), at_most=2.5
        ),
        Figure("start to readyz", median([a for a, _ in ours]) * 1000, "ms"),
        Figure("RSS idle", median([b for _, b in ours]), "MB"),
        Figure("hello: start", median([a for a, _ in hello]) * 1000, "ms"),
        Figure("hello: RSS idle", median([b for _, b in hello]), "MB"),
    ]
