"""The marker for bots without an event loop: the same, on a loop in a thread of its own."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Coroutine, Iterable, Mapping
from types import TracebackType
from typing import Any, TypeVar, Unpack

from kidoku.marker.errors import MarkerError
from kidoku.marker.mark import Mark
from kidoku.marker.marker import Marker
from kidoku.marker.options import OpenOptions

T = TypeVar("T")


class SyncMarker:
    """As `Marker`, for Flask, Django and scripts. May be used by several threads at once; `on_parked` is called in the
    marker's own.
    """

    def __init__(self, loop: LoopThread, marker: Marker) -> None:
        """Use `open`."""
        self._loop = loop
        self._marker = marker

    @classmethod
    def open(
        cls,
        path: str | os.PathLike[str],
        access_token: str | Mapping[str, str],
        **options: Unpack[OpenOptions],
    ) -> SyncMarker:
        """As `Marker.open`. In a server that forks, open it in the process that handles requests."""
        opening = Marker.open(path, access_token, **options)

        async def opened() -> Marker:
            return await opening

        loop = LoopThread()
        try:
            return cls(loop, loop.run(opened()))
        except BaseException:
            loop.close()
            raise

    def due(self, event: object, *, channel: str | None = None, delay_s: float | None = None) -> Mark | None:
        """As `Marker.due`: on disk when it returns; None when there is nothing to mark."""
        return self._loop.run(self._marker.due(event, channel=channel, delay_s=delay_s))

    def undo(self, mark: Mark | int) -> bool:
        """Take back a mark that still waits for its time; False when it is too late."""
        return self._loop.run(self._marker.undo(mark))

    def pending(self, limit: int = 100) -> list[Mark]:
        """Marks that are not made yet, oldest first."""
        return self._loop.run(self._marker.pending(limit))

    def parked(self, limit: int = 100) -> list[Mark]:
        """Marks that LINE refuses, or that could not be made within a day, oldest first."""
        return self._loop.run(self._marker.parked(limit))

    def replay(self, marks: Iterable[Mark | int] | None = None) -> int:
        """Let parked marks be tried again, all of them or these; how many there were."""
        return self._loop.run(self._marker.replay(marks))

    def flush(self, timeout: float | None = None) -> bool:
        """Wait until every mark has ended; False when `timeout` seconds have passed before."""
        return self._loop.run(self._marker.flush(timeout))

    def use_token(self, access_token: str, *, channel: str | None = None) -> None:
        """Go on with another channel access token."""

        async def use() -> None:
            self._marker.use_token(access_token, channel=channel)

        self._loop.run(use())

    def close(self) -> None:
        """Let calls under way end and close the file. What is not made yet is made after the next `open`."""
        if not self._loop.closed:
            self._loop.run(self._marker.close())
            self._loop.close()

    def __enter__(self) -> SyncMarker:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class LoopThread:
    """An event loop in a thread that ends with the program, whatever it is doing: what counts is on disk."""

    def __init__(self) -> None:
        self.closed = False
        self._pid = os.getpid()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="kidoku-marker", daemon=True)
        self._thread.start()

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """The result of a coroutine, run on the loop."""
        trouble = self._trouble()
        if trouble is not None:
            coroutine.close()
            raise MarkerError(trouble)
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result()

    def _trouble(self) -> str | None:
        if self.closed:
            return "the marker is closed"
        if self._pid != os.getpid():
            return "the marker was opened before this process was forked; open it afterwards"
        if self._thread is threading.current_thread():
            return "on_parked runs in the marker's own thread, which can't wait for itself: use another one"
        return None

    def close(self) -> None:
        self.closed = True
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
