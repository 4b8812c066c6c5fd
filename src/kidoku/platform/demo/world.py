"""The demo account and its two users: made at first start, found again at every later one.

What the bot needs stands in a file of its own, as any bot keeps its credentials; the platform does not know which
account is the demo's.
"""

from __future__ import annotations

import json
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import aiohttp

from kidoku.platform.demo import bot

BASE = "/_kidoku/v1"
DISPLAY_NAME = "Kidoku Demo"
USERS = {"en": ("Alice", "Bob"), "ja": ("葵", "陽翔"), "th": ("มาลี", "ธนา"), "zh-TW": ("怡君", "家豪")}
"""Names of the two users by the language of their phones."""


@dataclass(frozen=True, slots=True)
class World:
    """The demo account with its credentials. `webhook` is the address that its bot had last."""

    account_id: str
    basic_id: str
    channel_secret: str
    channel_access_token: str
    webhook: str
    display_name: str = DISPLAY_NAME
    complete: bool = False


class Demo:
    """`state` is the file with the credentials, `listener` the bot's socket, `language` that of its users."""

    def __init__(
        self, state: Path, listener: socket.socket, control_key: str | None, language: str, **delays_s: float
    ) -> None:
        self._state = state
        self._listener = listener
        self._key = control_key
        self._language = language
        self._delays_s = delays_s
        host, port = listener.getsockname()[:2]
        self._webhook = f"http://{host}:{port}{bot.PATH}"

    @asynccontextmanager
    async def running(self, base_url: str) -> AsyncIterator[World]:
        """The demo on the platform at `base_url`, with its bot at work. Raises aiohttp.ClientError."""
        headers = {"Authorization": f"Bearer {self._key}"} if self._key else {}
        async with aiohttp.ClientSession(base_url, headers=headers, raise_for_status=True) as control:
            world = await self._find(control) or await self._make(control)
            async with bot.serving(
                self._listener, base_url, world.channel_secret, world.channel_access_token, **self._delays_s
            ):
                yield world if world.complete else await self._add_users(control, world)

    async def _find(self, control: aiohttp.ClientSession) -> World | None:
        """The demo of an earlier start, its webhook led to where the bot is now; None when there is none."""
        world = self._load()
        if world is None:
            return None
        path = f"{BASE}/accounts/{world.account_id}/settings"
        async with control.get(path, raise_for_status=False) as answer:
            if answer.status == aiohttp.web.HTTPNotFound.status_code:
                return None
            answer.raise_for_status()
            current = (await answer.json()).get("webhook")
        # Somebody who pointed the account at a bot of their own keeps it there.
        if current != world.webhook:
            return world
        await control.patch(path, json={"webhook": self._webhook})
        return self._save(replace(world, webhook=self._webhook))

    async def _make(self, control: aiohttp.ClientSession) -> World:
        body = {"displayName": DISPLAY_NAME, "webhook": self._webhook, "useWebhook": True, "chat": True}
        made = await post(control, "/accounts", body)
        return self._save(
            World(
                account_id=made["accountId"],
                basic_id=made["basicId"],
                channel_secret=made["channelSecret"],
                channel_access_token=made["channelAccessToken"],
                webhook=self._webhook,
            )
        )

    async def _add_users(self, control: aiohttp.ClientSession, world: World) -> World:
        """Two users who follow the account. The bot runs by now, as following sends it a webhook."""
        for name in USERS.get(self._language, USERS["en"]):
            user = await post(control, "/users", {"displayName": name, "language": self._language})
            await post(control, f"/users/{user['userId']}/friends", {"accountId": world.account_id})
        return self._save(replace(world, complete=True))

    def _load(self) -> World | None:
        try:
            return World(**json.loads(self._state.read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def _save(self, world: World) -> World:
        """Keep the world where only this user can read it, whole or not at all."""
        fresh = self._state.with_suffix(".new")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(asdict(world), file)
        fresh.replace(self._state)
        return world


async def post(control: aiohttp.ClientSession, path: str, body: dict[str, Any]) -> dict[str, Any]:
    async with control.post(BASE + path, json=body) as answer:
        made: dict[str, Any] = await answer.json()
        return made
