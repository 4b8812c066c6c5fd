"""What runs beside a server."""

from __future__ import annotations

import asyncio

import pytest

from kidoku.http.process import beside


async def test_one_that_fails_stops_nothing(caplog: pytest.LogCaptureFixture) -> None:
    seen: list[str] = []
    failed, ended = asyncio.Event(), asyncio.Event()

    async def breaks(base_url: str) -> None:
        failed.set()
        raise LookupError("nothing there")

    async def goes_on(base_url: str) -> None:
        seen.append(base_url)
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    async with beside("http://here", [breaks, goes_on]):
        await failed.wait()
        assert not ended.is_set()
    assert ended.is_set()
    assert seen == ["http://here"]
    assert [record.message for record in caplog.records] == ["what runs beside the server has failed"]
