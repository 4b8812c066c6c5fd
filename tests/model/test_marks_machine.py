"""The desk's marks in their real store, with two processes at work on it, beside a model of a few lines."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from kidoku.core.mark_attempt import Fault, Tried
from kidoku.core.read_policy import Occasion
from kidoku.desk.store.channels import ChannelSettings, add_channel
from kidoku.desk.store.chats import Peer, ensure_chat
from kidoku.desk.store.finish_marks import Attempt, Finished, finish_marks
from kidoku.desk.store.inbound import Inbound, add_message
from kidoku.desk.store.marks import Mark, ask_mark, replay_mark, undo_mark
from kidoku.desk.store.migrations import HEAD, SCRIPTS
from kidoku.desk.store.place import Place
from kidoku.desk.store.search import SEARCH
from kidoku.desk.store.take_marks import hasten_marks, return_lost_marks, take_marks
from kidoku.storage.migrate import migrate
from kidoku.storage.refused import Invalid
from kidoku.storage.sqlite import Link
from tests.desk.kit import SECRET, START

CHATS = 3
ANY_CHAT = st.integers(0, CHATS - 1)
LEASE_MS = 30_000
SECOND, HOUR = 1_000, 3_600_000

ENDINGS: dict[str, tuple[bool, Tried]] = {
    "confirmed": (True, Tried(200)),
    "failed": (False, Tried(500)),
    "failed and done": (True, Tried(503)),
    "lost": (False, Tried(None, Fault.NO_ANSWER)),
    "answer lost": (True, Tried(None, Fault.NO_ANSWER)),
    "unreached": (False, Tried(None, Fault.NOT_SENT)),
    "too many": (False, Tried(429, retry_after_s=7)),
    "refused": (False, Tried(400, message="ensure that chat is enabled")),
}
"""Whether LINE does it, and what the desk learns of it."""
ANY_ENDING = st.sampled_from(["confirmed"] * 4 + sorted(ENDINGS))


class Model:
    """Read is due up to the newest message that was asked for and not undone. Nothing else ever is."""

    def __init__(self) -> None:
        self.written: Counter[int] = Counter()
        self.asked: dict[int, tuple[int, int]] = {}
        self.confirmed: Counter[int] = Counter()
        self.shown: Counter[int] = Counter()

    def due(self, chat: int) -> int:
        return max((number for of, number in self.asked.values() if of == chat), default=0)


class Call(NamedTuple):
    """A mark that a process has taken, as LINE has answered it; whether the process hears of that is open."""

    owner: str
    mark: Mark
    started: int
    tried: Tried


@cache
def empty() -> Path:
    """A migrated database."""
    path = Path(tempfile.mkdtemp()) / "desk.db"
    migrate(path, SCRIPTS, HEAD)
    return path


class Marks(RuleBasedStateMachine):
    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.path = Path(shutil.copy(empty(), self.folder))
        self.now = START
        self.started = 0
        self.model = Model()
        self.calls: list[Call] = []
        self.taken: set[int] = set()
        self.open()
        made = ("shop", "Shop", SECRET, "token", ChannelSettings())
        self.channel = self.run(add_channel, *made, self.now).value
        peers = [Peer("user", f"U{number}") for number in range(CHATS)]
        self.chats = [self.run(ensure_chat, self.channel.channel_id, peer, self.now) for peer in peers]
        self.owners = [self.new_owner(), self.new_owner()]

    # -- the system under test

    def open(self) -> None:
        self.link = Link(self.path, read_only=False)
        for statement in SEARCH:
            self.link.driver.execute(statement)
        self.link.driver.execute("PRAGMA synchronous = OFF")  # no power is lost here

    def run(self, fn: Any, *args: Any, **more: Any) -> Any:
        conn = self.link.conn
        self.link.driver.execute("BEGIN IMMEDIATE")
        try:
            result = fn(conn, *args, **more)
            self.link.end("COMMIT")
        except BaseException:
            self.link.end("ROLLBACK")
            raise
        return result

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        return self.link.driver.execute(query, values).fetchall()

    def has(self, *states: str) -> bool:
        """Whether a mark is in one of these states."""
        return any(self.rows("SELECT 1 FROM marks WHERE state = ? LIMIT 1", state) for state in states)

    def new_owner(self) -> str:
        self.started += 1
        return f"process {self.started}"

    def held(self) -> set[int]:
        """The marks that a process has to itself: it took them and has not said how it went."""
        return {call.mark.mark_id for call in self.calls if (call.mark.lease_until or 0) > self.now}

    # -- what may happen

    @rule(chat=ANY_CHAT)
    def user_writes(self, chat: int) -> None:
        self.model.written[chat] += 1
        number = self.model.written[chat]
        message = {"id": str(number), "type": "text", "text": "hi", "markAsReadToken": f"{number}"}
        assert self.run(add_message, Inbound(self.chats[chat], START + number, message, f"U{chat}", False))

    @rule(chat=ANY_CHAT)
    def user_writes_and_it_is_due(self, chat: int) -> None:
        self.user_writes(chat)
        self.ask(chat, 0, 0)

    @rule(chat=ANY_CHAT)
    def user_writes_and_somebody_opens_the_chat(self, chat: int) -> None:
        self.user_writes(chat)
        self.ask(chat, 3 * SECOND, 0)

    @precondition(lambda self: self.model.written)
    @rule(chat=ANY_CHAT, delay=st.sampled_from([0, 3 * SECOND]), back=st.integers(0, 2))
    def ask(self, chat: int, delay: int, back: int) -> None:
        number = max(0, self.model.written[chat] - back)
        up_to = Place(START + number, number)
        mark_id = self.run(
            ask_mark, self.channel, self.chats[chat], Occasion.ASKED, "api", self.now, delay, up_to=up_to
        ).value
        assert (mark_id is None) == (number <= self.model.confirmed[chat])
        if mark_id is not None:
            self.model.asked[mark_id] = chat, number

    @precondition(lambda self: self.has("waiting"))
    @rule(data=st.data())
    def undo(self, data: st.DataObject) -> None:
        mark_id = data.draw(st.sampled_from(sorted(self.model.asked)))
        try:
            self.run(undo_mark, mark_id)
        except Invalid:
            assert self.rows("SELECT state FROM marks WHERE mark_id = ?", mark_id) != [("waiting",)]
        else:
            assert mark_id not in self.taken
            del self.model.asked[mark_id]

    @precondition(lambda self: self.has("due", "waiting", "sending"))
    @rule(which=st.integers(0, 1), free=st.integers(1, 4), room=st.integers(1, 3), data=st.data())
    def take(self, which: int, free: int, room: int, data: st.DataObject) -> None:
        """A process takes what there is and calls LINE."""
        self.send(which, free, room, lambda: data.draw(ANY_ENDING))

    @precondition(lambda self: self.has("due", "waiting", "sending"))
    @rule(which=st.integers(0, 1), data=st.data())
    def take_and_hear(self, which: int, data: st.DataObject) -> None:
        before = len(self.calls)
        self.take(which, 1, 1, data)
        self.finish(self.calls[before:])

    @precondition(lambda self: self.has("due", "waiting", "sending"))
    @rule(which=st.integers(0, 1))
    def one_mark_is_made(self, which: int) -> None:
        before = len(self.calls)
        self.send(which, 1, 1, lambda: "confirmed")
        self.finish(self.calls[before:])

    def send(self, which: int, free: int, room: int, ending: Any) -> int:
        owner, held = self.owners[which], self.held()
        taken = self.run(
            take_marks, owner, self.now, LEASE_MS, free, {self.channel.channel_id: room}, 0.5
        ).value.marks
        assert len(taken) <= min(free, room)
        assert len({mark.chat_id for mark in taken}) == len(taken)
        for mark in taken:
            assert mark.mark_id not in held, "two processes have it"
            assert mark.mark_id in self.model.asked, "it was undone"
            chat, number = self.model.asked[mark.mark_id]
            assert mark.token == str(number)
            assert number > self.model.confirmed[chat], "an older one after a newer one, or one for nothing"
            does, tried = ENDINGS[ending()]
            if does:
                self.model.shown[chat] = max(self.model.shown[chat], number)
            self.taken.add(mark.mark_id)
            self.calls.append(Call(owner, mark, self.now, tried))
        return len(taken)

    @precondition(lambda self: self.calls)
    @rule(data=st.data())
    def answers_come(self, data: st.DataObject) -> None:
        """In whatever order, one or many together, some of them after their lease."""
        self.finish(data.draw(st.lists(st.sampled_from(self.calls), min_size=1, unique_by=id)))

    def finish(self, ended: list[Call]) -> None:
        for call in ended:
            self.calls.remove(call)
            if call.tried.status == 200:
                chat, number = self.model.asked[call.mark.mark_id]
                self.model.confirmed[chat] = max(self.model.confirmed[chat], number)
        finished = [
            Finished(call.mark, Attempt(call.started, self.now - call.started, call.tried), self.now, 0.5)
            for call in ended
        ]
        assert len(self.run(finish_marks, finished)) == len(finished)

    @precondition(lambda self: self.calls)
    @rule(which=st.integers(0, 1))
    def one_takes_over_what_the_other_holds(self, which: int) -> None:
        """The answer to the other one's call comes later than that, or never."""
        self.now += LEASE_MS
        before = list(self.calls)
        for _ in range(2):
            self.send(which, 4, 4, lambda: "confirmed")
            self.now += 5 * SECOND
        self.finish([call for call in self.calls if call not in before])

    @rule(ms=st.sampled_from([SECOND, 5 * SECOND, LEASE_MS, 27 * HOUR]))
    def time_passes(self, ms: int) -> None:
        self.now += ms

    @precondition(lambda self: self.calls)
    @rule(which=st.integers(0, 1))
    def one_process_dies(self, which: int) -> None:
        self.calls = [call for call in self.calls if call.owner != self.owners[which]]
        self.owners[which] = self.new_owner()

    @precondition(lambda self: self.calls)
    @rule()
    def all_die_and_one_starts(self) -> None:
        self.calls.clear()
        self.link.close()
        self.link.driver.close()
        self.open()
        self.owners = [self.new_owner(), self.new_owner()]
        self.run(return_lost_marks, self.now, 0.5, self.owners[0])
        assert self.rows("SELECT 1 FROM marks WHERE state = 'sending'") == []

    @precondition(lambda self: self.has("due"))
    @rule()
    def outage_is_over(self) -> None:
        self.run(hasten_marks, self.channel.channel_id, self.now)

    @precondition(lambda self: self.has("parked"))
    @rule()
    def parked_marks_are_replayed(self) -> None:
        for (mark_id,) in self.rows("SELECT mark_id FROM marks WHERE state = 'parked' ORDER BY mark_id"):
            if self.rows("SELECT state FROM marks WHERE mark_id = ?", mark_id) == [("parked",)]:
                self.run(replay_mark, mark_id, "agent:1", self.now)

    # -- what must always hold

    @invariant()
    def one_mark_of_a_chat_at_a_time(self) -> None:
        if hasattr(self, "owners"):
            open_marks = "SELECT count(*) FROM marks WHERE state = ? GROUP BY chat_id HAVING count(*) > 1"
            assert self.rows(open_marks, "due") == []
            assert self.rows(open_marks, "sending") == []

    @invariant()
    def read_is_what_was_confirmed_and_no_more_than_was_due(self) -> None:
        if hasattr(self, "owners"):
            for chat, chat_id in enumerate(self.chats):
                ((place,),) = self.rows("SELECT max(read_place, 0) FROM chats WHERE chat_id = ?", chat_id)
                assert place == self.model.confirmed[chat] <= self.model.shown[chat] <= self.model.due(chat)

    @invariant()
    def nothing_due_is_lost(self) -> None:
        if hasattr(self, "owners"):
            covers = (
                "SELECT 1 FROM marks WHERE chat_id = ? AND place >= ?"
                " AND state IN ('waiting', 'due', 'sending', 'parked')"
            )
            for chat, number in self.model.asked.values():
                if number > self.model.confirmed[chat]:
                    assert self.rows(covers, self.chats[chat], number), (chat, number)

    def teardown(self) -> None:
        """In the end LINE answers everything, people look at what is parked, and all that was due is Read."""
        if hasattr(self, "owners"):
            self.settle()
            for chat in range(CHATS):
                assert self.model.confirmed[chat] == self.model.due(chat)
            self.link.close()
            shutil.rmtree(self.folder)

    def settle(self) -> None:
        for _ in range(100):
            self.finish(list(self.calls))
            self.parked_marks_are_replayed()
            self.now += HOUR
            if not self.send(0, 4, 4, lambda: "confirmed") and not self.rows(OPEN):
                break
        self.read_is_what_was_confirmed_and_no_more_than_was_due()


OPEN = "SELECT 1 FROM marks WHERE state IN ('waiting', 'due', 'sending', 'parked')"

Marks.TestCase.settings = settings(
    max_examples=40, stateful_step_count=60, deadline=None, suppress_health_check=list(HealthCheck)
)
TestMarks = Marks.TestCase
