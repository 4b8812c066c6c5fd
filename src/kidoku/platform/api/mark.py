"""Mark messages as read, both ways: by token, and by user for accounts on the option contract.

The hot path of the whole product. One handler serves the fast lane and ASGI alike; it decides in memory, queues the
mark, and answers when the commit that holds it is on disk. Sources: LINE reference, "Mark messages as read"; partner
docs, "Mark messages as read (old)"; where they are silent, docs/decisions/0009-where-line-is-silent.md.
"""

from __future__ import annotations

import logging
from time import perf_counter_ns
from typing import TYPE_CHECKING, Any, ClassVar

import msgspec

from kidoku.core.ids import is_user_id
from kidoku.core.marking import Refusal, refusal
from kidoku.core.settings import MarkMeans, ReadMode
from kidoku.http import logs
from kidoku.http.fastlane import FastAnswer, FastRequest, Reply
from kidoku.platform.api.answers import REQUEST_IDS, done, refused
from kidoku.platform.api.bodies import EMPTY, parse
from kidoku.platform.api.errors import SERVER_ERROR, ApiError, body_errors
from kidoku.platform.store.advance import (
    UNKNOWN_USER,
    Advanced,
    Mark,
    Untold,
    UserMark,
    advance_if_told,
    advance_user_marks,
)
from kidoku.platform.store.live import ReadEvent
from kidoku.storage.engine import DriverBatch, DriverFunction
from kidoku.wire.errors import Detail

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kidoku.platform.api.gate import Gate
    from kidoku.platform.api.operation import Operation
    from kidoku.platform.store.account import Account

log = logging.getLogger(__name__)


class ByToken(msgspec.Struct, rename="camel"):
    mark_as_read_token: str


class ChatOfUser(msgspec.Struct, rename="camel"):
    user_id: str


class ByUser(msgspec.Struct):
    chat: ChatOfUser


REASONS = {
    Refusal.INVALID_TOKEN: "No such read token of this channel: it was made up, cut off, or issued to another bot.",
    Refusal.CHAT_OFF: "Chat is off, so messages are read without the bot: turn Chat on in Response settings.",
    Refusal.NOT_ENTITLED: "The account does not use the option API: apply for it, approve it and take it into use.",
    Refusal.UNKNOWN_USER: "No user with this ID ever wrote to this account.",
}


OPTION_IN_USE = "The account uses the option API, which marks by user: no read token is taken meanwhile."
"""Told apart from `CHAT_OFF`, which the bot is told, because Chat can't be turned on then."""


def refuse(why: Refusal, account: Account) -> ApiError:
    cause, reason = why.name.lower(), REASONS[why]
    if why is Refusal.CHAT_OFF and account.mode is ReadMode.OPTION:
        cause, reason = "option_in_use", OPTION_IN_USE
    return ApiError(why.status, why.text, cause=cause, reason=reason, channel_id=account.channel_id)


MANUAL = ReadMode.MANUAL
TOKEN = MarkMeans.TOKEN
# A member of an enumeration costs a lookup in Python each time.


class Marking:
    """An endpoint that marks: admits, queues, and answers after the commit. `want` decides what is marked."""

    cause: ClassVar[MarkMeans]

    def __init__(
        self,
        gate: Gate,
        operation: Operation,
        store: DriverFunction[Any, Advanced | Untold | None],
    ) -> None:
        platform = gate.platform
        self.operation = operation
        self.calls = platform.calls
        self._batch = DriverBatch(store, self.settle, prepare)
        self._counted = (operation.name, 200)
        self._publish = platform.bus.publish_one
        self._pass_by = platform.unheard.pass_by
        self.marks = platform.counts.marks
        self._admit = gate.admit
        self._now = platform.clock.now
        self._submit = platform.engine.submit

    def want(self, account: Account, request: FastRequest, now: int) -> Mark | UserMark:
        """The mark that the request asks for. Raises ApiError."""
        raise NotImplementedError

    def __call__(self, request: FastRequest, reply: Reply) -> None:
        asked = Asked(self, request, reply, self._now())
        header = request.header
        try:
            account = asked.account = self._admit(
                self.operation, header(b"authorization"), header(b"x-line-retry-key"), asked.now
            )
            mark = self.want(account, request, asked.now)
        except ApiError as error:
            asked.refuse(error)
        else:
            self._submit(self._batch, mark, asked)

    def settle(self, waiting: Sequence[Asked], results: Sequence[Advanced | Untold | None]) -> None:
        """Let the live events of a commit leave, then answer all who waited for it."""
        first = results[0]
        if isinstance(first, Untold) and first.number == len(waiting):  # as a rule, under load
            self._pass_by(first, waiting[0].account.account_id, self.cause, waiting[-1].now)
            self._answer(waiting, unchanged=0)
            return
        settled: list[Asked] = []
        untold: Untold | None = None
        unchanged = 0
        for asked, moved in zip(waiting, results, strict=True):
            if moved is None:
                unchanged += 1
            elif isinstance(moved, Untold):
                if moved is not untold:  # the same one for all of a channel
                    untold = moved
                    self._pass_by(moved, asked.account.account_id, self.cause, asked.now)
            elif moved is UNKNOWN_USER:
                asked.refuse(refuse(Refusal.UNKNOWN_USER, asked.account))
                continue
            else:
                self._publish(ReadEvent(asked.account.account_id, moved, self.cause, asked.now))
            settled.append(asked)
        self._answer(settled, unchanged)

    def _answer(self, settled: Sequence[Asked], unchanged: int) -> None:
        ended = perf_counter_ns()
        for asked in settled:
            asked.took_ns = ended - asked.begun
            asked.reply(asked.answer)
        self.marks["advanced"] += len(settled) - unchanged
        self.marks["unchanged"] += unchanged
        self.calls.keep(settled, self._counted)


class Asked:
    """A request to mark, until it is answered. The engine calls it when its mark was stored or refused by itself."""

    __slots__ = ("account", "answer", "begun", "endpoint", "now", "number", "reply", "request", "took_ns")

    account: Account
    """Set once it is known."""
    answer: FastAnswer
    """What it gets unless it is refused; made while its commit is under way."""

    def __init__(self, endpoint: Marking, request: FastRequest, reply: Reply, now: int) -> None:
        self.begun = perf_counter_ns()
        self.endpoint = endpoint
        self.request = request
        self.reply = reply
        self.now = now
        self.number = REQUEST_IDS.take()

    @property
    def request_id(self) -> str:
        return REQUEST_IDS.text(self.number)

    def __call__(self, moved: Advanced | Untold | None, error: BaseException | None) -> None:
        if error is None:
            self.endpoint.settle([self], [moved])
            return
        with logs.request(self.request_id):
            log.error("a mark could not be stored: %s", error, exc_info=error)
        reason = f"The mark could not be stored: {error}"
        self.refuse(ApiError(500, SERVER_ERROR, cause="server_fault", reason=reason))

    def refuse(self, error: ApiError) -> None:
        self.endpoint.marks["refused"] += 1
        self.reply(refused(self.request_id, error))
        self.took_ns = perf_counter_ns() - self.begun
        known = hasattr(self, "account")
        channel_id = self.account.channel_id if known else error.channel_id or 0
        self.endpoint.calls.record(*self._entry(channel_id, error.status, error.cause, error.explained))

    def entry(self) -> tuple[Any, ...]:
        """A success as the log of calls keeps it."""
        return self._entry(self.account.channel_id, 200, None, None, self.now)

    def _entry(
        self, channel_id: int, status: int, cause: str | None, reason: str | None, *at: int
    ) -> tuple[Any, ...]:
        operation, request = self.endpoint.operation, self.request
        return (
            channel_id,
            self.request_id,
            *at,
            operation.method,
            operation.path,
            operation.name,
            status,
            cause,
            reason,
            request.body,
            self.took_ns // 1000,
            request.header(b"user-agent"),
        )


def prepare(waiting: Sequence[Asked]) -> None:
    """Make the answers of all whose commit is under way."""
    for asked in waiting:
        asked.answer = answer = done(asked.number)
        asked.request.prepare(answer)


class MarkByToken(Marking):
    """`POST /v2/bot/chat/markAsRead`: the token's message and everything before it."""

    cause = MarkMeans.TOKEN

    def __init__(self, gate: Gate, operation: Operation) -> None:
        bus = gate.platform.bus
        super().__init__(gate, operation, advance_if_told(lambda: bus.listened))
        self._decoder = msgspec.json.Decoder(ByToken)
        self._open = gate.platform.seal.open_read_token

    def want(self, account: Account, request: FastRequest, now: int) -> Mark:
        """Our decision: a token that is no token of this channel is refused as such before the mode is looked at."""
        token = parse(self._decoder, request.header(b"content-type"), request.body).mark_as_read_token
        if not token:
            raise body_errors([Detail(EMPTY, "markAsReadToken")])
        found = self._open(account.channel_id, token)
        if found is None:
            raise refuse(Refusal.INVALID_TOKEN, account)
        if account.mode is not MANUAL:
            raise refuse(Refusal.CHAT_OFF, account)
        return account.channel_id, found[0], found[1], TOKEN, now


class MarkByUser(Marking):
    """`POST /v2/bot/message/markAsRead`: all that the user sent and that exists when it is processed."""

    cause = MarkMeans.USER

    def __init__(self, gate: Gate, operation: Operation) -> None:
        super().__init__(gate, operation, advance_user_marks)
        self._decoder = msgspec.json.Decoder(ByUser)

    def want(self, account: Account, request: FastRequest, now: int) -> UserMark:
        """LINE's order: who may call at all (403) before what was asked for (400)."""
        why = refusal(MarkMeans.USER, account.mode)
        if why is not None:
            raise refuse(why, account)
        user_id = parse(self._decoder, request.header(b"content-type"), request.body).chat.user_id
        if not is_user_id(user_id):
            raise refuse(Refusal.UNKNOWN_USER, account)
        return UserMark(account.channel_id, user_id, now)
