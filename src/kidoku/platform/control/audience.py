"""Whose events a stream follows: of a user's phone, an account's Manager, a provider's world, or everybody's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from kidoku.live.bus import Event, Subscription
from kidoku.platform.store.phone_view import group_ids
from kidoku.platform.store.users import user

if TYPE_CHECKING:
    from kidoku.platform.runtime import Platform


def sees_own(data: Mapping[str, Any], viewer_id: str | None) -> bool | None:
    """In what a message differs between viewers: whether it is their own."""
    sender = data.get("author")
    if sender is None:
        return None
    return bool(sender["id"] == viewer_id if viewer_id is not None else sender["kind"] == "account")


class Audience:
    """A subscription that follows what comes and goes: the groups of a user, the accounts of a provider.

    `viewer_id` is the user whose phone it is, if it is one's.
    """

    def __init__(
        self, platform: Platform, user_id: str | None, account_id: str | None, provider_id: int | None
    ) -> None:
        self._platform = platform
        self.viewer_id = user_id
        self._account_id = account_id
        self._provider_id = provider_id
        self.subscription: Subscription

    @property
    def everybody(self) -> bool:
        return self.viewer_id is None and self._account_id is None and self._provider_id is None

    async def open(self, since: str | None) -> str:
        """Subscribe; the cursor that the events follow. Raises Missing for a user who doesn't exist."""
        bus = self._platform.bus
        start = bus.cursor if since is None or bus.position_of(since) is None else since
        after = bus.position_of(start) or 0
        self.subscription = bus.subscribe(None if self.everybody else self._topics(), since)
        try:
            await self._follow(after)
        except BaseException:
            bus.unsubscribe(self.subscription)
            raise
        return start

    async def refresh(self) -> None:
        """Find out anew what there is to follow: events that told about it were lost."""
        await self._follow(self._platform.bus.position)

    def observe(self, event: Event) -> None:
        """Follow a group that the user joins and an account that is made; let go of a group that is left."""
        data = event.data
        if data["type"] == "group" and data.get("userId") == self.viewer_id:
            self._joins(data, event.position)
        elif data["type"] == "account" and self._provider_id is not None:
            self._add(f"account:{data['accountId']}", event.position)

    def _joins(self, data: Mapping[str, Any], position: int) -> None:
        topic = f"group:{data['groupId']}"
        if data["change"] == "memberJoined":
            self._add(topic, position)
        elif data["change"] == "memberLeft":
            self._platform.bus.drop_topic(self.subscription, topic)

    def _topics(self) -> list[str]:
        topics = []
        if self.viewer_id is not None:
            topics.append(f"user:{self.viewer_id}")
        if self._account_id is not None:
            topics.append(f"account:{self._account_id}")
        if self._provider_id is not None:
            topics.append(f"provider:{self._provider_id}")
            accounts = self._platform.directory.by_channel.values()
            topics += [
                f"account:{one.account_id}" for one in accounts if one.provider_id == self._provider_id
            ]
        return topics

    async def _follow(self, after: int) -> None:
        if self.viewer_id is None:
            return
        person = await self._platform.read(user, self.viewer_id)
        # Accounts and people of their world that are new or change: what the friend list shows.
        self._add(f"provider:{person.provider_id}", after)
        for group_id in await self._platform.read(group_ids, self.viewer_id):
            self._add(f"group:{group_id}", after)

    def _add(self, topic: str, after: int) -> None:
        self._platform.bus.add_topic(self.subscription, topic, after)
