"""Forwards webhooks to the bots that teams have already, so that the desk joins them without touching them.

The bot gets what LINE sent: the same bytes under the same signature, which it verifies with its channel secret as
before. `isRedelivery` in them stays as it was, because the signature covers it. A bot answers as it answers LINE, any
2xx in time, and gets what it missed again: at least once.

A bot that is slow or gone costs its own channel a few connections and nobody anything else. While it can't be reached
its webhooks wait together, one is tried now and then, and when that one is taken the others follow in order.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from kidoku.core.mark_attempt import Tried
from kidoku.core.relay_attempt import GivenUp, is_outage, pause_s
from kidoku.desk.line.bot_client import BotClient
from kidoku.desk.store.relay_attempts import (
    Attempt,
    Ended,
    claim_relays,
    finish_relay,
    park_channel,
    relay_agenda,
    return_lost_relays,
)
from kidoku.desk.store.relays import Parcel, prune_relays
from kidoku.desk.worker import Worker

if TYPE_CHECKING:
    from kidoku.desk.runtime import Desk
    from kidoku.desk.store.channels import Channel

log = logging.getLogger(__name__)

PRUNE_EVERY_MS = 3_600_000
DAY_MS = 86_400_000


class Pause(NamedTuple):
    """A channel's bot could not be reached `failures` times in a row, last noticed at `since`; nothing leaves before
    `until`. Both in ms.
    """

    failures: int
    since: int
    until: int


NO_PAUSE = Pause(0, 0, 0)


class Relay(Worker):
    """The webhooks of all channels that have a bot."""

    def __init__(self, desk: Desk) -> None:
        super().__init__("kidoku-relay")
        self._desk = desk
        self._bots = BotClient(desk.config.relay_timeout_ms)
        self._under_way: set[asyncio.Task[None]] = set()
        self._busy: Counter[int] = Counter()
        self._pauses: dict[int, Pause] = {}
        self._prune_at = 0

    async def work(self) -> float | None:
        desk = self._desk
        agenda = await desk.read(relay_agenda)
        if agenda.lease_ends_at is not None and agenda.lease_ends_at <= desk.now:
            await desk.apply(return_lost_relays, desk.directory.by_id, desk.now, desk.random_unit())
            desk.marker.wake()
        now = desk.now
        due = [channel_id for channel_id, at in agenda.next_at.items() if self._begins(channel_id, at) <= now]
        if sum(await asyncio.gather(*map(self._take, due))):
            return 0
        await self._prune()
        moments = [self._begins(channel_id, at) for channel_id, at in agenda.next_at.items()]
        moments += [] if agenda.lease_ends_at is None else [agenda.lease_ends_at]
        return max(0.001, (min([*moments, self._prune_at]) - desk.now) / 1_000)

    def _begins(self, channel_id: int, next_at: int) -> float:
        """When a channel's next webhook can leave; never, until one of those under way has come back. What has nowhere
        to go is put aside at once.
        """
        if self._bot_of(channel_id) is None:
            return 0
        if self._places(channel_id) <= 0:
            return float("inf")
        return max(next_at, self._pauses.get(channel_id, NO_PAUSE).until)

    def _bot_of(self, channel_id: int) -> str | None:
        channel = self._desk.directory.by_id[channel_id]
        return None if channel.removed_at is not None else channel.settings.relay_url

    def _places(self, channel_id: int) -> int:
        """How many webhooks of a channel may leave now. Of one whose bot can't be reached one at a time."""
        most = 1 if channel_id in self._pauses else self._desk.config.relay_concurrency
        return most - self._busy[channel_id]

    async def _take(self, channel_id: int) -> int:
        """Send what is due of one channel; how many webhooks something was done about."""
        desk, config = self._desk, self._desk.config
        channel = desk.directory.by_id[channel_id]
        url = self._bot_of(channel_id)
        if channel.removed_at is not None:
            return await self._park(channel, "removed", "the channel was removed")
        if url is None:
            return await self._park(channel, "no-bot", "there is no bot to forward to")
        lease_ms = config.lease_ms + config.relay_timeout_ms
        places, probe = self._places(channel_id), channel_id in self._pauses
        parcels = await desk.apply(claim_relays, channel_id, desk.owner, desk.now, lease_ms, places, probe)
        for parcel in parcels:
            self._busy[channel_id] += 1
            task = asyncio.create_task(self._send(parcel, url))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)
        return len(parcels)

    async def _park(self, channel: Channel, advice: str, reason: str) -> int:
        parked = await self._desk.apply(park_channel, channel, self._desk.now, advice, reason)
        self._desk.marker.wake()  # what the bot will not take may be due
        return parked

    async def _send(self, parcel: Parcel, url: str) -> None:
        """Send one webhook and write down what became of it. One that can't be written down is left to its lease."""
        desk, relay = self._desk, parcel.relay
        try:
            started = desk.now
            tried = await self._bots.post(url, parcel.intake.signature, parcel.intake.body)
            attempt = Attempt(tried, desk.now - started)
            self._note(relay.channel_id, tried, started)
            channel = desk.directory.by_id[relay.channel_id]
            self._tell(await desk.apply(finish_relay, channel, parcel, attempt, desk.now, desk.random_unit()))
        except Exception:
            log.exception("webhook %d could not be settled; its lease will end", relay.relay_id)
        finally:
            self._busy[relay.channel_id] -= 1
            self.wake()

    def _note(self, channel_id: int, tried: Tried, started: int) -> None:
        """Pause a channel whose bot can't be reached; end the pause when it answers."""
        pause = self._pauses.get(channel_id, NO_PAUSE)
        if not is_outage(tried):
            self._pauses.pop(channel_id, None)
        elif started >= pause.since:  # or else it is one of several that left before the first one failed
            now, failures = self._desk.now, pause.failures + 1
            seconds = pause_s(failures, tried.retry_after_s, self._desk.random_unit())
            self._pauses[channel_id] = Pause(failures, now, now + round(seconds * 1_000))

    def _tell(self, ended: Ended | None) -> None:
        if ended is not None:
            self._desk.counts.relays[type(ended.verdict).__name__.lower()] += 1
            if ended.marks or isinstance(ended.verdict, GivenUp):
                self._desk.marker.wake()
            self._desk.replier.wake()  # an answer may have waited for the bot

    async def _prune(self) -> None:
        """Forget what has ended long ago."""
        desk = self._desk
        if desk.now < self._prune_at:
            return
        before = desk.now - desk.config.relay_retention_days * DAY_MS
        pruned = 1
        while pruned and not self._stopping:
            pruned = await desk.apply(prune_relays, before)
        self._prune_at = desk.now + PRUNE_EVERY_MS

    async def close(self) -> None:
        """Send nothing more, and let what is under way end."""
        await super().close()
        if self._under_way:
            await asyncio.wait(self._under_way)
        await self._bots.close()
