"""Sending answers: which one's turn it is, how it goes, and what is written down of each attempt.

An attempt's rows tell all that another process needs to go on after this one has died. What an attempt without an
answer means is told in docs/decisions/0011-answers-that-may-have-arrived.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import func, or_, select, tuple_, update

from kidoku.core.mark_attempt import Fault, Tried
from kidoku.core.reply_attempt import Again, Failed, Sent, Verdict, push_verdict, reply_verdict
from kidoku.desk.store.change import Change, Event
from kidoku.desk.store.channels import Channel
from kidoku.desk.store.chat_event import chat_changed
from kidoku.desk.store.outgoing import SentMessage, settle_outgoing
from kidoku.desk.store.replies import COLUMNS, Reply, find_reply, reply_event, set_reply
from kidoku.desk.store.reply_tokens import give_back, is_shared, take_token
from kidoku.desk.store.reports_facts import note_answer
from kidoku.desk.store.schema import chats, marks, replies
from kidoku.desk.store.waiting import somebody_waits

if TYPE_CHECKING:
    import sqlalchemy as sa

Channels = Mapping[int, Channel]


def release_replies(conn: sa.Connection, now: int) -> Change[int]:
    """Let answers go whose mark has ended; how many there were.

    It has when the chat is Read up to it, by whichever mark, or when it needs a person or was taken back. A mark that
    was superseded ends with the one that took its place; over more than one step the wait's own end is soon enough.
    """
    heir = marks.alias()
    ended = ("parked", "undone")
    settled = (
        select(marks.c.mark_id)
        .join(chats, chats.c.chat_id == marks.c.chat_id)
        .outerjoin(heir, heir.c.mark_id == marks.c.superseded_by)
        .where(
            marks.c.mark_id == replies.c.mark_id,
            or_(
                marks.c.state.in_(("confirmed", *ended)),
                heir.c.state.in_(ended),
                tuple_(chats.c.read_at, chats.c.read_place) >= tuple_(marks.c.at, marks.c.place),
            ),
        )
    )
    let_go = update(replies).where(*waits_for_mark(), replies.c.next_at > now, settled.exists())
    return Change(conn.execute(let_go.values(next_at=now)).rowcount)


def waits_for_mark() -> Sequence[Any]:
    """The conditions that an answer has not been tried, because of its mark."""
    return replies.c.state == "queued", replies.c.attempts == 0, replies.c.mark_id.is_not(None)


def chats_that_wait(conn: sa.Connection) -> set[int]:
    """The chats whose answers wait for a mark."""
    return set(conn.execute(select(replies.c.chat_id).where(*waits_for_mark())).scalars())


def is_next() -> Any:
    """The condition that an answer is its chat's next: none that is queued is older, and none is under way."""
    older, under_way = replies.alias(), replies.alias()
    queued = select(older.c.reply_id).where(
        older.c.chat_id == replies.c.chat_id, older.c.state == "queued", older.c.reply_id < replies.c.reply_id
    )
    sending = select(under_way.c.reply_id).where(
        under_way.c.chat_id == replies.c.chat_id, under_way.c.state == "sending"
    )
    return ~or_(queued.exists(), sending.exists())


def claim_replies(
    conn: sa.Connection, channels: Channels, owner: str, now: int, lease_ms: int, limit: int
) -> Change[list[Reply]]:
    """Take answers whose turn it is, and decide how each is sent. They are the owner's until the lease ends."""
    wanted = (
        select(*COLUMNS)
        .where(replies.c.state == "queued", replies.c.next_at <= now, is_next())
        .order_by(replies.c.next_at, replies.c.reply_id)
        .limit(limit)
    )
    change: Change[list[Reply]] = Change([])
    for reply in [Reply._make(row) for row in conn.execute(wanted)]:
        way = way_of(conn, reply, channels[reply.channel_id], now)
        lease: dict[str, Any] = {"state": "sending", "lease_owner": owner, "lease_until": now + lease_ms}
        set_reply(conn, reply.reply_id, attempts=reply.attempts + 1, **lease, **way)
        change.value.append(reply._replace(attempts=reply.attempts + 1, **lease, **way))
        change.events.append(reply_event(change.value[-1]))
    return change


def way_of(conn: sa.Connection, reply: Reply, channel: Channel, now: int) -> dict[str, Any]:
    """How an answer is sent now: with the chat's newest reply token, which is free, or else by push.

    - What may have arrived goes the way that it went: another would send it twice.
    - Once by push, always by push.
    """
    good = reply.token_until is not None and now <= reply.token_until
    if reply.way == "reply" and (reply.doubtful or good):
        return {}
    taken = None if reply.way == "push" else take_token(conn, channel, reply.chat_id, now)
    if taken is not None:
        return {"way": "reply", "reply_token": taken.token, "token_until": taken.until}
    return {**PUSH, "pushed_at": now if reply.pushed_at is None else reply.pushed_at}


PUSH: Mapping[str, Any] = {"way": "push", "reply_token": None, "token_until": None}


class Attempt(NamedTuple):
    """An attempt to send an answer. `sent` are its messages, in order, where LINE has told. `started_at` in ms."""

    started_at: int
    tried: Tried
    request_id: str | None = None
    sent: Sequence[SentMessage] = ()


def finish_reply(
    conn: sa.Connection, channel: Channel, reply: Reply, attempt: Attempt, now: int, random_unit: float
) -> Change[str | None]:
    """Write down how the owner's attempt ended: sent, again, usepush or failed; None when the lease had gone to
    somebody else meanwhile. That it was sent counts whoever holds the lease.
    """
    verdict = judge(channel, reply, attempt, now, random_unit)
    found = find_reply(conn, reply.reply_id)
    ours = (found.state, found.lease_owner, found.attempts) == ("sending", reply.lease_owner, reply.attempts)
    if not ours and not (isinstance(verdict, Sent) and found.state != "sent"):
        return Change(None)
    after = {
        "lease_owner": None,
        "lease_until": None,
        "status": attempt.tried.status,
        "request_id": attempt.request_id,
    }
    set_reply(conn, reply.reply_id, **after, **outcome(reply, verdict, attempt.tried, now))
    if isinstance(verdict, Sent):
        settle_outgoing(conn, reply.chat_id, reply.reply_id, attempt.started_at, attempt.sent)
        note_answer(conn, reply.reply_id)
    if isinstance(verdict, Failed) and reply.way == "reply" and verdict.advice != "maybe-sent":
        give_back(conn, reply.chat_id, reply.reply_token)
    left: list[Event] = [reply_event(find_reply(conn, reply.reply_id))]
    if isinstance(verdict, Failed) or found.state == "failed":
        somebody_waits(conn, reply.chat_id)
        left.append(chat_changed(conn, reply.chat_id))
    return Change(type(verdict).__name__.lower(), left)


def judge(channel: Channel, reply: Reply, attempt: Attempt, now: int, random_unit: float) -> Verdict:
    if reply.way == "push":
        return push_verdict(
            attempt.tried,
            attempts=reply.attempts,
            random_unit=random_unit,
            doubtful=reply.doubtful,
            age_s=(now - (reply.pushed_at or now)) / 1_000,
        )
    until = reply.token_until or 0
    return reply_verdict(
        attempt.tried,
        attempts=reply.attempts,
        random_unit=random_unit,
        doubtful=reply.doubtful,
        in_time=attempt.started_at <= until,
        good_for_s=(until - now) / 1_000,
        shared=is_shared(channel),
    )


def outcome(reply: Reply, verdict: Verdict, tried: Tried, now: int) -> dict[str, Any]:
    """The columns that a verdict changes."""
    problem = f"{tried.status or tried.fault}: {tried.message}"
    if isinstance(verdict, Sent):
        why = None if verdict.certain else problem
        return {
            "state": "sent",
            "sent_at": now,
            "doubtful": not verdict.certain,
            "problem": why,
            "advice": None,
        }
    if isinstance(verdict, Failed):
        doubtful = verdict.advice == "maybe-sent" or (reply.way == "push" and reply.doubtful)
        told = {"problem": verdict.reason, "advice": verdict.advice}
        return {"state": "failed", "doubtful": doubtful, **told}
    if isinstance(verdict, Again):
        next_at = now + round(verdict.wait_s * 1_000)
        return {"state": "queued", "next_at": next_at, "doubtful": verdict.doubtful, "problem": problem}
    return {"state": "queued", "next_at": now, "problem": problem, **PUSH}


def return_lost_replies(
    conn: sa.Connection, channels: Channels, now: int, random_unit: float, owner: str | None = None
) -> Change[int]:
    """Judge the answers whose lease has ended, as attempts without an answer: whoever sent them has died, and whether
    LINE got them is not known. `owner`: the only process that may be alive, so that all leases of others have ended.
    """
    ended = replies.c.lease_until <= now
    if owner is not None:
        ended = or_(ended, replies.c.lease_owner != owner)
    wanted = select(*COLUMNS).where(replies.c.state == "sending", ended).limit(1_000)
    change: Change[int] = Change(0)
    for reply in [Reply._make(row) for row in conn.execute(wanted)]:
        # When it began is not known; while its token was good, because it was claimed then.
        attempt = Attempt(reply.token_until or now, INTERRUPTED)
        channel = channels[reply.channel_id]
        change.events += finish_reply(conn, channel, reply, attempt, now, random_unit).events
        change.value += 1
    return change


INTERRUPTED = Tried(None, Fault.NO_ANSWER, "the desk was stopped while it sent this")


def next_moment(conn: sa.Connection) -> int | None:
    """When there is something to do next: an answer to send, or a lease that ends."""
    turn = select(func.min(replies.c.next_at)).where(replies.c.state == "queued", is_next())
    lease = select(func.min(replies.c.lease_until)).where(replies.c.state == "sending")
    found = [at for wanted in (turn, lease) if (at := conn.execute(wanted).scalar()) is not None]
    return min(found) if found else None
