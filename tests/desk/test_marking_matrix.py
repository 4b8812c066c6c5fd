"""Every way a call to LINE can end × how often × both forms × a newer message or none: each call, state and attempt."""

from __future__ import annotations

import asyncio
import socket
import sqlite3
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from itertools import count, product
from pathlib import Path
from typing import Any, Literal

import aiohttp
import pytest

from kidoku.core.mark_attempt import Fault
from kidoku.desk.app import running
from kidoku.desk.config import DeskConfig
from kidoku.desk.line.client import Answer, LineClient, no_answer
from kidoku.desk.store.channels import ChannelSettings, add_channel
from kidoku.storage.clock import ManualClock
from tests.databases import migrated
from tests.desk.kit import SECRET, START, World, message_event
from tests.desk.line import OK, ScriptedLine, Step, status

CHAT_OFF = "Failed to mark messages as read. Please ensure that chat is enabled."


@dataclass(frozen=True)
class Ending:
    """How a call goes wrong, and what has to follow: another attempt in `wait_s` at least, or `advice` for people."""

    name: str
    step: Step | None = None
    status: int | None = None
    reason: str | None = None
    advice: str | None = None
    ambiguous: bool = True
    """Whether LINE may have done it."""
    wait_s: int = 0
    how: Literal["answered", "refused", "hangs", "timeout", "slow"] = "answered"


TRUNCATED = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 999\r\n\r\n{"


def answered(code: int, message: str = "", *headers: str, **more: Any) -> Ending:
    return Ending(str(code), Step(status(code, message, *headers)), code, message or None, **more)


FAULTS = [
    answered(500, "Internal server error"),
    answered(502),
    answered(503),
    answered(429, "The API rate limit has been exceeded.", "retry-after: 7", ambiguous=False, wait_s=7),
    answered(408),
    Ending("connection refused", reason="not-sent", ambiguous=False, how="refused"),
    Ending("connection hangs", reason="not-sent", ambiguous=False, how="hangs"),
    Ending("timeout after applying", Step(held=True), reason="no-answer", how="timeout"),
    Ending("connection reset", Step(None), reason="no-answer"),
    Ending("truncated answer", Step(TRUNCATED), reason="no-answer"),
    answered(400, CHAT_OFF, advice="chat-off"),
    answered(401, "Authentication failed", advice="access-token"),
    answered(403, "Access to this API is not available for your account", advice="not-entitled"),
    answered(404, "Not found", advice="wrong-base-url"),
    Ending("slow answer", Step(OK), how="slow"),
]

Newer = Literal["none", "unasked", "asked"]
When = Literal["during", "between"]
"""Whether the newer message comes while the first call is under way, or between the first and the second."""


@dataclass
class Seen:
    """Calls and attempts by number of the message: 1, and 2 for the newer one."""

    calls: list[int] = field(default_factory=list)
    states: dict[int, tuple[str, str | None, int | None]] = field(default_factory=dict)
    """State, advice, and superseded by which."""
    journal: list[tuple[int, int, int | None, str | None]] = field(default_factory=list)
    """Message, number of the attempt, status and reason."""
    waits_s: list[float] = field(default_factory=list)
    read: int = 0
    """The message up to which the chat is Read."""


def expected(fault: Ending, times: int, form: str, newer: Newer, when: When) -> Seen:
    """The rules of design §9, attempt by attempt."""
    seen, of, attempt = Seen(), 1, 0
    for number in count(1):
        attempt += 1
        overtaken = newer == "asked" and of == 1
        fails = number <= times and fault.how != "slow"
        if not fails or fault.how not in {"refused", "hangs"}:
            seen.calls.append(of if form == "token" else 0)
        if not fails:
            seen.journal.append((of, attempt, 200, None))
            seen.states[of] = ("confirmed", None, None)
            seen.read = of
            if of == 2 and seen.states[1][0] == "parked":
                seen.states[1] = ("superseded", fault.advice, 2)
        else:
            seen.journal.append((of, attempt, fault.status, fault.reason))
            if fault.advice is not None:
                seen.states[of] = ("parked", fault.advice, None)
            elif overtaken:
                seen.states[1] = ("superseded", None, 2)
                seen.waits_s += [fault.wait_s] if fault.wait_s else []
            elif form == "user" and newer == "unasked" and fault.ambiguous:
                # By its own outcome, if the message was there; otherwise instead of the next attempt.
                seen.waits_s += [1] if when == "between" else []
                seen.states[1] = ("parked", "newer-message", None)
            else:
                seen.waits_s.append(max(2 ** (attempt - 1), fault.wait_s))
                continue
        if not overtaken:
            break
        of, attempt = 2, 0
    return seen


@dataclass
class Scene:
    """A desk whose time stands still, and a LINE that comes and goes."""

    world: World
    line: ScriptedLine
    clock: ManualClock
    port: int
    driver: sqlite3.Connection
    listener: asyncio.Server | None = None
    users: count[int] = field(default_factory=lambda: count(1))

    async def listen(self) -> None:
        self.listener = await asyncio.start_server(self.line.serve, "127.0.0.1", self.port)

    def unlisten(self) -> None:
        assert self.listener is not None
        self.listener.close()

    @asynccontextmanager
    async def away(self, *, hangs: bool) -> AsyncIterator[None]:
        """Nobody listens; or somebody does who takes no more connections."""
        self.unlisten()
        with ExitStack() as stack:
            if hangs:
                stack.enter_context(full_backlog(self.port))
            yield
        await self.listen()

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        return self.driver.execute(query, values).fetchall()

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait until a look at the database says so: a live event tells when to look."""
        async with asyncio.timeout(20):
            while not holds():
                await self.world.events.wait()
                self.world.events.queue.clear()


@contextmanager
def full_backlog(port: int) -> Iterator[int]:
    """A listener whose queue is full: the kernel answers no further connection."""
    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", port), backlog=0))
        for _ in range(3):
            one = stack.enter_context(socket.socket())
            one.setblocking(False)
            one.connect_ex(listener.getsockname())
        yield listener.getsockname()[1]


@asynccontextmanager
async def scene(data: Path) -> AsyncIterator[Scene]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    line, clock = ScriptedLine(f"http://127.0.0.1:{port}"), ManualClock(START)
    settings = migrated(DeskConfig(port=0, data_dir=data))
    half = lambda size: b"\x80" + b"\0" * (size - 1)  # noqa: E731 - no jitter
    async with (
        running(settings, clock=clock, entropy=half) as (desk, serving),
        aiohttp.ClientSession() as session,
    ):
        made = ("shop", "Shop", SECRET, "token", ChannelSettings())
        channel = await desk.apply(add_channel, *made, desk.now, line.url, line.url)
        world = World(desk, serving.url, channel, session, desk.bus.subscribe(None))
        driver = sqlite3.connect(data / "desk.db", isolation_level=None)
        found = Scene(world, line, clock, port, driver)
        await found.listen()
        try:
            yield found
        finally:
            line.released.set()
            found.unlisten()
            driver.close()


class Impatient(LineClient):
    """Gives up a connection soon where none can be had, and a call as soon as LINE has it."""

    def __init__(self, line: ScriptedLine, *, hangs: bool) -> None:
        super().__init__(timeout_ms=10_000, connect_ms=20 if hangs else 10_000)
        self._calls = line

    async def call(self, *args: Any, **more: Any) -> Answer:
        before = len(self._calls.calls)
        calling = asyncio.ensure_future(super().call(*args, **more))
        waiting = asyncio.ensure_future(self._calls.calls_become(before + 1))
        await asyncio.wait({calling, waiting}, return_when=asyncio.FIRST_COMPLETED)
        for one in (calling, waiting):
            one.cancel()
        await asyncio.wait({calling, waiting})
        if calling.cancelled():
            raise no_answer(TimeoutError())
        return await calling


class Play:
    """One case: a chat of its own, the same desk."""

    def __init__(self, on: Scene, fault: Ending, times: int, form: str, newer: Newer, when: When) -> None:
        self.on = on
        self.fault, self.times, self.form, self.newer, self.when = fault, times, form, newer, when
        self.number = next(on.users) * 10
        self.user = f"U{self.number:032x}"
        self.chat_id = 0
        self.first_call = len(on.line.calls)
        self.waits_s: list[float] = []

    async def arrives(self, message: int) -> None:
        await self.on.world.webhook(message_event(self.number + message, user=self.user))
        wanted = "SELECT 1 FROM messages WHERE message_key = ?"
        key = str(500_000_000_000_000_000 + self.number + message)
        await self.on.until(lambda: bool(self.on.rows(wanted, key)))

    async def newer_arrives(self) -> None:
        if self.newer != "none":
            await self.arrives(2)
        if self.newer == "asked":
            assert await self.on.world.ask(self.chat_id) is not None

    def journal(self) -> list[tuple[Any, ...]]:
        return self.on.rows(
            "SELECT at, attempt, mark_attempts.status, mark_attempts.reason FROM mark_attempts"
            " JOIN marks USING (mark_id) WHERE chat_id = ? ORDER BY mark_id, attempt",
            self.chat_id,
        )

    def open_marks(self) -> list[tuple[str, int]]:
        return self.on.rows(
            "SELECT state, next_at FROM marks WHERE chat_id = ? AND state IN ('due', 'sending')", self.chat_id
        )

    async def attempts_become(self, number: int) -> None:
        """Wait for an attempt to be written down, or until there is nothing left to attempt."""
        await self.on.until(lambda: len(self.journal()) >= number or not self.open_marks())

    async def run(self) -> Seen:
        on, line = self.on, self.on.line
        await self.arrives(1)
        ((self.chat_id,),) = on.rows("SELECT chat_id FROM chats WHERE peer_id = ?", self.user)
        async with AsyncExitStack() as faults:
            await faults.enter_async_context(self.faults())
            assert await on.world.ask(self.chat_id) is not None
            if self.when == "during":
                await line.calls_become(self.first_call + 1)
                await self.newer_arrives()
                line.released.set()
            attempts = 0
            while not attempts or self.open_marks():
                attempts = await self.next_attempt(attempts)
                if attempts == self.times:
                    await faults.aclose()
                if attempts == 1 and self.when == "between":
                    await self.newer_arrives()
        return self.seen()

    async def next_attempt(self, before: int) -> int:
        """Let time pass until the next attempt, and wait for its end."""
        open_marks = self.open_marks()
        if [state for state, _ in open_marks] == ["due"]:
            wait = open_marks[0][1] - self.on.clock.now()
            if wait > 0:
                self.waits_s.append(wait / 1_000)
                self.on.clock.advance(wait)
                self.on.world.desk.marker.wake()
        await self.attempts_become(before + 1)
        return before + 1

    @asynccontextmanager
    async def faults(self) -> AsyncIterator[None]:
        """LINE as it is until the last of the faulty calls has ended."""
        line, fault = self.on.line, self.fault
        held = self.when == "during"
        line.released.clear()
        if fault.step is not None:
            first = replace(fault.step, held=fault.step.held or held)
            line.script = deque([first, *[fault.step] * (self.times - 1)])
        async with AsyncExitStack() as stack:
            if fault.how in {"refused", "hangs", "timeout"}:
                await stack.enter_async_context(self.impatient())
            if fault.how in {"refused", "hangs"}:
                await stack.enter_async_context(self.on.away(hangs=fault.how == "hangs"))
            yield
        line.script.clear()
        line.released.set()

    @asynccontextmanager
    async def impatient(self) -> AsyncIterator[None]:
        """Other connections than before, and little patience."""
        marker = self.on.world.desk.marker
        usual, marker._line = marker._line, Impatient(self.on.line, hangs=self.fault.how == "hangs")
        yield
        await marker._line.close()
        marker._line = usual

    def seen(self) -> Seen:
        def number(at: int | None) -> int:
            return 0 if not at else (at - START) // 1_000 - self.number

        on = self.on
        marks = on.rows(
            "SELECT mark_id, at, state, advice, superseded_by FROM marks WHERE chat_id = ?", self.chat_id
        )
        of = {mark_id: number(at) for mark_id, at, *_ in marks}
        ((read_at,),) = on.rows("SELECT read_at FROM chats WHERE chat_id = ?", self.chat_id)
        return Seen(
            [self.number_of(call.body) for call in on.line.calls[self.first_call :]],
            {of[mark_id]: (state, advice, of.get(by)) for mark_id, _, state, advice, by in marks},
            [(number(at), n, code, why and why.split(": ")[0]) for at, n, code, why in self.journal()],
            self.waits_s,
            number(read_at),
        )

    def number_of(self, body: Any) -> int:
        if self.form == "token":
            return int(body["markAsReadToken"].removeprefix("token-")) - self.number
        assert body == {"chat": {"userId": self.user}}
        return 0


NEWER: list[tuple[Newer, When]] = [
    ("none", "between"),
    ("unasked", "during"),
    ("unasked", "between"),
    ("asked", "during"),
    ("asked", "between"),
]


@pytest.mark.parametrize("form", ["token", "user"])
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
async def test_every_end_of_a_call(tmp_path: Path, fault: Ending, form: Literal["token", "user"]) -> None:
    seen_by_line = fault.how in {"answered", "slow"}
    async with scene(tmp_path / "data") as on:
        await on.world.settings(mark_by=form)
        for times, (newer, when) in product((1, 2, 7), NEWER):
            if when == "during" and not seen_by_line:
                continue  # nobody could say when to let the message come
            seen = await Play(on, fault, times, form, newer, when).run()
            assert seen == expected(fault, times, form, newer, when), f"{times} times, {newer} {when}"


async def test_what_never_left_and_what_was_not_answered_are_told_apart(line: ScriptedLine) -> None:
    line.usual = Step(held=True)
    client = LineClient(timeout_ms=300)
    tried, _ = await client.mark(line.url, "token", "read-token", "U")
    assert (tried.status, tried.fault) == (None, Fault.NO_ANSWER)
    with full_backlog(0) as port:
        tried, _ = await client.mark(f"http://127.0.0.1:{port}", "token", "read-token", "U")
    assert (tried.status, tried.fault) == (None, Fault.NOT_SENT)
    await client.close()
