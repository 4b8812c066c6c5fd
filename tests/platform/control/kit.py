"""A running control API and its client: every answer is held against the shape its route declares."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
import msgspec

from kidoku.http.json_api.problems import ErrorAnswer
from kidoku.http.json_api.routing import Routes
from kidoku.http.server import RunningServer
from kidoku.platform.control.about import ABOUT
from kidoku.platform.control.paths import ROOT
from kidoku.platform.control.table import routes
from kidoku.platform.runtime import Platform
from kidoku.storage.clock import ManualClock

NOW = 1_763_800_000_000

Json = dict[str, Any]


class Control:
    """The client of a test. `call` names the status it expects."""

    def __init__(
        self, platform: Platform, clock: ManualClock, server: RunningServer, http: aiohttp.ClientSession
    ) -> None:
        self.platform = platform
        self.clock = clock
        self.server = server
        self.http = http
        self.cursor = ""
        self._routes = Routes(ABOUT, routes())

    async def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        status: int = 200,
        *,
        data: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        asked = self.http.request(
            method, f"{self.server.url}{ROOT}{path}", json=body, data=data, headers=headers
        )
        async with asked as answer:
            content = await answer.read()
            assert answer.status == status, (answer.status, content)
            self.cursor = answer.headers["X-Kidoku-Cursor"]
            if answer.content_type != "application/json":
                return content
        self._check(method, path, status, content)
        return json.loads(content)

    def _check(self, method: str, path: str, status: int, content: bytes) -> None:
        if status >= 400:
            error = msgspec.json.decode(content, type=ErrorAnswer, strict=True).error
            assert error.code
            assert error.message
            assert error.hint, f"{error.code} does not say what to do"
            return
        route, _ = self._routes.find(method, path.partition("?")[0])
        if route.gives is not None:
            shaped = msgspec.json.decode(content, type=route.gives)
            # Nothing is answered that the shape doesn't name.
            assert json.loads(msgspec.json.encode(shaped)) == json.loads(content)

    async def get(self, path: str, status: int = 200) -> Any:
        return await self.call("GET", path, status=status)

    async def post(self, path: str, body: Any = None, status: int = 200) -> Any:
        return await self.call("POST", path, body, status)

    async def patch(self, path: str, body: Any, status: int = 200) -> Any:
        return await self.call("PATCH", path, body, status)

    async def delete(self, path: str, status: int = 200) -> Any:
        return await self.call("DELETE", path, status=status)

    async def error(self, method: str, path: str, body: Any = None, status: int = 400) -> str:
        """The code of a refusal."""
        answer = await self.call(method, path, body, status)
        code: str = answer["error"]["code"]
        return code

    # -- the world

    async def account(self, **fields: Any) -> Json:
        made: Json = await self.post("/accounts", {"displayName": "Bot", **fields})
        return made

    async def user(self, name: str = "Ann", **fields: Any) -> str:
        made = await self.post("/users", {"displayName": name, **fields})
        user_id: str = made["userId"]
        return user_id

    async def friend(self, account_id: str, name: str = "Ann") -> str:
        user_id = await self.user(name)
        await self.post(f"/users/{user_id}/friends", {"accountId": account_id})
        return user_id

    async def say(
        self, user_id: str, peer_id: str, text: str = "hi", status: int = 200, **fields: Any
    ) -> Json:
        body = {"type": "text", "text": text, **fields}
        sent: Json = await self.post(f"/users/{user_id}/chats/{peer_id}/messages", body, status)
        return sent

    async def screen(self, user_id: str, peer_id: str) -> list[Json]:
        """The messages on a phone."""
        messages: list[Json] = (await self.get(f"/users/{user_id}/chats/{peer_id}"))["messages"]
        return messages

    async def webhooks(self, account_id: str) -> list[Json]:
        """The events in the outbox of an account, oldest first."""
        page = await self.get(f"/deliveries?accountId={account_id}&limit=200")
        found: list[Json] = []
        for one in reversed(page["deliveries"]):
            detail = await self.get(f"/deliveries/{one['deliveryId']}")
            found += detail["requestBody"]["events"]
        return found


@dataclass
class World:
    """An account with Chat on and a friend of it."""

    control: Control
    account: Json
    user_id: str

    @property
    def account_id(self) -> str:
        account_id: str = self.account["accountId"]
        return account_id

    @property
    def chat(self) -> str:
        return f"/users/{self.user_id}/chats/{self.account_id}"

    @property
    def desk(self) -> str:
        return f"/chats/{self.account_id}/{self.user_id}"
