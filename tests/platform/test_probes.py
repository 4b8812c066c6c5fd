"""Probes, and reading without the body: what load balancers and monitors send."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from kidoku.platform.app import running
from kidoku.platform.config import PlatformConfig
from tests.databases import migrated

PROBES = ("/livez", "/readyz", "/metrics")


@pytest.fixture
async def http(tmp_path: Path) -> AsyncIterator[aiohttp.ClientSession]:
    config = migrated(PlatformConfig(data_dir=tmp_path, port=0))
    async with running(config) as (_, server), aiohttp.ClientSession(server.url) as session:
        yield session


@pytest.mark.parametrize("path", PROBES)
async def test_probes_are_read(http: aiohttp.ClientSession, path: str) -> None:
    async with http.get(path) as whole, http.head(path) as head:
        assert (whole.status, head.status) == (200, 200)
        assert await whole.read()
        assert await head.read() == b""
        assert head.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", PROBES)
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
async def test_probes_take_nothing_else(http: aiohttp.ClientSession, method: str, path: str) -> None:
    async with http.request(method, path, data=b"x") as answer:
        assert answer.status == 405
        assert answer.headers["Allow"] == "GET, HEAD"
        assert await answer.text() == "only GET and HEAD\n"


@pytest.mark.parametrize("path", ["/", "/phone", "/manager", "/_kidoku/v1/session"])
async def test_pages_and_the_session_have_a_head(http: aiohttp.ClientSession, path: str) -> None:
    async with http.get(path) as whole, http.head(path) as head:
        assert (whole.status, head.status) == (200, 200)
        assert head.headers["Content-Type"] == whole.headers["Content-Type"]
        assert await head.read() == b""
