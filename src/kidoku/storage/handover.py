"""A queue from one thread to another that wakes the taker without holding the interpreter lock."""

from __future__ import annotations

import contextlib
import ctypes
import os
from collections import deque
from typing import Generic, TypeVar

T = TypeVar("T")
let_others_run = ctypes.CDLL(None).sched_yield
"""Without the interpreter lock, unlike `os.sched_yield`."""


class Handover(Generic[T]):
    """Any number of threads put, one takes.

    What a lock or a `queue.SimpleQueue` wakes, it wakes while it holds the interpreter lock: on one core the taker runs
    at once, waits for that lock, and the two change places twice more before it has anything. `os.write` has let go of
    the lock when it wakes the taker, who runs on. Where the system does not run them at once, they are let before what
    comes after `put`: the sooner the disk works, the more of that is done meanwhile.
    """

    def __init__(self) -> None:
        self._waiting: deque[T] = deque()
        self._bell, self._ring = os.pipe()
        os.set_blocking(self._ring, False)

    def put(self, one: T) -> None:
        self._waiting.append(one)
        if len(self._waiting) == 1:  # of more, the taker finds the others before it listens again
            with contextlib.suppress(BlockingIOError):  # the pipe is full of rings that were not heard yet
                os.write(self._ring, b"\0")
            let_others_run()

    def take(self) -> T:
        """The first that waits, once there is one."""
        while not self._waiting:
            os.read(self._bell, 4_096)
        return self._waiting.popleft()

    @property
    def empty(self) -> bool:
        return not self._waiting

    def close(self) -> None:
        """Once nobody puts or takes any more: the last item may be taken before whoever put it has rung."""
        os.close(self._bell)
        os.close(self._ring)
