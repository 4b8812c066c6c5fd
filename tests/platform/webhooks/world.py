"""A platform with an account, people and a running dispatcher."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import msgspec

from kidoku.core.settings import AccountSettings
from kidoku.live.bus import Subscription
from kidoku.platform.runtime import Platform
from kidoku.platform.store.account import Account
from kidoku.platform.store.accounts import create_account
from kidoku.platform.store.deliveries import DeliveryDetail, DeliveryView, deliveries_page, delivery_detail
from kidoku.platform.store.send import send_user_message
from kidoku.platform.store.settings import change_settings
from kidoku.platform.store.users import create_user
from kidoku.platform.webhooks.dispatcher import Dispatcher
from kidoku.storage.clock import ManualClock

START = 1_763_800_000_000


@dataclass
class World:
    platform: Platform
    clock: ManualClock
    dispatcher: Dispatcher
    events: Subscription = field(init=False)

    def __post_init__(self) -> None:
        self.events = self.platform.bus.subscribe(None)

    async def account(self, url: str | None, **settings: Any) -> Account:
        """A new account; `settings` as in AccountSettings."""
        wanted = AccountSettings(webhook=url, **settings)
        made = await self.platform.apply(create_account, None, "Shop", wanted, self.platform.env())
        return made.account

    def now(self, of: Account) -> Account:
        return self.platform.directory.by_channel[of.channel_id]

    async def change(self, of: Account, **changes: Any) -> None:
        await self.platform.apply(change_settings, of.channel_id, changes, self.platform.env())

    async def user(self, name: str = "Mika") -> str:
        made = await self.platform.apply(create_user, None, name, self.platform.env())
        return made.user_id

    async def say(self, of: Account, user_id: str, text: str = "hi") -> None:
        body = {"type": "text", "text": text}
        await self.platform.apply(
            send_user_message, of.channel_id, "user", user_id, user_id, body, self.platform.env()
        )

    async def deliveries(self, of: Account) -> list[DeliveryView]:
        """Oldest first."""
        page = await self.platform.read(deliveries_page, of.channel_id)
        return page.deliveries[::-1]

    async def delivery(self, of: Account, position: int = 0) -> DeliveryDetail:
        one = (await self.deliveries(of))[position]
        return await self.platform.read(delivery_detail, of.channel_id, int(one.delivery_id))

    async def later(self, ms: int) -> None:
        """Move the clock, let what has become due leave and end."""
        self.clock.advance(ms)
        await self.dispatcher.tick()
        await self.dispatcher.idle()

    def seen(self, kind: str) -> list[dict[str, Any]]:
        """The live events of a type since the last look."""
        taken = list(self.events.queue)
        self.events.queue.clear()
        found: list[dict[str, Any]] = [msgspec.to_builtins(e.data) for e in taken if e.data["type"] == kind]
        return found
