"""The five validate operations: the checks of sending, without sending (LINE: reference, "Message")."""

from __future__ import annotations

import msgspec

from kidoku.http.fastlane import FastAnswer
from kidoku.platform.api.answers import answered
from kidoku.platform.api.bodies import parse
from kidoku.platform.api.operation import Call, Handler
from kidoku.platform.api.outgoing import checked
from kidoku.platform.messages.validate import Kind
from kidoku.wire.requests import Validate

DECODER = msgspec.json.Decoder(Validate)


def validate(kind: Kind) -> Handler:
    """The handler that checks messages as this kind of sending does."""

    async def handler(call: Call) -> FastAnswer:
        checked(call, parse(DECODER, call.content_type, call.body).messages, kind)
        return answered(call.request_id)

    return handler
