"""Taking webhooks in: `POST /webhook/{channel}`.

The hot path of the desk. One handler serves the fast lane and ASGI alike: it verifies the signature over the bytes as
they came, queues the request, and answers 200 when the commit that holds it is on disk. What is in it is looked at
afterwards. A request that could not be stored is a 500, so that LINE sends it again (line-facts: any 2xx within 2 s).
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

import msgspec

from kidoku.core.signature import verify
from kidoku.desk.runtime import Desk
from kidoku.desk.store.channels import Channel
from kidoku.desk.store.intake import Webhook, store_webhooks
from kidoku.http.fastlane import FastAnswer, FastRequest, FastRoutes, HotHandler, Reply
from kidoku.storage.engine import DriverBatch

log = logging.getLogger(__name__)

MAX_BODY = 2_000_000
"""Bytes of a request: LINE publishes no limit for webhooks; its own for requests is 2 MB."""

OK = FastAnswer(200, b"{}")
NO_CHANNEL = FastAnswer(404, b'{"message":"There is no channel at this path"}')
NO_SIGNATURE = FastAnswer(401, b'{"message":"The x-line-signature header is missing"}')
WRONG_SIGNATURE = FastAnswer(
    401, b'{"message":"The signature does not fit: the channel secret is another, or the body was changed"}'
)
MALFORMED = FastAnswer(
    400, b'{"message":"The body is no webhook: {\\"destination\\", \\"events\\": [\\u2026]} is"}'
)
NOT_STORED = FastAnswer(500, b'{"message":"The webhook could not be stored; send it again"}')


class Envelope(msgspec.Struct):
    """As much of a webhook request as has to be right before it is kept."""

    events: list[dict[str, Any]]


decode = msgspec.json.Decoder(Envelope).decode


class Receiver:
    """The webhook endpoints of all channels: `routes` for the fast lane, `handler` for ASGI."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.routes = FastRoutes()
        self._batch = DriverBatch(store_webhooks, self._stored)
        desk.directory.on_new = self._add
        for channel in desk.directory.by_id.values():
            self._add(channel)

    def _add(self, channel: Channel) -> None:
        self.routes.add(b"POST", channel.webhook_path.encode(), self.handler(channel.channel_key))

    def handler(self, channel_key: str) -> HotHandler:
        """What answers the requests for one channel, or for a key that no channel has."""

        def receive(request: FastRequest, reply: Reply) -> None:
            channel = self.desk.directory.by_key.get(channel_key)
            if channel is None:
                self._refuse(reply, "unknown-channel", NO_CHANNEL)
            else:
                self._receive(channel, request, reply)

        return receive

    def _receive(self, channel: Channel, request: FastRequest, reply: Reply) -> None:
        signature = request.header(b"x-line-signature")
        if signature is None:
            self._refuse(reply, "wrong-signature", NO_SIGNATURE)
            return
        given = signature.decode("latin-1")
        fits = verify(channel.channel_secret, request.body, given)
        self.desk.directory.signed[channel.channel_id].note(fits, self.desk.now)
        if not fits:
            self._refuse(reply, "wrong-signature", WRONG_SIGNATURE)
            return
        try:
            events = decode(request.body).events
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            self._refuse(reply, "malformed", MALFORMED)
            return
        if not events:  # the connection check of LINE's console
            self._refuse(reply, "empty", OK)
            return
        webhook = Webhook(channel.channel_id, self.desk.now, given, request.body)
        self.desk.engine.submit(self._batch, webhook, Waiting(self, reply))

    def _refuse(self, reply: Reply, counted: str, answer: FastAnswer) -> None:
        self.desk.counts.webhooks[counted] += 1
        reply(answer)

    def _stored(self, waiting: Sequence[Waiting], results: Sequence[None]) -> None:
        self.desk.counts.webhooks["stored"] += len(waiting)
        self.desk.processor.wake()
        for one in waiting:
            one.reply(OK)

    def not_stored(self, waiting: Waiting, error: BaseException) -> None:
        log.error("a webhook could not be stored: %s", error, exc_info=error)
        self._refuse(waiting.reply, "failed", NOT_STORED)


class Waiting:
    """A webhook request that waits for its commit."""

    __slots__ = ("receiver", "reply")

    def __init__(self, receiver: Receiver, reply: Reply) -> None:
        self.receiver = receiver
        self.reply = reply

    def __call__(self, result: None, error: BaseException | None) -> None:
        if error is not None:
            self.receiver.not_stored(self, error)
        else:
            self.receiver._stored([self], [None])
