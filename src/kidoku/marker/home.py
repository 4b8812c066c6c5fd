"""A file with marks, and what works on it: the desk's marker, and the one who clears up."""

from __future__ import annotations

import asyncio
import logging
import os
from collections import Counter
from collections.abc import Awaitable, Callable
from inspect import isawaitable
from pathlib import Path
from typing import Any, cast

import msgspec

from kidoku.desk.directory import Directory
from kidoku.desk.line.client import LineClient
from kidoku.desk.marker import Marker as Sender
from kidoku.desk.store.change import Change
from kidoku.desk.store.channels import Channel, ChannelSettings
from kidoku.desk.store.finish_marks import finish_marks
from kidoku.desk.store.marks import Mark as StoredMark
from kidoku.desk.store.marks import find_mark
from kidoku.desk.store.migrations import HEAD, SCRIPTS
from kidoku.desk.store.take_marks import return_lost_marks
from kidoku.desk.worker import Worker
from kidoku.marker.errors import FileInUse, MarkerError
from kidoku.marker.events import TOKEN
from kidoku.marker.mark import Mark, State, moment
from kidoku.marker.options import Options
from kidoku.marker.store import kinds_of, open_channels, prune
from kidoku.storage.clock import Clock, SystemClock
from kidoku.storage.embedded import SqliteEngine
from kidoku.storage.engine import DatabaseUnusable, P, StoreFunction, T
from kidoku.storage.lock import lock_file
from kidoku.storage.migrate import migrate

log = logging.getLogger(__name__)

DAY_MS = 86_400_000
PRUNE_EVERY_S = 3_600.0
PARKED_DAYS = 90
"""Parked marks wait for somebody to look, though not for ever."""


class Counts:
    """How attempts to mark ended."""

    def __init__(self) -> None:
        self.marks: Counter[str] = Counter()


class Home:
    """What the desk's marker needs of a desk, around one file. Open and used on one event loop."""

    def __init__(self, config: Options, engine: SqliteEngine, clock: Clock) -> None:
        self.config = config
        self.engine = engine
        self.clock = clock
        self.directory = Directory()
        self.counts = Counts()
        self.owner = os.urandom(8).hex()
        self.finish_marks = finish_marks
        self.names: dict[int, str] = {}
        self._line = LineClient(round(config.timeout_s * 1_000))
        self.sender = Sender(self, self._line)
        self._keeper = Keeper(self)
        self._telling: set[asyncio.Task[None]] = set()
        self._changed = asyncio.Event()

    @classmethod
    async def open(cls, path: Path, config: Options, clock: Clock | None = None) -> Home:
        """Raises MarkerError."""
        home = cls(config, await open_file(path), clock or SystemClock())
        try:
            known = await home.engine.write(open_channels, list(config.access_tokens), home.now)
        except BaseException:
            await home.close()
            raise
        home.names = {channel.channel_id: name for name, channel in known.items()}
        for name, access_token in config.access_tokens.items():
            home.use_token(known[name], access_token)
        # The file is locked, so that nobody else can be at work.
        await home.apply(return_lost_marks, home.now, home.random_unit(), home.owner)
        home.sender.start()
        home._keeper.start()
        return home

    def use_token(self, channel: Channel, access_token: str) -> None:
        """Call LINE with this token from now on. It stays in memory."""
        changed = {
            "access_token": access_token,
            "api_base_url": self.config.api_base_url.rstrip("/"),
            "settings": ChannelSettings(mark_by=self.config.mark_by),
        }
        self.directory.put([msgspec.structs.replace(channel, **changed)])

    @property
    def now(self) -> int:
        """Milliseconds since the epoch."""
        return self.clock.now()

    def random_unit(self) -> float:
        """A random number in [0, 1)."""
        return int.from_bytes(os.urandom(6)) / (1 << 48)

    async def read(self, fn: StoreFunction[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        return await self.engine.read(fn, *args, **kwargs)

    async def apply(self, fn: StoreFunction[P, Change[T]], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a change in the writer; its result, once that is on disk."""
        change = await self.engine.write_then(self.committed, fn, *args, **kwargs)
        return change.value

    def committed(self, change: Change[Any]) -> None:
        """Tell those who wait for marks, and of those that were parked."""
        self._changed, changed = asyncio.Event(), self._changed
        changed.set()
        for event in change.events:
            if event["state"] == "parked" and self.config.on_parked is not None:
                task = asyncio.create_task(self._tell(self.config.on_parked, int(event["markId"])))
                self._telling.add(task)
                task.add_done_callback(self._telling.discard)

    async def _tell(self, on_parked: Callable[[Mark], object], mark_id: int) -> None:
        try:
            (mark,) = await self.shown([await self.read(find_mark, mark_id)])
            answer = on_parked(mark)
            if isawaitable(answer):
                await answer
        except Exception:
            log.exception("on_parked failed for mark %d", mark_id)

    async def until(self, holds: Callable[[], Awaitable[bool]]) -> None:
        """Wait until something is so, looking again after each commit."""
        while True:
            changed = self._changed
            if await holds():
                return
            await changed.wait()

    async def shown(self, found: list[StoredMark]) -> list[Mark]:
        """Marks as they are shown to people."""
        kinds = await self.read(kinds_of, found)
        return [self.show(mark, kinds[mark.chat_id]) for mark in found]

    def show(self, mark: StoredMark, kind: str) -> Mark:
        """A mark as it is shown, with the kind of its peer."""
        return Mark(
            mark_id=mark.mark_id,
            channel=self.names[mark.channel_id],
            chat=None if kind == TOKEN else mark.peer_id,
            token=mark.token,
            state=cast("State", mark.state),
            asked_at=moment(mark.asked_at),
            due_at=moment(mark.due_at),
            attempts=mark.attempts,
            status=mark.status,
            reason=mark.reason,
            advice=mark.advice,
        )

    async def close(self) -> None:
        """Let attempts under way end, and close the file."""
        await self._keeper.close()
        await self.sender.close()
        others = self._telling - {asyncio.current_task()}
        if others:
            await asyncio.wait(others)
        await self._line.close()
        await self.engine.close()


class Keeper(Worker):
    """Forgets what is of no more use."""

    def __init__(self, home: Home) -> None:
        super().__init__("kidoku-marker-keeper")
        self._home = home

    async def work(self) -> float | None:
        home = self._home
        before = home.now - round(home.config.keep_days * DAY_MS)
        forgotten = await home.apply(prune, before, home.now - PARKED_DAYS * DAY_MS)
        return 0 if forgotten else PRUNE_EVERY_S


async def open_file(path: Path) -> SqliteEngine:
    """The database at `path`, made if it is missing, locked and migrated. Raises MarkerError."""
    try:
        lock = lock_file(path.with_name(f"{path.name}.lock"))
    except DatabaseUnusable as error:
        raise FileInUse(
            f"{path} is open already, in another process or in this one: one process keeps its marks in one file, "
            "so run one worker with several threads, or give each process a file of its own"
        ) from error
    except OSError as error:
        raise MarkerError(f"{path} can't be used: {error.strerror or error}") from error
    try:
        await asyncio.to_thread(migrate, path, SCRIPTS, HEAD)
        return SqliteEngine.open(path, lock)
    except DatabaseUnusable as error:
        lock.close()
        raise MarkerError(error.message) from error
    except OSError as error:
        lock.close()
        raise MarkerError(f"{path} can't be used: {error.strerror or error}") from error
    except BaseException:
        lock.close()
        raise
