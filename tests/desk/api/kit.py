"""The desk's API and its clients: every answer is held against the shape its route declares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import msgspec

from kidoku.desk.api.about import ABOUT
from kidoku.desk.api.paths import ROOT
from kidoku.desk.api.table import routes
from kidoku.http.json_api.problems import ErrorAnswer
from kidoku.http.json_api.routing import Routes
from tests.desk.kit import World

KEY = "a-key-for-programs"
ROUTES = Routes(ABOUT, routes())


@dataclass
class Client:
    """A program with the API key, or, with `key` None, a browser that keeps its cookies."""

    world: World
    key: str | None = KEY
    cookies: dict[str, str] = field(default_factory=dict)

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
        """What is answered, with the status that is expected; an error is its code, message and hint."""
        asked = self.world.session.request(
            method,
            f"{self.world.url}{ROOT}{path}",
            json=body,
            data=data,
            headers={**self.credentials, **(headers or {})},
            allow_redirects=False,
        )
        async with asked as answer:
            content = await answer.read()
            assert answer.status == status, (answer.status, content)
            self._keep_cookies(answer)
        if status >= 400:
            return msgspec.to_builtins(msgspec.json.decode(content, type=ErrorAnswer).error)
        route, _ = ROUTES.find(method, path.partition("?")[0])
        if route.gives is not None:
            msgspec.json.decode(content, type=route.gives)
        return msgspec.json.decode(content)

    @property
    def credentials(self) -> dict[str, str]:
        if self.key is not None:
            return {"Authorization": f"Bearer {self.key}"}
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}

    def _keep_cookies(self, answer: aiohttp.ClientResponse) -> None:
        for name, morsel in answer.cookies.items():
            if morsel.value:
                self.cookies[name] = morsel.value
            else:
                self.cookies.pop(name, None)

    async def get(self, path: str, status: int = 200) -> Any:
        return await self.call("GET", path, status=status)

    async def post(self, path: str, body: Any = None, status: int = 200) -> Any:
        return await self.call("POST", path, body, status)

    async def patch(self, path: str, body: Any = None, status: int = 200) -> Any:
        return await self.call("PATCH", path, body, status)

    async def delete(self, path: str, status: int = 200) -> Any:
        return await self.call("DELETE", path, status=status)

    async def refused(self, status: int, method: str, path: str, body: Any = None, **more: Any) -> str:
        """The code of the error that is answered."""
        return str((await self.call(method, path, body, status, **more))["code"])
