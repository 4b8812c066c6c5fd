"""Mark messages as read, both ways: by token, and by user for accounts on the option contract.

The hot path of the whole product. One handler serves the fast lane and ASGI alike; it decides in memory, queues the
mark, and answers when the commit that holds it is on disk. Sources: LINE reference, "Mark messages as read"; partner
docs, "Mark messages as read (old)"; where they are silent, docs/decisions/read-state.md.
"""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter_ns
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from kidoku.core.ids import is_user_id
from kidoku.core.marking import Refusal, refusal
from kidoku.core.settings import MarkMeans
from kidoku.http.fastlane import FastRequest, HotHandler, Reply
from kidoku.platform.api.answers import answered, new_request_id, refused
from kidoku.platform.api.bodies import EMPTY, parse
from kidoku.platform.api.errors import ApiError, body_errors
from kidoku.platform.store.advance import (
    UNKNOWN_USER,
    Advanced,
    Mark,
    UserMark,
    advance_marks,
    advance_user_marks,
)
from kidoku.platform.store.live import read_event
from kidoku.wire.errors import Detail

if TYPE_CHECKING:
    from kidoku.platform.api.gate import Gate
    from kidoku.platform.api.operation import Operation
    from kidoku.platform.store.accounts import Account
    from kidoku.storage.engine import BatchWrite


class ByToken(msgspec.Struct, rename="camel"):
    mark_as_read_token: str


class ChatOfUser(msgspec.Struct, rename="camel"):
    user_id: str


class ByUser(msgspec.Struct):
    chat: ChatOfUser


class Wanted(NamedTuple):
    """A mark that may be made: what goes into the batch, and why it moves the watermark."""

    batch: BatchWrite[Any, Advanced | None]
    item: Any
    cause: MarkMeans


REASONS = {
    Refusal.INVALID_TOKEN: "No such read token of this channel: it was made up, cut off, or issued to another bot.",
    Refusal.CHAT_OFF: "Chat is off, so messages are read without the bot: turn Chat on in Response settings.",
    Refusal.NOT_ENTITLED: "The account does not use the option API: apply for it, approve it and take it into use.",
    Refusal.UNKNOWN_USER: "No user with this ID ever wrote to this account.",
}


SERVER_ERROR = "Internal server error"


def refuse(why: Refusal, account: Account) -> ApiError:
    return ApiError(why.status, why.text, reason=REASONS[why], channel_id=account.channel_id)


def mark_by_token(gate: Gate, operation: Operation) -> HotHandler:
    """`POST /v2/bot/chat/markAsRead`: the token's message and everything before it."""
    open_token = gate.platform.seal.open_read_token
    decoder = msgspec.json.Decoder(ByToken)

    def want(account: Account, request: FastRequest, now: int) -> Wanted:
        """Our decision: a token that is no token of this channel is refused as such before the mode is looked at."""
        body = parse(decoder, request.header(b"content-type"), request.body)
        if not body.mark_as_read_token:
            raise body_errors([Detail(EMPTY, "markAsReadToken")])
        found = open_token(account.channel_id, body.mark_as_read_token)
        if found is None:
            raise refuse(Refusal.INVALID_TOKEN, account)
        why = refusal(MarkMeans.TOKEN, account.mode)
        if why is not None:
            raise refuse(why, account)
        return Wanted(
            advance_marks, Mark(account.channel_id, found[0], found[1], MarkMeans.TOKEN, now), MarkMeans.TOKEN
        )

    return marking(gate, operation, want)


def mark_by_user(gate: Gate, operation: Operation) -> HotHandler:
    """`POST /v2/bot/message/markAsRead`: all that the user sent and that exists when it is processed."""
    decoder = msgspec.json.Decoder(ByUser)

    def want(account: Account, request: FastRequest, now: int) -> Wanted:
        """LINE's order: who may call at all (403) before what was asked for (400)."""
        why = refusal(MarkMeans.USER, account.mode)
        if why is not None:
            raise refuse(why, account)
        user_id = parse(decoder, request.header(b"content-type"), request.body).chat.user_id
        if not is_user_id(user_id):
            raise refuse(Refusal.UNKNOWN_USER, account)
        return Wanted(advance_user_marks, UserMark(account.channel_id, user_id, now), MarkMeans.USER)

    return marking(gate, operation, want)


def marking(
    gate: Gate, operation: Operation, want: Callable[[Account, FastRequest, int], Wanted]
) -> HotHandler:
    """The handler around `want`: admits, queues, and answers after the commit."""
    platform = gate.platform
    marks = platform.counts.marks

    def record(
        request: FastRequest, request_id: str, channel_id: int, status: int, reason: str | None, begun: int
    ) -> None:
        platform.calls.record(
            channel_id,
            request_id,
            operation.method,
            operation.path,
            operation.name,
            status,
            reason,
            request.body,
            (perf_counter_ns() - begun) // 1000,
            request.header(b"user-agent"),
        )

    def handle(request: FastRequest, reply: Reply) -> None:
        begun = perf_counter_ns()
        request_id = new_request_id()
        now = platform.clock.now()
        account: Account | None = None

        def refuse_call(error: ApiError) -> None:
            marks["refused"] += 1
            reply(refused(request_id, error))
            channel_id = account.channel_id if account else error.channel_id or 0
            record(request, request_id, channel_id, error.status, error.reason or error.message, begun)

        try:
            account = gate.admit(
                operation, request.header(b"authorization"), request.header(b"x-line-retry-key"), now
            )
            wanted = want(account, request, now)
        except ApiError as error:
            refuse_call(error)
            return
        caller = account

        def done(moved: Advanced | None, error: BaseException | None) -> None:
            if error is not None:
                refuse_call(ApiError(500, SERVER_ERROR, reason=f"The mark could not be stored: {error}"))
                return
            if moved is UNKNOWN_USER:
                refuse_call(refuse(Refusal.UNKNOWN_USER, caller))
                return
            if moved is not None:
                marks["advanced"] += 1
                platform.bus.publish((read_event(caller.account_id, moved, wanted.cause, now),))
            else:
                marks["unchanged"] += 1
            reply(answered(request_id))
            record(request, request_id, caller.channel_id, 200, None, begun)

        platform.engine.submit(wanted.batch, wanted.item, done)

    return handle
