"""Answers on the wire: status, body and headers, with the request ID that every one of LINE's answers has."""

from __future__ import annotations

import os
from typing import Any

import msgspec

from kidoku.http.fastlane import FastAnswer
from kidoku.platform.api.errors import ApiError
from kidoku.wire.errors import Error

REQUEST_ID = b"x-line-request-id"

EMPTY = b"{}"
encode = msgspec.json.Encoder().encode


def new_request_id() -> str:
    """A fresh UUID (version 4) for one answer."""
    raw = bytearray(os.urandom(16))
    raw[6] = raw[6] & 0x0F | 0x40
    raw[8] = raw[8] & 0x3F | 0x80
    text = raw.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def answered(request_id: str, value: Any = None, status: int = 200) -> FastAnswer:
    """An answer with `value` as JSON; `{}` without one."""
    body = EMPTY if value is None else encode(value)
    return FastAnswer(status, body, ((REQUEST_ID, request_id.encode()),))


def refused(request_id: str, error: ApiError) -> FastAnswer:
    """The answer of a refusal."""
    body = encode(Error(error.message, error.details))
    return FastAnswer(error.status, body, ((REQUEST_ID, request_id.encode()), *error.headers))
