"""The ID that an answer carries stands on every log line about its request."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from kidoku.http import logs
from kidoku.platform.app import running
from kidoku.platform.config import PlatformConfig
from kidoku.platform.runtime import Platform
from tests.databases import migrated

LOGGERS = ("uvicorn.access", "kidoku")


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.JsonFormatter())
    for name in LOGGERS:
        logging.getLogger(name).addHandler(handler)
    yield stream
    for name in LOGGERS:
        logging.getLogger(name).removeHandler(handler)


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def config(folder: Path, *, fast_lane: bool = True) -> PlatformConfig:
    return migrated(PlatformConfig(data_dir=folder, port=0, access_log=True, fast_lane=fast_lane))


@pytest.mark.parametrize("fast_lane", [True, False])
async def test_on_lines_paths(tmp_path: Path, written: io.StringIO, fast_lane: bool) -> None:
    seen = []
    async with running(config(tmp_path, fast_lane=fast_lane)) as (_, server), aiohttp.ClientSession() as http:
        for path in ("/v2/bot/chat/markAsRead", "/v2/bot/message/push", "/v2/nowhere"):
            async with http.post(server.url + path, data=b"{}") as answer:
                seen.append((path, answer.headers["X-Line-Request-Id"]))
    told = [(line["message"].split()[3], line["request_id"]) for line in lines(written)]
    assert told == seen


async def test_on_our_paths(tmp_path: Path, written: io.StringIO) -> None:
    """A client can't choose the ID: what it sends would stand in the log."""
    seen = []
    async with running(config(tmp_path)) as (_, server), aiohttp.ClientSession() as http:
        for path in ("/_kidoku/v1/accounts", "/phone", "/nowhere"):
            async with http.get(server.url + path, headers={"X-Request-Id": "mine"}) as answer:
                seen.append(answer.headers["X-Request-Id"])
    assert [line["request_id"] for line in lines(written)] == seen
    assert "mine" not in seen
    assert len(set(seen)) == 3


async def test_on_faults_of_our_own(
    tmp_path: Path, written: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> None:
        raise LookupError("nothing there")

    monkeypatch.setattr(Platform, "read", broken)
    async with (
        running(config(tmp_path)) as (_, server),
        aiohttp.ClientSession() as http,
        http.get(f"{server.url}/_kidoku/v1/providers") as answer,
    ):
        assert answer.status == 500
        ours = answer.headers["X-Request-Id"]
    (fault,) = [line for line in lines(written) if line["level"] == "error"]
    assert fault["request_id"] == ours
    assert fault["error"].endswith("LookupError: nothing there")
