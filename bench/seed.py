"""A data folder with many chats and a backlog, written in bulk, and the read tokens to mark them with."""

from __future__ import annotations

import asyncio
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from kidoku.core.settings import AccountSettings
from kidoku.platform.config import PlatformConfig
from kidoku.platform.runtime import Platform
from kidoku.platform.store.accounts import create_account

DEPTH = 80
"""Messages per chat: so many true advances each."""


@dataclass(frozen=True)
class Seeded:
    data: Path
    tokens: Path
    count: int
    """How many tokens there are."""
    access_token: str
    channel_id: int
    account_id: str


def user_id(number: int) -> str:
    return f"U{number:032x}"


async def seed(
    folder: Path, chats: int, *, tokens: int, depth: int, stride: int, webhook: str | None
) -> Seeded:
    """`chats` one-to-one chats with `depth` unread messages each, and `tokens` tokens, every `stride`th seq."""
    platform = await Platform.open(PlatformConfig(data_dir=folder))
    made = await platform.apply(
        create_account, None, "Benchmark", AccountSettings(chat=True, webhook=webhook), platform.env()
    )
    of = made.account
    file = folder / "tokens.txt"
    with file.open("w") as out:
        for number in range(tokens):
            seq, chat_id = divmod(number, chats)
            out.write(platform.seal.read_token(of.channel_id, chat_id + 1, (seq + 1) * stride) + "\n")
    await platform.close()
    fill(folder / "kidoku.db", of.channel_id, of.provider_id, chats, depth)
    return Seeded(folder, file, tokens, made.channel_access_token, of.channel_id, of.account_id)


def fill(path: Path, channel_id: int, provider_id: int, chats: int, depth: int) -> None:
    driver = sqlite3.connect(path)
    driver.execute("PRAGMA synchronous = OFF")
    driver.executemany(
        "INSERT INTO users (provider_id, user_id, display_name, created_at) VALUES (?, ?, 'User', 0)",
        ((provider_id, user_id(n)) for n in range(1, chats + 1)),
    )
    driver.executemany(
        "INSERT INTO chats (channel_id, chat_id, peer_kind, peer_id, created_at) VALUES (?, ?, 'user', ?, 0)",
        ((channel_id, n, user_id(n)) for n in range(1, chats + 1)),
    )
    driver.executemany(
        "INSERT INTO watermarks (chat_id, channel_id, last_seq) VALUES (?, ?, ?)",
        ((n, channel_id, depth) for n in range(1, chats + 1)),
    )
    driver.commit()
    driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    driver.close()


def seeded(
    folder: Path, chats: int, *, tokens: int, depth: int = DEPTH, stride: int = 1, webhook: str | None = None
) -> Seeded:
    return asyncio.run(seed(folder, chats, tokens=tokens, depth=depth, stride=stride, webhook=webhook))
