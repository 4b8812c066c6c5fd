"""What whoever operates a server is told by its probes."""

from __future__ import annotations

from collections.abc import Iterator

import aiohttp
from prometheus_client.core import GaugeMetricFamily, Metric

from kidoku.http.opening import Opening
from kidoku.http.probes import probes
from kidoku.http.server import RunningServer


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
