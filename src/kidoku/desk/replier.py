"""Sends answers to LINE, each after its mark and until LINE has it or a person has to look.

Several may run on one database: whoever claims an answer has it until the lease ends. What a process that died was
sending comes back when its lease ends, and goes on in a way that sends nothing twice.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kidoku.desk.crew import Crew
from kidoku.desk.line.sending import Sending, send_push, send_reply
from kidoku.desk.store.channels import Channel
from kidoku.desk.store.outgoing import SentMessage
from kidoku.desk.store.replies import Reply, ask_reply, retry_reply
from kidoku.desk.store.reply_sending import (
    Attempt,
    chats_that_wait,
    claim_replies,
    finish_reply,
    next_moment,
    release_replies,
    return_lost_replies,
)

if TYPE_CHECKING:
    from kidoku.desk.runtime import Desk

log = logging.getLogger(__name__)

MARK_ENDED = frozenset({"confirmed", "parked", "undone"})


class Replier(Crew):
    """The answers of all channels."""

    def __init__(self, desk: Desk) -> None:
        super().__init__("kidoku-replier", desk.config.reply_concurrency)
        self._desk = desk
        self._waiting: set[str] = set()
        """The chats whose answers wait for a mark."""

    async def ask(
        self,
        channel: Channel,
        chat_id: int,
        contents: Sequence[Mapping[str, Any]],
        by: str,
        retry_key: str | None = None,
    ) -> Reply:
        """Answer with one to five LINE message objects. With the `retry_key` (a UUID) of an answer that the chat has
        already, this is that answer. Raises Missing, Invalid.
        """
        desk = self._desk
        key = retry_key or str(uuid.UUID(bytes=desk.entropy(16), version=4))
        wait_ms = desk.config.reply_wait_ms
        made = await desk.apply(ask_reply, channel, chat_id, contents, by, key, desk.now, wait_ms)
        desk.marker.wake()
        return made

    async def retry(self, channel: Channel, reply_id: int, by: str) -> Reply:
        """Send an answer again that has failed, or of which it is not certain. Raises Missing, Invalid."""
        desk = self._desk
        wait_ms = desk.config.reply_wait_ms
        queued = await desk.apply(retry_reply, channel, reply_id, by, desk.now, wait_ms)
        desk.marker.wake()
        return queued

    def heard(self, event: Mapping[str, Any]) -> None:
        """Be woken by what concerns answers: one was asked for, or a mark has ended that one waits for."""
        asked = event["type"] == "reply" and event.get("state") == "queued"
        if asked or (event.get("chatId") in self._waiting and event.get("state") in MARK_ENDED):
            self.wake()

    async def return_lost(self) -> None:
        """Take up what an earlier process left, when nobody else can be at work."""
        desk = self._desk
        await desk.apply(
            return_lost_replies, desk.directory.by_id, desk.now, desk.random_unit(), owner=desk.owner
        )

    async def work(self) -> float | None:
        desk, channels = self._desk, self._desk.directory.by_id
        # First who waits, then whose wait has ended: a mark that ends in between is heard.
        self._waiting = {str(chat_id) for chat_id in await desk.read(chats_that_wait)}
        if self._waiting:
            await desk.apply(release_replies, desk.now)
        await desk.apply(return_lost_replies, channels, desk.now, desk.random_unit())
        if self.free > 0:
            lease_ms = desk.config.lease_ms
            for reply in await desk.apply(claim_replies, channels, desk.owner, desk.now, lease_ms, self.free):
                self.hand_out(self._deliver(reply))
        return await self._until_next()

    async def _until_next(self) -> float | None:
        """Seconds until there is something to do; while all places are taken, until one is free."""
        if self.free <= 0:
            return None
        moment = await self._desk.read(next_moment)
        return None if moment is None else max(0.001, (moment - self._desk.now) / 1_000)

    async def _deliver(self, reply: Reply) -> None:
        """Send one answer and write down what became of it. One that can't be written down is left to its lease."""
        desk = self._desk
        try:
            channel = desk.directory.by_id[reply.channel_id]
            started = desk.now
            tried, request_id, sent = await self._send(channel, reply)
            attempt = Attempt(started, tried, request_id, [SentMessage(*one) for one in sent])
            ended = await desk.apply(finish_reply, channel, reply, attempt, desk.now, desk.random_unit())
            if ended is not None:
                desk.counts.replies[ended] += 1
        except Exception:
            log.exception("answer %d could not be settled; its lease will end", reply.reply_id)

    async def _send(self, channel: Channel, reply: Reply) -> Sending:
        line, base, access = self._desk.line, channel.api_base_url, channel.access_token
        if reply.reply_token is not None:
            return await send_reply(line, base, access, reply.reply_token, reply.contents)
        return await send_push(line, base, access, reply.peer_id, reply.contents, reply.retry_key)
