"""Answers against a model of LINE that loses calls, answers and whole processes: shown once, or somebody is told.

The model has LINE's documented rules (reference, "Reply token", "Retrying a failed API request"): a token is good for
one call within a minute, a retry key for a day.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import pytest
import sqlalchemy as sa

from kidoku.core.mark_attempt import Fault, Tried
from kidoku.desk.store.channels import Channel, ChannelSettings, add_channel
from kidoku.desk.store.chats import Peer, ensure_chat
from kidoku.desk.store.migrations import HEAD, SCRIPTS
from kidoku.desk.store.replies import Reply, ask_reply, find_reply
from kidoku.desk.store.reply_sending import (
    Attempt,
    claim_replies,
    finish_reply,
    next_moment,
    return_lost_replies,
)
from kidoku.desk.store.schema import reply_tokens
from kidoku.storage.migrate import migrate
from tests.desk.kit import SECRET, START

T = TypeVar("T")

LEASE_MS = 30_000
CALL_MS = 10_000
"""How long a call takes at most, until LINE does what was asked: the desk's time limit."""
MINUTE, DAY = 60_000, 86_400_000

NO_ANSWER = Tried(None, Fault.NO_ANSWER, "timed out")
FAULTS: dict[str, tuple[bool, Tried | None]] = {
    "lost before": (False, NO_ANSWER),
    "lost after": (True, NO_ANSWER),
    "500 before": (False, Tried(500)),
    "500 after": (True, Tried(500)),
    "unreached": (False, Tried(None, Fault.NOT_SENT, "refused")),
    "rate limit": (False, Tried(429, message="The API rate limit has been exceeded.")),
    "killed before": (False, None),
    "killed after": (True, None),
}
"""Whether LINE does it, and what the desk learns; None: nothing, it is killed."""


@dataclass
class Line:
    """What LINE knows, and what the phones show."""

    received: dict[str, int] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    accepted: dict[str, int] = field(default_factory=dict)
    shown: list[tuple[int, int]] = field(default_factory=list)
    """Chat and answer, in order."""

    def asked(self, reply: Reply, now: int) -> Tried:
        if reply.reply_token is not None:
            late = now > self.received[reply.reply_token] + MINUTE
            if late or reply.reply_token in self.used:
                return Tried(400, message="Invalid reply token")
            self.used.add(reply.reply_token)
        else:
            if now <= self.accepted.get(reply.retry_key, -DAY) + DAY:
                return Tried(409, message="The retry key is already accepted")
            self.accepted[reply.retry_key] = now
        self.shown.append((reply.chat_id, reply.reply_id))
        return Tried(200)


@dataclass
class Scene:
    """A desk's answers, without the desk around them."""

    engine: sa.Engine
    rng: random.Random
    line: Line = field(default_factory=Line)
    now: int = START
    process: int = 0
    replies: list[int] = field(default_factory=list)
    channels: dict[int, Channel] = field(default_factory=dict)

    def run(self, fn: Callable[..., T], *args: Any) -> T:
        with self.engine.begin() as conn:
            return fn(conn, *args)

    def setting(self) -> None:
        made = ("shop", "Shop", SECRET, "token", ChannelSettings())
        channel = self.run(add_channel, *made, self.now).value
        self.channels[channel.channel_id] = channel
        for number in range(3):
            self.run(ensure_chat, channel.channel_id, Peer("user", f"U{number}"), self.now)

    def user_writes(self, chat_id: int) -> None:
        token = f"{chat_id}-{self.now}-{len(self.line.received)}"
        self.line.received[token] = self.now
        row = {"chat_id": chat_id, "reply_token": token, "at": self.now, "received_at": self.now}
        self.run(lambda conn: conn.execute(sa.insert(reply_tokens).values(**row)))

    def team_answers(self, chat_id: int) -> None:
        (channel,) = self.channels.values()
        text = [{"type": "text", "text": "Hello"}]
        key = f"key-{len(self.replies)}"
        made = self.run(ask_reply, channel, chat_id, text, "agent:1", key, self.now, 1_000)
        self.replies.append(made.value.reply_id)

    def turn(self) -> None:
        """What the replier does: claim, call, settle; or it is killed while it calls."""
        unit = self.rng.random()
        self.run(return_lost_replies, self.channels, self.now, unit)
        owner = f"process {self.process}"
        for reply in self.run(claim_replies, self.channels, owner, self.now, LEASE_MS, 2).value:
            started = self.now
            tried = self.call(reply)
            if tried is None:
                self.killed()
                return
            channel, attempt = self.channels[reply.channel_id], Attempt(started, tried)
            self.run(finish_reply, channel, reply, attempt, self.now, self.rng.random())

    def call(self, reply: Reply) -> Tried | None:
        """Call LINE, or fail to; what the desk learns. None: it is killed."""
        self.now += self.rng.randrange(CALL_MS)
        if self.rng.random() < 0.4:
            return self.line.asked(reply, self.now)
        does, learns = FAULTS[self.rng.choice(list(FAULTS))]
        if does:
            self.line.asked(reply, self.now)
        return learns

    def killed(self) -> None:
        self.process += 1
        self.now += self.rng.choice([500, 5_000, 90_000])
        self.run(return_lost_replies, self.channels, self.now, self.rng.random(), f"process {self.process}")

    def story(self) -> None:
        self.setting()
        for _ in range(40):
            chat_id = self.rng.randint(1, 3)
            if self.rng.random() < 0.5:
                self.user_writes(chat_id)
            if self.rng.random() < 0.6:
                self.team_answers(chat_id)
            self.turn()
            self.now += self.rng.choice([0, 300, 2_000, 20_000])
        while (moment := self.run(next_moment)) is not None:
            self.now = max(self.now, moment)
            self.turn()


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[sa.Engine]:
    path = tmp_path / "desk.db"
    migrate(path, SCRIPTS, HEAD)
    made = sa.create_engine(f"sqlite:///{path}", poolclass=sa.StaticPool)
    with made.connect() as conn:
        conn.exec_driver_sql("PRAGMA synchronous = OFF")  # nobody pulls the plug here
    yield made
    made.dispose()


@pytest.mark.parametrize("seed", range(10))
def test_every_answer_is_shown_once_or_somebody_is_told(engine: sa.Engine, seed: int) -> None:
    scene = Scene(engine, random.Random(seed))
    scene.story()
    shown = [reply_id for _, reply_id in scene.line.shown]
    for reply_id in scene.replies:
        reply = scene.run(find_reply, reply_id)
        times = shown.count(reply_id)
        assert reply.state in {"sent", "failed"}, reply
        if reply.state == "sent":
            assert times == 1, reply
        else:
            assert reply.advice == "maybe-sent", reply
            assert times <= 1, reply
    for chat_id in (1, 2, 3):
        in_order = [reply_id for chat, reply_id in scene.line.shown if chat == chat_id]
        assert in_order == sorted(in_order), "answers of a chat overtake each other"


def test_the_stories_meet_every_end(engine: sa.Engine) -> None:
    """Otherwise the test above would say little."""
    scene = Scene(engine, random.Random(1))
    scene.story()
    for _ in range(12):
        scene.process += 1
        for chat_id in (1, 2, 3):
            scene.user_writes(chat_id)
            scene.team_answers(chat_id)
        while (moment := scene.run(next_moment)) is not None:
            scene.now = max(scene.now, moment)
            scene.turn()
    found = [scene.run(find_reply, reply_id) for reply_id in scene.replies]
    ends = {(reply.state, reply.way, reply.doubtful) for reply in found}
    replied, pushed = ("sent", "reply", False), ("sent", "push", False)
    assert ends >= {replied, pushed, ("sent", "reply", True), ("failed", "reply", True)}
