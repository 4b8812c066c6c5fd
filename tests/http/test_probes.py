"""What whoever operates a server is told by its probes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any, cast

import aiohttp
from prometheus_client.core import GaugeMetricFamily, Metric

from kidoku.http.opening import Opening
from kidoku.http.probes import probes
from kidoku.http.readiness import trouble
from kidoku.http.server import RunningServer
from kidoku.live.bus import Bus


class Things:
    def collect(self) -> Iterator[Metric]:
        yield GaugeMetricFamily("things", "Things.", value=3)


async def test_probes() -> None:
    found: str | None = None

    async def trouble() -> str | None:
        return found

    app = Opening(probes(trouble, Things()))
    async with RunningServer(app, lifespan="off") as server, aiohttp.ClientSession(server.url) as http:

        async def asked(path: str) -> tuple[int, str]:
            async with http.get(path) as answer:
                return answer.status, await answer.text()

        assert await asked("/livez") == (200, "ok\n")
        assert await asked("/readyz") == (200, "ready\n")
        found = "the disk is full"
        assert await asked("/readyz") == (503, "the disk is full\n")
        assert await asked("/livez") == (200, "ok\n")
        status, text = await asked("/metrics")
        assert status == 200
        assert "\nthings 3.0\n" in text
        assert "process_cpu_seconds_total" in text


class Engine:
    async def ping(self) -> None:
        raise sqlite3.OperationalError("disk I/O error")


async def test_trouble() -> None:
    bus, engine = Bus("e"), cast(Any, Engine())
    assert await trouble(bus, engine) == "the database can't be read: disk I/O error"
    bus.close()
    assert await trouble(bus, engine) == "stopping"
