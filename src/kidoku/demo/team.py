"""The desk behind the demo's account that people answer."""

from __future__ import annotations

import secrets
from typing import Any

import aiohttp

from kidoku.demo.kept import Account, World

BASE = "/api/v1"
LOGIN = "demo"
PASSWORD_BYTES = 24


class Team:
    """A running desk at `url`, called with its API key."""

    def __init__(self, url: str, api_key: str) -> None:
        self._url = url
        self._key = api_key

    async def agent(self, display_name: str) -> int:
        """The demo's agent, made if there is none: an admin with a password that nobody knows, for whom only a door
        can open. Raises aiohttp.ClientError.
        """
        async with self._session() as desk:
            for one in (await get(desk, "/agents"))["agents"]:
                if one["login"] == LOGIN:
                    return int(one["agentId"])
            body = {
                "login": LOGIN,
                "name": display_name,
                "role": "admin",
                "password": secrets.token_urlsafe(PASSWORD_BYTES),
            }
            return int((await post(desk, "/agents", body))["agentId"])

    async def connect(self, world: World, account: Account, platform_url: str) -> str:
        """Let the desk serve the account: the webhook URL for it. Raises aiohttp.ClientError."""
        async with self._session() as desk:
            channels = {one["channelKey"]: one for one in (await get(desk, "/channels"))["channels"]}
            channel = channels.get(world.channel_key or "")
            if channel is None:
                channel = await post(desk, "/channels", new_channel(account, platform_url))
            elif channel["apiBaseUrl"] == world.platform_url != platform_url:
                await patch(desk, f"/channels/{channel['channelKey']}", addresses(platform_url))
        world.channel_key, world.platform_url = channel["channelKey"], platform_url
        return f"{self._url}{channel['webhookPath']}"

    def _session(self) -> aiohttp.ClientSession:
        headers = {"Authorization": f"Bearer {self._key}"}
        return aiohttp.ClientSession(self._url, headers=headers, raise_for_status=True)


def new_channel(account: Account, platform_url: str) -> dict[str, Any]:
    return {
        "name": account.display_name,
        "channelSecret": account.channel_secret,
        "channelAccessToken": account.channel_access_token,
        **addresses(platform_url),
    }


def addresses(platform_url: str) -> dict[str, str]:
    return {"apiBaseUrl": platform_url, "dataApiBaseUrl": platform_url}


async def get(desk: aiohttp.ClientSession, path: str) -> Any:
    async with desk.get(BASE + path) as answer:
        return await answer.json()


async def post(desk: aiohttp.ClientSession, path: str, body: dict[str, Any]) -> Any:
    async with desk.post(BASE + path, json=body) as answer:
        return await answer.json()


async def patch(desk: aiohttp.ClientSession, path: str, body: dict[str, Any]) -> None:
    async with desk.patch(BASE + path, json=body):
        pass
