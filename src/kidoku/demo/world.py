"""The demo's accounts and users: made at first start, found again at every later one."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

from kidoku.demo import bot, kept
from kidoku.demo.kept import Account, World
from kidoku.demo.phrases import phrases
from kidoku.demo.team import Team

BASE = "/_kidoku/v1"
BOT_NAME = "Kidoku Demo"
PEOPLE_NAME = "Kidoku Support"
USERS = {"en": ("Alice", "Bob"), "ja": ("葵", "陽翔"), "th": ("มาลี", "ธนา"), "zh-TW": ("怡君", "家豪")}
"""Names of the two users by the language of their phones."""


class Demo:
    """`state` is the file with the world, `listener` the bot's socket, `language` that of the users; `team` is the desk
    behind the account of the people, if there is one.
    """

    def __init__(
        self,
        state: Path,
        listener: socket.socket,
        control_key: str | None,
        language: str,
        team: Team | None = None,
        **delays_s: float,
    ) -> None:
        self._state = state
        self._listener = listener
        self._key = control_key
        self._language = language
        self._team = team
        self._delays_s = delays_s
        host, port = listener.getsockname()[:2]
        self._webhook = f"http://{host}:{port}{bot.PATH}"

    @asynccontextmanager
    async def running(self, base_url: str) -> AsyncIterator[list[Account]]:
        """The demo on the platform at `base_url`, with its bot at work: its accounts. Raises aiohttp.ClientError."""
        headers = {"Authorization": f"Bearer {self._key}"} if self._key else {}
        async with aiohttp.ClientSession(base_url, headers=headers, raise_for_status=True) as control:
            platform = Platform(control, self._state)
            world = platform.world
            world.bot = await platform.found(world.bot)
            if (
                world.bot is None
            ):  # the first start, or another database: whoever was in it is not in this one
                world = platform.world = World()
                world.bot = await platform.make_account(BOT_NAME, self._language)
            answering = world.bot
            secret, token = answering.channel_secret, answering.channel_access_token
            async with bot.serving(self._listener, base_url, secret, token, **self._delays_s):
                await platform.lead(answering, self._webhook)
                await platform.befriend(answering, self._language)
                accounts = [answering]
                if self._team is not None:
                    accounts.append(await self._people(platform, self._team, base_url))
                yield accounts

    async def _people(self, platform: Platform, team: Team, base_url: str) -> Account:
        """The account that people answer, connected to their desk, with a first message that waits for them."""
        world = platform.world
        world.people = await platform.found(world.people)
        if world.people is None:
            world.people = await platform.make_account(PEOPLE_NAME, self._language)
        webhook = await team.connect(world, world.people, base_url)
        await platform.lead(world.people, webhook)
        if not world.people.has_friends:
            await platform.befriend(world.people, self._language)
            text = {"type": "text", "text": phrases(self._language).first_question}
            user_id, account_id = world.users[0], world.people.account_id
            await platform.post(f"/users/{user_id}/chats/{account_id}/messages", text)
        return world.people


class Platform:
    """The platform as the demo calls it. What is made is kept at once."""

    def __init__(self, control: aiohttp.ClientSession, state: Path) -> None:
        self._control = control
        self._state = state
        self.world = kept.load(state)

    async def found(self, account: Account | None) -> Account | None:
        """`account` if the platform has it still."""
        if account is None:
            return None
        async with self._control.get(settings_of(account), raise_for_status=False) as answer:
            if answer.status == aiohttp.web.HTTPNotFound.status_code:
                return None
            answer.raise_for_status()
        return account

    async def make_account(self, display_name: str, language: str) -> Account:
        made = await self.post("/accounts", {"displayName": display_name, "useWebhook": True, "chat": True})
        account = Account(
            account_id=made["accountId"],
            basic_id=made["basicId"],
            display_name=display_name,
            channel_secret=made["channelSecret"],
            channel_access_token=made["channelAccessToken"],
        )
        greeting = {"greeting": {"text": phrases(language).greeting}}
        async with self._control.patch(settings_of(account), json=greeting):
            return account

    async def lead(self, account: Account, webhook: str) -> None:
        """Lead the account's webhooks to where its server is now. Somebody who pointed it at a bot of their own keeps
        it there.
        """
        async with self._control.get(settings_of(account)) as answer:
            current = (await answer.json())["webhook"]
        if current == account.webhook and current != webhook:
            async with self._control.patch(settings_of(account), json={"webhook": webhook}):
                account.webhook = webhook
        self.save()

    async def befriend(self, account: Account, language: str) -> None:
        """Let the users follow the account. Its server runs by now, as following sends it a webhook."""
        if account.has_friends:
            return
        if not self.world.users:
            for name in USERS.get(language, USERS["en"]):
                user = await self.post("/users", {"displayName": name, "language": language})
                self.world.users.append(user["userId"])
        for user_id in self.world.users:
            await self.post(f"/users/{user_id}/friends", {"accountId": account.account_id})
        account.has_friends = True
        self.save()

    async def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        async with self._control.post(BASE + path, json=body) as answer:
            made: dict[str, Any] = await answer.json()
            return made

    def save(self) -> None:
        kept.save(self._state, self.world)


def settings_of(account: Account) -> str:
    return f"{BASE}/accounts/{account.account_id}/settings"
