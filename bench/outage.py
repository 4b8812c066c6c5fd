"""LINE comes back after an outage: a hundred thousand marks are due in ten thousand chats, and each is called for once.

Usage, by itself: python -m bench.outage --port P, a LINE that answers 503 to the first calls.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import sqlite3
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, cast

import uvloop

from bench.kit import Figure, free_port, median, serving
from kidoku.desk.config import DeskConfig
from kidoku.desk.runtime import Desk
from kidoku.desk.store.channels import ChannelSettings, add_channel

CHATS = 10_000
DEPTH = 10
"""Marks that were asked for in each chat while LINE was down: the newest is due, the others it has superseded."""
REFUSED = DeskConfig().mark_concurrency
"""Calls until LINE is back: as many as are under way at once, so that the desk takes LINE to be down."""
RATE = DeskConfig().mark_rate_per_s
LOOK_S = 0.1
GIVE_UP_S = 300.0

OK = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}"
DOWN = b"HTTP/1.1 503 Service Unavailable\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}"


# -- LINE, a process of its own


class Line(asyncio.Protocol):
    """One connection; `taken` are the times and bodies of the calls that were answered 200, in order."""

    refused: ClassVar[int] = 0
    taken: ClassVar[list[tuple[float, bytes]]] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._waiting = b""

    def data_received(self, data: bytes) -> None:
        data = self._waiting + data
        head, found, body = data.partition(b"\r\n\r\n")
        size = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
        if not found or len(body) < size:
            self._waiting = data
            return
        self._waiting = b""
        self._transport.write(self._answer(head, body))

    def _answer(self, head: bytes, body: bytes) -> bytes:
        if head.startswith(b"GET"):
            told = json.dumps(self._seen()).encode()
            return b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%s" % (len(told), told)
        if Line.refused < REFUSED:
            Line.refused += 1
            return DOWN
        Line.taken.append((time.perf_counter(), body))
        return OK

    def _seen(self) -> dict[str, float]:
        times = [at for at, _ in Line.taken]
        return {
            "calls": len(times),
            "tokens": len({body for _, body in Line.taken}),
            "busiest": max(in_a_second(times), default=0),
            "seconds": times[-1] - times[0] if times else 0.0,
        }


def in_a_second(times: list[float]) -> Iterator[int]:
    """How many calls came in the second that ends with each of them."""
    first = 0
    for last, at in enumerate(times):
        while times[first] <= at - 1.0:
            first += 1
        yield last - first + 1


async def be_line(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(Line, "127.0.0.1", port)
    await server.serve_forever()


# -- a desk after the outage


async def make_desk(data: Path, line: str) -> None:
    desk = await Desk.open(DeskConfig(data_dir=data))
    await desk.apply(add_channel, "shop", "Shop", "secret", "token", ChannelSettings(), desk.now, line, line)
    now = desk.now
    await desk.close()
    await asyncio.to_thread(fill, DeskConfig(data_dir=data).database_path, now - CHATS * DEPTH)


def fill(path: Path, start: int) -> None:
    """Chats, their messages, and the marks as asking for each of them leaves them."""
    numbers = range(CHATS * DEPTH)
    with closing(sqlite3.connect(path)) as db, db:
        db.executemany(
            "INSERT INTO chats (chat_id, channel_id, peer_kind, peer_id, created_at, last_at)"
            " VALUES (?, 1, 'user', ?, ?, ?)",
            ((chat, f"U{chat:032x}", start, start) for chat in range(1, CHATS + 1)),
        )
        db.executemany(
            "INSERT INTO messages (chat_id, message_key, at, place, direction, type, body, text, token)"
            " VALUES (?, ?, ?, ?, 'in', 'text', '{}', 'hi', ?)",
            ((n % CHATS + 1, str(n + 1), start + n, n + 1, f"token-{n + 1}") for n in numbers),
        )
        db.executemany(
            "INSERT INTO marks (mark_id, channel_id, chat_id, form, token, at, place, occasion, by, asked_at, due_at,"
            " next_at, state, superseded_by) VALUES (?, 1, ?, 'token', ?, ?, ?, 'received', 'policy', ?, ?, ?, ?, ?)",
            (
                (n + 1, n % CHATS + 1, f"token-{n + 1}", start + n, n + 1, *[start + n] * 3, *state_of(n))
                for n in numbers
            ),
        )


def state_of(number: int) -> tuple[str, int | None]:
    """Of a mark: due, or superseded by the next one of its chat."""
    return ("due", None) if number >= CHATS * (DEPTH - 1) else ("superseded", number + CHATS + 1)


@dataclass(frozen=True)
class Recovery:
    """`calls`, `tokens`, `busiest` second and `seconds` as LINE saw them; `left` marks that are still open."""

    calls: int
    tokens: int
    busiest: int
    seconds: float
    left: int
    read: int
    """Chats that are Read up to their last message."""


LEFT = "SELECT count(*) FROM marks WHERE state NOT IN ('confirmed', 'superseded')"
READ = """
SELECT count(*) FROM chats WHERE read_place = (SELECT max(place) FROM messages WHERE chat_id = chats.chat_id)
"""


def recover(seed: Path, port: int) -> Recovery:
    """Start LINE and a desk on a copy of the data, and wait until nothing is due any more."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        shutil.copytree(seed, data)
        own = free_port()
        desk = ["-m", "bench.servers", "desk", "--port", str(own), "--data", str(data)]
        with (
            serving(["-m", "bench.outage", "--port", str(port)], port, "/") as line,
            serving(desk, own),
            closing(sqlite3.connect(DeskConfig(data_dir=data).database_path)) as db,
        ):
            left = wait_for_the_end(db)
            with urllib.request.urlopen(line.url, timeout=10) as answer:
                seen = json.load(answer)
            return Recovery(**seen, left=left, read=db.execute(READ).fetchone()[0])


def wait_for_the_end(db: sqlite3.Connection) -> int:
    """How many marks are open when there are none left, or after a long time."""
    end = time.perf_counter() + GIVE_UP_S
    while (left := int(db.execute(LEFT).fetchone()[0])) and time.perf_counter() < end:
        time.sleep(LOOK_S)
    return left


def run(rounds: int, seconds: float) -> list[Figure]:
    """The figures; a run lasts as long as its marks take, whatever `seconds` says."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        seed = Path(folder) / "data"
        asyncio.run(make_desk(seed, f"http://127.0.0.1:{port}"))
        seen = [recover(seed, port) for _ in range(rounds)]
    return [
        Figure("calls to LINE for 100,000 marks", max(one.calls for one in seen), "", at_most=CHATS),
        Figure("marks that stayed open", max(one.left for one in seen), "", at_most=0),
        Figure("chats that are Read", min(one.read for one in seen), "", at_least=CHATS),
        Figure("most calls in a second", max(one.busiest for one in seen), "/s", at_most=RATE),
        Figure("calls", median([one.calls / one.seconds for one in seen]), "/s"),
        Figure("until all are Read", median([one.seconds for one in seen]), "s"),
    ]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    uvloop.run(be_line(parser.parse_args().port))


if __name__ == "__main__":
    main()
