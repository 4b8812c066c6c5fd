"""The first page of the inbox: with a hundred thousand chats against with a hundred, over HTTP."""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
import time
from contextlib import AsyncExitStack, closing
from pathlib import Path

import aiohttp

from bench.kit import Figure, median, ratio
from kidoku.desk.app import running
from kidoku.desk.config import DeskConfig
from kidoku.desk.store.channels import ChannelSettings, add_channel
from kidoku.desk.store.inbox import FILTERS

KEY = "bench"
CHANNELS = 3
SMALL = (100, 1_000)
LARGE = (100_000, 1_000_000)
"""Chats and messages."""
TEXTS = [
    "Is my order on its way? No {}",
    "注文番号{}について教えてください",
    "ขอทราบสถานะคำสั่งซื้อ {}",
    "請問訂單{}到哪裡了",
]
FILTERS_ASKED = [one for one in FILTERS if one != "mine"]  # nobody's, for a program
SEARCHES = ["order", "注文番号"]
CALLS = 15
"""Requests of one kind in a round; their median counts."""


def seed(path: Path, chats: int, messages: int) -> None:
    """Fill a desk's database in bulk. The index of words is built at the end: far faster than row by row."""
    with closing(sqlite3.connect(path)) as db, db:
        triggers = db.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN ('chats', 'messages')"
        ).fetchall()
        for name, _ in triggers:
            db.execute(f"DROP TRIGGER {name}")
        db.executemany(
            "INSERT INTO chats (chat_id, channel_id, peer_kind, peer_id, display_name, state, last_at,"
            " last_message_key, unseen, waiting_since, created_at) VALUES (?, ?, 'user', ?, ?, ?, ?, ?, ?, ?, 0)",
            (
                (
                    number,
                    number % CHANNELS + 1,
                    f"U{number:032x}",
                    f"Customer {number}",
                    "resolved" if number % 5 == 0 else "open",
                    1_000 * (messages - chats + number),
                    str(messages - chats + number),
                    number % 2,
                    1 if number % 3 else None,
                )
                for number in range(1, chats + 1)
            ),
        )
        db.executemany(
            "INSERT INTO messages (chat_id, message_key, at, place, direction, type, body, text)"
            " VALUES (?, ?, ?, ?, 'in', 'text', '{}', ?)",
            (
                (
                    number % chats + 1,
                    str(number + 1),
                    1_000 * (number + 1),
                    number + 1,
                    TEXTS[number % 4].format(number),
                )
                for number in range(messages)
            ),
        )
        for index in ("message_words", "name_words"):
            db.execute(f"INSERT INTO {index} ({index}) VALUES ('rebuild')")
        for _, sql in triggers:
            db.execute(sql)


async def seeded(folder: Path, size: tuple[int, int]) -> DeskConfig:
    config = DeskConfig(port=0, data_dir=folder, api_key=KEY)
    async with running(config) as (desk, _):
        for number in range(CHANNELS):
            made = (f"c{number}", f"Channel {number}", "secret", "token", ChannelSettings())
            await desk.apply(add_channel, *made, desk.now)
    await asyncio.to_thread(seed, config.database_path, *size)
    return config


async def first_page(session: aiohttp.ClientSession, url: str) -> float:
    """Milliseconds of one page."""
    begun = time.perf_counter()
    async with session.get(url, headers={"Authorization": f"Bearer {KEY}"}) as answer:
        await answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{answer.status}: {await answer.text()}")
    return (time.perf_counter() - begun) * 1_000


async def measure(rounds: int) -> dict[str, dict[str, list[float]]]:
    """Milliseconds of each kind of page, by size, one median per round."""
    kinds = {name: f"?filter={name}" for name in FILTERS_ASKED} | {
        f"q={word}": f"?q={word}" for word in SEARCHES
    }
    seen: dict[str, dict[str, list[float]]] = {kind: {"small": [], "large": []} for kind in kinds}
    with tempfile.TemporaryDirectory() as folder:
        async with AsyncExitStack() as stack:
            session = await stack.enter_async_context(aiohttp.ClientSession())
            urls = {}
            for size, numbers in {"small": SMALL, "large": LARGE}.items():
                config = await seeded(Path(folder) / size, numbers)
                _, serving = await stack.enter_async_context(running(config))
                urls[size] = f"{serving.url}/api/v1/chats"
            for _ in range(rounds):
                for kind, query in kinds.items():
                    for size, url in urls.items():
                        times = [await first_page(session, url + query) for _ in range(CALLS)]
                        seen[kind][size].append(median(times))
    return seen


def run(rounds: int, seconds: float) -> list[Figure]:
    figures = []
    for kind, by_size in asyncio.run(measure(rounds)).items():
        large, small = by_size["large"], by_size["small"]
        name = f"first page, {kind}: a million messages / a thousand"
        searches = kind.startswith("q=")
        # What a search finds grows with what there is, up to its bound: told, but held to no bar.
        bar = None if searches else 3.0
        figures.append(
            Figure(
                name, ratio(large, small), at_most=bar, note=f"{median(small):.1f} → {median(large):.1f} ms"
            )
        )
    return figures
