"""The running platform: what handlers, the dispatcher and background work share."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from kidoku.core.seal import Seal
from kidoku.core.sentence import Sentence
from kidoku.live.bus import Bus
from kidoku.platform.calls import CallLog
from kidoku.platform.config import PlatformConfig
from kidoku.platform.directory import Directory
from kidoku.platform.mass_sends import MassSends
from kidoku.platform.media import Media
from kidoku.platform.metrics import Counts
from kidoku.platform.mint import Mint
from kidoku.platform.store.boot import Boot, boot
from kidoku.platform.store.change import Change, Env, Queued
from kidoku.platform.store.live import MessageEvent
from kidoku.platform.store.migrations import HEAD, SCRIPTS
from kidoku.platform.store.seal_keys import KEY_BYTES
from kidoku.platform.unheard import Unheard
from kidoku.storage.clock import Clock, SystemClock
from kidoku.storage.embedded import SqliteEngine
from kidoku.storage.engine import DatabaseUnusable
from kidoku.storage.folder import claimed
from kidoku.storage.migrate import migrate

if TYPE_CHECKING:
    import sqlalchemy as sa

    from kidoku.platform.webhooks.dispatcher import Dispatcher

P = ParamSpec("P")
T = TypeVar("T")


class Platform:
    """One platform on one database. Create it with `open` inside a running event loop, end it with `close`."""

    def __init__(
        self, config: PlatformConfig, engine: SqliteEngine, seal: Seal, mint: Mint, clock: Clock, epoch: str
    ) -> None:
        self.config = config
        self.engine = engine
        self.seal = seal
        self.mint = mint
        self.clock = clock
        self.bus = Bus(epoch)
        self.directory = Directory()
        self.media = Media(config.media_dir, config.max_media_bytes)
        self.counts = Counts()
        self.calls = CallLog(self)
        self.mass_sends = MassSends(self)
        self.unheard = Unheard(self)
        self.on_deliveries: Callable[[list[Queued]], None] = lambda queued: None
        """Set by the dispatcher; called on the loop with what a commit put into the outbox."""
        self.dispatcher: Dispatcher
        """Set by whoever starts one; a platform without it sends no webhooks."""

    @classmethod
    async def open(
        cls,
        config: PlatformConfig,
        *,
        clock: Clock | None = None,
        entropy: Callable[[int], bytes] = os.urandom,
    ) -> Platform:
        """Open the data folder, migrate, load what is kept in memory. Raises DatabaseUnusable."""
        clock = clock or SystemClock()
        engine, found = open_database(config, entropy(KEY_BYTES), clock.now())
        mint = Mint(entropy, found.newest_serial)
        platform = cls(
            config, engine, Seal(found.seal_keys, max(found.seal_keys)), mint, clock, entropy(6).hex()
        )
        platform.directory.put(found.accounts)
        platform.directory.put_tokens(found.tokens)
        platform.calls.start()
        platform.mass_sends.start()
        return platform

    def env(self) -> Env:
        """The time and sources for one change, from now."""
        return Env(
            now=self.clock.now(),
            mint=self.mint,
            seal=self.seal,
            token_when_chat_off=self.config.token_when_chat_off,
            unsend_window_ms=self.config.unsend_window_ms,
        )

    async def read(
        self, fn: Callable[Concatenate[sa.Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a query in a reader."""
        return await self.engine.read(fn, *args, **kwargs)

    async def apply(
        self, fn: Callable[Concatenate[sa.Connection, P], Change[T]], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a change in the writer. After its commit its events leave, even if nobody awaits it any more."""
        change = await self.engine.write_then(self.committed, fn, *args, **kwargs)
        return change.value

    def committed(self, change: Change[Any]) -> None:
        """Bring memory in step with a commit and let its events and deliveries leave. On the loop only."""
        if change.accounts:
            self.directory.put(change.accounts)
        if change.dropped_tokens:
            self.directory.drop_tokens(change.dropped_tokens)
        if change.tokens:
            self.directory.put_tokens(change.tokens)
        if change.events:
            self.bus.publish(change.events)
            for event in change.events:
                if isinstance(event, MessageEvent):
                    self.counts.messages[event.via] += 1
        if change.deliveries:
            self.on_deliveries(change.deliveries)

    async def close(self) -> None:
        """End the streams, finish what was accepted, close the database."""
        self.bus.close()
        await self.mass_sends.close()
        await self.calls.close()
        await self.unheard.close()
        await self.engine.close()


def open_database(config: PlatformConfig, entropy: bytes, now: int) -> tuple[SqliteEngine, Boot]:
    """The embedded database in the data folder, locked and migrated, and what a start needs of it.

    Raises DatabaseUnusable.
    """
    if config.database_url is not None:
        raise DatabaseUnusable(
            Sentence("Only the embedded SQLite database is supported yet."),
            Sentence("Leave out database_url (--database-url, {variable}).", variable="KIDOKU_DATABASE_URL"),
        )
    with claimed(config.data_dir, "kidoku.lock", config.media_dir) as lock:
        migrate(config.database_path, SCRIPTS, HEAD)
        found = boot(config.database_path, entropy, now)
        return SqliteEngine.open(config.database_path, lock), found
