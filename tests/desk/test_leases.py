"""Two processes at work on one database: each mark is sent by one, and by the other once that one's lease is over."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from kidoku.core.read_policy import Occasion
from kidoku.desk.config import DeskConfig
from kidoku.desk.directory import Directory
from kidoku.desk.line.client import LineClient
from kidoku.desk.marker import Marker
from kidoku.desk.metrics import Counts
from kidoku.desk.store.change import Change
from kidoku.desk.store.channels import Channel, ChannelSettings, add_channel, all_channels
from kidoku.desk.store.chats import Peer, ensure_chat
from kidoku.desk.store.finish_marks import finish_marks
from kidoku.desk.store.inbound import Inbound, add_message
from kidoku.desk.store.marks import ask_mark, find_mark
from kidoku.desk.store.migrations import HEAD, SCRIPTS
from kidoku.desk.store.search import SEARCH
from kidoku.storage.clock import ManualClock
from kidoku.storage.embedded import SqliteEngine
from kidoku.storage.engine import P, StoreFunction, T
from kidoku.storage.lock import share_file
from kidoku.storage.migrate import migrate
from tests.desk.kit import SECRET, START
from tests.desk.line import OK, ScriptedLine, Step, status

MARKS = 200
PACE = DeskConfig(mark_rate_per_s=100_000)
"""The clock stands still, so that what may go at once has to be enough."""


@dataclass
class Process:
    """The marker of one process, and as much of a desk as it needs."""

    owner: str
    engine: SqliteEngine
    clock: ManualClock
    config: DeskConfig = PACE
    directory: Directory = field(default_factory=Directory)
    counts: Counts = field(default_factory=Counts)
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.line = LineClient(10_000)
        self.finish_marks = finish_marks
        self.marker = Marker(self, self.line)

    @property
    def now(self) -> int:
        return self.clock.now()

    def random_unit(self) -> float:
        return 0.5

    async def apply(self, fn: StoreFunction[P, Change[T]], *args: P.args, **kwargs: P.kwargs) -> T:
        return (await self.engine.write_then(self.committed, fn, *args, **kwargs)).value

    def committed(self, change: Change[Any]) -> None:
        if change.events:
            self.changed.set()

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait until what this process has written down makes it true."""
        async with asyncio.timeout(20):
            while not holds():
                self.changed.clear()
                await self.changed.wait()

    async def close(self) -> None:
        await self.marker.close()
        await self.line.close()
        await self.engine.close()


@dataclass
class Two:
    """The processes, and a look at their database."""

    one: Process
    other: Process
    clock: ManualClock
    channel: Channel
    driver: sqlite3.Connection

    async def ask(self, user: int) -> int:
        """A user's message, and a mark that is due."""
        peer = Peer("user", f"U{user}")
        engine, now = self.one.engine, self.clock.now()
        chat_id = await engine.write(ensure_chat, self.channel.channel_id, peer, now)
        message = {"id": str(user), "type": "text", "text": "hi", "markAsReadToken": f"token-{user}"}
        assert await engine.write(add_message, Inbound(chat_id, now, message, peer.id, False))
        mark_id = await self.one.apply(ask_mark, self.channel, chat_id, Occasion.ASKED, "api", now)
        assert mark_id is not None
        return mark_id

    def state(self, mark_id: int) -> Any:
        found = "SELECT state, lease_owner, attempts FROM marks WHERE mark_id = ?"
        return self.driver.execute(found, (mark_id,)).fetchone()

    def left(self) -> int:
        found = self.driver.execute("SELECT count(*) FROM marks WHERE state <> 'confirmed'").fetchone()
        return int(found[0])


@asynccontextmanager
async def two(folder: Path, line: ScriptedLine) -> AsyncIterator[Two]:
    path, clock = folder / "desk.db", ManualClock(START)
    migrate(path, SCRIPTS, HEAD)
    async with AsyncExitStack() as stack:
        processes = []
        for owner in ("one", "other"):
            lock = share_file(folder / "desk.lock")
            if lock.alone:
                lock.share()
            processes.append(Process(owner, SqliteEngine.open(path, lock, prepare=SEARCH), clock))
            stack.push_async_callback(processes[-1].close)
        one, other = processes
        made = ("shop", "Shop", SECRET, "token", ChannelSettings())
        channel = await one.apply(add_channel, *made, START, line.url, line.url)
        for process in processes:
            process.directory.put(await process.engine.read(all_channels))
        driver = stack.enter_context(closing(sqlite3.connect(path, isolation_level=None)))
        yield Two(one, other, clock, channel, driver)


def sent(line: ScriptedLine) -> Counter[str]:
    return Counter(call.body["markAsReadToken"] for call in line.calls)


async def test_each_mark_is_sent_by_one(tmp_path: Path, line: ScriptedLine) -> None:
    async with two(tmp_path, line) as both:
        await asyncio.gather(*(both.ask(user) for user in range(MARKS)))
        for process in (both.one, both.other):
            await process.marker.work()  # a first share for each, whoever is faster later
        both.one.marker.start()
        both.other.marker.start()
        await line.calls_become(MARKS)
        # Whoever has nothing left hears nothing more.
        await asyncio.wait(
            [asyncio.create_task(one.until(lambda: both.left() == 0)) for one in (both.one, both.other)],
            return_when=asyncio.FIRST_COMPLETED,
        )
        assert both.left() == 0
        assert sent(line) == dict.fromkeys((f"token-{user}" for user in range(MARKS)), 1)
        shares = [process.counts.marks["confirmed"] for process in (both.one, both.other)]
        assert sum(shares) == MARKS
        assert min(shares) >= PACE.mark_concurrency


async def test_a_mark_that_is_held_is_left_alone(tmp_path: Path, line: ScriptedLine) -> None:
    line.usual = Step(held=True)
    async with two(tmp_path, line) as both:
        mark_id = await both.ask(1)
        both.one.marker.start()
        await line.calls_become(1)
        both.clock.advance(both.one.config.lease_ms - 1)
        assert await both.other.marker.work() is not None
        assert both.state(mark_id) == ("sending", "one", 1)
        line.released.set()
        await both.one.until(lambda: both.state(mark_id)[0] == "confirmed")
        assert len(line.calls) == 1


LATE = [OK, status(500), status(400, "Invalid markAsReadToken"), None]


async def taken_over(both: Two, line: ScriptedLine, late: bytes | None) -> tuple[int, asyncio.Event]:
    """One has a mark at LINE, which is silent for as long as the lease lasts, and until the event that is given; the
    other has taken it meanwhile.
    """
    line.script.append(Step(late, held=True))
    mark_id = await both.ask(1)
    await both.one.marker.work()
    await line.calls_become(1)
    silent, line.released = line.released, asyncio.Event()
    both.clock.advance(both.one.config.lease_ms)
    await both.other.marker.work()
    assert both.state(mark_id) == ("due", None, 1), (
        "sent again after a pause, as after any call without an answer"
    )
    both.clock.advance(1_000)
    await both.other.marker.work()
    assert both.state(mark_id) == ("sending", "other", 2)
    return mark_id, silent


@pytest.mark.parametrize("late", LATE, ids=["200", "500", "400", "reset"])
async def test_an_answer_after_the_other_one_s_does_no_harm(
    tmp_path: Path, line: ScriptedLine, late: bytes | None
) -> None:
    async with two(tmp_path, line) as both:
        mark_id, silent = await taken_over(both, line, late)
        await both.other.until(lambda: both.state(mark_id)[0] == "confirmed")
        before = await both.one.engine.read(find_mark, mark_id)
        silent.set()
        await both.one.marker.close()
        assert await both.one.engine.read(find_mark, mark_id) == before
        assert sent(line) == {"token-1": 2}


@pytest.mark.parametrize("late", LATE, ids=["200", "500", "400", "reset"])
async def test_an_answer_before_the_other_one_s_does_no_harm(
    tmp_path: Path, line: ScriptedLine, late: bytes | None
) -> None:
    """That LINE has done it counts, whoever says so; that it has not is for the one to say who has the mark."""
    line.usual = Step(held=True)
    async with two(tmp_path, line) as both:
        mark_id, silent = await taken_over(both, line, late)
        await line.calls_become(2)
        silent.set()
        await both.one.marker.close()
        by_the_first = late == OK
        assert both.state(mark_id)[0] == ("confirmed" if by_the_first else "sending")
        line.released.set()
        await both.other.marker.close()
        assert both.state(mark_id)[0] == "confirmed"
        assert sent(line) == {"token-1": 2}
