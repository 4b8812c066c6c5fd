"""The other desks at work on the same database, on this machine.

They take their work from the database, each piece with a lease, and need nothing of each other for that. What is told
from one to the other is what stands in memory: live events for pages and workers, changed channels, who has which chat
open, and how webhooks were signed.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import astuple
from typing import TYPE_CHECKING, Any, Concatenate

from kidoku.desk.directory import Signed
from kidoku.desk.presence import view_of
from kidoku.desk.store.change import Change, Event
from kidoku.desk.store.channels import all_channels
from kidoku.desk.store.finish_marks import Finished, finish_marks
from kidoku.desk.store.media import return_media_of
from kidoku.desk.store.neighbours import (
    Beat,
    News,
    beat,
    hear,
    sign_off,
    sign_on,
    tell,
    telling,
    telling_all,
)
from kidoku.desk.worker import Worker
from kidoku.storage.engine import BatchWrite, P, T

if TYPE_CHECKING:
    import sqlalchemy as sa

    from kidoku.desk.runtime import Desk

log = logging.getLogger(__name__)

LISTEN_S = 0.1
"""Seconds between two looks at what others have told."""
BEAT_MS = 1_000
"""Milliseconds between two words that this desk is there."""


class Neighbours(Worker):
    """Told and heard only where `shared` is set; else there are none."""

    def __init__(self, desk: Desk) -> None:
        super().__init__("kidoku-neighbours")
        self._desk = desk
        self._shared = desk.config.shared
        self._heard = 0
        self._beat_at = 0
        self._others = 0
        self._told: Mapping[int, tuple[int, ...]] = {}
        self._signed: defaultdict[str, dict[int, Signed]] = defaultdict(dict)
        self.finish_marks: BatchWrite[Finished, Change[str | None]] = finish_marks
        if self._shared:
            self.finish_marks = telling_all(finish_marks, desk.owner, desk.clock.now)

    def telling(
        self, fn: Callable[Concatenate[sa.Connection, P], Change[T]]
    ) -> Callable[Concatenate[sa.Connection, P], Change[T]]:
        """A change whose events the neighbours hear of."""
        return telling(fn, self._desk.owner, self._desk.clock.now) if self._shared else fn

    async def announce(self, event: Event) -> None:
        """Let an event leave, here and there, that stands in no table."""
        if self._shared:
            await self._desk.apply(lambda conn: Change(None, [event]))
        else:
            self._desk.committed(Change(None, [event]))

    def signed(self, channel_id: int) -> Signed:
        """How webhooks of a channel were signed that came to any of the desks."""
        ours = self._desk.directory.signed[channel_id]
        theirs = [desk[channel_id] for desk in self._signed.values() if channel_id in desk]
        return Signed(
            sum(one.right for one in (ours, *theirs)),
            max(one.right_at for one in (ours, *theirs)),
            sum(one.wrong for one in (ours, *theirs)),
            max(one.wrong_at for one in (ours, *theirs)),
        )

    async def caught_up(self) -> None:
        """Give the others the time to tell what has just come to them."""
        if self._others:
            await asyncio.sleep(3 * LISTEN_S)

    async def begin(self, *, alone: bool) -> None:
        """Be there. What was read before is read again, as it may have changed meanwhile."""
        if not self._shared:
            return
        desk = self._desk
        self._heard = await desk.engine.write(sign_on, desk.owner, desk.now, alone=alone)
        desk.directory.put(await desk.read(all_channels))
        await self._say()
        self.start()

    async def work(self) -> float | None:
        await self._tell_signed()
        await self._listen()
        if self._desk.now >= self._beat_at:
            await self._say()
        return LISTEN_S

    async def _listen(self) -> None:
        desk = self._desk
        heard = await desk.read(hear, desk.owner, self._heard)
        for owner, news in heard.news:
            await self._hear(owner, news)
        self._heard = heard.up_to

    async def _hear(self, owner: str, news: News) -> None:
        desk = self._desk
        if news.channels:
            desk.directory.put(await desk.read(all_channels))
        for channel_id, counts in news.signed.items():
            self._signed[owner][channel_id] = Signed(*counts)
        for event in news.events:
            if event["type"] == "presence" and event["agentId"] is not None:
                view = view_of(event["viewState"], desk.now, peeks=event["peek"])
                desk.presence.note(int(event["chatId"]), int(event["agentId"]), event["view"], view, desk.now)
        desk.committed(Change(None, list(news.events)))

    async def _tell_signed(self) -> None:
        desk = self._desk
        signed: dict[int, Any] = {of: astuple(one) for of, one in desk.directory.signed.items()}
        if self._others and signed != self._told:
            await desk.engine.write(tell, desk.owner, desk.now, News(signed=signed))
            self._told = signed

    async def _say(self) -> None:
        """That this desk is there; and see who else is."""
        desk = self._desk
        seen: Beat = await desk.engine.write(beat, desk.owner, desk.now)
        self._beat_at = desk.now + BEAT_MS
        if seen.others != self._others:
            self._others, self._told = seen.others, {}
            desk.marker.share(1 + seen.others)
            desk.wake()
        for owner in seen.gone:
            await self._inherit(owner)
        if seen.was_gone:
            log.warning("the other desks took this one to be gone: it begins anew")
            await self._begin_anew()

    async def _inherit(self, owner: str) -> None:
        """Another desk has died. Marks and answers in its hands come back with their leases; the rest now."""
        log.warning("a desk that shared the database is gone: this one takes over")
        desk = self._desk
        self._signed.pop(owner, None)
        await desk.apply(return_media_of, owner, desk.now)

    async def _begin_anew(self) -> None:
        """Events were missed: pages read their state again, and there may be work for everybody."""
        desk = self._desk
        desk.directory.put(await desk.read(all_channels))
        desk.bus.start_over()
        desk.wake()

    async def close(self) -> None:
        await super().close()
        if self._task is not None:
            await self._desk.engine.write(sign_off, self._desk.owner)
