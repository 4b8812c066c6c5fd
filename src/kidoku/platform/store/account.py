"""An Official Account as the store knows it, read by hand: it is part of every start and of every message."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import msgspec

from kidoku.core.settings import AccountSettings, ReadMode, read_mode
from kidoku.storage.refused import Missing
from kidoku.storage.sqlite import raw

if TYPE_CHECKING:
    import sqlalchemy as sa

decode_settings = lru_cache(4096)(msgspec.json.Decoder(AccountSettings).decode)
"""Settings are frozen and few differ, so that one decoded object serves every read of the same bytes."""


@dataclass(frozen=True, slots=True)
class Account:
    """An Official Account and its Messaging API channel."""

    channel_id: int
    provider_id: int
    account_id: str
    basic_id: str
    display_name: str
    picture_url: str | None
    status_message: str | None
    channel_secret: str
    settings: AccountSettings
    failing_since: int | None
    created_at: int
    mode: ReadMode = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "mode", read_mode(self.settings.chat, self.settings.option))


COLUMNS = (
    "channel_id",
    "provider_id",
    "account_id",
    "basic_id",
    "display_name",
    "picture_url",
    "status_message",
    "channel_secret",
    "settings",
    "failing_since",
    "created_at",
)
SELECT = f"SELECT {', '.join(COLUMNS)} FROM accounts "  # noqa: S608 - our own column names


def to_account(row: Any) -> Account:
    (
        channel_id,
        provider_id,
        account_id,
        basic_id,
        name,
        picture,
        status,
        secret,
        settings,
        failing,
        created,
    ) = row
    decoded = decode_settings(settings)
    return Account(
        channel_id,
        provider_id,
        account_id,
        basic_id,
        name,
        picture,
        status,
        secret,
        decoded,
        failing,
        created,
    )


def account(conn: sa.Connection, channel_id: int) -> Account:
    """The account of a channel. Raises Missing."""
    row = raw(conn).execute(SELECT + "WHERE channel_id = ?", (channel_id,)).fetchone()
    if row is None:
        raise Missing("account_not_found", "There is no such Official Account.")
    return to_account(row)


def all_accounts(driver: sqlite3.Connection) -> list[Account]:
    """Every account of every provider, oldest first: what the directory is filled from at start."""
    return [to_account(row) for row in driver.execute(SELECT + "ORDER BY created_at")]
