"""What the demo remembers from start to start: the credentials that any bot keeps, and who is in it.

The platform does not know which accounts are the demo's.
"""

from __future__ import annotations

import os
from pathlib import Path

import msgspec
from msgspec import Struct, field


class Account(Struct):
    """An Official Account with its credentials. `webhook` is the address that the demo gave it last."""

    account_id: str
    basic_id: str
    display_name: str
    channel_secret: str
    channel_access_token: str
    webhook: str | None = None
    has_friends: bool = False


class World(Struct):
    """`channel_key` names the account of the people in the desk; `platform_url` is the address given to it last."""

    bot: Account | None = None
    people: Account | None = None
    users: list[str] = field(default_factory=list)
    channel_key: str | None = None
    platform_url: str | None = None


def load(file: Path) -> World:
    """The world of an earlier start; an empty one where there is none that can be read."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=World)
    except (OSError, msgspec.MsgspecError):
        return World()


def save(file: Path, world: World) -> None:
    """Keep the world where only this user can read it, whole or not at all."""
    fresh = file.with_suffix(".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as kept:
        kept.write(msgspec.json.encode(world))
    fresh.replace(file)
