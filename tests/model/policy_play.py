"""A desk with a bot behind its relay, played step by step beside the model of what is due to be Read."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import sqlite3
import tempfile
import uuid
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from kidoku.core.read_policy import Occasion, ReadPolicy
from kidoku.desk.store.agents import add_agent
from kidoku.desk.store.assign_chat import assign_chat
from kidoku.desk.store.open_chat import leave_chat, open_chat, undo_open
from kidoku.desk.store.read_chat import read_chat
from kidoku.desk.store.relays import retry_relays
from kidoku.desk.store.replies import ask_reply
from kidoku.storage.clock import ManualClock
from kidoku.storage.refused import Missing
from tests.desk.kit import START, World, desk_world, message_event
from tests.desk.line import ScriptedLine, scripted_line
from tests.model.policy_model import ANYBODY, CHATS, OPENING, Due, Message, Model
from tests.platform.webhooks.receiver import Receiver, Request, http, receiving

SECOND, HOUR = 1_000, 3_600_000

PATIENCE, CALM = 100, 30
"""How often the desk is found at rest before what is missing counts as never made; looks at what doesn't change."""

Step = tuple[Any, ...]
"""What happens: the name of a `do_` method of `Play`, and its values."""


class Bot:
    """Answers as it is told, or when it is told to."""

    def __init__(self) -> None:
        self.mode = "200"
        self.held: list[tuple[asyncio.Future[bytes | None], Request]] = []
        self.took: set[int] = set()

    async def __call__(self, request: Request, writer: asyncio.StreamWriter) -> None:
        answer: bytes | None = http(int(self.mode)) if self.mode != "hold" else None
        if answer is None:
            answered: asyncio.Future[bytes | None] = asyncio.get_running_loop().create_future()
            self.held.append((answered, request))
            answer = await answered
        if answer is None:
            writer.transport.abort()
            return
        if b" 200 " in answer:
            self.took |= {int(one["message"]["id"]) for one in request.events}
        writer.write(answer)
        await writer.drain()

    def release(self, which: int | None, answer: bytes | None) -> None:
        some = list(self.held) if which is None else self.held[which % len(self.held) :][:1]
        for one in some:
            self.held.remove(one)
            one[0].set_result(answer)


def key_of(number: int) -> int:
    return 500_000_000_000_000_000 + number


def user_of(chat: int) -> str:
    return f"U{chat + 1:032x}"


class Play:
    def __init__(self, folder: Path, line: ScriptedLine, receiver: Receiver, form: str) -> None:
        self.folder, self.line, self.receiver = folder, line, receiver
        self.model = Model(form)
        self.clock = ManualClock(START)
        self.bot = Bot()
        receiver.answer = self.bot
        self.number = 0
        self.sent: list[dict[str, Any]] = []
        self.lives = 0
        self.counted = 0
        self.assignee: dict[int, int | None] = {}
        self.agents: list[int] = []

    # the desk's life

    async def start(self, data: Path) -> None:
        self.data = data
        self.stack = AsyncExitStack()
        self.world: World = await self.stack.enter_async_context(
            desk_world(data, self.line, clock=self.clock, relay_timeout_ms=600_000)
        )
        self.db = sqlite3.connect(f"file:{data}/desk.db?mode=ro", uri=True, isolation_level=None)

    async def stop(self) -> None:
        self.db.close()
        self.bot.release(None, None)
        await self.stack.aclose()

    async def restart(self) -> None:
        await self.stop()
        await self.start(self.data)

    async def crash(self) -> None:
        """What is on disk now is all that the next one has."""
        self.lives += 1
        data = self.folder / f"life-{self.lives}"
        shutil.copytree(self.data, data, ignore=shutil.ignore_patterns("desk.db*", "desk.lock"))
        with sqlite3.connect(data / "desk.db") as copy:
            self.db.backup(copy)
        copy.close()
        calls = len(self.line.calls)
        await self.stop()
        del self.line.calls[calls:]  # what the dead one would have done yet
        await self.start(data)

    async def settle(self) -> None:
        """Wait until the desk is at rest: nothing is due or under way but what the bot holds, and nothing moves. A
        webhook that waits although its time has come may be behind others; whether it is can't be seen.
        """
        desk = self.world.desk
        for worker in (desk.relay, desk.marker, desk.replier, desk.processor):
            worker.wake()
        calm, before = 0, None
        async with asyncio.timeout(20):
            while calm < CALM:
                await asyncio.sleep(0.003)
                now = self.clock.now()
                busy = self.rows(
                    "SELECT 1 FROM marks WHERE state IN ('due', 'sending') OR (state = 'waiting' AND due_at <= ?)"
                    " UNION ALL SELECT 1 FROM intakes WHERE processed_at IS NULL LIMIT 1",
                    now,
                )
                state = (
                    self.rows("SELECT relay_id, state, attempts, next_at FROM relays"),
                    self.rows("SELECT mark_id, state FROM marks"),
                    self.rows("SELECT reply_id, state FROM replies"),
                    len(self.bot.held),
                    len(self.line.calls),
                    len(self.receiver.requests),
                )
                sending = sum(row[1] == "sending" for row in state[0])
                waiting = any(row[1] == "waiting" and row[3] <= now for row in state[0])
                parks = not self.model.relay and any(row[1] == "waiting" for row in state[0])
                quiet = not busy and not parks and sending <= len(self.bot.held) and state == before
                calm = (calm + (1 if waiting else CALM // 3)) if quiet else 0
                before = state

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        return self.db.execute(query, values).fetchall()

    def chat_id(self, chat: int) -> int | None:
        rows = self.rows("SELECT chat_id FROM chats WHERE peer_id = ?", user_of(chat))
        return rows[0][0] if rows else None

    # what happens

    async def do(self, step: Step) -> None:
        name, *values = step
        await getattr(self, f"do_{name}")(*values)
        told = ""
        for _ in range(PATIENCE):
            await self.settle()
            told = self.difference()
            if not told:
                return
        raise AssertionError(told)

    async def do_policy(self, policy: ReadPolicy, relay: bool) -> None:
        self.model.policy, self.model.relay = policy, relay
        url = self.receiver.url if relay else None
        await self.world.policy(policy, relay_url=url, mark_by=self.model.form)

    async def do_webhook(self, mode: str, events: list[tuple[int, bool, bool]], again: bool) -> None:
        self.bot.mode = mode
        new = []
        for chat, has_token, late in events:
            self.number += 1
            at = START + self.number * SECOND - (5_500 if late else 0)
            event = message_event(self.number, user=user_of(chat), at=at)
            if not has_token:
                del event["message"]["markAsReadToken"]
            new.append(event)
        old = self.sent[-2:-1] if again else []
        for number, (event, (chat, has_token, _)) in sorted(
            enumerate(zip(new, events, strict=True), self.number - len(new) + 1),
            key=lambda one: one[1][0]["timestamp"],
        ):
            handled = None if self.model.relay else False
            self.model.receive(key_of(number), Message(chat, event["timestamp"], has_token, handled))
        self.sent += new
        await self.world.webhook(*old, *new)

    async def do_mode(self, mode: str) -> None:
        self.bot.mode = mode

    async def do_release(self, which: int, answer: str) -> None:
        if self.bot.held:
            self.bot.release(which, http(int(answer)))

    async def do_retry(self) -> None:
        await self.world.desk.apply(retry_relays, self.world.channel.channel_id, self.clock.now())

    async def do_open(self, chat: int, agent: int) -> None:
        if (chat_id := self.chat_id(chat)) is None:
            return
        for occasion in OPENING:
            self.model.act(chat, occasion, f"agent:{agent}")
        await self.world.desk.apply(open_chat, self.world.channel, chat_id, f"agent:{agent}", self.now)

    async def do_assign(self, chat: int, agent: int | None, by: int) -> None:
        if (chat_id := self.chat_id(chat)) is None:
            return
        if self.assignee.get(chat) != agent:
            self.assignee[chat] = agent
            if agent is not None:
                self.model.act(chat, Occasion.ASSIGNED, f"agent:{by}")
        agent_id = None if agent is None else self.agents[agent]
        await self.world.desk.apply(
            assign_chat, self.world.channel, chat_id, agent_id, f"agent:{by}", self.now
        )

    async def do_reply(self, chat: int, agent: int) -> None:
        if (chat_id := self.chat_id(chat)) is None:
            return
        self.model.act(chat, Occasion.REPLIED, f"agent:{agent}")
        await self.world.desk.apply(
            ask_reply,
            self.world.channel,
            chat_id,
            [{"type": "text", "text": "Hi"}],
            f"agent:{agent}",
            str(uuid.uuid4()),
            self.now,
            1_000,
        )

    async def do_read(self, chat: int) -> None:
        if (chat_id := self.chat_id(chat)) is None:
            return
        newest = self.model.newest(chat, *ANYBODY)
        self.model.ask(chat, Due(Occasion.ASKED, "agent:1", newest, self.now))
        with contextlib.suppress(Missing):
            await self.world.desk.apply(read_chat, self.world.channel, chat_id, None, "agent:1", self.now)

    async def do_undo(self, chat: int, agent: int) -> None:
        if (chat_id := self.chat_id(chat)) is None:
            return
        self.model.take_back(chat, f"agent:{agent}", *OPENING)
        with contextlib.suppress(Missing):
            await self.world.desk.apply(undo_open, chat_id, f"agent:{agent}", self.now)

    async def do_leave(self, chat: int, agent: int) -> None:
        if (chat_id := self.chat_id(chat)) is None:
            return
        self.model.take_back(chat, f"agent:{agent}", Occasion.KEPT_OPEN)
        await self.world.desk.apply(leave_chat, chat_id, f"agent:{agent}", self.now)

    async def do_advance(self, ms: int) -> None:
        self.clock.advance(ms)
        self.model.now += ms

    async def do_restart(self) -> None:
        await self.restart()

    async def do_crash(self) -> None:
        await self.crash()

    @property
    def now(self) -> int:
        return self.clock.now()

    # what must hold

    def difference(self) -> str:
        """What is due and not made yet. What was made and is not due fails at once."""
        known = {
            int(key): None if took is None else bool(took)
            for key, took in self.rows("SELECT message_key, bot_handled FROM messages WHERE direction = 'in'")
        }
        if known.keys() != self.model.messages.keys():
            return f"processed: {known}"
        for key, took in known.items():
            if took is not self.model.messages[key].handled:
                assert took is not None
                assert self.model.messages[key].handled is not True
                assert not took or key in self.bot.took, "the bot has not taken it"
                self.model.bot_answered(key, took)
        self.model.marks_are_made()
        for chat in range(CHATS):
            expected = self.model.read[chat]
            read = self.rows("SELECT max(read_at, 0) FROM chats WHERE peer_id = ?", user_of(chat))
            found = read[0][0] if read else 0
            made = max(found, self.called(chat)) if self.model.form == "token" else found
            assert made <= expected, self.told(chat, made)
            if min(found, made) < expected:
                return self.told(chat, found)
        return ""

    def called(self, chat: int) -> int:
        """Up to where LINE was asked to mark a chat by token."""
        tokens = [
            call.body["markAsReadToken"] for call in self.line.calls if call.path.endswith("markAsRead")
        ]
        marked = [self.model.messages[key_of(int(one.split("-")[1]))] for one in tokens]
        return max((one.at for one in marked if one.chat == chat), default=0)

    def told(self, chat: int, found: int) -> str:
        def short(at: int) -> float:
            return (at - START) / 1_000 if at else 0

        return (
            f"chat {chat}: Read up to {short(found)}, due up to {short(self.model.read[chat])}; "
            f"waiting {self.model.due[chat]}; noted {self.model.noted}; marks "
            f"{self.rows('SELECT chat_id, occasion, by, at, due_at, state FROM marks')}"
        )

    async def end(self) -> None:
        """All that is due is made in the end."""
        self.bot.mode = "500"
        await self.do(("release", 0, "500"))
        self.bot.release(None, http(500))
        for _ in range(2):
            await self.do(("policy", self.model.policy, False))
            await self.do(("advance", 25 * HOUR))
        assert self.rows("SELECT 1 FROM messages WHERE bot_handled IS NULL AND direction = 'in'") == []
        assert self.rows("SELECT 1 FROM deferred") == []
        assert self.rows("SELECT state FROM replies WHERE state != 'sent'") == []
        assert not any(self.model.due.values())


async def play(form: str, steps: list[Step]) -> None:
    folder = Path(tempfile.mkdtemp())
    try:
        async with scripted_line() as line, receiving() as receiver:
            one = Play(folder, line, receiver, form)
            await one.start(folder / "data")
            try:
                for number in range(2):
                    agent = await one.world.desk.apply(
                        add_agent, f"agent{number}", f"Agent {number}", "agent", "x", START
                    )
                    one.agents.append(agent.agent_id)
                for step in steps:
                    await one.do(step)
                await one.end()
            finally:
                await one.stop()
    finally:
        shutil.rmtree(folder)
