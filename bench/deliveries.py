"""Webhook deliveries to a trivial receiver: against the same HTTP client posting the same bodies in a bare loop.

Usage, by itself: python -m bench.deliveries receiver --port P | dispatcher --data DIR | client --data DIR --url URL
"""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, cast

import uvloop

from bench.kit import HERE, Figure, free_port, interleave, median, ratio, serving
from kidoku.core.settings import AccountSettings
from kidoku.http.process import settle_memory
from kidoku.platform.config import PlatformConfig
from kidoku.platform.runtime import Platform
from kidoku.storage.clock import ManualClock

CONNECTIONS = 64
USERS = 1_000
DELIVERIES = 10_000
NOW = 1_763_800_000_000
"""One moment for all: a delivery that leaves seconds late has its reply window written anew, a case by itself."""


class Receiver(asyncio.Protocol):
    """Answers every request with 200 and nothing else; requests come one after the other on a connection."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._waiting = b""

    def data_received(self, data: bytes) -> None:
        data = self._waiting + data
        head, found, body = data.partition(b"\r\n\r\n")
        size = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
        if found and len(body) >= int(size or 0):
            self._waiting = b""
            self._transport.write(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
        else:
            self._waiting = data


async def receive(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(Receiver, "127.0.0.1", port)
    await server.serve_forever()


def config(data: Path) -> PlatformConfig:
    return PlatformConfig(data_dir=data, port=0, webhook_concurrency=CONNECTIONS, webhook_timeout_ms=60_000)


async def prepare(data: Path, url: str) -> None:
    """A platform with deliveries that wait, of an account with many chats."""
    from kidoku.platform.store.accounts import create_account
    from kidoku.platform.store.send import send_user_message
    from kidoku.platform.store.users import create_user

    platform = await Platform.open(config(data), clock=ManualClock(NOW))
    env = platform.env
    made = await platform.apply(create_account, None, "Bench", AccountSettings(webhook=url), env())
    channel_id = made.account.channel_id
    users = [await platform.apply(create_user, None, f"User {n}", env()) for n in range(USERS)]
    body = {"type": "text", "text": "Hello, is anybody there?"}

    async def say(number: int) -> None:
        user_id = users[number % USERS].user_id
        await platform.apply(send_user_message, channel_id, "user", user_id, user_id, body, env())

    for start in range(0, DELIVERIES, USERS):
        await asyncio.gather(*(say(start + n) for n in range(USERS)))
    await platform.close()


async def dispatch(data: Path) -> dict[str, float]:
    """Deliveries per second of the dispatcher, from its start until everything is written down."""
    from kidoku.platform.webhooks.dispatcher import Dispatcher

    platform = await Platform.open(config(data), clock=ManualClock(NOW))
    dispatcher = Dispatcher(platform)
    import kidoku.platform.webhooks.transport  # noqa: F401 - importing the client is not what is measured

    settle_memory()  # as the server does, and below the client too
    begun, cpu = time.perf_counter(), time.process_time()
    dispatcher.start()
    await dispatcher.idle()
    seconds = time.perf_counter() - begun
    busy = time.process_time() - cpu
    if platform.counts.deliveries != {"ok": DELIVERIES}:
        raise RuntimeError(f"not all arrived: {platform.counts.deliveries}")
    await dispatcher.close()
    await platform.close()
    return {"rate": DELIVERIES / seconds, "cpu_us": busy / DELIVERIES * 1e6}


async def post(data: Path, url: str) -> dict[str, float]:
    """Requests per second of the client alone: the same bodies and headers, the same number at a time."""
    import aiohttp

    from kidoku.platform.webhooks.client import webhook_headers

    with sqlite3.connect(data / "kidoku.db") as driver:
        bodies = [row[0] for row in driver.execute("SELECT body FROM deliveries ORDER BY delivery_id")]
    waiting = iter([(body, webhook_headers("0" * 32, body)) for body in bodies])

    async def sender() -> None:
        for body, headers in waiting:
            async with client.post(url, data=body, headers=headers) as answer:
                await answer.read()
                if answer.status != 200:
                    raise RuntimeError(f"{answer.status}")

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=CONNECTIONS)) as client:
        settle_memory()
        begun, cpu = time.perf_counter(), time.process_time()
        await asyncio.gather(*(sender() for _ in range(CONNECTIONS)))
        seconds = time.perf_counter() - begun
        return {"rate": len(bodies) / seconds, "cpu_us": (time.process_time() - cpu) / len(bodies) * 1e6}


def measure(kind: str, seed: Path, *more: str) -> dict[str, Any]:
    """One run in a process and on a database of its own."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        shutil.copytree(seed, data)
        command = [sys.executable, "-m", "bench.deliveries", kind, "--data", str(data), *more]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, cwd=HERE.parent)
    seen: dict[str, Any] = json.loads(done.stdout)
    return seen


def run(rounds: int, seconds: float) -> list[Figure]:
    """The figures; a run lasts as long as its deliveries take, whatever `seconds` says."""
    port = free_port()
    url = f"http://127.0.0.1:{port}/webhook"
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(["-m", "bench.deliveries", "receiver", "--port", str(port)], port, "/"),
    ):
        seed = Path(folder) / "data"
        uvloop.run(prepare(seed, url))
        seen = interleave(
            {
                "dispatcher": lambda n: measure("dispatcher", seed),
                "client": lambda n: measure("client", seed, "--url", url),
            },
            rounds,
        )
    rates = {name: [one["rate"] for one in ones] for name, ones in seen.items()}
    return [
        Figure(
            "webhook deliveries/s / the client alone",
            ratio(rates["dispatcher"], rates["client"]),
            at_least=0.60,
        ),
        Figure("webhook deliveries", median(rates["dispatcher"]), "/s"),
        Figure("the client alone", median(rates["client"]), "/s"),
        Figure("CPU per delivery", median([one["cpu_us"] for one in seen["dispatcher"]]), "µs"),
        Figure(
            "CPU per request of the client alone", median([one["cpu_us"] for one in seen["client"]]), "µs"
        ),
    ]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=["receiver", "dispatcher", "client"])
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--data", type=Path, default=Path())
    parser.add_argument("--url", default="")
    given = parser.parse_args()
    if given.kind == "receiver":
        uvloop.run(receive(given.port))
    elif given.kind == "dispatcher":
        print(json.dumps(uvloop.run(dispatch(given.data))))
    else:
        print(json.dumps(uvloop.run(post(given.data, given.url))))


if __name__ == "__main__":
    main()
