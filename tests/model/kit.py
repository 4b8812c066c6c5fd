"""A server of Kidoku's as a process that is killed and started again on the same data."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict, dataclass
from typing import Literal

from aiohttp import web

When = Literal["before", "after"]
WHEN: tuple[When, ...] = ("before", "after")


@dataclass(frozen=True)
class Dies:
    """A step at which a process dies: before or after the n-th call of the function at `module:name`."""

    at: str
    when: When
    call: int = 1

    def __str__(self) -> str:
        return f"{self.when} {self.at}, call {self.call}"


class Server:
    """`kidoku` with some command, a process of its own each time that it is started. See `launcher`."""

    def __init__(self, launcher: asyncio.subprocess.Process, url: str, command: Sequence[str]) -> None:
        self.url = url
        self._launcher = launcher
        self._command = command
        self._pid: int | None = None

    async def start(self, dies: Dies | None = None) -> bool:
        """Run until it answers; False when it died before, of the step at which it had to."""
        assert self._launcher.stdin is not None
        asked = {"command": self._command, "dies": None if dies is None else asdict(dies)}
        self._launcher.stdin.write(json.dumps(asked).encode() + b"\n")
        _, self._pid = await self._said("pid")
        said, number = await self._said(self.url)  # printed once it answers
        if said != "ended":
            return True
        self._pid = None
        assert dies is not None, "the server did not start"
        assert number == signal.SIGKILL
        return False

    async def kill(self) -> None:
        if self._pid is not None:
            self.strike()
            await self.died()

    def strike(self) -> None:
        """Kill it, and don't wait for its end."""
        assert self._pid is not None
        os.kill(self._pid, signal.SIGKILL)

    async def died(self) -> None:
        """Wait for it to be killed, by itself or by others."""
        _, number = await self._said("ended")
        self._pid = None
        assert number == signal.SIGKILL, "the server ended in another way"

    async def _said(self, what: str) -> tuple[str, int]:
        """Read on until the launcher says that, or that the process has ended: the word and its number."""
        assert self._launcher.stdout is not None
        async for line in self._launcher.stdout:
            word, _, number = line.decode().strip().partition(" ")
            if word in {what, "ended"}:
                return word, int(number)
            if what in line.decode():
                return what, 0
        raise AssertionError("the launcher has ended")


@contextlib.asynccontextmanager
async def server(url: str, *command: str, imports: Sequence[str], **env: str) -> AsyncIterator[Server]:
    """A server that isn't started yet. `imports`: modules that all its processes share."""
    launcher = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.model.launcher",
        *imports,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "LANG": "C.UTF-8", **env},
    )
    made = Server(launcher, url, command)
    try:
        yield made
    finally:
        await made.kill()
        assert launcher.stdin is not None
        launcher.stdin.close()
        await launcher.wait()


@contextlib.asynccontextmanager
async def listening(app: web.Application) -> AsyncIterator[str]:
    """An application on a loopback port, at this address."""
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
