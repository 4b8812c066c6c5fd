"""JSON and query strings as shapes: what doesn't fit is refused with what is wrong about it."""

from __future__ import annotations

from typing import Any, TypeVar
from urllib.parse import parse_qsl

import msgspec

from kidoku.http.json_api.problems import bad

T = TypeVar("T")

DIGITS = 19


def decode(decoder: msgspec.json.Decoder[T], body: bytes) -> T:
    """The body as the decoder's shape. Raises Problem."""
    try:
        return decoder.decode(body)
    except msgspec.ValidationError as error:
        raise bad("invalid_body", f"The body does not fit: {error}") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise bad("invalid_json", f"The body is not JSON: {error}") from None


def convert(value: Any, shape: type[T]) -> T:
    """A part of a body as `shape`. Raises Problem."""
    try:
        return msgspec.convert(value, shape)
    except msgspec.ValidationError as error:
        raise bad("invalid_body", f"The body does not fit: {error}") from None


def parse_query(text: bytes, shape: type[T]) -> T:
    """A query string as `shape`. Raises Problem."""
    try:
        return msgspec.convert(dict(parse_qsl(text.decode("latin-1"))), shape, strict=False)
    except msgspec.ValidationError as error:
        raise bad("invalid_query", f"The query does not fit: {error}") from None


def to_id(text: str) -> int | None:
    """An ID in decimal; None for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < DIGITS else None
