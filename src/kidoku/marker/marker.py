"""The marker for bots on asyncio."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Coroutine, Generator, Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Unpack

from kidoku.desk.store.channels import Channel
from kidoku.desk.store.marks import undo_mark
from kidoku.marker.errors import MarkerError
from kidoku.marker.events import letter_of
from kidoku.marker.home import Home
from kidoku.marker.mark import Mark
from kidoku.marker.options import OpenOptions, Options, by_name
from kidoku.marker.store import OPEN, count_open, marks_in, put_due, replay
from kidoku.storage.refused import Refused

if TYPE_CHECKING:
    from kidoku.marker.sync import SyncMarker

AT_ONCE = 500
"""Marks that are replayed in one transaction."""


class Opening:
    """A marker about to be opened: `await` it, or enter it with `async with`."""

    def __init__(self, opened: Callable[[], Coroutine[Any, Any, Marker]]) -> None:
        self._open = opened
        self._marker: Marker | None = None

    def __await__(self) -> Generator[Any, None, Marker]:
        return self._open().__await__()

    async def __aenter__(self) -> Marker:
        self._marker = await self
        return self._marker

    async def __aexit__(self, *_: object) -> None:
        if self._marker is not None:
            await self._marker.close()


class Marker:
    """Marks messages as read, for one channel or several; every mark is on disk before it is promised.

    Belongs to the event loop on which it was opened. For programs without one there is `SyncMarker`.
    """

    def __init__(self, home: Home, channels: Mapping[str, Channel]) -> None:
        """Use `open`."""
        self._home: Home | None = home
        self._channels = channels

    @classmethod
    def open(
        cls,
        path: str | os.PathLike[str],
        access_token: str | Mapping[str, str],
        **options: Unpack[OpenOptions],
    ) -> Opening:
        """Open a file with marks and go on with what is in it. `await` it, or enter it with `async with`.

        `access_token` is the channel's, or a name and a token for each of several channels. The options are those of
        `Options`. Raises FileInUse when the file is open already, MarkerError when it can't be used.
        """
        checked = Options(access_tokens=by_name(access_token), **options)

        async def opened() -> Marker:
            home = await Home.open(Path(path), checked)
            return cls(home, {name: home.directory.by_key[name] for name in checked.access_tokens})

        return Opening(opened)

    @staticmethod
    def open_sync(
        path: str | os.PathLike[str],
        access_token: str | Mapping[str, str],
        **options: Unpack[OpenOptions],
    ) -> SyncMarker:
        """The same for programs without an event loop: `SyncMarker.open`."""
        from kidoku.marker.sync import SyncMarker

        return SyncMarker.open(path, access_token, **options)

    async def due(
        self, event: object, *, channel: str | None = None, delay_s: float | None = None
    ) -> Mark | None:
        """Have a message, and all before it in its chat, marked as read. When this returns it is on disk.

        `event`: a webhook event or its message, as the official SDK gives it or as JSON, or a read token. Only with
        the whole event marks of the same chat can stand for each other. `delay_s`: instead of the marker's own.

        None when there is nothing to do: another kind of event, no token in it, an event in standby, or its chat is
        marked up to there already.
        """
        home, to = self._opened(), self._channel(channel)
        letter = letter_of(event, home.config.mark_by)
        if letter is None:
            return None
        delay_ms = round((home.config.delay_s if delay_s is None else delay_s) * 1_000)
        mark = await home.apply(put_due, to, letter, home.now, delay_ms)
        home.sender.wake()
        return None if mark is None else home.show(mark, letter.peer.kind)

    async def undo(self, mark: Mark | int) -> bool:
        """Take back a mark that still waits for its time; False when it is too late."""
        home = self._opened()
        try:
            await home.apply(undo_mark, id_of(mark))
        except Refused:
            return False
        return True

    async def pending(self, limit: int = 100) -> list[Mark]:
        """Marks that are not made yet, oldest first."""
        home = self._opened()
        return await home.shown(await home.read(marks_in, OPEN, limit))

    async def parked(self, limit: int = 100) -> list[Mark]:
        """Marks that LINE refuses, or that could not be made within a day, oldest first. They wait for `replay`."""
        home = self._opened()
        return await home.shown(await home.read(marks_in, ["parked"], limit))

    async def replay(self, marks: Iterable[Mark | int] | None = None) -> int:
        """Let parked marks be tried again, all of them or these; how many there were. Those of a channel without an
        access token stay parked.
        """
        home = self._opened()
        ids = None if marks is None else [id_of(mark) for mark in marks]
        done, some = 0, AT_ONCE
        while some == AT_ONCE:
            some = await home.apply(replay, list(home.directory.by_id), ids, AT_ONCE, home.now)
            done += some
        home.sender.wake()
        return done

    async def flush(self, timeout: float | None = None) -> bool:
        """Wait until every mark has ended: confirmed, parked, superseded or undone. False when `timeout` seconds have
        passed before.
        """
        home = self._opened()

        async def none_is_open() -> bool:
            return await home.read(count_open) == 0

        try:
            async with asyncio.timeout(timeout):
                await home.until(none_is_open)
        except TimeoutError:
            return False
        return True

    def use_token(self, access_token: str, *, channel: str | None = None) -> None:
        """Go on with another channel access token, when the old one is about to end."""
        self._opened().use_token(self._channel(channel), access_token)

    async def close(self) -> None:
        """Let calls under way end and close the file. What is not made yet is made after the next `open`."""
        home, self._home = self._home, None
        if home is not None:
            await home.close()

    async def __aenter__(self) -> Marker:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    def _opened(self) -> Home:
        if self._home is None:
            raise MarkerError("the marker is closed")
        return self._home

    def _channel(self, name: str | None) -> Channel:
        if name is None and len(self._channels) == 1:
            return next(iter(self._channels.values()))
        if name is None or name not in self._channels:
            raise MarkerError(f"channel has to be one of {', '.join(sorted(self._channels))}, not {name}")
        return self._channels[name]


def id_of(mark: Mark | int) -> int:
    return mark if isinstance(mark, int) else mark.mark_id
