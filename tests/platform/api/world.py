"""A platform whose Messaging API answers on a real port, with one account and people."""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

import aiohttp

from kidoku.core.settings import AccountSettings
from kidoku.live.bus import Subscription
from kidoku.platform.media import media_path
from kidoku.platform.runtime import Platform
from kidoku.platform.store import friends, groups
from kidoku.platform.store.account import Account
from kidoku.platform.store.accounts import create_account
from kidoku.platform.store.send import Content, Sent, send_user_message
from kidoku.platform.store.settings import change_settings
from kidoku.platform.store.users import create_user
from kidoku.storage.clock import ManualClock

START = 1_763_800_000_000
"""2025-11-22 17:26:40 in Japan."""
DAY = "20251122"

HI = [{"type": "text", "text": "hi"}]


def explained_causes() -> set[str]:
    """The causes of refusals that the Manager has words for."""
    page = files("kidoku.platform").joinpath("pages/static/manager/refusals.js").read_text("utf-8")
    return set(re.findall(r"^  (\w+): \(\) =>", page, re.M))


@dataclass
class Answer:
    status: int
    body: bytes
    headers: Mapping[str, str]

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Bot:
    """An account and how it calls the API."""

    world: World
    channel_id: int
    token: str

    @property
    def account(self) -> Account:
        return self.world.platform.directory.by_channel[self.channel_id]

    async def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        expect: int = 200,
        headers: dict[str, str] | None = None,
        token: str | None = None,
    ) -> Answer:
        """A request with the bot's token; `body` is JSON, or bytes as they are."""
        sent = {"Authorization": f"Bearer {token or self.token}"}
        if isinstance(body, bytes):
            data: bytes | None = body
        else:
            data = None if body is None else json.dumps(body).encode()
            if data is not None:
                sent["Content-Type"] = "application/json"
        return await self.world.request(method, path, data, expect=expect, headers=sent | (headers or {}))

    async def post(self, path: str, body: Any = None, *, expect: int = 200, **headers: str) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.call("POST", path, body, expect=expect, headers=named)

    async def get(self, path: str, *, expect: int = 200) -> Answer:
        return await self.call("GET", path, expect=expect)

    async def change(self, **changes: Any) -> None:
        platform = self.world.platform
        await platform.apply(change_settings, self.channel_id, changes, platform.env())

    async def calls(self) -> list[Any]:
        """The log of calls, newest first."""
        return await self.world.platform.calls.recent(self.account, 100)


@dataclass
class World:
    platform: Platform
    clock: ManualClock
    url: str
    http: aiohttp.ClientSession
    events: Subscription = field(init=False)

    def __post_init__(self) -> None:
        self.events = self.platform.bus.subscribe(None)

    async def request(
        self,
        method: str,
        path: str,
        data: Any = None,
        *,
        expect: int,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        large = isinstance(data, bytes) and len(data) > 100_000
        async with self.http.request(
            method, self.url + path, data=io.BytesIO(data) if large else data, headers=headers
        ) as response:
            answer = Answer(response.status, await response.read(), response.headers)
        assert answer.status == expect, (answer.status, answer.body)
        return answer

    async def form(self, path: str, fields: Mapping[str, str], expect: int = 200) -> Answer:
        """A request to one of the endpoints for channel access tokens."""
        return await self.request("POST", path, fields, expect=expect)

    async def bot(self, provider_id: int | None = None, **settings: Any) -> Bot:
        wanted = AccountSettings(webhook="http://127.0.0.1:9/webhook", **settings)
        made = await self.platform.apply(create_account, provider_id, "Shop", wanted, self.platform.env())
        return Bot(self, made.account.channel_id, made.channel_access_token)

    async def user(self, name: str = "Mika", **of: Any) -> str:
        made = await self.platform.apply(create_user, None, name, self.platform.env(), **of)
        return made.user_id

    async def friend(self, bot: Bot, name: str = "Mika", **of: Any) -> str:
        user_id = await self.user(name, **of)
        await self.platform.apply(friends.follow, bot.channel_id, user_id, self.platform.env())
        return user_id

    async def block(self, bot: Bot, user_id: str) -> None:
        await self.platform.apply(friends.block, bot.channel_id, user_id, self.platform.env())

    async def say(
        self, bot: Bot, user_id: str, body: dict[str, Any] | None = None, peer: str = "", content: Any = None
    ) -> Sent:
        """A user writes to the account, in the group `peer` if named."""
        kind: Any = {"": "user", "C": "group", "R": "room"}[peer[:1]]
        return await self.platform.apply(
            send_user_message,
            bot.channel_id,
            kind,
            peer or user_id,
            user_id,
            body or {"type": "text", "text": "hello"},
            self.platform.env(),
            content=content,
        )

    async def group(self, bot: Bot, *user_ids: str, kind: Any = "group") -> str:
        await bot.change(joinGroups=True)
        made = await self.platform.apply(
            groups.create_group, None, kind, "Lunch", user_ids, bot.channel_id, self.platform.env()
        )
        return made.group_id

    def reply_token(self) -> str:
        """The reply token of the newest message event in the outbox."""
        return str(self.deliveries[-1]["events"][-1]["replyToken"])

    @property
    def deliveries(self) -> list[dict[str, Any]]:
        return self.platform.queued  # type: ignore[attr-defined,no-any-return]

    def messages_to(self, peer_id: str) -> list[dict[str, Any]]:
        """What the Official Account has sent to a user or group so far, from the live events."""
        return [
            dict(one.data)
            for one in self.events.queue
            if one.data["type"] == "message"
            and one.data["author"]["kind"] == "account"
            and peer_id in (one.data.get("userId"), one.data.get("groupId"))
        ]

    def content(self, data: bytes, media_type: str, **of: Any) -> Content:
        """Bytes in the media folder."""
        digest = hashlib.sha256(data).hexdigest()
        path: Path = media_path(self.platform.config.media_dir, digest)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return Content(digest, media_type, len(data), **of)
