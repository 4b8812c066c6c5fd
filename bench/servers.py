"""The servers that benchmarks compare, each a process of its own.

Usage: python -m bench.servers platform --port P --data DIR [--no-database] [--plain] [--watched]
    | bare --port P | hello --port P | desk --port P --data DIR [--no-database] [--plain] [--no-processing]
"""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import aiohttp
import uvicorn
import uvloop
from starlette.types import Receive, Scope, Send

from kidoku.storage.engine import DriverBatch


async def bare(scope: Scope, receive: Receive, send: Send) -> None:
    """Parses the same request and answers `{}`: what a mark would cost if there was nothing to do."""
    if scope["type"] != "http":
        return
    headers = dict(scope["headers"])
    if scope["method"] == "POST":
        if not headers.get(b"authorization", b"").startswith(b"Bearer "):
            raise ValueError("no token")
        body, more = b"", True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        json.loads(body)["markAsReadToken"]
    await send(
        {"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]}
    )
    await send({"type": "http.response.body", "body": b"{}"})


async def hello(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "http":
        await send(
            {"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]}
        )
        await send({"type": "http.response.body", "body": b"hello"})


def serve_platform(port: int, data: Path, *, database: bool, fast_lane: bool, watched: bool) -> None:
    from kidoku.http import process
    from kidoku.platform import app
    from kidoku.platform.config import PlatformConfig

    if not database:
        answer_without_database(advanced)
    config = PlatformConfig(port=port, data_dir=data, rate_limits=False, fast_lane=fast_lane)
    process.run(app.accompanied(config, [look_now_and_then] if watched else []))


async def look_now_and_then(url: str) -> None:
    """As somebody who may come back for the events that follow."""
    async with aiohttp.ClientSession() as session:
        while True:
            async with session.get(url + "/_kidoku/v1/accounts") as answer:
                await answer.read()
            await asyncio.sleep(10)


def advanced(marks: Sequence[Any]) -> list[Any]:
    """As if each mark had moved its watermark, and nobody listened."""
    from kidoku.platform.store.advance import Untold

    return [Untold(marks[0][0], 1, len(marks))] * len(marks)


def answer_without_database(results: Callable[[Sequence[Any]], Sequence[Any]]) -> None:
    """Answer hot writes without the writer and its database, with these results of their items."""
    from kidoku.storage.embedded import SqliteEngine
    from kidoku.storage.writer import Inbox

    hand_over = SqliteEngine._hand_over

    def answer(self: SqliteEngine) -> None:
        kinds = self._inbox.kinds
        if len(kinds) != 1 or not all(isinstance(batch, DriverBatch) for batch in kinds):
            hand_over(self)
            return
        inbox, self._inbox = self._inbox, Inbox()
        inbox.meanwhile()
        for jobs in kinds.values():
            jobs.batch.tell(jobs.dones, results(jobs.items))  # type: ignore[union-attr]

    SqliteEngine._hand_over = answer  # type: ignore[method-assign]


def serve_desk(port: int, data: Path, *, database: bool, fast_lane: bool, processing: bool) -> None:
    from kidoku.desk import app
    from kidoku.desk.config import DeskConfig
    from kidoku.desk.processor import Processor
    from kidoku.http import process

    async def nothing(self: Processor) -> None:
        """Leave what came in for later."""

    if not database:
        answer_without_database(lambda items: [None] * len(items))
    if not processing:
        Processor.work = nothing  # type: ignore[method-assign]
    config = DeskConfig(port=port, data_dir=data, fast_lane=fast_lane, profile_concurrency=0)
    process.run(app.accompanied(config, []))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=["platform", "desk", "bare", "hello"])
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--no-database", action="store_true")
    parser.add_argument("--plain", action="store_true")
    parser.add_argument("--watched", action="store_true")
    parser.add_argument("--no-processing", action="store_true")
    given = parser.parse_args()
    database, fast_lane = not given.no_database, not given.plain
    if given.kind == "platform":
        serve_platform(given.port, given.data, database=database, fast_lane=fast_lane, watched=given.watched)
    elif given.kind == "desk":
        processing = not given.no_processing
        serve_desk(given.port, given.data, database=database, fast_lane=fast_lane, processing=processing)
    else:
        asgi = bare if given.kind == "bare" else hello
        config = uvicorn.Config(asgi, port=given.port, log_level="warning", access_log=False, lifespan="off")
        uvloop.run(uvicorn.Server(config).serve())


if __name__ == "__main__":
    main()
