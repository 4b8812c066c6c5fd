"""The facts of reports: the same, whatever the order in which LINE's events come."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kidoku.core.mark_attempt import Tried
from kidoku.core.read_policy import Occasion
from kidoku.core.report import Answer, Turn, answers
from kidoku.desk.store.channels import Channel, ChannelSettings, add_channel
from kidoku.desk.store.chats import Peer, ensure_chat
from kidoku.desk.store.finish_marks import Attempt, Finished, finish_marks
from kidoku.desk.store.inbound import Inbound, add_message, edit_message, unsend_message
from kidoku.desk.store.marks import ask_mark, find_mark
from kidoku.desk.store.place import Place
from kidoku.desk.store.reports_facts import note_answer
from kidoku.desk.store.reports_schema import answer_waits, read_histogram, read_waits
from kidoku.desk.store.schema import messages, metadata, replies


@lru_cache
def database() -> sa.Engine:
    engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
    metadata.create_all(engine)
    return engine


@contextmanager
def chat() -> Iterator[Chat]:
    """A chat of which nothing remains."""
    with database().connect() as conn:
        channel = add_channel(conn, "shop", "Shop", "s", "t", ChannelSettings(), 0).value
        yield Chat(conn, channel, ensure_chat(conn, channel.channel_id, Peer("user", "U1"), 0))
        conn.rollback()


class Chat:
    """One chat in a database of its own, and what can happen to it. Message `n` is written at moment n."""

    def __init__(self, conn: sa.Connection, channel: Channel, chat_id: int) -> None:
        self.conn = conn
        self.channel = channel
        self.chat_id = chat_id

    def comes(self, number: int, *, standby: bool = False) -> None:
        body = {"type": "text", "id": str(number), "text": "?", "markAsReadToken": f"t{number}"}
        add_message(self.conn, Inbound(self.chat_id, number, body, "U1", standby))

    def taken_back(self, number: int, at: int) -> None:
        unsend_message(self.conn, self.chat_id, str(number), at)

    def edited(self, number: int, at: int) -> None:
        body = {"type": "text", "id": str(number), "text": "!"}
        edit_message(self.conn, self.chat_id, body, at, "U1")

    def read(self, number: int, at: int, by: str = "agent:1") -> None:
        """The mark for message `number` is confirmed at `at`."""
        asked = ask_mark(
            self.conn, self.channel, self.chat_id, Occasion.OPENED, by, at, 0, Place(number, number)
        )
        if asked.value is not None:
            mark = find_mark(self.conn, asked.value)
            finish_marks(self.conn, [Finished(mark, Attempt(at, 0, Tried(200)), at, 0.5)])

    def answered(self, at: int, sent_at: int, by: str = "agent:1") -> int:
        row: dict[str, Any] = {"chat_id": self.chat_id, "channel_id": self.channel.channel_id, "by": by}
        row |= {"body": "[]", "created_at": at, "state": "sent", "retry_key": str(at), "wait_until": at}
        made = self.conn.execute(sa.insert(replies).values(**row, next_at=at, sent_at=sent_at))
        assert made.inserted_primary_key is not None
        reply_id: int = made.inserted_primary_key[0]
        for number in range(2):
            message = {"chat_id": self.chat_id, "message_key": f"out:{reply_id}:{number}", "at": at}
            message |= {"place": number, "direction": "out", "type": "text", "body": "{}", "sender_id": by}
            self.conn.execute(sa.insert(messages).values(**message, reply_id=reply_id))
        note_answer(self.conn, reply_id)
        return reply_id

    def waits(self) -> list[tuple[Any, ...]]:
        """The message's time, and how, when and by whom its wait ended."""
        columns = [read_waits.c[name] for name in ("at", "ended", "ended_at", "by")]
        return [tuple(row) for row in self.conn.execute(sa.select(*columns).order_by(read_waits.c.at))]

    def answers(self) -> list[Answer]:
        columns = answer_waits.c.since, answer_waits.c.answered_at
        return [Answer._make(row) for row in self.conn.execute(sa.select(*columns).order_by(*columns))]


def test_messages_of_one_confirmation_count_each_from_its_own_time() -> None:
    with chat() as one:
        for number in (10, 20, 40):
            one.comes(number)
        one.read(20, at=30)
        assert one.waits() == [
            (10, "read", 30, "agent:1"),
            (20, "read", 30, "agent:1"),
            (40, None, None, None),
        ]
        one.read(40, at=90, by="api")
        assert one.waits()[2] == (40, "read", 90, "api")
        rows = one.conn.execute(sa.select(read_histogram.c.messages, read_histogram.c.wait_ms)).all()
        assert [tuple(row) for row in rows] == [(3, 20 + 10 + 50)]


def test_one_that_comes_late_was_read_by_the_first_mark_that_covers_it() -> None:
    with chat() as one:
        one.comes(20)
        one.read(20, at=30)
        one.comes(40)
        one.read(40, at=50, by="api")
        one.comes(10)
        one.comes(35)
        assert one.waits() == [
            (10, "read", 30, "agent:1"),
            (20, "read", 30, "agent:1"),
            (35, "read", 50, "api"),
            (40, "read", 50, "api"),
        ]


def test_what_was_taken_back_before_it_was_read_waits_no_longer() -> None:
    with chat() as one:
        one.comes(10)
        one.comes(20)
        one.taken_back(10, at=15)
        one.read(20, at=30)
        one.taken_back(20, at=40)
        assert one.waits() == [(10, "unsent", 15, None), (20, "read", 30, "agent:1")]


def test_standby_messages_and_edits_are_nobodys_to_read() -> None:
    with chat() as one:
        one.comes(10, standby=True)
        one.edited(20, at=25)
        one.taken_back(20, at=26)
        assert one.waits() == []
        one.comes(20)
        assert one.waits() == [(20, "unsent", 26, None)]


def test_only_answers_that_were_sent_count() -> None:
    with chat() as one:
        one.comes(10)
        reply_id = one.answered(20, sent_at=25)
        assert one.answers() == [Answer(10, 25)]
        one.conn.execute(sa.update(replies).where(replies.c.reply_id == reply_id).values(state="failed"))
        one.answered(30, sent_at=30)
        assert Answer(10, 30) in one.answers()


Act = tuple[Any, ...]
"""A method of `Chat` and what it is called with."""


@st.composite
def stories(draw: st.DrawFn) -> tuple[list[Act], list[Act], list[Turn]]:
    """What happens in a chat; the same in another order; and its turns."""
    acts: list[Act] = []
    turns: list[Turn] = []
    for at in range(10, 100, 10):
        kind = draw(st.sampled_from(["in", "in", "unsent", "out", "nothing"]))
        if kind == "out":
            sent_at = at + draw(st.integers(0, 5))
            acts.append((Chat.answered, at, sent_at))
            turns.append(Turn(at, ours=True, sent_at=sent_at))
        elif kind != "nothing":
            gone_at = at + draw(st.integers(1, 60)) if kind == "unsent" else None
            acts.append((Chat.comes, at))
            acts += [] if gone_at is None else [(Chat.taken_back, at, gone_at)]
            turns.append(Turn(at, ours=False, gone_at=gone_at))
    return acts, draw(st.permutations(acts)), turns


def played(acts: Sequence[Act], newest: int) -> tuple[list[tuple[Any, ...]], list[Answer]]:
    with chat() as one:
        # It is marked before what it covers has come.
        one.comes(newest)
        one.read(newest, at=newest + 5)
        for act, *values in acts:
            act(one, *values)
        return one.waits(), one.answers()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(stories(), st.sampled_from([1, 45, 125]))
def test_the_order_in_which_events_come_changes_nothing(
    story: tuple[list[Act], list[Act], list[Turn]], newest: int
) -> None:
    acts, shuffled, turns = story
    facts = played(acts, newest)
    assert played(shuffled, newest) == facts
    assert facts[1] == sorted(answers([*turns, Turn(newest, ours=False)]))
