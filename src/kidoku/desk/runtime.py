"""The running desk: what handlers and background work share."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Concatenate, ParamSpec, TypeVar

import sqlalchemy as sa

from kidoku.core.sentence import Sentence
from kidoku.desk.config import DeskConfig
from kidoku.desk.directory import Directory
from kidoku.desk.doors import Doors
from kidoku.desk.line.client import LineClient
from kidoku.desk.marker import Marker
from kidoku.desk.media import MediaFetcher
from kidoku.desk.metrics import Counts
from kidoku.desk.neighbours import Neighbours
from kidoku.desk.presence import Presence
from kidoku.desk.processor import Processor
from kidoku.desk.profiles import Profiles
from kidoku.desk.relay import Relay
from kidoku.desk.replier import Replier
from kidoku.desk.reports.targets import Targets
from kidoku.desk.store.change import Change
from kidoku.desk.store.channels import all_channels
from kidoku.desk.store.migrations import HEAD, SCRIPTS
from kidoku.desk.store.relay_attempts import return_lost_relays
from kidoku.desk.store.search import SEARCH
from kidoku.desk.store.take_marks import return_lost_marks
from kidoku.desk.worker import Worker
from kidoku.live.bus import Bus, LiveEvent
from kidoku.storage.clock import Clock, SystemClock
from kidoku.storage.embedded import SqliteEngine
from kidoku.storage.engine import DatabaseUnusable
from kidoku.storage.folder import claimed
from kidoku.storage.lock import ALONE, InUse, Lock
from kidoku.storage.migrate import migrate, require

P = ParamSpec("P")
T = TypeVar("T")

TEAM = "team"
"""The topic of live events: every agent sees every channel."""
SHARE = Sentence(
    "Stop that process, start this one with another --data folder, or let both share it: --shared."
)


class Desk:
    """One desk on one database. Create it with `open` inside a running event loop, end it with `close`."""

    def __init__(
        self,
        config: DeskConfig,
        engine: SqliteEngine,
        lock: Lock,
        clock: Clock,
        entropy: Callable[[int], bytes],
    ) -> None:
        self.config = config
        self.engine = engine
        self._lock = lock
        self.clock = clock
        self.entropy = entropy
        self.bus = Bus(entropy(6).hex())
        self.directory = Directory()
        self.doors = Doors(entropy)
        self.presence = Presence()
        self.counts = Counts()
        self.owner = entropy(8).hex()
        """Names this process in leases."""
        self.neighbours = Neighbours(self)
        self.finish_marks = self.neighbours.finish_marks
        self.processor = Processor(self)
        self.line = LineClient(config.line_timeout_ms)
        self.marker = Marker(self, self.line)
        self.replier = Replier(self)
        self.profiles = Profiles(self)
        self.media = MediaFetcher(self)
        self.targets = Targets(self)
        self._listeners: Mapping[str, Sequence[Worker]] = {
            "mark": [self.replier],
            "reply": [self.replier],
            "message": [self.profiles, self.targets],
            "channel": [self.targets],
            "chat": [self.profiles],
            "media": [self.media],
        }
        self.relay = Relay(self)
        self._workers: Sequence[Worker] = (
            self.processor,
            self.marker,
            self.replier,
            self.profiles,
            self.media,
            self.relay,
            self.targets,
        )

    @classmethod
    async def open(
        cls,
        config: DeskConfig,
        *,
        clock: Clock | None = None,
        entropy: Callable[[int], bytes] = os.urandom,
    ) -> Desk:
        """Open the data folder, migrate, load the channels. Raises DatabaseUnusable."""
        desk = cls(config, *open_database(config), clock or SystemClock(), entropy)
        desk.directory.put(await desk.engine.read(all_channels))
        return desk

    async def start(self) -> None:
        """Begin the background work, with what an earlier process left undone. Raises DatabaseUnusable."""
        alone = self._lock.alone
        await self.neighbours.begin(alone=alone)
        if alone:
            await self.apply(return_lost_marks, self.now, self.random_unit(), self.owner)
            channels = self.directory.by_id
            await self.apply(return_lost_relays, channels, self.now, self.random_unit(), self.owner)
            await self.replier.return_lost()
            await self.media.return_lost()
        if self.config.shared:
            self._lock.share()
        for worker in self._workers:
            worker.start()

    def wake(self) -> None:
        """There may be work for everybody."""
        for worker in self._workers:
            worker.wake()

    @property
    def now(self) -> int:
        """Milliseconds since the epoch."""
        return self.clock.now()

    def random_unit(self) -> float:
        """A random number in [0, 1)."""
        return int.from_bytes(self.entropy(6)) / (1 << 48)

    async def read(
        self, fn: Callable[Concatenate[sa.Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a query in a reader."""
        return await self.engine.read(fn, *args, **kwargs)

    async def apply(
        self, fn: Callable[Concatenate[sa.Connection, P], Change[T]], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a change in the writer. After its commit its events leave, even if nobody awaits it any more."""
        change = await self.engine.write_then(self.committed, self.neighbours.telling(fn), *args, **kwargs)
        return change.value

    def committed(self, change: Change[Any]) -> None:
        """Bring memory in step with a commit and let its events leave. On the loop only."""
        self.directory.put(change.channels)
        if change.channels:
            self.relay.wake()  # a channel may have lost its bot
        self.bus.publish([LiveEvent((TEAM,), event) for event in change.events])
        for event in change.events:
            for crew in self._listeners.get(event["type"], ()):
                crew.heard(event)

    async def close(self) -> None:
        """End the streams, finish what was accepted, close the database."""
        self.bus.close()
        await self.processor.close()
        await self.targets.close()
        await self.replier.close()
        await self.profiles.close()
        await self.media.close()
        await self.relay.close()
        await self.marker.close()
        await self.neighbours.close()
        await self.line.close()
        await self.engine.close()


def open_database(config: DeskConfig) -> tuple[SqliteEngine, Lock]:
    """The embedded database in the data folder, migrated, and the lock on it. Raises DatabaseUnusable."""
    if config.database_url is not None:
        raise DatabaseUnusable(
            Sentence("Only the embedded SQLite database is supported yet."),
            Sentence(
                "Leave out database_url (--database-url, {variable}).", variable="KIDOKU_DESK_DATABASE_URL"
            ),
        )
    path = config.database_path
    try:
        with claimed(config.data_dir, "desk.lock", config.media_dir, shared=config.shared) as lock:
            if lock.alone:
                migrate(path, SCRIPTS, HEAD)
            else:
                require(path, HEAD)
            return SqliteEngine.open(path, lock, prepare=SEARCH), lock
    except InUse as error:
        raise InUse(error.folder, ALONE if config.shared else SHARE) from error
